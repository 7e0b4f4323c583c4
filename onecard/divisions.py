"""Administrative divisions (GB/T 2260): the governments of the chain, and which six-digit prefixes an ID may carry."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from onecard.seeds import seed_rows

# Provinces of GB/T 2260 with 81-83 (Hong Kong, Macau, Taiwan residents' permits).
PROVINCES = (
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
    71, 81, 82, 83,
)  # fmt: skip
_OFFICE = re.compile(r"(人民政府|财政部|财政厅|财政局|民政部|民政厅|民政局|国库.*|财政.*|民政.*)$")
CENTRAL = "100000"


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


@cache
def _by_name() -> dict[str, Division]:
    names: dict[str, Division] = {}
    for division in divisions().values():
        names[division.name] = division
        short = re.sub(r"(自治州|自治县|[省市县区])$", "", division.name)
        if len(short) >= 2:
            names.setdefault(short, division)
    return names


def find_division(text: str | None) -> Division | None:
    """The division of a code (6 to 12 digits), a name, or an office (定西市财政局, 甘肃省财政厅, 财政部); None if unknown."""
    clean = re.sub(r"\s+", "", text or "")
    if re.fullmatch(r"\d{6,12}", clean):
        return divisions().get(clean[:6])
    if clean in ("财政部", "民政部", "中央财政"):
        return divisions()[CENTRAL]
    place = _OFFICE.sub("", clean)
    known = _by_name()
    if place in known:
        return known[place]
    # 甘肃省定西市安定区: the last division named is the office's own.
    endings = [name for name in known if place.endswith(name)]
    return known[max(endings, key=len)] if endings else None


@cache
def known_id_prefixes() -> np.ndarray:
    """Six-digit numbers an ID may begin with: a real province, a plausible prefecture, any county number.

    An ID keeps the division of first registration and many of those codes are no longer in force; calling a living
    person's ID false for a dissolved county would be our bug. Gansu's prefecture numbers are known: 6201-6212 cities,
    6221-6230 the former prefectures and the two autonomous ones.
    """
    prefixes: set[int] = set()
    for province in PROVINCES:
        prefectures = [*range(1, 13), *range(21, 31)] if province == 62 else [*range(54), 90]
        for prefecture in prefectures:
            prefixes.update(province * 10000 + prefecture * 100 + county for county in range(100))
    return np.array(sorted(prefixes), np.int64)


@cache
def _prefix_set() -> frozenset[int]:
    return frozenset(known_id_prefixes().tolist())


def known_id_prefix(prefix: str) -> bool:
    """Whether a six-digit text may begin an ID."""
    return int(prefix) in _prefix_set()
