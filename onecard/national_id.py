"""Resident identity numbers (GB 11643-1999): validity, the 18-digit form of old 15-digit numbers, and what they say."""

import datetime as dt
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.columns import as_array, byte_matrix, map_distinct, map_odd, matrix_texts, named_codes, valid_mask
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
_CODES = {name: code for code, name in enumerate(STATUSES)}
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
    """Date of birth in an 18-digit number; None when it is no date between 1800 and 2100."""
    try:
        born = dt.date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))
    except ValueError:
        return None
    return born if 1800 <= born.year <= 2100 else None


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
    return map_odd(texts, texts, plain.to_numpy(zero_copy_only=False), normalise_id)


def to_18_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`to_18` of each, computed on bytes; null stays null."""
    texts = as_array(texts)
    matrix, mask = byte_matrix(texts, 15)
    digits = ((matrix >= ord("0")) & (matrix <= ord("9"))).all(axis=1)
    if not digits.any():
        return texts
    mask[mask] = digits
    return pc.replace_with_mask(texts, pa.array(mask), matrix_texts(_lengthened(matrix[digits])))


def id_status_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`id_status` of each normalised number, computed on bytes; null stays null."""
    texts = as_array(texts)
    codes = np.where(valid_mask(texts), _CODES["invalid_length"], -1).astype(np.int8)
    matrix, mask = byte_matrix(texts, 18)
    codes[mask] = _status_codes(matrix)
    matrix, mask = byte_matrix(texts, 15)
    short = _status_codes(_lengthened(matrix))
    codes[mask] = np.where(short == _CODES["valid"], _CODES["valid_15"], short)
    # `id_status` counts characters, the paths above bytes: what is not ASCII goes through it.
    ascii_only = pc.fill_null(pc.string_is_ascii(texts), True).to_numpy(zero_copy_only=False)
    return map_odd(texts, named_codes(codes, STATUSES), ascii_only, id_status)


def birth_date_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Date of birth in each 18-digit number, date32; null where the number does not tell."""
    return map_distinct(pc.utf8_slice_codeunits(as_array(texts), 6, 14), _date_of, pa.date32())


def _date_of(digits: str) -> dt.date | None:
    return birth_date("0" * 6 + digits) if len(digits) == 8 and digits.isascii() and digits.isdigit() else None


def sex_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`male` or `female` by the 17th digit of each 18-digit number; null where there is none."""
    digit = pc.utf8_slice_codeunits(as_array(texts), 16, 17)
    odd = pc.is_in(digit, value_set=pa.array(list("13579")))
    even = pc.is_in(digit, value_set=pa.array(list("02468")))
    return pc.if_else(odd, "male", pc.if_else(even, "female", pa.scalar(None, pa.string())))


def _lengthened(matrix: np.ndarray) -> np.ndarray:
    """Rows of 15 bytes with century and check character; the check of a row that is not all digits means nothing."""
    full = np.empty((len(matrix), 18), np.uint8)
    full[:, :6], full[:, 6], full[:, 7], full[:, 8:17] = matrix[:, :6], ord("1"), ord("9"), matrix[:, 6:]
    full[:, 17] = _check_characters(full[:, :17] - np.uint8(ord("0")))
    return full


def _check_characters(digits: np.ndarray) -> np.ndarray:
    """Check character of each row of 17 digits."""
    total = np.zeros(len(digits), np.int32)
    for place, weight in enumerate(WEIGHTS):
        total += digits[:, place] * np.int32(weight)
    return np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)[total % 11]


def _number(digits: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The number in some columns of rows of digits."""
    value = np.zeros(len(digits), np.int32)
    for place in range(start, stop):
        value = value * 10 + digits[:, place]
    return value


def _status_codes(matrix: np.ndarray) -> np.ndarray:
    """Index into STATUSES for rows of 18 bytes, first failing test wins (as in `id_status`)."""
    digits = matrix - np.uint8(ord("0"))
    good = (digits[:, :17] <= 9).all(axis=1) & ((digits[:, 17] <= 9) | (matrix[:, 17] == ord("X")))
    digits[~good] = 0
    known = known_id_prefixes()[_number(digits, 0, 6)]
    year, month, day = _number(digits, 6, 10), _number(digits, 10, 12), _number(digits, 12, 14)
    month_fits = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.where(month_fits, month, 0)] - ((month == 2) & ~leap)
    dated = month_fits & (day >= 1) & (day <= longest) & (year >= 1800) & (year <= 2100)
    checked = _check_characters(digits) == matrix[:, 17]
    return np.select(
        [~good, ~known, ~dated, ~checked],
        [_CODES["invalid_characters"], _CODES["invalid_division"], _CODES["invalid_date"], _CODES["invalid_check"]],
        _CODES["valid"],
    ).astype(np.int8)
