"""Numbers that may be one person: typing slips are linked, twins and namesakes are not, and no day hears what came after it."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sent import KEY, id_number

from ingestion.entity_links import note_links
from ingestion.keying import Keyring, keyed
from onecard.catalogue.lake_tables import lake_tables
from onecard.store.lake import LAKE_TABLES, Lake, read
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.national_id import check_digit, to_18

MARCH, APRIL, MAY = (dt.datetime(2018, month, 1, 8, tzinfo=dt.UTC) for month in (3, 4, 5))


class Town:
    """A lake into which deliveries of rolls, registers and card lists are put, in clear, one after the other."""

    def __init__(self, home: Path) -> None:
        self.ws = Workspace(home).create()
        self.vault = Vault(self.ws, Settings.load(home=home, vault_key=KEY))

    def deliver(self, *deliveries: tuple[int, dt.datetime, str, list[dict[str, Any]]]) -> int:
        """One ingestion of deliveries (number, moment, table, rows); how many links it noted."""
        lake, keyring = Lake(self.ws), Keyring(self.vault)
        lake.begin()
        for number, moment, table, rows in deliveries:
            fields = [
                pa.field(field.name, pa.string() if field.name in lake_tables()[table].domains else field.type)
                for field in LAKE_TABLES[table]
            ]
            facts = [{"delivery_key": number, "sheet_no": 1, "row_no": place} | row for place, row in enumerate(rows, start=1)]
            lake.append(table, keyed(pa.Table.from_pylist(facts, pa.schema(fields)), table, keyring))
            ledger = dict.fromkeys(LAKE_TABLES["deliveries"].names) | {"delivery_key": number, "received_at": moment}
            lake.append("deliveries", pa.Table.from_pylist([ledger], LAKE_TABLES["deliveries"]))
        keyring.store(lake)
        noted = note_links(self.ws, keyring, lake)
        lake.commit()
        return noted

    def links(self, until: dt.datetime = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)) -> dict[frozenset[str], tuple[str, str]]:
        """Kind and grade of each pair of clear numbers as a reader on a day takes them: the strongest of what was known."""
        values, keys = self.vault.known_values("person")
        clear = dict(zip(keys.to_pylist(), values.to_pylist(), strict=True))
        rows = read(self.ws, "person_links", LAKE_TABLES["person_links"].names).to_pylist()
        known = sorted((row for row in rows if row["known_at"] < until), key=lambda row: row["strength"])
        assert all(row["person_key_a"] < row["person_key_b"] for row in rows)
        return {frozenset((clear[row["person_key_a"]], clear[row["person_key_b"]])): (row["kind"], row["grade"]) for row in known}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "home")


def on_roll(number: str, name: str, head: str | None = None, card: str | None = None) -> dict[str, Any]:
    head_name = {"head_name_key": name} if head is None else {}
    return {"person_key": number, "name_key": name, "head_person_key": head or number, "card_key": card} | head_name


def rolls(*rows: dict[str, Any], number: int = 1, moment: dt.datetime = MARCH) -> tuple[int, dt.datetime, str, list[dict[str, Any]]]:
    return number, moment, "payment_rolls", list(rows)


def one_off(number: str, place: int, by: int = 1) -> str:
    return number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]


def checked(first17: str) -> str:
    return first17 + check_digit(first17)


CARD = "6230650000000000018"
RIGHT = id_number(7)
SISTER = checked(one_off(RIGHT, 15)[:17])  # a neighbouring number of the same day, rightly made
FATHER, SON = (checked(f"621102{year}0312115") for year in (1952, 1982))
TYPO, SWAPPED, SHORT = one_off(RIGHT, 12), RIGHT[:8] + RIGHT[9] + RIGHT[8] + RIGHT[10:], RIGHT[:12] + RIGHT[13:]
assert RIGHT[8] != RIGHT[9] and RIGHT[12] != RIGHT[13]
BORN_1900S = to_18(one_off(RIGHT[:6] + RIGHT[8:17], 13))  # the old form of the number, with a digit typed wrongly


CASES: dict[str, tuple[list[dict[str, Any]], dict[frozenset[str], tuple[str, str]]]] = {
    "a digit typed wrongly": ([on_roll(RIGHT, "张伟"), on_roll(TYPO, "张伟")], {frozenset((RIGHT, TYPO)): ("one_digit", "same")}),
    "two digits swapped": ([on_roll(RIGHT, "张伟"), on_roll(SWAPPED, "张 伟")], {frozenset((RIGHT, SWAPPED)): ("swapped", "same")}),
    "a digit left out": ([on_roll(RIGHT, "張偉"), on_roll(SHORT, "张伟")], {frozenset((RIGHT, SHORT)): ("length", "same")}),
    "a typo, and a name that is only near": (
        [on_roll(RIGHT, "张伟"), on_roll(TYPO, "张玮")], {frozenset((RIGHT, TYPO)): ("one_digit", "doubtful")},
    ),
    "a typo under another's name": ([on_roll(RIGHT, "张伟"), on_roll(TYPO, "李娜")], {}),
    "an old number typed wrongly, nothing in common": (
        [on_roll(RIGHT, "张伟"), on_roll(BORN_1900S, "张伟")], {frozenset((RIGHT, BORN_1900S)): ("recomputed", "doubtful")},
    ),
    "an old number typed wrongly, the same card": (
        [on_roll(RIGHT, "张伟", card=CARD), on_roll(BORN_1900S, "张伟", card=CARD)],
        {frozenset((RIGHT, BORN_1900S)): ("recomputed", "same")},
    ),
    "both right, under one head": (
        [on_roll(RIGHT, "张伟", head=FATHER), on_roll(SISTER, "张伟", head=FATHER)], {frozenset((RIGHT, SISTER)): ("recomputed", "same")},
    ),
    "namesakes with neighbouring numbers": (
        [on_roll(RIGHT, "王秀英"), on_roll(SISTER, "王秀英")], {frozenset((RIGHT, SISTER)): ("recomputed", "doubtful")},
    ),
    "namesakes with numbers far apart": ([on_roll(RIGHT, "王秀英"), on_roll(id_number(4711), "王秀英", head=RIGHT)], {}),
    "twins": ([on_roll(RIGHT, "王建国", head=FATHER), on_roll(SISTER, "王建军", head=FATHER)], {}),
    "twins whose names sound alike": (
        [on_roll(RIGHT, "王佳怡", head=FATHER), on_roll(SISTER, "王佳宜", head=FATHER)],
        {frozenset((RIGHT, SISTER)): ("recomputed", "doubtful")},
    ),
    "twins, one paid under the other's number": (
        [on_roll(RIGHT, "王建国", head=FATHER), on_roll(SISTER, "王建军", head=FATHER), on_roll(RIGHT, "王建军", head=FATHER)],
        {frozenset((RIGHT, SISTER)): ("recomputed", "doubtful")},
    ),
    "father and son": ([on_roll(FATHER, "王建国"), on_roll(SON, "王建军", head=FATHER, card=CARD),
                        on_roll(FATHER, "王建国", card=CARD)], {}),
    "a wrong number that fits two namesakes": (
        [on_roll(RIGHT, "张伟"), on_roll(SISTER, "张伟"), on_roll(RIGHT[:15] + SISTER[15] + RIGHT[16:], "张伟")],
        {
            frozenset((RIGHT, SISTER)): ("recomputed", "doubtful"),
            frozenset((RIGHT, RIGHT[:15] + SISTER[15] + RIGHT[16:])): ("one_digit", "doubtful"),
            frozenset((SISTER, RIGHT[:15] + SISTER[15] + RIGHT[16:])): ("one_digit", "doubtful"),
        },
    ),
    "stand-ins for a number": ([on_roll("无证", "张伟"), on_roll("111111111111111111", "张伟"), on_roll("111111111111111112", "张伟")], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_may_be_one(case: str, town: Town) -> None:
    rows, expected = CASES[case]
    town.deliver(rolls(*rows))
    assert town.links() == expected


def test_every_source_brings_names_and_places(town: Town) -> None:
    """A register's typo, known to the bank's card list by the right number, and met on one card."""
    register = {"person_key": BORN_1900S, "name_key": "张伟", "head_person_key": BORN_1900S, "head_name_key": "张伟"}
    line = {"person_key": BORN_1900S, "name_key": "张伟", "card_key": CARD}
    holder = {"holder_person_key": RIGHT, "holder_name_key": "张伟", "card_key": CARD}
    town.deliver((1, MARCH, "beneficiary_registers", [register]), (2, MARCH, "card_accounts", [holder]))
    assert town.links() == {frozenset((RIGHT, BORN_1900S)): ("recomputed", "doubtful")}
    town.deliver((3, APRIL, "bank_batches", [line]))
    assert town.links() == {frozenset((RIGHT, BORN_1900S)): ("recomputed", "same")}


def on_line(number: str, name: str, card: str | None = None) -> dict[str, Any]:
    return {"person_key": number, "name_key": name, "card_key": card}


def test_a_guardians_name_at_the_bank_is_no_other_name_of_the_child(town: Town) -> None:
    """Both numbers of the child are credited on the guardian's card, under the guardian's name; the rolls name the child."""
    roll = rolls(on_roll(RIGHT, "王佳怡", head=FATHER, card=CARD), on_roll(BORN_1900S, "王佳怡", head=FATHER, card=CARD))
    town.deliver(roll, (2, APRIL, "bank_batches", [on_line(RIGHT, "王建国"), on_line(BORN_1900S, "王建国")]))
    assert town.links() == {frozenset((RIGHT, BORN_1900S)): ("recomputed", "same")}


@pytest.mark.parametrize("one, other", [("王建国", "王建军"), ("王佳怡", "王佳宜"), ("王大明", "王小明")])
def test_a_twin_credited_under_the_others_number_is_still_two(one: str, other: str, town: Town) -> None:
    roll = rolls(on_roll(RIGHT, one, head=FATHER, card=CARD), on_roll(SISTER, other, head=FATHER, card=CARD))
    town.deliver(roll, (2, APRIL, "bank_batches", [on_line(RIGHT, other)]))
    assert town.links() == {NEIGHBOURS: ("recomputed", "doubtful")}


NEIGHBOURS, SLIP = frozenset((RIGHT, SISTER)), frozenset((RIGHT, TYPO))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("first, second", [(RIGHT, SISTER), (SISTER, RIGHT)], ids=["", "mirrored"])
def test_each_day_knows_what_had_come_by_then(first: str, second: str, at_once: bool, order: tuple[int, ...], town: Town) -> None:
    """Whatever the order in which deliveries are ingested, together or one by one, and whichever of the two keys is the lesser."""
    history = [
        (1, MARCH, "bank_batches", [on_line(first, "张伟"), on_line(second, "张玮"), on_line(TYPO, "李娜")]),
        rolls(on_roll(second, "张伟", card=CARD), on_roll(TYPO, "张伟"), number=2, moment=APRIL),
        rolls(on_roll(first, "张伟", card=CARD), on_roll(RIGHT, "张伟"), number=3, moment=MAY),
    ]
    deliveries = [history[place] for place in order]
    for some in [deliveries] if at_once else [[one] for one in deliveries]:
        town.deliver(*some)
    slip = {SLIP: ("one_digit", "same")}
    assert town.links(until=APRIL) == {NEIGHBOURS: ("recomputed", "doubtful")}
    # In April the name agrees, yet nothing else; and the near name of March stays no more than near when the card is shared in May.
    assert town.links(until=MAY) == {NEIGHBOURS: ("recomputed", "doubtful")} | slip
    assert town.links() == {NEIGHBOURS: ("recomputed", "same")} | slip


def test_what_is_known_is_noted_once(town: Town) -> None:
    assert town.deliver(rolls(on_roll(RIGHT, "张伟"), on_roll(TYPO, "张伟"))) == 1
    assert town.deliver(rolls(on_roll(RIGHT, "张伟"), on_roll(TYPO, "张伟"), number=2, moment=APRIL)) == 0


def test_reasons_hold_nothing_of_anybody(town: Town) -> None:
    for place, (rows, _) in enumerate(CASES.values(), start=1):
        town.deliver(rolls(*rows, number=place))
    reasons = set(read(town.ws, "person_links", ["reason"])["reason"].to_pylist())
    assert len(reasons) > 5
    names = {row["name_key"] for rows, _ in CASES.values() for row in rows}
    for reason in reasons:
        chinese, _, english = reason.partition(" ")
        assert not any(letter.isdigit() for letter in reason) and not any(name in reason for name in names)
        assert not chinese.isascii() and english.isascii()
