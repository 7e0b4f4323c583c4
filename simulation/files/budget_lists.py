"""指标文台账: each government's documents received, added and passed down, one list per month with documents, or since January."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from onecard.words.divisions import CENTRAL, divisions
from onecard.words.money import format_wan, format_yuan
from onecard.words.months import add_months, month_of
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.workbook import Cell, Number, Sheet, write_workbook
from simulation.ledger.budget import LEVEL_WORDS, PROVINCE, Budget, Row
from simulation.plan import CITY, YEAR, Plan, month_day

_FUNDS = {
    "relief": ("困难群众救助补助资金", "困难群众基本生活救助补助资金", "困难群众救助资金"),
    "disability": ("残疾人两项补贴资金", "困难残疾人生活补贴和重度残疾人护理补贴资金", "残疾人两项补贴"),
}
_SUBJECTS = {"relief": "20819", "disability": "2081107"}


@dataclass(frozen=True)
class _Manner:
    """How one finance department writes its list."""

    amount_header: str
    spell: Callable[[int], Cell]
    dates: str
    unit_line: str = ""
    title: bool = True
    margin: int = 0
    subtotal: bool = False
    shared: bool = True
    dimension: str | None = None


_MANNERS = (
    _Manner("金额(万元)", lambda fen: Number(text.plain_wan(fen)), "iso", shared=False),
    _Manner("金额", format_wan, "dot", unit_line="单位:万元", margin=1, subtotal=True),
    _Manner("金额（元）", lambda fen: Number(text.plain_yuan(fen)), "chinese", dimension="A1:N3"),
    _Manner("金额", lambda fen: "¥" + format_yuan(fen), "slash", unit_line="单位：元"),
    _Manner("指标金额(万元)", lambda fen: text.full_width(text.plain_wan(fen)), "compact", title=False, subtotal=True),
)


def write_budget_lists(plan: Plan, budget: Budget, inbox: Inbox) -> None:
    """All lists; the city's first one went out with a slip and was sent again."""
    uppers = (CENTRAL, PROVINCE, CITY)
    reporters = [*uppers, *(county.code for county in plan.counties)]
    for order, reporter in enumerate(reporters):
        repeats = order >= len(uppers) and habits.lists_documents_since_january(order - len(uppers))
        rows = [row for row in budget.rows if row.reporter == reporter]
        for month in sorted({month_of(row.day) for row in rows}):
            start = month // 100 * 100 + 1 if repeats else month
            chosen = sorted((row for row in rows if start <= month_of(row.day) <= month), key=lambda row: (row.day, row.ref))
            day = workdays.shift(month_day(add_months(month, 1), 1), 1)
            first = min(month_of(row.day) for row in rows if row.year == YEAR)
            if reporter == CITY and month == first:
                _write(order, reporter, month, _with_slip(chosen), inbox, day, "", located=False)
                day = workdays.shift(day, 2)
                _write(order, reporter, month, chosen, inbox, day, "_更正1", located=True)
            else:
                _write(order, reporter, month, chosen, inbox, day, "", located=True)


def _with_slip(rows: list[Row]) -> list[Row]:
    """The list with two digits of one amount exchanged."""
    slip = rows[-1]
    return [*rows[:-1], replace(slip, amount=slip.amount + 270_000)]


def office(division: str) -> str:
    """Name of a government's finance department."""
    return {CENTRAL: "财政部", PROVINCE: "甘肃省财政厅"}.get(division, f"{divisions()[division].name}财政局")


def _write(order: int, reporter: str, month: int, rows: list[Row], inbox: Inbox, day: dt.date, suffix: str, located: bool) -> None:
    manner = _MANNERS[order % len(_MANNERS)]
    year = max(row.year for row in rows)
    file = f"{office(reporter)}{year}年困难群众救助和残疾人两项补贴资金指标文台账_{month}{suffix}.xlsx"
    header = ["指标文号", "发文单位", "接收单位", "行政区划代码", "资金名称", "功能分类科目", "预算年度", "指标类型", manner.amount_header]
    header += ["发文日期", "收文日期", "资金来源", "上级文号", "备注"]
    sheet = Sheet(f"{month}台账", dimension=manner.dimension)
    left: list[Cell] = [None] * manner.margin
    if manner.title:
        row = sheet.row([*left, f"{office(reporter)}{year}年资金指标文台账"])
        sheet.merge(row, manner.margin, row, manner.margin + len(header) - 1)
    if manner.unit_line:
        sheet.row([*left, *[None] * (len(header) - 2), manner.unit_line])
    sheet.row([*left, *header])
    for item in rows:
        number = sheet.row([*left, *_cells(item, manner, order)])
        if located:
            inbox.truth.located(("budget", item.ref), file, 1, number)
    if manner.subtotal:
        sheet.row([*left, "小计", *[None] * 7, manner.spell(sum(item.amount for item in rows))])
        sheet.row([])
    sheet.row([*left, "合计", *[None] * 7, manner.spell(sum(item.amount for item in rows))])
    write_workbook(inbox.path(file), [sheet], manner.shared)
    inbox.delivered(file, "budget_allocations", reporter, str(month), day, len(rows), sum(item.amount for item in rows), 16)


def _cells(row: Row, manner: _Manner, order: int) -> list[Cell]:
    return [
        row.doc_no,
        office(row.issuer),
        office(row.receiver),
        row.receiver,
        _FUNDS[row.pool][order % 3],
        _SUBJECTS[row.pool],
        Number(str(row.year)),
        row.kind,
        manner.spell(row.amount),
        text.date_text(row.issued, manner.dates),
        text.date_text(row.received, manner.dates) if row.received else None,
        LEVEL_WORDS[row.level],
        row.parent or None,
        None,
    ]
