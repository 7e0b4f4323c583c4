"""Valid ID numbers, card numbers and telephones, made whole columns at a time."""

import numpy as np

from onecard.words.national_id import CHECK_CHARACTERS, WEIGHTS
from onecard.words.reference_data import seed_rows

# Division numbers that older residents of each county carry (the former Dingxi and Longnan prefectures).
FORMER_PREFIX = {
    "621102": "622421",
    "621121": "622424",
    "621122": "622425",
    "621123": "622426",
    "621124": "622427",
    "621125": "622625",
    "621126": "622624",
}
_EPOCH = np.datetime64("1900-01-01")
_CHECK = np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)


def draw_ids(rng: np.random.Generator, county: str, born: np.ndarray, male: np.ndarray) -> np.ndarray:
    """Distinct valid 18-character numbers (object array of str) for births (days since 1900) in one county.

    Those born before 1985 carry the county's former division number. Distinct between counties, too.
    """
    order = rng.permutation(500)  # people born in one place on one day get different serials
    former = born < (np.datetime64("1985-01-01") - _EPOCH).astype(int)
    serial = np.zeros(len(born), np.int64)
    group = born * 4 + former * 2 + male
    by_group = np.argsort(group, kind="stable")
    sorted_group = group[by_group]
    starts = np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]]) if len(born) else np.zeros(0, int)
    rank = np.arange(len(born)) - np.repeat(starts, np.diff(np.r_[starts, len(born)]))
    assert len(born) == 0 or rank.max() < 500, "more births on one day than serials"
    # The start moves with the day, else serials would all begin alike.
    serial[by_group] = order[(rank + sorted_group * 37) % 500] * 2 + sorted_group % 2
    dates = (_EPOCH + born.astype("timedelta64[D]")).astype("datetime64[D]")
    compact = np.char.replace(dates.astype("U10"), "-", "")
    prefix = np.where(former, FORMER_PREFIX[county], county)
    first17 = np.char.add(np.char.add(prefix, compact), np.char.zfill(serial.astype("U3"), 3))
    return with_check_character(first17)


def with_check_character(first17: np.ndarray) -> np.ndarray:
    """The 18-character numbers (object array) of 17-digit texts."""
    raw = first17.astype("S17").view(np.uint8).reshape(len(first17), 17)
    total = (raw.astype(np.int64) - ord("0")) @ np.array(WEIGHTS) % 11
    whole = np.concatenate([raw, _CHECK[total][:, None]], axis=1)
    return np.ascontiguousarray(whole).view("S18").ravel().astype("U18").astype(object)


def short_form(number: str) -> str:
    """The 15-digit form of a number of somebody born in the 20th century."""
    return number[:6] + number[8:17]


def born_between(rng: np.random.Generator, count: int, first_year: int, last_year: int) -> np.ndarray:
    """Days since 1900 of births, even over the years given."""
    first = (np.datetime64(f"{first_year}-01-01") - _EPOCH).astype(int)
    last = (np.datetime64(f"{last_year}-12-31") - _EPOCH).astype(int)
    return rng.integers(first, last + 1, count)


def birth_year(born: np.ndarray) -> np.ndarray:
    return (_EPOCH + born.astype("timedelta64[D]")).astype("datetime64[Y]").astype(int) + 1970


def card_numbers(bank: np.ndarray, county_index: int, first_serial: int) -> np.ndarray:
    """Distinct 19-digit Luhn-valid cards (object array of str), `bank` as index into the agent banks.

    `first_serial` is the number of cards the county has had before.
    """
    bins = np.array([row["bin_prefixes"].split("|")[0] for row in seed_rows("agent_banks")])
    serial = (np.arange(first_serial, first_serial + len(bank), dtype=np.int64) * 7_368_787 + 1_234_567) % 10**9
    body = np.char.add(bins[bank], np.char.add(f"{county_index + 21:03d}", np.char.zfill(serial.astype("U9"), 9)))
    raw = body.astype("S18").view(np.uint8).reshape(len(bank), 18).astype(np.int64) - ord("0")
    doubled = raw[:, ::-1][:, ::2] * 2
    total = (doubled - 9 * (doubled > 9)).sum(axis=1) + raw[:, ::-1][:, 1::2].sum(axis=1)
    return np.char.add(body, ((10 - total % 10) % 10).astype("U1")).astype(object)


def draw_phones(rng: np.random.Generator, count: int) -> np.ndarray:
    """Mobile numbers (object array of str)."""
    starts = np.array(["138", "139", "151", "152", "159", "182", "187", "188", "199"])
    rest = np.char.zfill(rng.integers(0, 10**8, count).astype("U8"), 8)
    return np.char.add(starts[rng.integers(0, len(starts), count)], rest).astype(object)
