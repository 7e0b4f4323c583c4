"""Dates and months as offices write them, in Asia/Shanghai; months are int yyyymm."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from onecard.words.text_arrays import as_array, byte_matrix, map_distinct, map_odd

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(1900, 2100)
# Excel's day 0 (its calendar believes in 29 February 1900, so day 60 and later count from here).
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_SERIAL_RANGE = range(20000, 60000)  # 1954 to 2064
_SERIAL = re.compile(r"(?P<serial>[0-9]{5})(?:\.[0-9]+)?")

_YMD = (
    r"(?P<year>[0-9]{4})(?:(?P<separator>[-/.])(?P<month>[0-9]{1,2})(?P=separator)(?P<day>[0-9]{1,2})"
    r"|年(?P<month_zh>[0-9]{1,2})月(?P<day_zh>[0-9]{1,2})日)"
)
_TIME = r"(?P<hour>[0-9]{1,2})[:时](?P<minute>[0-9]{2})分?(?::?(?P<second>[0-9]{2})(?:\.[0-9]+|秒)?)?"
_WRITTEN = re.compile(rf"{_YMD}(?:(?:T| ?){_TIME})?")
# Digits alone: eight for the day, then none, hhmm or hhmmss, run together or after a space.
_DIGITS = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:[T ]?(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?"
    r"|(?P<hour2>[0-9]{2}):(?P<minute2>[0-9]{2})(?::(?P<second2>[0-9]{2}))?))?"
)
_MONTH = re.compile(r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})|年(?P<month_zh>[0-9]{1,2})月份?|(?P<digits>[0-9]{2}))")

# Forms of a fixed width that columns read on bytes: where the digits stand, and what stands between them.
_LAYOUTS: dict[int, tuple[list[int], dict[int, str]]] = {
    14: (list(range(14)), {}),
    19: ([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18], {4: "-", 7: "-", 10: " ", 13: ":", 16: ":"}),
}
# Shanghai keeps UTC+8 all year since 1992; until 1991 summers had an hour more, which single values know.
_NO_SUMMER_TIME = 1992
_OFFSET_SECONDS = 8 * 3600
_STAMP = pa.timestamp("us", "UTC")

Value = TypeVar("Value")


class DateError(ValueError):
    """The text is no date or month; the message never quotes it."""


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _first(match: re.Match[str], *names: str) -> int:
    groups = match.groupdict()
    return next((int(groups[name]) for name in names if groups.get(name)), 0)


def _wall_time(text: str) -> dt.datetime:
    """Local wall time of any written form but an Excel serial. Raises DateError."""
    clean = _clean(text).removesuffix(".0")
    match = _WRITTEN.fullmatch(clean) or _DIGITS.fullmatch(clean)
    if match is None:
        raise DateError("not a date")
    try:
        wall = dt.datetime(  # noqa: DTZ001 (its zone is added by the callers that need one)
            _first(match, "year"),
            _first(match, "month", "month_zh"),
            _first(match, "day", "day_zh"),
            _first(match, "hour", "hour2"),
            _first(match, "minute", "minute2"),
            _first(match, "second", "second2"),
        )
    except ValueError:
        raise DateError("no such day or time") from None
    if wall.year not in YEARS:
        raise DateError("no such year")
    return wall


def _serial_date(text: str) -> dt.date | None:
    """The day of an Excel serial number (its fraction, the time of day, dropped); None for any other text."""
    match = _SERIAL.fullmatch(_clean(text))
    if match is None or int(match["serial"]) not in _SERIAL_RANGE:
        return None
    return _EXCEL_EPOCH + dt.timedelta(days=int(match["serial"]))


def parse_date(text: str) -> dt.date:
    """2018-03-05, 2018/3/5, 2018.3.5, 2018年3月5日, 20180305, with or without a time, or an Excel serial. Raises DateError."""
    return _serial_date(text) or _wall_time(text).date()


def parse_month(text: str) -> int:
    """201803, 2018-03, 2018/3, 2018.3, 2018年3月(份), or any date: yyyymm. Raises DateError."""
    match = _MONTH.fullmatch(_clean(text).replace(" ", "").removesuffix(".0"))
    if match is None:
        return month_of(parse_date(text))
    month = _first(match, "year") * 100 + _first(match, "month", "month_zh", "digits")
    if not is_month(month):
        raise DateError("no such month")
    return month


def parse_timestamp(text: str) -> dt.datetime:
    """Wall time in Shanghai (20180305143000, 2018-03-05 14:30[:00], or a date alone: midnight) as UTC. Raises DateError."""
    day = _serial_date(text)
    wall = dt.datetime.combine(day, dt.time()) if day else _wall_time(text)
    return wall.replace(tzinfo=SHANGHAI).astimezone(dt.UTC)


def is_month(month: int) -> bool:
    """Whether an integer is a month yyyymm of this or the last century."""
    return month // 100 in YEARS and 1 <= month % 100 <= 12


def month_of(day: dt.date) -> int:
    """yyyymm of a day."""
    return day.year * 100 + day.month


def add_months(month: int, count: int) -> int:
    """yyyymm moved by `count` months."""
    years, rest = divmod(month // 100 * 12 + month % 100 - 1 + count, 12)
    return years * 100 + rest + 1


def months_between(first: int, last: int) -> int:
    """Number of months from `first` to `last`, both yyyymm: 1 for neighbours, negative backwards."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100


