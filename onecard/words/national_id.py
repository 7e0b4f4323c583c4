"""Identity numbers (GB 11643-1999 and what stands in their column): validity, 18-digit form of old numbers, what they say."""

import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.divisions import PROVINCES, last_birth_year, last_birth_years
from onecard.words.number_writing import Fault, bare_number, digits_fault, unguarded
from onecard.words.text_arrays import (
    as_array,
    byte_blocks,
    byte_matrix,
    map_distinct,
    map_odd,
    matrix_texts,
    named_codes,
    text_bytes,
    valid_mask,
)

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# Resident numbers; residence permits of Hong Kong, Macau and Taiwan residents; permanent residents from abroad; passports and travel
# permits; what says that there is no number; and what is none. Only `invalid_*` says that somebody wrote a number that cannot be.
STATUSES = (
    "valid",
    "valid_15",
    "residence_permit",
    "foreign_permanent",
    "travel_document",
    "placeholder",
    "invalid_length",
    "invalid_characters",
    "invalid_date",
    "invalid_division",
    "invalid_check",
)
_CHECK_VALUES = np.array([10 if character == "X" else int(character) for character in CHECK_CHARACTERS], np.uint8)
_CODES = {name: code for code, name in enumerate(STATUSES)}
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

# What offices write for somebody without papers. A text beginning with 无证 is one, too: ingestion lengthens it (see `stand_in`).
NO_PAPERS = "无证"
_PLACEHOLDER_WORDS = frozenset(
    [
        *("无", "无证", "无证件", "无身份证", "无身份证号", "无身份证号码", "无号", "无号码", "无户口", "无户籍", "没有", "没有身份证"),
        *("未办", "未办证", "未办理", "未办身份证", "未上户", "未上户口", "未落户", "暂无", "暂缺", "缺", "缺失", "空", "空号"),
        *("不详", "不明", "未知", "待补", "待查", "丢失", "遗失", "身份证丢失", "NULL", "NONE", "NA", "N/A", "NIL"),
    ]
)
# Digits and the check character; or as long as a number, with a letter typed for a digit: a slip, not something beside the number.
_DIGITS = re.compile(r"[0-9]+X?|[0-9][0-9A-Z]{13}[0-9X]|[0-9][0-9A-Z]{16}[0-9X]")
_ASCENDING = "123456789012345678"
_SHORTEST_ASCENDING = 6
# The division of an office and nothing after it.
_ONLY_DIVISION = re.compile(r"[0-9]{6}(0{9}|0{12})")
# Permanent residents from abroad: until 2023 the nationality (ISO 3166) and twelve digits; from then 18 digits beginning with 9.
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
FOREIGN_FIRST = "9"
RESIDENCE_PROVINCES = ("81", "82", "83")
# Travel permits of Hong Kong and Macau residents, of Taiwan residents (eight digits: no date, which would be a birthday in the wrong
# column), and passports. Passports of digits alone look like half a number and are not taken for one.
_TRAVEL = re.compile(
    r"[HM][0-9]{8,10}|(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$)[0-9]{8}|[A-Z]{1,2}[0-9]{6,9}|E[A-Z][0-9]{7}"
)


def normalise_id(text: str) -> str:
    """The number alone (see `bare_number`), capital X; digits are never repaired."""
    return bare_number(text).upper()


def id_fault(text: str) -> Fault | None:
    """What stands with a number in its column; None for a normalised number, another document, or what says that there is none."""
    return digits_fault(text, _stands_alone)


def _stands_alone(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text) or is_placeholder_id(text) or _TRAVEL.fullmatch(text) or _OLD_FOREIGN.fullmatch(text))


