"""Allocation documents of four levels: who gave what to whom, so that every county can just pay what it owes."""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from onecard.words.divisions import CENTRAL, divisions
from onecard.words.months import add_months
from simulation import workdays
from simulation.ledger.payments import Voucher
from simulation.plan import CITY, POOL_OF, POOLS, PROGRAMMES, YEAR, Plan, Tranche, month_day

PROVINCE = "620000"
# Share of each level in per mille; the county adds the rest, to the fen.
_SHARES = {"relief": {CENTRAL: 620, PROVINCE: 120, CITY: 80}, "disability": {CENTRAL: 0, PROVINCE: 450, CITY: 250}}
_ROUND = 10_000  # upper levels give whole hundreds of yuan
_PREFIX = {CENTRAL: "财", PROVINCE: "甘财", CITY: "定财"}
LEVEL_WORDS = {"central": "中央", "province": "省级", "city": "市级", "county": "县级"}

# (county, pool, number of the tranche)
Key = tuple[str, str, int]


@dataclass
class Row:
    """One row of a government's list; `received` is None on the sender's own list."""

    reporter: str
    doc_no: str
    issuer: str
    receiver: str
    pool: str
    kind: str
    amount: int
    issued: dt.date
    received: dt.date | None
    level: str
    parent: str = ""
    ref: int = -1
    year: int = YEAR  # the budget year

    @property
    def day(self) -> dt.date:
        return self.received or self.issued


class Budget:
    """All rows of all lists."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._refs = itertools.count()
        self._numbers: Counter[tuple[str, str, int]] = Counter()

    def number(self, issuer: str, kind: str, year: int) -> str:
        """The issuer's next document number: 财社 for transfers, 财预 for its own money."""
        self._numbers[issuer, kind, year] += 1
        prefix = _PREFIX.get(issuer) or divisions()[issuer].name[0] + "财"
        return f"{prefix}{kind}〔{year}〕{self._numbers[issuer, kind, year] * 3 + 2}号"

    def own(self, government: str, pool: str, day: dt.date, amount: int) -> Row:
        """A government adds its own money."""
        level = divisions()[government].level
        doc_no = self.number(government, "预", day.year)
        return self.add(Row(government, doc_no, government, government, pool, "本级安排", amount, day, day, level))

    def carry(self, row: Row, day: dt.date) -> Row:
        """A government takes its unused money of a row into the next year."""
        doc_no = self.number(row.reporter, "预", day.year)
        return self.add(replace(row, doc_no=doc_no, kind="上年结转", issued=day, received=day, year=day.year))

    def send(self, sent: Row, received: dt.date) -> tuple[Row, Row]:
        """A pass-down: the row on the sender's list and the one on the receiver's."""
        return self.add(sent), self.add(copy_for_receiver(sent, received))

    def add(self, row: Row) -> Row:
        row.ref = next(self._refs)
        self.rows.append(row)
        return row


def copy_for_receiver(sent: Row, received: dt.date) -> Row:
    """The row that the receiver writes for a row of the sender."""
    return Row(
        sent.receiver,
        sent.doc_no,
        sent.issuer,
        sent.receiver,
        sent.pool,
        sent.kind,
        sent.amount,
        sent.issued,
        received,
        sent.level,
        sent.parent,
        year=sent.year,
    )


def kind_of(day: dt.date) -> str:
    """Money sent in the year before is 提前下达."""
    return "提前下达" if day.year < YEAR else "下达"


def needs(plan: Plan, vouchers: dict[str, list[Voucher]]) -> dict[Key, int]:
    """Fen that each county's pool pays (net of returns) from each tranche."""
    total: dict[Key, int] = {}
    for county, paid in vouchers.items():
        for pool in POOLS:
            for tranche in plan.tranches:
                total[county, pool, tranche.index] = sum(
                    voucher.amount
                    for voucher in paid
                    if tranche.arrives <= voucher.paid < tranche.until and POOL_OF[PROGRAMMES[voucher.programme]] == pool
                )
    return total


