"""Columns of numbers as the texts that offices write: money, months, dates, full-width digits."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.money import format_yuan
from onecard.words.text_arrays import map_distinct

EXCEL_EPOCH = dt.date(1899, 12, 30)
# What keeps a spreadsheet from taking a number for one, and what is copied along from a web page.
_GUARDS = (("'", ""), ('="', '"'), ("\u202d", "\u202c"))
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_TWO_DIGITS = pa.array([f".{cents:02d}" for cents in range(100)])


def texts(values: np.ndarray) -> pa.Array:
    """A string array of an object array of str (None: null)."""
    return pa.array(values, pa.string())


def pick(pool: pa.Array, rows: np.ndarray) -> pa.Array:
    """The texts at `rows`; -1 is null."""
    return pool.take(pa.array(rows, pa.int64(), mask=rows < 0))


def words(pool: list[str] | tuple[str, ...], rows: np.ndarray) -> pa.Array:
    return pick(pa.array(pool, pa.string()), rows)


def ints(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.int64()).cast(pa.string())


def yuan(fen: np.ndarray) -> pa.Array:
    """1234.50 for 123450 fen, as banks write it."""
    sign = np.where(fen < 0, "-", "").astype(object)
    whole = pa.array(np.abs(fen) // 100).cast(pa.string())
    return pc.binary_join_element_wise(texts(sign), whole, _TWO_DIGITS.take(pa.array(np.abs(fen) % 100)), "")


def plain_yuan(fen: int) -> str:
    """1234.5 for 123450 fen, as a numeric cell holds it."""
    text = format_yuan(fen).replace(",", "")
    return text.rstrip("0").rstrip(".")


def plain_wan(fen: int) -> str:
    """0.12345 for 123450 fen: 万元 with every fen shown."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return sign + f"{fen // 10**6}.{fen % 10**6:06d}".rstrip("0").rstrip(".")


def by_distinct(fen: np.ndarray, spell: object) -> pa.Array:
    """`spell` of each amount, called once per distinct amount."""
    return map_distinct(ints(fen), lambda text: spell(int(text)), pa.string())  # type: ignore[operator]


def full_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def guarded(numbers: pa.Array, first: int, every: int) -> pa.Array:
    """One number of `every`, from `first` on, with signs around it."""
    found = numbers.to_pylist()
    for turn, row in enumerate(range(first, len(found), every)):
        before, after = _GUARDS[turn % len(_GUARDS)]
        found[row] = None if found[row] is None else before + found[row] + after
    return pa.array(found, pa.string())


def month_text(month: int, style: str) -> str:
    """A month in one of the ways offices write it."""
    year, number = divmod(month, 100)
    return {
        "compact": f"{month}",
        "chinese": f"{year}年{number}月",
        "dot": f"{year}.{number}",
        "dash": f"{year}-{number:02d}",
    }[style]


def date_text(day: dt.date, style: str) -> str:
    """A day in one of the ways offices write it."""
    return {
        "iso": day.isoformat(),
        "dot": f"{day.year}.{day.month}.{day.day}",
        "slash": f"{day.year}/{day.month}/{day.day}",
        "chinese": f"{day.year}年{day.month}月{day.day}日",
        "compact": f"{day:%Y%m%d}",
        "serial": str((day - EXCEL_EPOCH).days),
    }[style]


def dates(days_since_1900: np.ndarray, style: str) -> pa.Array:
    """`date_text` of each day, null below 0."""
    coded = pa.array(days_since_1900, pa.int64(), mask=days_since_1900 < 0).cast(pa.string())
    start = dt.date(1900, 1, 1)
    return map_distinct(coded, lambda text: date_text(start + dt.timedelta(days=int(text)), style), pa.string())


def months(values: np.ndarray, style: str) -> pa.Array:
    """`month_text` of each month, null for 0."""
    coded = pa.array(values, pa.int64(), mask=values <= 0).cast(pa.string())
    return map_distinct(coded, lambda text: month_text(int(text), style), pa.string())
