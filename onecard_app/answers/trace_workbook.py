"""The answer of a trace as a workbook that an office can open: summary, sources, places of arrival and rest, credits; sums exact."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from onecard.catalogue.shown_names import shown_path
from onecard.catalogue.titles import HELD, LEVELS, MONEY, OUTFLOWS, PLACES, SOURCE_KINDS, SPENT_EARLY, STOPS, title
from onecard.words.errors import InputRefused
from onecard_app.answers.trace import Answer, Row, programme_name

# No text of ours may become a formula, a link or a number on its own.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
# (title, width, what is written: text, money in fen, whole number, or day)
Column = tuple[str, int, str]
_DAYS: list[Column] = [(f"{stop.zh}(天)\n{stop.en}, days", 11, "text") for stop in STOPS.values()]


def write(answer: Answer, target: Path) -> None:
    """Write the workbook; the same answer gives the same bytes. Raises InputRefused when the file cannot be written."""
    try:
        with xlsxwriter.Workbook(str(target), {**_PLAIN, "constant_memory": True}) as book:
            # The day of the account, not the clock's, so that the same answer is the same file.
            book.set_properties({"title": "onecard trace", "created": dt.datetime.fromisoformat(answer.business_date)})
            _Sheets(book).fill(answer)
    except (OSError, FileCreateError) as error:
        raise InputRefused(
            code="OC-TRC-008",
            what="工作簿写不出 the workbook cannot be written",
            where=shown_path(target),
            why=getattr(error, "strerror", None) or "文件写不出 the file could not be written",
            remedy="换一个位置，或关闭打开它的程序 choose another place, or close the program that holds it open",
        ) from None


# Paper as the file format numbers it.
A3, A4 = 8, 9


class _Sheets:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._header = book.add_format(_FONT | {"bold": True, "text_wrap": True, "bg_color": "#DCE6F1", "bottom": 1, "align": "center"})
        line = {"bottom": 4, "bottom_color": "#BFBFBF"}
        self._formats = {
            "text": book.add_format(_FONT | line),
            "money": book.add_format(_FONT | line | {"num_format": "#,##0.00;[Red]-#,##0.00"}),
            "number": book.add_format(_FONT | line | {"num_format": "#,##0"}),
            "day": book.add_format(_FONT | line | {"num_format": "yyyy-mm-dd"}),
        }
        self._total = book.add_format(_FONT | {"bold": True, "num_format": "#,##0.00", "top": 1})
        self._bold = book.add_format(_FONT | {"bold": True})

    def fill(self, answer: Answer) -> None:
        self._summary(answer)
        self._sheet("来源 sources", _SOURCES, [_source(row) for row in answer.sources], total=4)
        self._sheet("到卡 credited", _REACHED, [_reached(row) for row in answer.reached], total=3)
        if answer.question["kind"] in ("document", "place"):
            self._sheet("未到卡 resting", _RESTING, [_resting(row) for row in answer.resting], total=0)
        if answer.positions:
            self._sheet("资金池 pools", _POSITIONS, [[row[name] for name in _POSITION] for row in answer.positions], total=2)
        if answer.passed_down:
            self._sheet("下达 passed down", _PASSED_DOWN, [_passed(row) for row in answer.passed_down], total=2)
        self._sheet("明细 credits", _CREDITS, [_credit(row) for row in answer.credits], total=9)

    def _summary(self, answer: Answer) -> None:
        sheet = self._book.add_worksheet("汇总 summary")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 44)
        sheet.hide_gridlines(2)
        _for_paper(sheet, A4)
        facts: list[tuple[str, Any, str]] = [
            ("问题 question", _asked(answer.question), "text"),
            ("发布 release", answer.release, "text"),
            ("业务日期 business date", answer.business_date, "text"),
            ("金额(元) amount, yuan", answer.total_fen, "money"),
            ("  到卡 credited", answer.credited_fen, "money"),
            ("  未到卡 resting", answer.resting_fen, "money"),
            (f"其中{SPENT_EARLY.zh} {SPENT_EARLY.en}", answer.overdrawn_fen, "money"),
            ("另表所记 stated elsewhere", answer.stated_fen, "money"),
            ("差额 difference", answer.difference_fen, "money"),
            ("卡 cards", answer.cards, "number"),
            ("人 persons", answer.persons, "number"),
            ("户 households", answer.households, "number"),
            ("明细行 shares of credits listed", f"{len(answer.credits):,} / {answer.credits_in_all:,}", "text"),
        ]
        for at, (label, value, kind) in enumerate(facts):
            sheet.write_string(at, 0, label, self._bold)
            self._cell(sheet, at, 1, value, kind)

    def _sheet(self, name: str, columns: list[Column], rows: list[list[Any]], *, total: int) -> None:
        """One table; `total`: the column of fen that is summed below."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        _for_paper(sheet, A3)
        sheet.set_row(0, 32)
        for at, (heading, width, _) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, heading, self._header)
        for line, row in enumerate(rows, start=1):
            for at, (value, (_, _, kind)) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, line, at, value, kind)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        # Below a blank line, so that sorting and filtering leave the sum alone.
        sheet.write_string(len(rows) + 2, 0 if total else 1, "合计 total", self._bold)
        sheet.write_number(len(rows) + 2, total, yuan(sum(row[total] for row in rows)), self._total)

    def _cell(self, sheet: Any, line: int, at: int, value: Any, kind: str) -> None:
        style = self._formats[kind]
        if value is None:
            sheet.write_blank(line, at, None, style)
        elif kind == "money":
            sheet.write_number(line, at, yuan(value), style)
        elif kind == "number":
            sheet.write_number(line, at, value, style)
        elif kind == "day":
            sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), style)
        else:
            sheet.write_string(line, at, str(value), style)


