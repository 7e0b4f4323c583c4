"""Plants among allocation documents: passed on late or not at all, resting, unused, differing, arriving late (FS01, FS02, FS05 to FS07).

A county's own appropriation gives way to whatever else it gets, so that its pools come out at zero as before.
"""

import datetime as dt

from onecard.words.divisions import CENTRAL, divisions
from onecard.words.money import format_yuan
from simulation import workdays
from simulation.ledger.budget import PROVINCE, Budget, Row, kind_of, tranche_days
from simulation.ledger.payments import Voucher
from simulation.plan import CITY, POOL_OF, PROGRAMMES, YEAR, Plan, Tranche
from simulation.plants import stranded
from simulation.plants.cases import Case, CaseBook

_ROUND = 10_000  # upper levels give whole hundreds of yuan
_LATE_DAYS = 40
RELIEF, DISABILITY = "relief", "disability"


def plant_documents(plan: Plan, vouchers: dict[str, list[Voucher]], budget: Budget, book: CaseBook) -> None:
    """Plant on the documents of a city whose counties are paid for."""
    desk = _Desk(plan, budget, book)
    _passed_on_late_by_the_city(desk)
    _passed_on_late_by_the_province(desk)
    _kept(desk)
    _unused(desk)
    for county in plan.counties:
        _resting(desk, county.code, vouchers[county.code])
        _differing(desk, county.code)
    # Last, since it moves the rows that others look for.
    for county in plan.counties:
        _arriving_late(desk, county.code)


