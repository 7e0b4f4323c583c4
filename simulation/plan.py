"""What is simulated: which counties and months, how many bank rows, and the days on which offices act."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from onecard.words.divisions import Division, divisions
from onecard.words.errors import InputRefused
from onecard.words.language import Text
from onecard.words.months import add_months
from simulation import workdays

CITY = "621100"
YEAR = 2018
PROGRAMMES = ("rural_dibao", "tekun", "temporary_relief", "orphan", "disability_living", "disability_care")
POOLS = ("relief", "disability")
POOL_OF = {code: "disability" if code.startswith("disability") else "relief" for code in PROGRAMMES}
BANKS = ("RCU", "ABC", "PSBC")
SIZES = ("tiny", "county", "city")
_ROWS = {"tiny": 20_000, "county": 1_500_000, "city": 10_000_000}
_FEWEST_ROWS = 1_200
_WAIT_DAYS = 25


@dataclass(frozen=True)
class Plan:
    """Geometry of one simulated city; `lines_per_month` are bank rows per county and month."""

    size: str
    seed: int
    counties: tuple[Division, ...]
    months: tuple[int, ...]
    lines_per_month: int

    @property
    def business_date(self) -> dt.date:
        """A day on which every grace period has passed and the newest money is still fresh."""
        after = add_months(self.months[-1], 1)
        return dt.date(after // 100, after % 100, _WAIT_DAYS)

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Months of register snapshots: every month when there are few, else the last of each quarter."""
        return self.months if len(self.months) <= 3 else tuple(month for month in self.months if month % 100 % 3 == 0)

    @property
    def card_lists(self) -> tuple[int, ...]:
        """Months of the banks' card lists: the first (when cheap) and the last."""
        return (self.months[0], self.months[-1]) if len(self.months) <= 3 else (self.months[-1],)

    @property
    def tranches(self) -> tuple["Tranche", ...]:
        """Money comes every second month, for two months."""
        starts = self.months[::2]
        ends = [*(arrival_day(month) for month in starts[1:]), self.business_date]
        return tuple(
            Tranche(index, month, arrival_day(month), until) for index, (month, until) in enumerate(zip(starts, ends, strict=True))
        )

    def rng(self, *parts: int) -> np.random.Generator:
        """A generator of its own for each part of the city, so that no part disturbs another."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *parts])))


@dataclass(frozen=True)
class Tranche:
    """Money for two months of payments: in the county on `arrives`, used up before `until`."""

    index: int
    first_month: int
    arrives: dt.date
    until: dt.date


def arrival_day(month: int) -> dt.date:
    """Day on which a county has the money of the tranche that begins with `month`: late in the month before."""
    before = add_months(month, -1)
    return workdays.on_or_before(dt.date(before // 100, before % 100, 26))


def make_plan(size: str, seed: int, rows: int | None) -> Plan:
    """The plan of a size, or of about `rows` bank rows. Raises InputRefused for an unknown size or too few rows."""
    if size not in SIZES or (rows is not None and rows < _FEWEST_ROWS):
        raise InputRefused(
            code="OC-SIM-001",
            what=Text("无法模拟", "cannot simulate"),
            where=f"size={size} rows={rows}",
            why=Text(
                f"规模应为 {', '.join(SIZES)}；行数至少 {_FEWEST_ROWS:,}", f"sizes are {', '.join(SIZES)}; at least {_FEWEST_ROWS:,} rows"
            ),
            remedy=Text("换一个规模或行数", "choose another size or number of rows"),
        )
    if rows is not None:
        size = "tiny" if rows < 100_000 else "county" if rows <= 3_000_000 else "city"
    all_counties = tuple(item for item in divisions().values() if item.parent == CITY)
    counties = {"tiny": all_counties[:2], "county": all_counties[:1], "city": all_counties}[size]
    months = tuple(YEAR * 100 + number for number in range(1, 4 if size == "tiny" else 13))
    lines = (rows or _ROWS[size]) // (len(counties) * len(months))
    return Plan(size, seed, counties, months, lines)


def month_day(month: int, day: int) -> dt.date:
    return dt.date(month // 100, month % 100, day)


def pay_days(month: int) -> list[dt.date]:
    """Working days of a month up to its 10th, the day by which assistance must be on the card."""
    return workdays.between(month_day(month, 1), month_day(month, 10))


def relief_days(month: int) -> list[dt.date]:
    """Working days on which temporary relief is paid."""
    return workdays.between(month_day(month, 11), month_day(month, 20))
