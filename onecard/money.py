"""Money as int64 fen, parsed from what offices write; never a float, never a guessed unit."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

# Fen in one unit, as a power of ten: 元 = 10^2 fen, 万元 = 10^6 fen.
UNIT_EXPONENT = {"分": 0, "元": 2, "万元": 6}
# Ten trillion yuan: more than the national budget of social assistance; a larger figure is a broken cell.
MAX_FEN = 10**15

_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"(?P<sign>[-−]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d*))?")
_PLAIN = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"


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
    clean = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    clean = clean.removeprefix("¥").removeprefix("人民币")
    for suffix in ("万元", "元"):
        if clean.endswith(suffix):
            if suffix != unit:
                raise MoneyError("unit_contradicts")
            clean = clean.removesuffix(suffix)
            break
    negative = clean.startswith("(") and clean.endswith(")")
    if negative:
        clean = clean[1:-1]
    clean = clean.replace("¥", "", 1)
    if not clean:
        raise MoneyError("empty")
    match = _NUMBER.fullmatch(clean)
    if match is None:
        raise MoneyError("not_a_number")
    exponent = UNIT_EXPONENT[unit]
    part = (match["part"] or "").rstrip("0")
    if len(part) > exponent:
        raise MoneyError("finer_than_fen")
    fen = int(match["whole"].replace(",", "") + part.ljust(exponent, "0"))
    if fen > MAX_FEN:
        raise MoneyError("too_large")
    return -fen if negative != bool(match["sign"]) else fen


def parse_fen_array(texts: pa.Array | pa.ChunkedArray, unit: str) -> pa.Array:
    """int64 fen for each text, null where `parse_fen` would raise. Plain figures take the columnar path."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    plain = pc.fill_null(pc.match_substring_regex(texts, _PLAIN), False)
    exponent = UNIT_EXPONENT[unit]
    numbers = pc.if_else(plain, texts, None).cast(pa.decimal128(24, 6))
    scaled = pc.multiply(numbers, pa.scalar(10**exponent, pa.decimal128(7, 0)))
    whole = pc.floor(scaled)
    exact = pc.fill_null(pc.and_(pc.equal(scaled, whole), pc.less_equal(pc.abs(whole), MAX_FEN)), False)
    fen = pc.if_else(exact, whole, None).cast(pa.decimal128(38, 0)).cast(pa.int64())
    odd = pc.and_(pc.is_valid(texts), pc.invert(plain))
    if not pc.any(odd).as_py():
        return fen
    coded = texts.filter(odd).dictionary_encode()
    parsed = pa.array([_or_none(text, unit) for text in coded.dictionary.to_pylist()], pa.int64())
    return pc.replace_with_mask(fen, odd, parsed.take(coded.indices))


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