def _for_paper(sheet: Any, size: int) -> None:
    """Offices print and file it: lying across, all columns on one page, pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(size)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A  &P / &N")


def yuan(fen: int) -> Decimal:
    """Yuan of fen; exact in a workbook, too, which keeps 15 digits: up to 10^15 fen, the most a cell of ours may hold."""
    return Decimal(fen).scaleb(-2)


def days(spans: dict[str, list[int] | None]) -> list[str | None]:
    """Days at each stop as texts: `3`, `3–12`, `-6 至 -4` (below zero: it was spent before it came)."""
    return [None if (span := spans[stop]) is None else _span(*span) for stop in STOPS]


def _span(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least}–{most}" if least >= 0 else f"{least} 至 {most}"


def _asked(question: Row) -> str:
    return " ".join(str(value) for name, value in question.items() if name != "kind" and value is not None)


_SOURCES: list[Column] = [
    ("来源文件\nsource document", 24, "text"),
    ("来源\nsource", 34, "text"),
    ("级次\nlevel", 16, "text"),
    ("日期\nsince", 12, "day"),
    ("金额(元)\nyuan", 16, "money"),
    ("到卡\ncredited", 16, "money"),
    ("未到卡\nresting", 16, "money"),
    ("省级收文\nto the province", 22, "text"),
    ("市级收文\nto the city", 22, "text"),
    ("县级收文\nto the county", 22, "text"),
    *_DAYS,
]
_REACHED: list[Column] = [
    ("县区\ncounty", 14, "text"),
    ("项目\nprogramme", 22, "text"),
    ("月份\nmonth", 10, "text"),
    ("金额(元)\nyuan", 16, "money"),
    ("入账笔数\ncredits", 10, "number"),
    ("卡\ncards", 10, "number"),
    ("人\npersons", 10, "number"),
    ("户\nhouseholds", 12, "number"),
    ("最早入账\nfirst credited", 13, "day"),
    ("最晚入账\nlast credited", 13, "day"),
    *_DAYS,
]
_RESTING: list[Column] = [
    ("金额(元)\nyuan", 16, "money"),
    ("停在哪里\nplace", 42, "text"),
    ("何处\nwhere", 14, "text"),
    ("自\nsince", 12, "day"),
    ("天数\ndays", 8, "number"),
    ("规则\nrule", 8, "text"),
    ("文号或凭证\nreference", 24, "text"),
    ("银行\nbank", 10, "text"),
    ("批次\nbatch", 24, "text"),
    ("年度\nfiscal year", 10, "number"),
]
_MONEY_OF_A_POOL = ("in_fen", *OUTFLOWS, "balance_fen", *HELD)
_POSITIONS: list[Column] = [
    ("资金池\npool", 28, "text"),
    ("年度\nfiscal year", 10, "number"),
    *((MONEY[name].spoken("both", "\n"), 16, "money") for name in _MONEY_OF_A_POOL),
]
_POSITION = ("pool_name", "fiscal_year", *_MONEY_OF_A_POOL)
_PASSED_DOWN: list[Column] = [
    ("收文单位\nreceiver", 16, "text"),
    ("年度\nfiscal year", 10, "number"),
    ("发出(元)\nsent, yuan", 16, "money"),
    ("收到(元)\nreceived, yuan", 16, "money"),
]
_CREDITS: list[Column] = [
    ("县区\ncounty", 12, "text"),
    ("乡镇\ntownship", 14, "text"),
    ("村\nvillage", 14, "text"),
    ("项目\nprogramme", 20, "text"),
    ("月份\nmonth", 9, "text"),
    ("姓名\nname", 10, "text"),
    ("身份证\nID", 22, "text"),
    ("卡号\ncard", 22, "text"),
    ("入账日\ncredited on", 12, "day"),
    ("份额(元)\nshare, yuan", 14, "money"),
    ("来源文件\nsource document", 22, "text"),
    ("县级收文\nto the county", 22, "text"),
    ("凭证\nvoucher", 20, "text"),
    ("批次\nbatch", 26, "text"),
    ("序号\nline", 8, "number"),
    ("文件\nfile", 36, "text"),
    ("工作表\nsheet", 8, "number"),
    ("行\nrow", 8, "number"),
    # Keys have more digits than a workbook's numbers keep.
    ("户键\nhousehold key", 22, "text"),
    ("人键\nperson key", 22, "text"),
    ("卡键\ncard key", 22, "text"),
]


def _source(row: Row) -> list[Any]:
    return [
        row["source_doc_no"], title(SOURCE_KINDS, row["source_kind"]), title(LEVELS, row["source_level"]), row["source_on"], row["fen"],
        row["credited_fen"], row["resting_fen"], row["province_doc_no"], row["city_doc_no"], row["county_doc_no"], *days(row["days"]),
    ]  # fmt: skip


def _reached(row: Row) -> list[Any]:
    return [
        row["division_name"], programme_name(row["programme_code"]), row["payroll_month"], row["fen"], row["credits"], row["cards"],
        row["persons"], row["households"], row["first_credited_on"], row["last_credited_on"], *days(row["days"]),
    ]  # fmt: skip


def _resting(row: Row) -> list[Any]:
    return [
        row["fen"], title(PLACES, row["place"]), row["division_name"], row["since"], row["days"], row["rule_code"], row["reference"],
        row["bank_code"], row["batch_no"], row["fiscal_year"],
    ]  # fmt: skip


def _passed(row: Row) -> list[Any]:
    return [row["receiver_name"], row["fiscal_year"], row["sent_fen"], row["received_fen"]]


def _credit(row: Row) -> list[Any]:
    return [
        row["division_name"], row["township"], row["village"], programme_name(row["programme_code"]), row["payroll_month"],
        row["name_masked"], row["id_masked"], row["card_masked"], row["credited_on"], row["amount_fen"], row["source_doc_no"],
        row["county_doc_no"], row["voucher_no"], f"{row['bank_code']}/{row['batch_no']}", row["seq_no"], row["file_name"],
        row["sheet_no"], row["row_no"], row["household_key"], row["person_key"], row["card_key"],
    ]  # fmt: skip