_SPOKEN = re.compile(r"(?<![0-9])(?:(?P<year>20[0-9]{2})年?)?(?P<month>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月(?!\s*[0-9]+[日号])")
_SPOKEN_NUMBERS = dict(zip(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), range(1, 13), strict=True))


def spoken_month(text: str, paid: dt.date) -> int | None:
    """The one month that a purpose names (3月特困供养金, 2018年3月, 三月份); without a year it is the one nearest to the day of payment.

    None when it names no month or several: 3-5月 and 3月、4月 are not guessed at.
    """
    clean = unicodedata.normalize("NFKC", text)
    found = list(_SPOKEN.finditer(clean))
    if len(found) != 1 or re.search(r"[-—~至到、,和及]\s*$", clean[: found[0].start()]):
        return None
    month = _SPOKEN_NUMBERS.get(found[0]["month"]) or int(found[0]["month"])
    if found[0]["year"]:
        return int(found[0]["year"]) * 100 + month
    near = [year * 100 + month for year in (paid.year, paid.year - 1, paid.year + 1)]
    return min(near, key=lambda candidate: abs(months_between(candidate, month_of(paid))))


def parse_date_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """date32 of each, null where `parse_date` would raise; a column has few distinct days."""
    return map_distinct(as_array(texts), lambda text: _or_none(parse_date, text), pa.date32())


def parse_month_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """int32 yyyymm of each, null where `parse_month` would raise."""
    return map_distinct(as_array(texts), lambda text: _or_none(parse_month, text), pa.int32())


def parse_timestamp_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """timestamp[us, UTC] of each wall time in Shanghai, null where `parse_timestamp` would raise.

    yyyymmddHHMMSS and yyyy-mm-dd HH:MM:SS are read on bytes, every other form once per distinct value.
    """
    texts = as_array(texts)
    micros = np.zeros(len(texts), np.int64)
    done = np.zeros(len(texts), bool)
    for width, (places, between) in _LAYOUTS.items():
        matrix, mask = byte_matrix(texts, width)
        if len(matrix):
            micros[mask], done[mask] = _fixed_form(matrix, places, between)
    return map_odd(texts, pa.array(micros).cast(_STAMP), done, lambda text: _or_none(parse_timestamp, text))


def _fixed_form(matrix: np.ndarray, places: list[int], between: dict[int, str]) -> tuple[np.ndarray, np.ndarray]:
    """(microseconds since 1970 UTC, whether the row is of the form) for rows of bytes."""
    digits = matrix[:, places] - np.uint8(ord("0"))
    fits = (digits <= 9).all(axis=1)
    for place, character in between.items():
        fits &= matrix[:, place] == ord(character)
    year, month, day, hour, minute, second = (
        _number(digits, start, stop) for start, stop in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))
    )
    fits &= (year >= _NO_SUMMER_TIME) & (year < YEARS.stop) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60)
    months_since = np.where(fits, (year - 1970) * 12 + month - 1, 0)
    first = months_since.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months_since + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    fits &= (day >= 1) & (day <= after - first)
    seconds = (first + day - 1) * 86_400 + hour * 3600 + minute * 60 + second - _OFFSET_SECONDS
    return seconds * 1_000_000, fits


def _number(digits: np.ndarray, start: int, stop: int) -> np.ndarray:
    value = np.zeros(len(digits), np.int64)
    for place in range(start, stop):
        value = value * 10 + digits[:, place]
    return value


def _or_none(function: Callable[[str], Value], text: str) -> Value | None:
    try:
        return function(text)
    except DateError:
        return None
