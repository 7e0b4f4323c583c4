"""Administrative divisions (GB/T 2260): the governments of the chain, and which six-digit prefixes an ID may carry."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from onecard.words.offices import branch_place, find_office
from onecard.words.reference_data import seed_rows

if TYPE_CHECKING:
    import numpy as np

CENTRAL = "100000"
# `valid_to` of a division that still exists.
OPEN_END = 9999
LEVELS = ("central", "province", "city", "county", "township", "village")
# Those with a finance department and pools of money, from the top down.
GOVERNMENT_LEVELS = LEVELS[:4]
# Provinces of GB/T 2260 with 81-83 (residence permits of Hong Kong, Macau and Taiwan residents).
PROVINCES = (
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
    71, 81, 82, 83,
)  # fmt: skip
GANSU = 62
# Gansu's numbers that ended before this century's prefectures began; IDs given out then keep them. Per prefecture: the last year in
# which any of its numbers was given out (the year the prefecture ended or was renumbered), and the county numbers.
FORMER_GANSU: dict[int, tuple[int, list[int]]] = {
    6201: (1985, [12]),
    6209: (2006, [25]),
    6221: (2002, [1, 2, 3, *range(21, 27)]),
    6222: (2002, [1, *range(21, 27)]),
    6223: (2001, [1, *range(21, 27)]),
    6224: (2003, [*range(21, 30)]),
    6225: (1985, [1, *range(21, 32)]),
    6226: (2004, [*range(21, 31)]),
    6227: (2002, [1, *range(21, 28)]),
    6228: (2002, [1, *range(21, 28)]),
}
# 涪陵市 of 四川, the one prefecture with a number outside the usual ranges.
FULING, FULING_LAST_YEAR = 5170, 1997
# Police stations went on giving out the old number for some time after a county was dissolved; how long nobody wrote down.
GRACE_YEARS = 3
# Residence permits of Hong Kong, Macau and Taiwan residents carry these, and nothing else below 81, 82 and 83.
RESIDENCE_PERMITS = (810000, 820000, 830000)
# 00 and 01 (市辖区) stand on IDs of cities without districts (嘉峪关) and of registers kept by the city itself.
OWN_NUMBERS = (0, 1)

_CENTRAL_NAMES = frozenset(("中央", "国务院", "财政部", "民政部", "中央财政", "中央本级", "中华人民共和国财政部", "中华人民共和国民政部"))
# The nationalities in names of Gansu's autonomous divisions (东乡族自治县 has nothing else in its name).
_KIND = re.compile(r"(?<=.)(省|市|县|区|((回|藏|蒙古|裕固|哈萨克|东乡|保安|撒拉)族)+自治[州县]|族自治[州县])$")


@dataclass(frozen=True)
class Division:
    """One government: code, Chinese name, level (central, province, city, county), parent, years of validity."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: int
    valid_to: int


@cache
def divisions() -> dict[str, Division]:
    """All divisions of the reference list by code."""
    return {
        row["division_code"]: Division(
            row["division_code"],
            row["name_zh"],
            row["level"],
            row["parent_code"] or None,
            int(row["valid_from_year"]),
            int(row["valid_to_year"]),
        )
        for row in seed_rows("divisions")
    }


def level(code: str) -> str | None:
    """Level of a code of 6, 9 or 12 digits (one of LEVELS); None when its six-digit division is unknown."""
    known = divisions().get(code[:6])
    if known is None or not re.fullmatch(r"[0-9]{6}(?:[0-9]{3}){0,2}", code):
        return None
    if code[9:].strip("0"):
        return "village"
    return "township" if code[6:9].strip("0") else known.level


def parent(code: str) -> str | None:
    """Code of the level above, as long as the code given where it is a village's or township's; None for the central level."""
    at = level(code)
    if at is None:
        return None
    if at == "village":
        return code[:9] + "000"
    return code[:6] if at == "township" else divisions()[code[:6]].parent


def code_12(code: str) -> str:
    """The code filled with zeros to 12 digits, as village and township codes of the statistics bureau are written."""
    return code.ljust(12, "0")


def county_of(code: str) -> str:
    """The six-digit division in a longer code."""
    return code[:6]


def short_names(name: str) -> tuple[str, ...]:
    """What people write for a division: the name, without its kind, and 张家川县 or 临夏州 for autonomous ones."""
    kind = _KIND.search(name)
    stem = name[: kind.start()] if kind else name
    names = [name] + ([stem] if len(stem) >= 2 else [])
    if kind and len(kind[0]) > 1:
        names += [stem + kind[0][-1], stem + kind[0][-3:]]
    return tuple(dict.fromkeys(names))


