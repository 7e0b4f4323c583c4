"""Working days of the simulated offices: weekends and the holiday table of the seeds."""

import datetime as dt
from functools import cache

from onecard.words.reference_data import seed_rows


@cache
def _exceptions() -> dict[dt.date, bool]:
    return {dt.date.fromisoformat(row["day"]): row["is_workday"] == "true" for row in seed_rows("workday_exceptions")}


def is_workday(day: dt.date) -> bool:
    """Whether offices and banks work that day."""
    return _exceptions().get(day, day.weekday() < 5)


def between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Working days from `first` to `last`, both included."""
    days = [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]
    return [day for day in days if is_workday(day)]


def shift(day: dt.date, count: int) -> dt.date:
    """The working day `count` working days after (before, when negative) `day`."""
    step = dt.timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def on_or_before(day: dt.date) -> dt.date:
    """The latest working day that is not after `day`."""
    while not is_workday(day):
        day -= dt.timedelta(days=1)
    return day


def working_days_after(first: dt.date, last: dt.date) -> int:
    """Number of working days after `first` up to and including `last`."""
    return len(between(first + dt.timedelta(days=1), last)) if last > first else 0
