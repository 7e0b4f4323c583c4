"""Header and trailer records of a batch: what the bank says it sent, held against the lines that came."""

import re

import pyarrow as pa

from ingestion.conform import Conformed
from ingestion.derive import Facts, only_value
from ingestion.refusal import FileRefused
from ingestion.sheet_rows import SheetRows
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import find_programme
from onecard.catalogue.sources import Layout
from onecard.words.divisions import find_division
from onecard.words.language import COMMA, Text, joined
from onecard.words.money import MoneyError, parse_fen
from onecard.words.months import DateError, parse_date, parse_month
from onecard.words.number_writing import bare_number, identifier_fault

KINDS = {"正常": "original", "补发": "reissue", "": "original"}


def batch_control(sheet: SheetRows, layout: Layout, facts: Facts) -> dict[str, object]:
    """The control row of a batch (figures null where the layout has none). Raises FileRefused when a record is missing or unreadable."""
    if layout.format == "csv":
        stated = {f"header_{name}": only_value(sheet, name, bare_number if name in _NUMBERS else str) or "" for name in _IDENTITY}
    else:
        stated = sheet.controls[0] if sheet.controls else {}
        if "header_batch_no" not in stated or "trailer_count" not in stated:
            raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("缺首记录或尾记录", "header or trailer record missing"))
    batch_no, original = (_number_of_batch(stated.get(f"header_{name}")) for name in _NUMBERS)
    batch_no = batch_no or facts.named.get("batch_no")
    if not batch_no:
        raise FileRefused(Reason.BATCH_NOT_UNDERSTOOD, Text("缺批次号", "batch number missing"))
    facts.named["batch_no"] = batch_no
    programme = find_programme(stated.get("header_programme"))
    division = find_division(stated.get("header_division"))
    try:
        month = parse_month(stated.get("header_payroll_month", ""))
    except DateError:
        month = None
    kind = KINDS.get(stated.get("header_batch_kind", ""))
    # What was understood is said of a rejected file, too.
    facts.named |= {name: str(value) for name, value in (("batch_programme", programme), ("batch_month", month)) if value}
    facts_of_batch = (
        (Text("救助项目", "programme"), programme),
        (Text("区划", "division"), division),
        (Text("月份", "month"), month),
        (Text("批次类型", "kind of batch"), kind),
    )
    unclear = [name for name, value in facts_of_batch if value is None]
    if division is None or unclear:
        raise FileRefused(Reason.BATCH_NOT_UNDERSTOOD, joined(COMMA, unclear))
    control: dict[str, object] = {
        "bank_code": facts.sender,
        "batch_no": batch_no,
        "division": division.code,
        "programme_code": programme,
        "payroll_month": month,
        "batch_kind": kind,
        "original_batch_no": original,
        "batch_on": _date(stated.get("header_batch_on")),
    }
    for name, place in _FIGURES.items():
        control[name] = _figure(stated.get(place), layout.unit if name.endswith("_fen") else None)
    return control


_IDENTITY = ("batch_no", "division", "programme", "payroll_month", "batch_kind", "original_batch_no")
_NUMBERS = ("batch_no", "original_batch_no")
_FIGURES = {
    "header_count": "header_count",
    "header_fen": "header_total",
    "trailer_count": "trailer_count",
    "trailer_fen": "trailer_total",
    "success_count": "trailer_success_count",
    "success_fen": "trailer_success_total",
    "failed_count": "trailer_failed_count",
    "failed_fen": "trailer_failed_total",
}


def _number_of_batch(text: str | None) -> str | None:
    """The number of a batch alone. Raises FileRefused when a spreadsheet has lost its digits or something stands with it."""
    number = bare_number(text or "")
    if number and identifier_fault(number):
        raise FileRefused(
            Reason.BATCH_NOT_UNDERSTOOD, Text("批次号成了数值，或另有符号", "the batch number became a figure, or has signs beside it")
        )
    return number or None


def _date(text: str | None) -> object:
    try:
        return parse_date(text) if text else None
    except DateError:
        return None


def _figure(text: str | None, unit: str | None) -> int | None:
    if text is None or text == "":
        return None
    try:
        if unit:
            return parse_fen(text, unit)
        if re.fullmatch(r"[0-9]{1,9}", text):
            return int(text)
    except MoneyError:
        pass
    raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("首尾记录的数字无法识别", "unreadable figure in the header or trailer record"))


def exact_sum(amounts: pa.Array) -> int:
    """Sum of int64 amounts that cannot wrap around: high and low halves apart."""
    figures = amounts.drop_null().to_numpy()
    return (int((figures >> 32).sum()) << 32) + int((figures & 0xFFFFFFFF).sum())


def check_totals(control: dict[str, object], done: Conformed, broken_rows: int) -> None:
    """Raise FileRefused unless count and sum of the control records are those of the lines.

    Quarantined lines count too; where one of them has no readable amount the sum cannot close here, and the row
    ledger carries that row as one whose fen are unknown.
    """
    if control["trailer_count"] is None:
        return
    amounts = done.columns["amount_fen"]
    unreadable = int(amounts.null_count) + broken_rows
    total = exact_sum(amounts)
    count = len(done.row_no) + broken_rows
    stated = (control["trailer_count"], control["trailer_fen"])
    if (control["header_count"], control["header_fen"]) != stated:
        raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("首记录与尾记录不一致", "header and trailer differ"))
    if count != stated[0]:
        raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("笔数", "count") + f" {stated[0]} ≠ {count}")
    if unreadable == 0 and total != stated[1]:
        raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("金额（分）", "total in fen") + f" {stated[1]} ≠ {total}")
    if unreadable == 0 and (done.wrong < 0).all():
        _check_split(control, done)


def _check_split(control: dict[str, object], done: Conformed) -> None:
    success = done.columns["status"].to_numpy(zero_copy_only=False) == "success"
    amounts = done.columns["amount_fen"].to_numpy(zero_copy_only=False)
    lines = (int(success.sum()), int(amounts[success].sum()), int((~success).sum()), int(amounts[~success].sum()))
    stated = (control["success_count"], control["success_fen"], control["failed_count"], control["failed_fen"])
    if all(figure is not None for figure in stated) and lines != stated:
        raise FileRefused(Reason.CONTROL_TOTAL_MISMATCH, Text("成功、失败的笔数或金额不符", "the split into credited and failed differs"))


def control_table(control: dict[str, object], schema: pa.Schema) -> pa.Table:
    """One row of `bank_batch_controls` from the control record (row 1 of sheet 1)."""
    row = control | {"sheet_no": 1, "row_no": 1}
    fields = [field for field in schema if field.name != "delivery_key"]
    return pa.table({field.name: pa.array([row.get(field.name)], field.type) for field in fields})
