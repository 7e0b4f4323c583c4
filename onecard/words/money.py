"""Money as int64 fen, parsed from what offices write; never a float, never a guessed unit."""

import re
import unicodedata

import numpy as np
import pyarrow as pa

from onecard.words.text_arrays import as_array, byte_blocks, map_odd, text_bytes, valid_mask

# Fen in one unit, as a power of ten: 元 = 10^2 fen, 万元 = 10^6 fen.
UNIT_EXPONENT = {"分": 0, "元": 2, "万元": 6}
# Ten trillion yuan: more than the national budget of social assistance; a larger figure is a broken cell.
MAX_FEN = 10**15

_SUFFIX_UNIT = {"万元": "万元", "万": "万元", "元": "元", "分": "分"}
_SIGNED = re.compile(r"(?P<sign>-?)(?:¥|人民币)?(?P<sign2>-?)(?P<rest>[0-9].*)", re.DOTALL)
# Separators stand before groups of three, or not at all: 1,23 is a broken figure, not 123. Spaces may group, too.
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,24})(?:\.(?P<part>[0-9]{1,24}))?")
_SPACES_NOT_BETWEEN_DIGITS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
# Plain figures of up to 15 characters fit int64 in every step below.
_WIDEST_PLAIN = 15
_POWERS = 10 ** np.arange(7, dtype=np.int64)


class MoneyError(ValueError):
    """The text is no amount; `reason` names why and never quotes the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_fen(text: str, unit: str) -> int:
    """Fen of an amount written in `unit` (元, 万元 or 分).

    Takes full-width digits, ¥, thousands separators in right groups, a trailing 元 or 万元 (which must not contradict
    `unit`), a minus or parentheses for negatives. Raises MoneyError for anything finer than a fen, scientific notation,
    an empty text, or more than 10^15 fen.
    """
    exponent = UNIT_EXPONENT[unit]
    clean = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if not clean:
        raise MoneyError("empty")
    clean, bracketed = _without_brackets(_without_unit(clean, unit))
    if bracketed:
        clean = _without_unit(clean, unit)
    match = _SIGNED.fullmatch(_SPACES_NOT_BETWEEN_DIGITS.sub("", clean))
    number = _NUMBER.fullmatch(re.sub(r"\s", " ", match["rest"])) if match else None
    if match is None or number is None or bracketed + len(match["sign"]) + len(match["sign2"]) > 1:
        raise MoneyError("not_a_number")
    part = (number["part"] or "").rstrip("0")
    if len(part) > exponent:
        raise MoneyError("finer_than_fen")
    fen = int(re.sub("[, ]", "", number["whole"]) + part.ljust(exponent, "0"))
    if fen > MAX_FEN:
        raise MoneyError("too_large")
    return -fen if bracketed or match["sign"] or match["sign2"] else fen


def _without_unit(clean: str, unit: str) -> str:
    """The text without its trailing unit. Raises MoneyError when that is another unit than the column's."""
    for suffix, meant in _SUFFIX_UNIT.items():
        if clean.endswith(suffix):
            if meant != unit:
                raise MoneyError("unit_contradicts")
            return clean.removesuffix(suffix).rstrip()
    return clean


def _without_brackets(clean: str) -> tuple[str, bool]:
    """The text without the parentheses that mean minus, and whether it had them."""
    bracketed = clean.startswith("(") and clean.endswith(")")
    return (clean[1:-1].strip() if bracketed else clean), bracketed


def parse_fen_array(texts: pa.Array | pa.ChunkedArray, unit: str) -> pa.Array:
    """int64 fen for each text, null where `parse_fen` would raise.

    Plain figures (`-123.45`) are read on bytes, some 20 million a second; every other spelling once per distinct value.
    """
    texts = as_array(texts)
    exponent = UNIT_EXPONENT[unit]
    fen = np.zeros(len(texts), np.int64)
    plain = np.zeros(len(texts), bool)
    data = text_bytes(texts)
    for rows, starts, ends in byte_blocks(texts):
        fen[rows], plain[rows] = _plain_fen(data, starts, ends, exponent)
    plain &= valid_mask(texts)
    return map_odd(texts, pa.array(fen), plain, lambda text: _or_none(text, unit))


def _plain_fen(data: np.ndarray, starts: np.ndarray, ends: np.ndarray, exponent: int) -> tuple[np.ndarray, np.ndarray]:
    """(fen, whether it is one) of texts that are a minus at most, digits, and one point at most with digits on both sides."""
    last = len(data) - 1
    negative = data[np.minimum(starts, last)] == ord("-")
    widths = ends - starts - negative
    plain = (widths >= 1) & (widths <= _WIDEST_PLAIN)
    value = np.zeros(len(starts), np.int64)
    scale = np.ones(len(starts), np.int64)
    decimals = np.zeros(len(starts), np.int64)
    points = np.zeros(len(starts), np.int8)
    longest = int(widths[plain].max()) if plain.any() else 0
    for place in range(longest):
        inside = widths > place
        character = data[np.clip(ends - 1 - place, 0, last)]
        digit = character - np.uint8(ord("0"))
        is_digit = (digit < 10) & inside
        is_point = (character == ord(".")) & inside
        plain &= is_digit | is_point | ~inside
        if place == 0:
            plain &= ~is_point  # `5.` is left to the scalar rule
        plain &= ~(is_point & (widths == place + 1))  # and `.5`
        value += np.where(is_digit, digit * scale, 0)
        scale = np.where(is_digit, scale * 10, scale)
        decimals = np.where(is_point, place, decimals)
        points += is_point
    shift = exponent - decimals
    plain &= (points <= 1) & (shift >= 0)
    factor = _POWERS[np.clip(shift, 0, exponent)]
    plain &= value <= MAX_FEN // factor
    fen = np.where(plain, value, 0) * factor
    return np.where(negative, -fen, fen), plain


def _or_none(text: str, unit: str) -> int | None:
    try:
        return parse_fen(text, unit)
    except MoneyError:
        return None


def format_yuan(fen: int) -> str:
    """`-1,234.56` for -123456 fen."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    yuan, rest = divmod(fen, 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def format_wan(fen: int) -> str:
    """Amount in 万元 with every fen shown: `12.000001` for 12000001 fen; trailing zeros dropped."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    wan, rest = divmod(fen, 10**6)
    return f"{sign}{wan:,}" + (f".{rest:06d}".rstrip("0") if rest else "")