class _Desk:
    """Budget and cases, and the county money that plants replace."""

    def __init__(self, plan: Plan, budget: Budget, book: CaseBook) -> None:
        self.plan, self.budget, self.book = plan, budget, book
        self.counties = [county.code for county in plan.counties]
        self.first, self.second = plan.tranches[:2]
        # What plants of one (county, pool, tranche) may take is a share of what was there before all of them.
        self._own = {
            (county, pool, tranche.index): self._find(county, pool, tranche)
            for county in self.counties
            for pool in (RELIEF, DISABILITY)
            for tranche in (self.first, self.second)
        }
        self._before = {key: row.amount for key, row in self._own.items()}

    def _find(self, county: str, pool: str, tranche: Tranche) -> Row:
        return next(
            row for row in self.budget.rows if (row.reporter, row.issuer, row.pool, row.received) == (county, county, pool, tranche.arrives)
        )

    def share(self, county: str, pool: str, tranche: Tranche, per_mille: int) -> int:
        """A share of the county's own money, in whole hundreds of yuan."""
        return max(1, self._before[county, pool, tranche.index] * per_mille // 1000 // _ROUND) * _ROUND

    def instead(self, county: str, pool: str, tranche: Tranche, fen: int) -> None:
        """The county gives so much less (more when negative) of its own in a tranche, because it gets it otherwise."""
        own = self._own[county, pool, tranche.index]
        own.amount -= fen
        assert own.amount > 0, "a county's own money must cover what plants bring"

    def send(
        self, issuer: str, receiver: str, pool: str, fen: int, issued: dt.date, received: dt.date, parent: Row | None = None
    ) -> tuple[Row, Row]:
        """A document of its own from one level to the next: of money received by `parent`, else of the issuer's own."""
        level = parent.level if parent else divisions()[issuer].level
        source = parent or self.budget.own(issuer, pool, workdays.shift(issued, -1), fen)
        number = self.budget.number(issuer, "社", issued.year)
        row = Row(issuer, number, issuer, receiver, pool, kind_of(issued), fen, issued, None, level, source.doc_no)
        return self.budget.send(row, received)

    def case(self, rule: str, division: str, what: str) -> Case:
        return self.book.open(rule, division, -1, what)


def _passed_on_late_by_the_city(desk: _Desk) -> None:
    """The province's money reaches the city in December; the city passes it on in January, county by county."""
    days = tranche_days(desk.first)
    counties = desk.counties[:2]
    shares = {county: desk.share(county, DISABILITY, desk.first, 125) for county in counties}
    _, got = desk.send(PROVINCE, CITY, DISABILITY, sum(shares.values()), days[4], days[6])
    issued = workdays.on_or_before(got.day + dt.timedelta(days=_LATE_DAYS))
    for county, fen in shares.items():
        sent, _ = desk.send(CITY, county, DISABILITY, fen, issued, workdays.shift(issued, 2), got)
        desk.instead(county, DISABILITY, desk.first, fen)
        days_kept = (issued - got.day).days
        desk.case("FS01", CITY, f"passed on to {county} {days_kept} days after it was received").document(sent)


def _passed_on_late_by_the_province(desk: _Desk) -> None:
    """Central money lies at the province for more than a month; the city passes it on at once."""
    county = desk.counties[0]
    fen = desk.share(county, RELIEF, desk.second, 150)
    start = workdays.on_or_before(dt.date(YEAR, 1, 5))
    _, at_province = desk.send(CENTRAL, PROVINCE, RELIEF, fen, start, workdays.shift(start, 1))
    issued = workdays.on_or_before(at_province.day + dt.timedelta(days=_LATE_DAYS))
    sent, at_city = desk.send(PROVINCE, CITY, RELIEF, fen, issued, workdays.shift(issued, 1), at_province)
    desk.send(CITY, county, RELIEF, fen, workdays.shift(issued, 2), desk.second.arrives, at_city)
    desk.instead(county, RELIEF, desk.second, fen)
    desk.case("FS01", PROVINCE, f"passed on {(issued - at_province.day).days} days after it was received").document(sent)


def _kept(desk: _Desk) -> None:
    """Money received and not wholly passed on, by the city and by the province."""
    january = workdays.on_or_before(dt.date(YEAR, 1, 12))
    county = desk.counties[0]
    fen = desk.share(county, RELIEF, desk.first, 200)
    _, got = desk.send(PROVINCE, CITY, RELIEF, fen, january, workdays.shift(january, 2))
    desk.case("FS01", CITY, "received in January, nothing passed on").document(got)
    _, got = desk.send(CENTRAL, PROVINCE, RELIEF, 3 * fen, january, workdays.shift(january, 2))
    desk.case("FS01", PROVINCE, "received in January, nothing passed on").document(got)
    days = tranche_days(desk.first)
    part = desk.share(county, DISABILITY, desk.first, 125)
    _, got = desk.send(PROVINCE, CITY, DISABILITY, 3 * part, days[5], days[7])
    desk.send(CITY, county, DISABILITY, part, days[9], desk.first.arrives, got)
    desk.instead(county, DISABILITY, desk.first, part)
    desk.case("FS01", CITY, "a third passed on in time, the rest kept").document(got)


def _unused(desk: _Desk) -> None:
    """Own money of upper levels that nobody spent for two years; what is only a year old may still be."""
    budget = desk.budget
    recent = desk.plan.business_date.year - 1
    for government, pool, fen, first in ((CITY, RELIEF, 3_650_0000, YEAR - 2), (CITY, DISABILITY, 1_280_0000, recent)):
        row = budget.own(government, pool, workdays.on_or_before(dt.date(first, 6, 15)), fen)
        row.year = first
        for year in range(first + 1, YEAR + 1):
            row = budget.carry(row, workdays.shift(dt.date(year, 1, 1), 2))
        if first == YEAR - 2:
            desk.case("FS06", government, f"its own money of {first}, carried over into {YEAR - 1} and {YEAR}").document(row)
    row = budget.own(PROVINCE, RELIEF, workdays.on_or_before(dt.date(YEAR - 2, 9, 20)), 9_990_0000)
    row.year = YEAR - 2
    desk.case("FS06", PROVINCE, f"its own money of {YEAR - 2}, on no list of later years").document(row)
    row = budget.own(PROVINCE, DISABILITY, workdays.shift(dt.date(YEAR - 1, 1, 1), 3), 4_410_0000)
    row.kind, row.year = "上年结转", YEAR - 1
    row = budget.carry(row, workdays.shift(dt.date(YEAR, 1, 1), 3))
    desk.case("FS06", PROVINCE, f"carried over into {YEAR - 1} from a year without a list, and into {YEAR}").document(row)


def _resting(desk: _Desk, county: str, vouchers: list[Voucher]) -> None:
    """Two sums the county has the day after the first tranche are spent only when the second would have come.

    Returned money counts as coming later: as much as came back is spent of the first sum in time, the rest is not.
    """
    days = tranche_days(desk.first)
    day = workdays.shift(desk.first.arrives, 1)
    back = -sum(v.amount for v in vouchers if v.amount < 0 and v.paid < desk.first.until and POOL_OF[PROGRAMMES[v.programme]] == RELIEF)
    fen = desk.share(county, RELIEF, desk.second, 150) + back
    own = desk.budget.own(county, RELIEF, day, fen)
    desk.case("FS02", county, f"{format_yuan(fen)} yuan of its own lay from {day} until March").document(own)
    given = desk.share(county, RELIEF, desk.second, 150)
    _, got = desk.send(CITY, county, RELIEF, given, days[9], day)
    desk.case("FS02", county, f"{format_yuan(given)} yuan from the city lay from {day} until March").document(got)
    desk.instead(county, RELIEF, desk.second, fen + given)


def _differing(desk: _Desk, county: str) -> None:
    """What the city sent and the county received, told apart in three ways."""
    sent, got = _line(desk, county, desk.second, divisions()[PROVINCE].level)
    less = max(1, sent.amount // 20 // _ROUND) * _ROUND
    got.amount -= less
    desk.instead(county, RELIEF, desk.second, -less)
    desk.case("FS05", county, f"received {format_yuan(less)} yuan less than the city sent").document(sent)

    sent, got = _line(desk, county, desk.first, divisions()[CITY].level)
    desk.budget.rows.remove(got)
    desk.instead(county, RELIEF, desk.first, -got.amount)
    desk.case("FS05", county, "sent by the city, not on the county's list").document(sent)

    fen = desk.share(county, RELIEF, desk.second, 100)
    day = tranche_days(desk.second)[9]
    number = desk.budget.number(CITY, "社", day.year)
    level = divisions()[CITY].level
    row = Row(county, number, CITY, county, RELIEF, kind_of(day), fen, day, desk.second.arrives, level)
    desk.instead(county, RELIEF, desk.second, fen)
    desk.case("FS05", county, "received by the county, not on the city's list").document(desk.budget.add(row))


def _line(desk: _Desk, county: str, tranche: Tranche, level: str) -> tuple[Row, Row]:
    """The line of a tranche's document that passes a level's relief money to a county, on either list."""
    lines = [row for row in desk.budget.rows if (row.issuer, row.receiver, row.pool, row.level) == (CITY, county, RELIEF, level)]
    got = next(row for row in lines if row.received == tranche.arrives)
    return next(row for row in lines if row.received is None and row.doc_no == got.doc_no), got


def _arriving_late(desk: _Desk, county: str) -> None:
    """The second tranche of a pool comes after the first payments from it; `stranded.overdrawn` has noted the first."""
    for row in desk.budget.rows:
        if (row.reporter, row.pool, row.received) == (county, stranded.LATE_POOL, desk.second.arrives):
            row.received = stranded.late_arrival(desk.plan)
            if row.issuer == county:
                row.issued = row.received
