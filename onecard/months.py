"""Dates and months as offices write them, in Asia/Shanghai; months are int yyyymm."""

import datetime as dt
import re
import unicodedata
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from onecard.columns import as_array, map_distinct

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Excel's day 0 (its calendar believes in 29 February 1900, so day 60 and later count from here).
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_SERIAL_RANGE = range(20000, 60000)  # 1954 to 2064
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]?\d{1,2}:?\d{2}(?::?\d{2})?)?")
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?份?|(\d{2}))")
_STAMP = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?")


class DateError(ValueError):
    """The text is no date or month."""


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def parse_date(text: str) -> dt.date:
    """2018-03-05, 2018/3/5, 2018.3.5, 2018年3月5日, 20180305, with or without a time, or an Excel serial. Raises DateError."""
    clean = _clean(text).removesuffix(".0")
    if clean.isdigit() and len(clean) == 5 and int(clean) in _SERIAL_RANGE:
        return _EXCEL_EPOCH + dt.timedelta(days=int(clean))
    match = _DATE.fullmatch(clean)
    if match is None:
        raise DateError("not a date")
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise DateError("no such day") from None


def parse_month(text: str) -> int:
    """201803, 2018-03, 2018.3, 2018年3月(份), or any date: yyyymm. Raises DateError."""
    clean = _clean(text).replace(" ", "").removesuffix(".0")
    match = _MONTH.fullmatch(clean)
    if match is None:
        day = parse_date(text)
        return day.year * 100 + day.month
    month = int(match[1]) * 100 + int(match[2] or match[3])
    if not (1 <= month % 100 <= 12 and 1900 <= month // 100 < 2100):
        raise DateError("no such month")
    return month


def parse_timestamp(text: str) -> dt.datetime:
    """Wall time in Shanghai (20180305143000, 2018-03-05 14:30[:00], or a date alone: midnight) as UTC. Raises DateError."""
    clean = _clean(text)
    match = _STAMP.fullmatch(clean)
    if match is None:
        day = parse_date(clean)
        return dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(dt.UTC)
    try:
        year, month, of_month, hour, minute, second = (int(part or 0) for part in match.groups())
        local = dt.datetime(year, month, of_month, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        raise DateError("no such time") from None
    return local.astimezone(dt.UTC)


def month_of(day: dt.date) -> int:
    return day.year * 100 + day.month


def add_months(month: int, count: int) -> int:
    """yyyymm moved by `count` months."""
    years, rest = divmod(month // 100 * 12 + month % 100 - 1 + count, 12)
    return years * 100 + rest + 1


def months_between(first: int, last: int) -> int:
    """Number of months from `first` to `last`, both yyyymm."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100


def parse_date_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """date32 of each, null where `parse_date` would raise."""
    return map_distinct(as_array(texts), lambda text: _or_none(parse_date, text), pa.date32())


def parse_month_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """int32 yyyymm of each, null where `parse_month` would raise."""
    return map_distinct(as_array(texts), lambda text: _or_none(parse_month, text), pa.int32())


def parse_timestamp_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """timestamp[us, UTC] of each wall time in Shanghai, null where `parse_timestamp` would raise.

    The bank form yyyymmddHHMMSS takes a columnar path: day from distinct values, time of day by arithmetic.
    """
    texts = as_array(texts)
    bank = pc.fill_null(pc.match_substring_regex(texts, r"^[0-9]{8}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$"), False)
    if not pc.all(bank).as_py() or len(texts) == 0:
        odd = pc.invert(bank)
        rest = map_distinct(texts.filter(odd), lambda text: _or_none(parse_timestamp, text), pa.timestamp("us", "UTC"))
        if not pc.any(bank).as_py():
            return rest
        whole = pa.nulls(len(texts), pa.timestamp("us", "UTC"))
        whole = pc.replace_with_mask(whole, bank, _bank_timestamps(texts.filter(bank)))
        return pc.replace_with_mask(whole, odd, rest)
    return _bank_timestamps(texts)


def _bank_timestamps(texts: pa.Array) -> pa.Array:
    midnight = map_distinct(pc.utf8_slice_codeunits(texts, 0, 8), lambda text: _or_none(parse_timestamp, text), pa.timestamp("us", "UTC"))
    seconds = pc.cast(pc.utf8_slice_codeunits(texts, 8, 10), pa.int64())
    seconds = pc.add(pc.multiply(seconds, 60), pc.cast(pc.utf8_slice_codeunits(texts, 10, 12), pa.int64()))
    seconds = pc.add(pc.multiply(seconds, 60), pc.cast(pc.utf8_slice_codeunits(texts, 12, 14), pa.int64()))
    return pc.add(midnight, pc.multiply(seconds, 1_000_000).cast(pa.duration("us")))


def _or_none(function, text):  # type: ignore[no-untyped-def]
    try:
        return function(text)
    except DateError:
        return None
