"""Pairs of ID numbers that may be one person: one slip apart, with names that agree; what is known of a pair is noted with its moment.

A row never says more than was delivered by `known_at`, and readers take the strongest row known on their day. So the table only grows,
a past day reads what it read then, and one set of deliveries leads to one answer in whatever order it came.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.keying import Keyring
from onecard.catalogue.sources import name_person_pairs
from onecard.store.lake import LAKE_TABLES, Lake, read
from onecard.store.workspace import Workspace
from onecard.words.id_neighbours import id_slip, neighbour_pairs
from onecard.words.names import compare_names, normalise_name
from onecard.words.national_id import id_status_array

# Where a name is the person's own: on a bank's line or card list a child's number may stand beside the guardian's name.
OWN_NAMES = (("payment_rolls", "person_key", "name_key"), ("beneficiary_registers", "person_key", "name_key"))
# Under which head and with which card a person is met: two numbers that meet one of them are met at one place.
HEADS = (("payment_rolls", "person_key", "head_person_key"), ("beneficiary_registers", "person_key", "head_person_key"))
CARDS = (
    ("payment_rolls", "person_key", "card_key"),
    ("bank_batches", "person_key", "card_key"),
    ("card_accounts", "holder_person_key", "card_key"),
)
NEVER = np.iinfo(np.int64).max

KIND_WORDS = {
    "one_digit": ("两号只差一位，且有一号校验不符", "one digit differs and one check digit is invalid"),
    "swapped": ("两号相邻两位颠倒", "two neighbouring digits are swapped"),
    "length": ("两号位数相差一位", "one digit is missing or added"),
    "recomputed": ("两号只差一位，校验码都相符", "one digit differs and both check digits are valid"),
}


@dataclass(frozen=True)
class _Level:
    """How much is known of a pair. Of the levels known on a day the strongest holds, doubt that was raised last."""

    strength: int
    grade: str
    zh: str
    en: str


NEAR_NAMES = _Level(1, "doubtful", "姓名相近", "similar names")
BOTH_VALID = _Level(2, "doubtful", "姓名一致，未见同一户主或同一张卡", "same name, no head of household or card in common")
ONE_INVALID = _Level(3, "same", "姓名一致，错号不属于他人", "same name, and the invalid number belongs to nobody else")
MET_AT_ONE_PLACE = _Level(4, "same", "姓名一致，且同一户主或同一张卡", "same name, and a head of household or a card in common")
OTHER_NAMES_TOO = _Level(
    5, "doubtful", "有姓名一致的记录，花名册、清册上也有不一致的", "some names agree, but others on registers or rolls do not"
)
SEVERAL_FIT = _Level(5, "doubtful", "错号与不止一名同名者的号码相近", "the invalid number is close to those of several people of that name")


def note_links(ws: Workspace, keyring: Keyring, lake: Lake) -> int:
    """Append what is newly known of pairs of person keys to `person_links`; returns how many rows. Linear in persons and rows."""
    pairs = _Pairs.of(keyring)
    received = read(ws, "deliveries", ["delivery_key", "received_at"])
    moments = _Moments(ws, received["delivery_key"].to_numpy(), received["received_at"].cast(pa.int64()).to_numpy())
    agree, near, _ = _names_met(pairs, moments, name_person_pairs(), keyring)
    named = np.minimum(agree, near) < NEVER
    pairs, agree, near = pairs.only(named), agree[named], near[named]
    _, own_near, own_differ = _names_met(pairs, moments, OWN_NAMES, keyring)
    # Twins are given names that sound or look alike: near is not enough to make one person of two sound numbers.
    apart = np.minimum(own_near, own_differ)
    rows = _levels(pairs, pairs.kinds(), agree, near, apart, _met_at_one_place(pairs, moments))
    done = read(ws, "person_links", ["person_key_a", "person_key_b", "strength", "known_at"])
    known = set(
        zip(*(done[name].to_pylist() for name in done.column_names[:3]), done["known_at"].cast(pa.int64()).to_pylist(), strict=True)
    )
    fresh = {named: row for row in rows if (named := (row[0], row[1], row[3].strength, row[4])) not in known}
    if fresh:
        lake.append("person_links", _table([fresh[named] for named in sorted(fresh)]))
    return len(fresh)


_Row = tuple[int, int, str, _Level, int]


def _table(rows: list[_Row]) -> pa.Table:
    schema = LAKE_TABLES["person_links"]
    facts = [
        {
            "person_key_a": a,
            "person_key_b": b,
            "kind": kind,
            "grade": level.grade,
            "reason": f"{KIND_WORDS[kind][0]}，{level.zh} {KIND_WORDS[kind][1]}; {level.en}",
            "strength": level.strength,
        }
        for a, b, kind, level, _ in rows
    ]
    table = pa.Table.from_pylist(facts, pa.schema([field for field in schema if field.name != "known_at"]))
    moments = pa.array([row[4] for row in rows], pa.int64()).cast(schema.field("known_at").type)
    return table.append_column("known_at", moments).select(schema.names)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of numbers one slip apart: their clear values, their keys a < b, and which of the two are sound."""

    values: pa.Array
    at_a: np.ndarray
    at_b: np.ndarray
    a: np.ndarray
    b: np.ndarray
    a_valid: np.ndarray
    b_valid: np.ndarray

    @classmethod
    def of(cls, keyring: Keyring) -> "_Pairs":
        """All pairs among the numbers ever seen; what stands for no number has no neighbours."""
        values, known = keyring.known("person")
        keys = known.to_numpy()
        valid = ~pc.starts_with(id_status_array(values), "invalid").to_numpy(zero_copy_only=False)
        left, right = neighbour_pairs(values)
        ordered = keys[left] < keys[right]
        at_a, at_b = np.where(ordered, left, right), np.where(ordered, right, left)
        return cls(values, at_a, at_b, keys[at_a], keys[at_b], valid[at_a], valid[at_b])

    @property
    def both_valid(self) -> np.ndarray:
        return self.a_valid & self.b_valid

    @property
    def keys(self) -> np.ndarray:
        return np.unique(np.concatenate([self.a, self.b]))

    def kinds(self) -> list[str]:
        """The slip between the numbers of each pair."""
        clear = zip(self.values.take(pa.array(self.at_a)).to_pylist(), self.values.take(pa.array(self.at_b)).to_pylist(), strict=True)
        return [id_slip(a, b) or "" for a, b in clear]

    def only(self, rows: np.ndarray) -> "_Pairs":
        chosen = (column[rows] for column in (self.at_a, self.at_b, self.a, self.b, self.a_valid, self.b_valid))
        return _Pairs(self.values, *chosen)


