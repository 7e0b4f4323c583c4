"""Labelled pairs: what a register and a bank hold of one ID, and whether it is truly one person; errors at stated rates.

The errors come from sources that the detector does not use: homophones from xpinyin's readings (ours are pypinyin's), look-alikes from
the list made by hand (ours are measured on four-corner codes and components), dialect pairs from the short table here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pyarrow as pa
from xpinyin import Pinyin

from onecard.words.national_id import check_digit
from simulation.people.names import draw
from simulation.people.numbers import FORMER_PREFIX, draw_ids

# Share of all pairs. What kinds of wrong characters people write is Liu et al. 2011 (ACM TALIP 10(2), 4,100 errors: 76 % sound alike,
# 46 % look alike, 29 % both), so of 93 that do either 76 sound alike and 17 only look alike. How many names and numbers are wrong at
# all, and everything else, is our assumption: no figures for rolls of this kind are published.
_WRONG_CHARACTERS = 0.005
_SOUND, _LOOK = 76 / 93, 17 / 93
SAME_RATES = {
    "spacing_or_dots": 0.010,
    "traditional": 0.001,
    "rare_as_placeholder": 0.001,
    "rare_as_pinyin": 0.0005,
    "cut": 0.001,
    "homophone": _WRONG_CHARACTERS * _SOUND * 0.85,
    "dialect_homophone": _WRONG_CHARACTERS * _SOUND * 0.15,
    "look_alike": _WRONG_CHARACTERS * _LOOK,
    "dropped_character": 0.0005,
    "swapped_characters": 0.0002,
    "id_one_digit": 0.0010,
    "id_swapped": 0.0003,
    "id_length": 0.0002,
    "id_recomputed": 0.0001,
    "stale_name": 0.0003,
}
OTHER_RATES = {
    "stranger": 0.008,
    "same_surname": 0.004,
    "sibling": 0.001,
    "namesake_other_id": 0.001,
    "stranger_with_neighbouring_id": 0.0005,
}
# Errors of the number alone; every other kind keeps the number.
_DIALECT = (("n", "l"), ("l", "n"), ("zh", "z"), ("z", "zh"), ("sh", "s"), ("s", "sh"), ("ch", "c"), ("c", "ch"))
_DIALECT_ENDS = (("in", "ing"), ("ing", "in"), ("en", "eng"), ("eng", "en"))
_PLACEHOLDERS = ("?", "？", "*", "□", "??")
_FIELD = 4


@dataclass(frozen=True)
class Labelled:
    """One row per pair: register's and bank's number and name, whether it is one person, and what was done to the pair."""

    register_id: pa.Array
    register_name: pa.Array
    bank_id: pa.Array
    bank_name: pa.Array
    same: np.ndarray
    kind: np.ndarray


@cache
def _level_one() -> str:
    """The 3,755 frequent characters of GB 2312."""
    rows = ((high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) if (high, low) <= (0xD7, 0xF9))
    return "".join(bytes(pair).decode("gb2312") for pair in rows)


@cache
def _syllables() -> dict[str, str]:
    """First reading of each frequent character by xpinyin."""
    reader = Pinyin()
    return {sign: reader.get_pinyin(sign) for sign in _level_one()}


@cache
def _of_syllable() -> dict[str, str]:
    found: dict[str, str] = {}
    for sign, syllable in _syllables().items():
        found[syllable] = found.get(syllable, "") + sign
    return found


@cache
def _look_alikes() -> dict[str, str]:
    from tests.onecard.field_look_alikes import PAIRS

    found: dict[str, str] = {}
    for pair in sorted(map(sorted, PAIRS)):
        for a, b in (pair, pair[::-1]):
            found[a] = found.get(a, "") + b
    return found


@cache
def _traditional() -> dict[str, str]:
    table = resources.files("opencc").joinpath("dictionary", "STCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split() for line in table.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) > 1 and pair[0] != pair[1] and len(pair[0]) == len(pair[1]) == 1}


def _put(name: str, place: int, text: str) -> str:
    return name[:place] + text + name[place + 1 :]


def _one_of(name: str, choices: Callable[[str], str | tuple[str, ...]], pick: random.Random) -> str | None:
    """The name with one character replaced by one of its choices; None when no character has any."""
    places = [place for place, sign in enumerate(name) if choices(sign)]
    if not places:
        return None
    place = pick.choice(places)
    return _put(name, place, pick.choice(choices(name[place])))


def _homophones(sign: str) -> str:
    return _of_syllable().get(_syllables().get(sign, ""), "").replace(sign, "")


def _dialect(sign: str) -> str:
    syllable = _syllables().get(sign, "")
    others = [b + syllable[len(a) :] for a, b in _DIALECT if syllable.startswith(a) and not (len(a) == 1 and syllable[1:2] == "h")]
    others += [syllable[: -len(a)] + b for a, b in _DIALECT_ENDS if syllable.endswith(a)]
    return "".join(_of_syllable().get(other, "") for other in others)


def _as_pinyin(sign: str) -> tuple[str, ...]:
    return (_syllables()[sign].upper(),) if sign in _syllables() else ()


def _wrong_number(number: str, kind: str, pick: random.Random) -> str:
    place = pick.randrange(17)
    digit = str((int(number[place]) + pick.randrange(1, 10)) % 10)
    if kind == "id_recomputed":
        first17 = number[:16] + str((int(number[16]) + pick.randrange(1, 10)) % 10)
        return first17 + check_digit(first17)
    if kind == "id_length":
        return number[:place] + number[place + 1 :] if pick.random() < 0.5 else number[:place] + digit + number[place:]
    if kind == "id_swapped":
        places = [at for at in range(16) if number[at] != number[at + 1]]
        at = pick.choice(places)
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return _put(number, place, digit)


_CHANGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "spacing_or_dots": lambda name, pick: (
        name.replace("·", pick.choice("•・．")) if "·" in name else name[0] + pick.choice(" 　") + name[1:]
    ),
    "traditional": lambda name, pick: _one_of(name, lambda sign: _traditional().get(sign, ""), pick),
    "rare_as_placeholder": lambda name, pick: _one_of(name[1:], lambda sign: _PLACEHOLDERS, pick),
    "rare_as_pinyin": lambda name, pick: _one_of(
        name[1:], lambda sign: (_syllables()[sign].upper(),) if sign in _syllables() else (), pick
    ),
    "cut": lambda name, pick: name[: pick.randrange(_FIELD, len(name))] if len(name) > _FIELD else None,
    "homophone": lambda name, pick: _one_of(name, _homophones, pick),
    "dialect_homophone": lambda name, pick: _one_of(name, _dialect, pick),
    "look_alike": lambda name, pick: _one_of(name, lambda sign: _look_alikes().get(sign, ""), pick),
    "dropped_character": lambda name, pick: _put(name, pick.randrange(1, len(name)), "") if len(name) > 2 else None,
    "swapped_characters": lambda name, pick: name[:-2] + name[-1] + name[-2] if len(name) > 2 and name[-1] != name[-2] else None,
}


def draw_pairs(persons: int, seed: int = 1) -> Labelled:
    """Labelled pairs, one per person; the same seed gives the same pairs."""
    rng, pick = np.random.default_rng(seed), random.Random(seed)
    born = rng.integers(30 * 365, 117 * 365, persons)
    male = rng.random(persons) < 0.5
    counties = rng.choice(sorted(FORMER_PREFIX), persons)
    ids = np.empty(persons, object)
    for county in sorted(FORMER_PREFIX):
        here = np.flatnonzero(counties == county)
        ids[here] = draw_ids(rng, county, born[here], male[here])
    names = draw(rng, male, 1900 + born // 365)
    bank_ids, bank_names = ids.copy(), names.copy()
    same, kind = np.ones(persons, bool), np.full(persons, "clean", object)
    order, done = rng.permutation(persons), 0
    for name, rate in (SAME_RATES | OTHER_RATES).items():
        wanted, made = round(rate * persons), 0
        while made < wanted and done < persons:
            row = int(order[done])
            done += 1
            changed = _changed(name, str(ids[row]), str(names[row]), names, ids, pick)
            if changed is None or changed == (ids[row], names[row]):
                continue
            bank_ids[row], bank_names[row] = changed
            same[row], kind[row] = name in SAME_RATES, name
            made += 1
    return Labelled(*(pa.array(side, pa.string()) for side in (ids, names, bank_ids, bank_names)), same, kind)


def _changed(kind: str, number: str, name: str, names: np.ndarray, ids: np.ndarray, pick: random.Random) -> tuple[str, str] | None:
    """What the bank holds of somebody; None when this cannot befall this name."""
    other = str(names[pick.randrange(len(names))])
    if kind in _CHANGES:
        if kind.startswith("rare"):
            changed = _CHANGES[kind](name, pick)
            return None if changed is None else (number, name[0] + changed)
        written = _CHANGES[kind](name, pick)
        return None if written is None else (number, written)
    if kind.startswith("id_"):
        return _wrong_number(number, kind, pick), name
    if kind == "namesake_other_id":
        return str(ids[pick.randrange(len(ids))]), name
    if kind == "sibling":
        return (number, name[:2] + other[-1]) if len(name) == 3 and other[-1] != name[2] else None
    if kind == "same_surname":
        other = name[0] + other[1:]
    if kind == "stranger_with_neighbouring_id":
        number = _wrong_number(number, "id_recomputed", pick)
    return (number, other) if other != name else None