def build_budget(plan: Plan, vouchers: dict[str, list[Voucher]], budget: Budget) -> None:
    """Documents for every tranche; each county's own money makes its pools come out at exactly zero."""
    wanted = needs(plan, vouchers)
    for tranche in plan.tranches:
        _tranche(plan, tranche, wanted, budget)


def tranche_days(tranche: Tranche) -> list[dt.date]:
    """Working days of the month before a tranche begins, up to the day it reaches the counties."""
    before = add_months(tranche.first_month, -1)
    return workdays.between(month_day(before, 1), tranche.arrives)


def _tranche(plan: Plan, tranche: Tranche, wanted: dict[Key, int], budget: Budget) -> None:
    days = tranche_days(tranche)
    counties = [county.code for county in plan.counties]
    year = days[0].year
    numbers = {level: budget.number(level, "社", year) for level in (CENTRAL, PROVINCE, CITY)}
    parents: dict[tuple[str, str], str] = {}
    received: dict[Key, int] = defaultdict(int)
    for pool in POOLS:
        given = {
            (county, level): wanted[county, pool, tranche.index] * share // 1000 // _ROUND * _ROUND
            for level, share in _SHARES[pool].items()
            for county in counties
        }
        for level, day in ((CENTRAL, days[0]), (PROVINCE, days[3]), (CITY, days[7])):
            amount = sum(given[county, level] for county in counties)
            if amount:
                parents[level, pool] = budget.own(level, pool, day, amount).doc_no
        for issuer, receiver, levels, issued, arrived in (
            (CENTRAL, PROVINCE, (CENTRAL,), days[1], days[2]),
            (PROVINCE, CITY, (CENTRAL, PROVINCE), days[4], days[6]),
        ):
            for level in levels:
                amount = sum(given[county, level] for county in counties)
                if amount:
                    parent = parents[level, pool] if level == issuer else numbers[CENTRAL]
                    row = Row(issuer, numbers[issuer], issuer, receiver, pool, kind_of(issued), amount, issued, None, _level(level), parent)
                    budget.send(row, arrived)
        for county in counties:
            key = (county, pool, tranche.index)
            for level in (CENTRAL, PROVINCE, CITY):
                amount = given[county, level]
                if amount:
                    parent = parents[CITY, pool] if level == CITY else numbers[PROVINCE]
                    row = Row(CITY, numbers[CITY], CITY, county, pool, kind_of(days[9]), amount, days[9], None, _level(level), parent)
                    budget.send(row, tranche.arrives)
                    received[key] += amount
            own = wanted[key] - received[key]
            if own:
                budget.own(county, pool, tranche.arrives, own)


def name_documents(county: str, vouchers: list[Voucher], budget: Budget) -> None:
    """Say of each payment of a county which documents it draws on: first in, first out, of those that were there on its day.

    What came back is drawn again in its turn, and names none.
    """
    for pool in POOLS:
        mine = [voucher for voucher in vouchers if POOL_OF[PROGRAMMES[voucher.programme]] == pool]
        inflows = [
            (row.day, 0, row.ref, row.doc_no, row.amount)
            for row in budget.rows
            if (row.reporter, row.receiver, row.pool) == (county, county, pool)
        ]
        inflows += [(voucher.paid, 1, voucher.ref, "", -voucher.amount) for voucher in mine if voucher.amount < 0]
        line = sorted(inflows)
        at, left = 0, line[0][-1] if line else 0
        for voucher in (voucher for voucher in mine if voucher.amount > 0):
            wanted = voucher.amount
            while wanted and at < len(line):
                day, _, _, doc_no, _ = line[at]
                part = min(wanted, left)
                if doc_no and day <= voucher.paid:
                    voucher.drawn[doc_no] = voucher.drawn.get(doc_no, 0) + part
                wanted, left = wanted - part, left - part
                if not left:
                    at += 1
                    left = line[at][-1] if at < len(line) else 0


def _level(government: str) -> str:
    return divisions()[government].level