class _Moments:
    """When what is met with a person was first delivered."""

    def __init__(self, ws: Workspace, deliveries: np.ndarray, received: np.ndarray) -> None:
        self._ws = ws
        order = np.argsort(deliveries)
        self._deliveries, self._received = deliveries[order], received[order]

    def met(self, meetings: tuple[tuple[str, str, str], ...], persons: np.ndarray) -> "_Met":
        """What the given persons are met with, by (table, person column, column of the other)."""
        wanted = pa.array(persons)
        parts = []
        for table, person, other in meetings:
            rows = read(self._ws, table, ["delivery_key", person, other]).rename_columns(["delivery", "person", "other"])
            rows = rows.filter(pc.is_in(rows["person"], value_set=wanted)).drop_null()
            if rows.num_rows:
                moment = self._received[np.searchsorted(self._deliveries, rows["delivery"].to_numpy())]
                parts.append(rows.drop_columns("delivery").append_column("moment", pa.array(moment)))
        if not parts:
            return _Met(*(np.empty(0, np.int64) for _ in range(3)))
        first = pa.concat_tables(parts).group_by(["person", "other"]).aggregate([("moment", "min")])
        person, other, moment = (first[name].to_numpy() for name in ("person", "other", "moment_min"))
        order = np.lexsort((other, person))
        return _Met(person[order], other[order], moment[order])


