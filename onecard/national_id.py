"""Resident identity numbers (GB 11643-1999): validity, the 18-digit form of old 15-digit numbers, and what they say."""

import datetime as dt
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.columns import as_array, byte_matrix, map_distinct
from onecard.divisions import known_id_prefix, known_id_prefixes

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
STATUSES = (
    "valid",
    "valid_15",
    "invalid_length",
    "invalid_characters",
    "invalid_date",
    "invalid_division",
    "invalid_check",
)
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def normalise_id(text: str) -> str:
    """Half-width, no spaces, capital X; digits are never repaired."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_digit(first17: str) -> str:
    """Check character of the first 17 digits, ISO 7064 mod 11-2."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True)) % 11]


def to_18(text: str) -> str:
    """The 18-digit form: a 15-digit number gains its century (19) and check character, any other text stays."""
    if len(text) == 15 and text.isascii() and text.isdigit():
        first17 = text[:6] + "19" + text[6:]
        return first17 + check_digit(first17)
    return text


def id_status(text: str) -> str:
    """One of STATUSES for a normalised number. Length, characters, division, date, then check character."""
    if len(text) not in (15, 18):
        return "invalid_length"
    digits = text if len(text) == 15 else text[:17]
    if not (digits.isascii() and digits.isdigit()) or (len(text) == 18 and text[17] not in "0123456789X"):
        return "invalid_characters"
    full = to_18(text)
    if not known_id_prefix(full[:6]):
        return "invalid_division"
    if birth_date(full) is None:
        return "invalid_date"
    if len(text) == 15:
        return "valid_15"
    return "valid" if check_digit(full[:17]) == full[17] else "invalid_check"


def birth_date(id18: str) -> dt.date | None:
    """Date of birth in an 18-digit number; None when it is no date between 1800 and 2099."""
    try:
        born = dt.date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))
    except ValueError:
        return None
    return born if 1800 <= born.year < 2100 else None


def sex(id18: str) -> str:
    """`male` or `female` by the 17th digit."""
    return "male" if int(id18[16]) % 2 else "female"


def division(id18: str) -> str:
    """The six-digit division of first registration."""
    return id18[:6]


def normalise_id_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`normalise_id` of each; texts that already are 15 or 18 plain characters are left alone."""
    texts = as_array(texts)
    plain = pc.fill_null(pc.match_substring_regex(texts, r"^([0-9]{15}|[0-9]{17}[0-9X])$"), True)
    if pc.all(plain).as_py() is not False:
        return texts
    odd = pc.invert(plain)
    return pc.replace_with_mask(texts, odd, map_distinct(texts.filter(odd), normalise_id, pa.string()))


def to_18_array(texts: pa.Array) -> pa.Array:
    """`to_18` of each."""
    short = pc.fill_null(pc.match_substring_regex(texts, r"^[0-9]{15}$"), False)
    if not pc.any(short).as_py():
        return texts
    return pc.replace_with_mask(texts, short, map_distinct(texts.filter(short), to_18, pa.string()))


def id_status_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`id_status` of each normalised number, computed on bytes; null stays null."""
    texts = as_array(texts)
    matrix, mask = byte_matrix(texts, 18)
    code = np.full(len(texts), -1, np.int8)
    if len(matrix):
        code[mask] = _status_codes(matrix)
    answers = pa.DictionaryArray.from_arrays(pa.array(np.where(code < 0, 0, code), pa.int8()), pa.array(STATUSES)).dictionary_decode()
    rest = pa.array(~mask) if len(texts) else pa.array([], pa.bool_())
    rest = pc.or_(rest, pc.is_null(texts))
    if not pc.any(rest).as_py():
        return answers
    return pc.replace_with_mask(answers, rest, map_distinct(texts.filter(rest), id_status, pa.string()))


def _status_codes(matrix: np.ndarray) -> np.ndarray:
    """Index into STATUSES for rows of 18 bytes, first failing test wins (as in `id_status`)."""
    digits = matrix.astype(np.int16) - ord("0")
    good = ((digits[:, :17] >= 0) & (digits[:, :17] <= 9)).all(axis=1)
    last_x = matrix[:, 17] == ord("X")
    good &= last_x | ((digits[:, 17] >= 0) & (digits[:, 17] <= 9))
    safe = np.where(good[:, None], digits, 0)
    prefix = safe[:, :6].astype(np.int64) @ np.array([100000, 10000, 1000, 100, 10, 1])
    known = np.isin(prefix, known_id_prefixes())
    year = safe[:, 6:10].astype(np.int64) @ np.array([1000, 100, 10, 1])
    month = safe[:, 10] * 10 + safe[:, 11]
    day = safe[:, 12] * 10 + safe[:, 13]
    month_fits = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.where(month_fits, month, 0)] - ((month == 2) & ~leap)
    dated = month_fits & (day >= 1) & (day <= longest) & (year >= 1800) & (year < 2100)
    total = (safe[:, :17].astype(np.int64) @ np.array(WEIGHTS)) % 11
    checked = np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)[total] == matrix[:, 17]
    names = {name: index for index, name in enumerate(STATUSES)}
    return np.select(
        [~good, ~known, ~dated, ~checked],
        [names["invalid_characters"], names["invalid_division"], names["invalid_date"], names["invalid_check"]],
        names["valid"],
    ).astype(np.int8)
