"""国库集中支付明细: the county treasury's vouchers, one list per month or since January, as workbook or text by county."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onecard.catalogue.seed_lookup import programmes
from onecard.words.money import format_yuan
from onecard.words.months import add_months, month_of
from onecard.words.reference_data import seed_rows
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.workbook import DATE, TEXT, Number, Sheet, write_workbook
from simulation.ledger.payments import Voucher
from simulation.plan import BANKS, PROGRAMMES, Plan, month_day

_HEADER = ("支付凭证号", "付款单位", "收款人", "收款账号", "用途", "金额(元)", "支付日期", "批次号", "科目编码", "所属月份")
_SUBJECTS = ("2081902", "2082102", "2082001", "2081001", "2081107", "2081107")
_ENCODINGS = {1: "gb18030", 2: "utf-8-sig", 4: "utf-16"}
_DATES = ("iso", "compact", "slash", "iso", "dot", "chinese", "serial")


@dataclass(frozen=True)
class _Payer:
    code: str
    name: str
    index: int


def write_treasury(plan: Plan, index: int, vouchers: list[Voucher], inbox: Inbox) -> None:
    """The lists of county number `index` for all months in which it paid."""
    county = _Payer(plan.counties[index].code, plan.counties[index].name, index)
    for month in sorted({month_of(voucher.paid) for voucher in vouchers}):
        first = month // 100 * 100 + 1 if habits.lists_vouchers_since_january(county.index) else month
        chosen = [voucher for voucher in vouchers if first <= month_of(voucher.paid) <= month]
        encoding = _ENCODINGS.get(county.index)
        file = f"{county.name}国库集中支付明细_{month}.{'csv' if encoding else 'xlsx'}"
        rows = [_row(county, voucher) for voucher in chosen]
        if encoding:
            numbers = _write_text(inbox.path(file), county, rows, chosen, encoding)
        else:
            numbers = _write_workbook(inbox.path(file), county, rows, chosen, month)
        refs = np.array([voucher.ref for voucher in chosen])
        inbox.locate(("treasury", county.index), file, refs, 1, numbers)
        day = workdays.shift(month_day(add_months(month, 1), 1), 1)
        fen = sum(voucher.amount for voucher in chosen)
        inbox.delivered(file, "treasury_payments", county.code, str(month), day, len(rows), fen, 15)


def _header(county: _Payer) -> tuple[str, ...]:
    return (*_HEADER, "指标文号") if habits.names_documents(county.index) else _HEADER


def _row(county: _Payer, voucher: Voucher) -> list[str]:
    """The texts of one voucher, amount left empty."""
    paid_for = [voucher.programme] if voucher.also is None else [voucher.programme, voucher.also]
    programme = "、".join(programmes()[PROGRAMMES[number]].name_zh for number in paid_for)
    month = f"{voucher.month // 100}年{voucher.month % 100}月"
    payee, account = voucher.payee
    if voucher.bank is not None:
        payee, account = _account(county.code, BANKS[voucher.bank])
    number = f"{county.code[-2:]}{voucher.paid:%Y%m%d}{voucher.ref + 1:05d}"
    date = text.date_text(voucher.paid, _DATES[county.index])
    purpose = f"{voucher.purpose}{month}{programme}资金" if not voucher.purpose.startswith("=") else voucher.purpose[1:]
    office = f"{county.name}财政局社会保障股" if county.index % 2 else f"{county.name}民政局"
    row = [number, office, payee, account, purpose, "", date, voucher.batch, _SUBJECTS[voucher.programme], str(voucher.month)]
    if habits.names_documents(county.index):
        row.append("、".join(f"{doc_no} {format_yuan(fen)}元" for doc_no, fen in voucher.drawn.items()))
    return row


def _account(division: str, bank: str) -> tuple[str, str]:
    for row in seed_rows("agent_bank_accounts"):
        if row["division"] == division and row["bank_code"] == bank:
            return row["account_name"], row["account_no"]
    raise AssertionError("every county has an account at every agent bank")


def _with_amount(rows: list[list[str]], vouchers: list[Voucher], spell: Callable[[int], str]) -> list[list[str]]:
    return [[*row[:5], spell(voucher.amount), *row[6:]] for row, voucher in zip(rows, vouchers, strict=True)]


def _write_text(path: Path, county: _Payer, rows: list[list[str]], vouchers: list[Voucher], encoding: str) -> np.ndarray:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    header = _header(county)
    writer.writerow(header)
    writer.writerows(_with_amount(rows, vouchers, format_yuan))
    total = format_yuan(sum(voucher.amount for voucher in vouchers))
    writer.writerow(["合计", "", "", "", "", total, *[""] * (len(header) - 6)])
    path.write_bytes(buffer.getvalue().encode(encoding))
    return np.arange(2, len(rows) + 2)


def _write_workbook(path: Path, county: _Payer, rows: list[list[str]], vouchers: list[Voucher], month: int) -> np.ndarray:
    sheet = Sheet("支付明细")
    title = sheet.row([f"{county.name}{month // 100}年{month % 100}月国库集中支付明细表"])
    header = _header(county)
    sheet.merge(title, 0, title, len(header) - 1)
    sheet.row(list(header))
    spelled = _with_amount(rows, vouchers, format_yuan if county.index % 2 == 0 else text.plain_yuan)
    columns = [text.texts(np.array(column, object)) for column in zip(*spelled, strict=True)]
    kinds = [DATE if index == 6 and _DATES[county.index] == "serial" else TEXT for index in range(len(columns))]
    numbers = sheet.block(list(zip(kinds, columns, strict=True)))
    sheet.row([])
    total = sum(voucher.amount for voucher in vouchers)
    sheet.row(["合计", None, None, None, None, Number(text.plain_yuan(total))])
    write_workbook(path, [sheet], shared=county.index != 5)
    return numbers