def check_digit(first17: str) -> str:
    """Check character of the first 17 digits, ISO 7064 mod 11-2."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True)) % 11]


def to_18(text: str) -> str:
    """The 18-digit form: a 15-digit number gains its century (19) and check character, any other text (and a placeholder) stays."""
    if len(text) == 15 and text.isascii() and text.isdigit() and not is_placeholder_id(text):
        first17 = text[:6] + "19" + text[6:]
        return first17 + check_digit(first17)
    return text


def fits_check(id18: str) -> bool:
    """Whether 18 characters are 17 digits and their check character."""
    return len(id18) == 18 and id18[:17].isascii() and id18[:17].isdigit() and check_digit(id18[:17]) == id18[17]


def is_placeholder_id(text: str) -> bool:
    """Whether a normalised text only says that there is no number (无证, 不详, 000, 123456, a division and zeros)."""
    if text.startswith(NO_PAPERS) or text in _PLACEHOLDER_WORDS:
        return True
    if len(set(text)) == 1 and not text.isalpha():
        return True
    return (len(text) >= _SHORTEST_ASCENDING and _ASCENDING.startswith(text)) or _ONLY_DIVISION.fullmatch(text) is not None


def id_status(text: str) -> str:
    """One of STATUSES for a normalised number. Placeholder, other documents, length, characters, division, date, then check character.

    A division that ended before the person was born is no division, see `last_birth_years`.
    """
    if is_placeholder_id(text):
        return "placeholder"
    if _TRAVEL.fullmatch(text):
        return "travel_document"
    if len(text) not in (15, 18):
        return "invalid_length"
    if _OLD_FOREIGN.fullmatch(text):
        return "foreign_permanent"
    digits = text if len(text) == 15 else text[:17]
    if not (digits.isascii() and digits.isdigit()) or (len(text) == 18 and text[17] not in "0123456789X"):
        return "invalid_characters"
    full = to_18(text)
    foreign, permit = _is_foreign(full), full[:2] in RESIDENCE_PROVINCES
    # Foreigners and residents of Hong Kong, Macau and Taiwan never had numbers of 15 digits.
    last_year = 0 if len(text) == 15 and (foreign or permit) else 9999 if foreign else last_birth_year(full[:6])
    if not last_year:
        return "invalid_division"
    born = birth_date(full)
    if born is None:
        return "invalid_date"
    if born.year > last_year:
        return "invalid_division"
    if len(text) == 15:
        return "valid_15"
    if check_digit(full[:17]) != full[17]:
        return "invalid_check"
    return "foreign_permanent" if foreign else "residence_permit" if permit else "valid"


def _is_foreign(id18: str) -> bool:
    """9, the province of the office, the nationality's number in ISO 3166 (any): the first six digits since 2023."""
    return id18[0] == FOREIGN_FIRST and int(id18[1:3]) in PROVINCES


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
    texts = unguarded(as_array(texts))
    plain = pc.fill_null(pc.match_substring_regex(texts, r"^([0-9]{15}|[0-9]{17}[0-9X])$"), True)
    return map_odd(texts, texts, plain.to_numpy(zero_copy_only=False), normalise_id)


def to_18_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`to_18` of each, computed on bytes; null stays null."""
    texts = as_array(texts)
    matrix, mask = byte_matrix(texts, 15)
    digits = _all_digits(matrix) & ~_stands_in(matrix)
    if not digits.any():
        return texts
    mask[mask] = digits
    return pc.replace_with_mask(texts, pa.array(mask), matrix_texts(_lengthened(matrix[digits])))


def id_status_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`id_status` of each normalised number, computed on bytes; null stays null."""
    texts = as_array(texts)
    codes = np.full(len(texts), -1, np.int8)
    done = ~valid_mask(texts)
    for width in (18, 15):
        matrix, mask = byte_matrix(texts, width)
        plain = _all_digits(matrix)
        mask[mask] = plain
        codes[mask] = _status_codes(matrix[plain])
        done |= mask
    # What is not 15 or 17 digits is rare, and may be words or another document.
    return map_odd(texts, named_codes(codes, STATUSES), done, id_status)


def birth_date_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Date of birth in each 18-digit number, date32; null where the number does not tell."""
    return map_distinct(pc.utf8_slice_codeunits(_numbers_only(texts), 6, 14), _date_of, pa.date32())


def is_placeholder_id_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`is_placeholder_id` of each normalised text; false for null."""
    texts = as_array(texts)
    data, plain = text_bytes(texts), np.zeros(len(texts), bool)
    for rows, starts, ends in byte_blocks(texts):
        size, first = ends - starts, [data[np.minimum(starts + place, len(data) - 1)] for place in range(3)]
        last = [data[np.maximum(ends - place, 0)] for place in (1, 2, 3)]
        # Hardly any number ends in three equal digits or begins with 123; all others of the right length are seen to be none.
        odd = ((last[0] == last[1]) & (last[1] == last[2])) | ((first[0] == ord("1")) & (first[1] == ord("2")) & (first[2] == ord("3")))
        plain[rows] = ((size == 18) | (size == 15)) & (first[0] - np.uint8(ord("0")) <= 9) & ~odd
    return pc.fill_null(map_odd(texts, pa.array(np.zeros(len(texts), bool)), plain, is_placeholder_id), False)