@dataclass(frozen=True)
class _Met:
    """Rows (person, other, moment) in order of person."""

    person: np.ndarray
    other: np.ndarray
    moment: np.ndarray

    def of_both(self, pairs: _Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every row of a with every row of b of each pair: (pair, row of a, row of b)."""
        spans = []
        for side in (pairs.a, pairs.b):
            start = np.searchsorted(self.person, side, "left")
            spans.append((start, np.searchsorted(self.person, side, "right") - start))
        (start_a, size_a), (start_b, size_b) = spans
        sizes = size_a * size_b
        pair = np.repeat(np.arange(len(sizes)), sizes)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        width = size_b[pair]
        return pair, start_a[pair] + within // width, start_b[pair] + within % width


def _earliest(count: int, pair: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """The least moment of each pair; NEVER where there is none."""
    least = np.full(count, NEVER)
    np.minimum.at(least, pair, moment)
    return least


def _names_met(
    pairs: _Pairs, moments: _Moments, meetings: tuple[tuple[str, str, str], ...], keyring: Keyring
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each pair first had names that agree, that are near, and that differ."""
    met = moments.met(meetings, pairs.keys)
    pair, row_a, row_b = met.of_both(pairs)
    name_a, name_b = met.other[row_a], met.other[row_b]
    moment = np.maximum(met.moment[row_a], met.moment[row_b])
    grade = _grades(np.minimum(name_a, name_b), np.maximum(name_a, name_b), keyring)
    agree, near, differ = (
        _earliest(len(pairs.a), pair[chosen], moment[chosen]) for chosen in (grade == AGREE, grade == NEAR, grade == DIFFER)
    )
    return agree, near, differ


AGREE, NEAR, DIFFER = 0, 1, 2
_GRADES = {"same": AGREE, "variant": AGREE, "near": NEAR, "different": DIFFER}


def _grades(low: np.ndarray, high: np.ndarray, keyring: Keyring) -> np.ndarray:
    """Grade of each pair of name keys; each distinct pair is compared once, and only when the names have a character in common."""
    grades = np.full(len(low), DIFFER, np.int8)
    grades[low == high] = AGREE
    other = np.flatnonzero(low != high)
    if not len(other):
        return grades
    distinct, place = np.unique(np.stack([low[other], high[other]], axis=1), axis=0, return_inverse=True)
    clear = keyring.clear("name", np.unique(distinct))
    letters = {key: frozenset(normalise_name(name)) for key, name in clear.items()}
    found = [
        DIFFER if letters[a].isdisjoint(letters[b]) else _GRADES[compare_names(clear[a], clear[b]).grade]
        for a, b in zip(distinct[:, 0].tolist(), distinct[:, 1].tolist(), strict=True)
    ]
    grades[other] = np.array(found, np.int8)[place.ravel()]
    return grades


def _met_at_one_place(pairs: _Pairs, moments: _Moments) -> np.ndarray:
    """When two sound numbers were first met under one household head or with one card; other pairs need no such evidence."""
    first = np.full(len(pairs.a), NEVER)
    sound = np.flatnonzero(pairs.both_valid)
    few = pairs.only(sound)
    for meetings in (HEADS, CARDS):
        met = moments.met(meetings, few.keys)
        pair, row_a, row_b = met.of_both(few)
        shared = met.other[row_a] == met.other[row_b]
        moment = np.maximum(met.moment[row_a], met.moment[row_b])
        first[sound] = np.minimum(first[sound], _earliest(len(sound), pair[shared], moment[shared]))
    return first


def _levels(pairs: _Pairs, kinds: list[str], agree: np.ndarray, near: np.ndarray, apart: np.ndarray, met: np.ndarray) -> list[_Row]:
    """Everything known of each pair, weaker levels only while no stronger one was known."""
    sound = pairs.both_valid
    together = np.where(sound & (agree < NEVER), np.maximum(agree, met), NEVER)
    reached = [
        (NEAR_NAMES, near),
        (BOTH_VALID, np.where(sound, agree, NEVER)),
        (ONE_INVALID, np.where(sound, NEVER, agree)),
        (MET_AT_ONE_PLACE, together),
        (OTHER_NAMES_TOO, np.where(together < NEVER, np.maximum(together, apart), NEVER)),
        (SEVERAL_FIT, _several_fit(pairs, np.where(sound, NEVER, agree))),
    ]
    rows: list[_Row] = []
    stronger = np.full(len(pairs.a), NEVER)
    for level, moment in reversed(reached):
        for index in np.flatnonzero(moment < stronger).tolist():
            rows.append((int(pairs.a[index]), int(pairs.b[index]), kinds[index], level, int(moment[index])))
        stronger = np.minimum(stronger, moment)
    return rows


def _several_fit(pairs: _Pairs, agree: np.ndarray) -> np.ndarray:
    """When a wrong number with a name was first seen to be one slip from a second sound number with that name."""
    wrong = np.where(pairs.a_valid, pairs.b, pairs.a)
    one_sound = np.flatnonzero((pairs.a_valid ^ pairs.b_valid) & (agree < NEVER))
    order = one_sound[np.lexsort((agree[one_sound], wrong[one_sound]))]
    number = wrong[order]
    second = np.r_[False, number[1:] == number[:-1]] & ~np.r_[False, False, number[2:] == number[:-2]][: len(number)]
    raised = dict(zip(number[second].tolist(), agree[order][second].tolist(), strict=True))
    doubt = np.full(len(pairs.a), NEVER)
    for index in one_sound[np.isin(wrong[one_sound], number[second])].tolist():
        doubt[index] = max(raised[int(wrong[index])], int(agree[index]))
    return doubt