@cache
def _named(year: int) -> dict[str, tuple[Division, ...]]:
    names: dict[str, tuple[Division, ...]] = {}
    for division in divisions().values():
        if division.valid_from <= year <= division.valid_to:
            for name in short_names(division.name):
                names[name] = (*names.get(name, ()), division)
    return names


def _inside(division: Division, ancestor: Division) -> bool:
    above = division.parent
    while above is not None and above != ancestor.code:
        above = divisions()[above].parent
    return above == ancestor.code


def _spelled(place: str, inside: Division | None, year: int) -> set[Division]:
    """Divisions a text can mean when it is wholly a chain of names, each within the one before (甘肃省定西市安定区)."""
    if not place:
        return {inside} if inside else set()
    found: set[Division] = set()
    for name, candidates in _named(year).items():
        if place.startswith(name):
            for division in candidates:
                if inside is None or _inside(division, inside):
                    found |= _spelled(place[len(name) :], division, year)
    return found


@cache
def _place(place: str, year: int) -> Division | None:
    exact = {division for division in _named(year).get(place, ()) if division.name == place}
    found = exact or _spelled(place, None, year)
    return next(iter(found)) if len(found) == 1 else None


def find_division(text: str | None, year: int = OPEN_END) -> Division | None:
    """The division of a code (6, 9 or 12 digits), a name, or an office (定西市财政局, 漳县公安局, 财政部), in force in `year`.

    None if it is unknown or could be two (临夏: the city or the county): a place is never guessed.
    """
    return find_sender(text, year)[0]


def find_sender(text: str | None, year: int = OPEN_END) -> tuple[Division | None, str | None]:
    """The division as of `find_division`, and which office of it the text names (None for the division alone)."""
    clean = "".join(unicodedata.normalize("NFKC", text or "").split())
    if re.fullmatch(r"[0-9]{6}(?:[0-9]{3}){0,2}", clean):
        return divisions().get(clean[:6]), None
    if clean in _CENTRAL_NAMES:
        return divisions()[CENTRAL], find_office(clean.removeprefix("中华人民共和国"))
    if whole := _place(clean, year):
        return whole, None
    # The longest name of a place that an office follows.
    for end in range(len(clean) - 1, 1, -1):
        division, office = _place(clean[:end], year), find_office(clean[end:])
        if division and office and (division.level in ("city", "county") or not office.startswith("township")):
            branch = branch_place(clean[end:])
            return (_place(clean[:end] + branch, year) or division if branch else division), office
    return None, None


@cache
def last_birth_years() -> "np.ndarray":
    """For each six-digit number the last year of birth of somebody whose ID may begin with it; 0 when no ID may.

    An ID keeps the division of first registration, and many of those numbers are no longer in force; calling a living
    person's ID false for a dissolved county would be our bug. Gansu's numbers are known one by one, former ones included;
    elsewhere a real province, a plausible prefecture (01-53, or 90 for counties under the province) and any county will do.

    A number ends for those born after its division had (and GRACE_YEARS more). It has no first year: numbers were given
    out from 1984 on, to grown people too, and whoever is registered late gets the number of that day.
    """
    import numpy as np  # most commands know places and need no arrays

    last = np.zeros(1_000_000, np.int16)
    for province in PROVINCES:
        if province != GANSU and province * 10000 not in RESIDENCE_PERMITS:
            for prefecture in (*range(54), 90):
                start = province * 10000 + prefecture * 100
                last[start : start + 100] = OPEN_END
    last[FULING * 100 : FULING * 100 + 100] = FULING_LAST_YEAR + GRACE_YEARS
    last[list(RESIDENCE_PERMITS)] = OPEN_END
    ends = {int(code): division.valid_to for code, division in divisions().items() if division.level == "county"}
    for prefecture, (year, numbers) in FORMER_GANSU.items():
        ends |= {prefecture * 100 + number: year for number in numbers}
    for county, year in ends.items():
        if county // 10000 == GANSU:
            last[county] = min(year + GRACE_YEARS, OPEN_END)
    for prefecture in {county // 100 for county in ends if county // 10000 == GANSU} | {6202}:
        # As long as any county of the prefecture.
        years = [year for county, year in ends.items() if county // 100 == prefecture]
        last[[prefecture * 100 + own for own in OWN_NUMBERS]] = min(max(years, default=OPEN_END) + GRACE_YEARS, OPEN_END)
    return last


def last_birth_year(prefix: str) -> int:
    """The last year of birth of somebody whose ID may begin with this six-digit text; 0 when no ID may."""
    return int(last_birth_years()[int(prefix)])