def _numbers_only(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Null for what is not 17 digits and one more character: other documents hold digits that mean something else."""
    texts = as_array(texts)
    return pc.if_else(pc.match_substring_regex(texts, r"^[0-9]{17}[0-9X]$"), texts, pa.scalar(None, pa.string()))


def _date_of(digits: str) -> dt.date | None:
    return birth_date("0" * 6 + digits)


def sex_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`male` or `female` by the 17th digit of each 18-digit number; null where there is none."""
    digit = pc.utf8_slice_codeunits(_numbers_only(texts), 16, 17)
    odd = pc.is_in(digit, value_set=pa.array(list("13579")))
    even = pc.is_in(digit, value_set=pa.array(list("02468")))
    return pc.if_else(odd, "male", pc.if_else(even, "female", pa.scalar(None, pa.string())))


def _lengthened(matrix: np.ndarray) -> np.ndarray:
    """Rows of 15 bytes with century and check character; the check of a row that is not all digits means nothing."""
    full = np.empty((len(matrix), 18), np.uint8)
    full[:, :6], full[:, 6], full[:, 7], full[:, 8:17] = matrix[:, :6], ord("1"), ord("9"), matrix[:, 6:]
    full[:, 17] = _check_characters(full[:, :17] - np.uint8(ord("0")))
    return full


def check_digits_of(digits: np.ndarray) -> np.ndarray:
    """Check digit (10 for X) of each row of 17 digits."""
    return _CHECK_VALUES[_remainders(digits)]


def _check_characters(digits: np.ndarray) -> np.ndarray:
    """Check character of each row of 17 digits."""
    return np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)[_remainders(digits)]


def _remainders(digits: np.ndarray) -> np.ndarray:
    total = np.zeros(len(digits), np.int32)
    for place, weight in enumerate(WEIGHTS):
        total += digits[:, place] * np.int32(weight)
    return total % 11


def _number(digits: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The number in some columns of rows of digits."""
    value = np.zeros(len(digits), np.int32)
    for place in range(start, stop):
        value = value * 10 + digits[:, place]
    return value


def _status_codes(matrix: np.ndarray) -> np.ndarray:
    """Index into STATUSES for rows of 15 or 18 bytes, all digits but the last of 18; first failing test wins (as in `id_status`)."""
    old, stands_in = matrix.shape[1] == 15, _stands_in(matrix)
    if old:
        matrix = _lengthened(matrix)
    digits = matrix - np.uint8(ord("0"))
    good = (digits[:, 17] <= 9) | (matrix[:, 17] == ord("X"))
    prefix, year = _number(digits, 0, 6), _number(digits, 6, 10)
    month, day = _number(digits, 10, 12), _number(digits, 12, 14)
    foreign = (digits[:, 0] == 9) & np.isin(prefix // 1000 % 100, PROVINCES)
    permit = np.isin(prefix // 10000, [int(code) for code in RESIDENCE_PROVINCES])
    last_year = np.where(foreign, 9999, last_birth_years()[prefix])
    if old:
        last_year[foreign | permit] = 0
    month_fits = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.where(month_fits, month, 0)] - ((month == 2) & ~leap)
    dated = month_fits & (day >= 1) & (day <= longest) & (year >= 1800) & (year <= 2100)
    checked = _check_characters(digits[:, :17]) == matrix[:, 17]
    return np.select(
        [stands_in, ~good, last_year == 0, ~dated, year > last_year, ~checked, foreign, permit],
        [
            _CODES[name]
            for name in (
                "placeholder", "invalid_characters", "invalid_division", "invalid_date", "invalid_division", "invalid_check",
                "foreign_permanent", "residence_permit",
            )
        ],
        _CODES["valid_15" if old else "valid"],
    ).astype(np.int8)  # fmt: skip


def _all_digits(matrix: np.ndarray) -> np.ndarray:
    """Rows of bytes whose first 17 are digits."""
    return np.asarray((matrix[:, :17] - np.uint8(ord("0")) <= 9).all(axis=1))


def _stands_in(matrix: np.ndarray) -> np.ndarray:
    """Rows that `is_placeholder_id` knows: one digit over and over, digits in their order, a division and zeros."""
    ascending = np.frombuffer(_ASCENDING.encode(), np.uint8)[: matrix.shape[1]]
    # Hardly any number ends in three equal digits or begins with 123; only those are looked at wholly.
    tail = (matrix[:, -1] == matrix[:, -2]) & (matrix[:, -2] == matrix[:, -3])
    head = (matrix[:, 0] == ascending[0]) & (matrix[:, 1] == ascending[1]) & (matrix[:, 2] == ascending[2])
    found = np.zeros(len(matrix), bool)
    rows = np.flatnonzero(tail | head)
    few = matrix[rows]
    same, ordered, zeros = few == few[:, :1], few == ascending, few[:, 6:] == ord("0")
    found[rows] = np.logical_or.reduce([same.all(axis=1), ordered.all(axis=1), zeros.all(axis=1)])
    return found
