"""The answer of a trace as a workbook that an office can open: summary, sources, places of arrival and rest, credits; sums exact."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from onecard.catalogue.shown_names import shown_path
from onecard.catalogue.titles import DRAWN, HELD, LEVELS, METHODS, MONEY, OUTFLOWS, PLACES, SOURCE_KINDS, SPENT_EARLY, STOPS, title
from onecard.words.errors import InputRefused
from onecard.words.language import Language, Text, Words, in_language
from onecard_app.answers.trace_answer import Answer, days_in_words

# No text of ours may become a formula, a link or a number on its own.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
# (title, width, what is written: text, money in fen, whole number, or day)
Column = tuple[Words, int, str]
Row = Mapping[str, Any]
_DAYS: list[Column] = [(Text(f"{stop.zh}(天)", f"{stop.en}, days"), 11, "text") for stop in STOPS.values()]


def write(answer: Answer, target: Path, language: Language = "both") -> None:
    """Write the workbook in a language; the same answer gives the same bytes.

    Raises InputRefused (OC-TRC-008) when the file cannot be written.
    """
    try:
        with xlsxwriter.Workbook(str(target), {**_PLAIN, "constant_memory": True}) as book:
            # The day of the account, not the clock's, so that the same answer is the same file.
            book.set_properties({"title": "onecard trace", "created": dt.datetime.fromisoformat(answer.business_date)})
            _Sheets(book, language).fill(answer)
    except (OSError, FileCreateError) as error:
        raise InputRefused(
            code="OC-TRC-008",
            what=Text("工作簿无法写入", "the workbook cannot be written"),
            where=shown_path(target),
            why=getattr(error, "strerror", None) or Text("文件无法写入", "the file could not be written"),
            remedy=Text("换一个位置，或关闭打开它的程序", "choose another place, or close the program that holds it open"),
        ) from None


# Paper as the file format numbers it.
A3, A4 = 8, 9


class _Sheets:
    def __init__(self, book: Any, language: Language) -> None:
        self._book, self._language = book, language
        self._header = book.add_format(_FONT | {"bold": True, "text_wrap": True, "bg_color": "#DCE6F1", "bottom": 1, "align": "center"})
        line = {"bottom": 4, "bottom_color": "#BFBFBF"}
        self._formats = {
            "text": book.add_format(_FONT | line),
            "money": book.add_format(_FONT | line | {"num_format": "#,##0.00;[Red]-#,##0.00"}),
            "number": book.add_format(_FONT | line | {"num_format": "#,##0"}),
            "ordinal": book.add_format(_FONT | line | {"num_format": "0"}),  # years, and numbers of rows as they stand in a file
            "day": book.add_format(_FONT | line | {"num_format": "yyyy-mm-dd"}),
        }
        self._total = book.add_format(_FONT | {"bold": True, "num_format": "#,##0.00", "top": 1})
        self._bold = book.add_format(_FONT | {"bold": True})

    def fill(self, answer: Answer) -> None:
        self._summary(answer)
        self._sheet(Text("来源", "sources"), _SOURCES, [_source(row) for row in answer.sources], total=4)
        self._sheet(Text("到卡", "credited"), _REACHED, [self._reached(row) for row in answer.reached], total=3)
        if answer.question["kind"] in ("document", "place"):
            self._sheet(Text("未到卡", "resting"), _RESTING, [_resting(row) for row in answer.resting], total=0)
        if answer.reach:
            self._sheet(Text("至少至多", "range"), _REACH, [_reach(row) for row in answer.reach], total=3)
        if answer.naming:
            self._sheet(Text("写明的凭证", "named by"), _NAMING, [_naming(row) for row in answer.naming], total=5)
        if answer.positions:
            self._sheet(Text("资金池", "pools"), _POSITIONS, [[row[name] for name in _POSITION] for row in answer.positions], total=2)
        if answer.passed_down:
            self._sheet(Text("下达", "passed down"), _PASSED_DOWN, [_passed(row) for row in answer.passed_down], total=2)
        self._sheet(Text("明细", "credits"), _CREDITS, [self._credit(row) for row in answer.credits], total=9)

    def _summary(self, answer: Answer) -> None:
        sheet = self._book.add_worksheet(self._words(Text("汇总", "summary")))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 44)
        sheet.hide_gridlines(2)
        _for_paper(sheet, A4)
        facts: list[tuple[str, Text, Any, str]] = [
            ("", Text("问题", "question"), self._asked(answer.question), "text"),
            ("", Text("发布", "release"), answer.release, "text"),
            ("", Text("业务日期", "business date"), answer.business_date, "text"),
            ("", Text("金额(元)", "amount, yuan"), answer.total_fen, "money"),
            ("  ", Text("到卡", "credited"), answer.credited_fen, "money"),
            ("  ", Text("未到卡", "resting"), answer.resting_fen, "money"),
            ("", Text("其中", "") + SPENT_EARLY, answer.overdrawn_fen, "money"),
            ("", Text("另表所记", "stated elsewhere"), answer.stated_fen, "money"),
            ("", Text("差额", "difference"), answer.difference_fen, "money"),
            ("", Text("卡", "cards"), answer.cards, "number"),
            ("", Text("人", "persons"), answer.persons, "number"),
            ("", Text("户", "households"), answer.households, "number"),
            ("", Text("明细行", "shares of credits listed"), f"{len(answer.credits):,} / {answer.credits_in_all:,}", "text"),
        ]
        for at, (indent, label, value, kind) in enumerate(facts):
            sheet.write_string(at, 0, indent + self._words(label), self._bold)
            self._cell(sheet, at, 1, value, kind)

    def _words(self, words: object, between: str = " ") -> str:
        return in_language(words, self._language, between)

    def _asked(self, question: Row) -> str:
        """What the question names: a place by its names, all else as it was asked."""
        names = ("division_name", "programme_name", "payroll_month") if question["kind"] == "place" else question
        return " ".join(self._name(question[name]) for name in names if name != "kind" and question[name] is not None)

    def _name(self, name: object) -> str:
        """A name is said once: in Chinese where both languages are wanted, as documents write it."""
        return in_language(name, "en" if self._language == "en" else "zh")

    def _reached(self, row: Row) -> list[Any]:
        return [
            row["division_name"], self._name(row["programme_name"]), row["payroll_month"], row["fen"], row["credits"], row["cards"],
            row["persons"], row["households"], row["first_credited_on"], row["last_credited_on"], *days_in_words(row["days"]).values(),
        ]  # fmt: skip

    def _credit(self, row: Row) -> list[Any]:
        return [
            row["division_name"], row["township"], row["village"], self._name(row["programme_name"]), row["payroll_month"],
            row["name_masked"], row["id_masked"], row["card_masked"], row["credited_on"], row["amount_fen"], row["source_doc_no"],
            row["county_doc_no"], row["voucher_no"], f"{row['bank_code']}/{row['batch_no']}", row["seq_no"], row["file_name"],
            row["sheet_no"], row["row_no"], row["household_key"], row["person_key"], row["card_key"],
            title(METHODS, row["method"]),
        ]  # fmt: skip

    def _sheet(self, name: Text, columns: list[Column], rows: list[list[Any]], *, total: int) -> None:
        """One table; `total`: the column of fen that is summed below."""
        sheet = self._book.add_worksheet(self._words(name))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        _for_paper(sheet, A3)
        sheet.set_row(0, 32)
        for at, (heading, width, _) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, self._words(heading, "\n"), self._header)
        for line, row in enumerate(rows, start=1):
            for at, (value, (_, _, kind)) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, line, at, value, kind)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        # Below a blank line, so that sorting and filtering leave the sum alone.
        sheet.write_string(len(rows) + 2, 0 if total else 1, self._words(Text("合计", "total")), self._bold)
        sheet.write_number(len(rows) + 2, total, yuan(sum(row[total] for row in rows)), self._total)

    def _cell(self, sheet: Any, line: int, at: int, value: Any, kind: str) -> None:
        style = self._formats[kind]
        if value is None:
            sheet.write_blank(line, at, None, style)
        elif kind == "money":
            sheet.write_number(line, at, yuan(value), style)
        elif kind in ("number", "ordinal"):
            sheet.write_number(line, at, value, style)
        elif kind == "day":
            sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), style)
        else:
            sheet.write_string(line, at, self._words(value), style)


def _for_paper(sheet: Any, size: int) -> None:
    """Offices print and file it: lying across, all columns on one page, pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(size)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A  &P / &N")


def yuan(fen: int) -> Decimal:
    """Yuan of fen; exact in a workbook, too, which keeps 15 digits: up to 10^15 fen, the most a cell of ours may hold."""
    return Decimal(fen).scaleb(-2)


_SOURCES: list[Column] = [
    (Text("来源文件", "source document"), 24, "text"),
    (Text("来源", "source"), 34, "text"),
    (Text("级次", "level"), 16, "text"),
    (Text("日期", "since"), 12, "day"),
    (Text("金额(元)", "yuan"), 16, "money"),
    (Text("到卡", "credited"), 16, "money"),
    (Text("未到卡", "resting"), 16, "money"),
    (Text("到卡中按文号的", "credited, by document number"), 16, "money"),
    (Text("省级收文", "to the province"), 22, "text"),
    (Text("市级收文", "to the city"), 22, "text"),
    (Text("县级收文", "to the county"), 22, "text"),
    *_DAYS,
]
_REACHED: list[Column] = [
    (Text("县区", "county"), 14, "text"),
    (Text("项目", "programme"), 22, "text"),
    (Text("月份", "month"), 10, "text"),
    (Text("金额(元)", "yuan"), 16, "money"),
    (Text("入账笔数", "credits"), 10, "number"),
    (Text("卡", "cards"), 10, "number"),
    (Text("人", "persons"), 10, "number"),
    (Text("户", "households"), 12, "number"),
    (Text("最早入账", "first credited"), 13, "day"),
    (Text("最晚入账", "last credited"), 13, "day"),
    *_DAYS,
]
_RESTING: list[Column] = [
    (Text("金额(元)", "yuan"), 16, "money"),
    (Text("停在哪里", "place"), 42, "text"),
    (Text("何处", "where"), 14, "text"),
    (Text("自", "since"), 12, "day"),
    (Text("天数", "days"), 8, "number"),
    (Text("监控规则", "watched by"), 10, "text"),
    (Text("文号或凭证", "reference"), 24, "text"),
    (Text("银行", "bank"), 10, "text"),
    (Text("批次", "batch"), 24, "text"),
    (Text("年度", "fiscal year"), 10, "ordinal"),
]
_MONEY_OF_A_POOL = ("in_fen", *OUTFLOWS, "balance_fen", *HELD)
_POSITIONS: list[Column] = [
    (Text("资金池", "pool"), 28, "text"),
    (Text("年度", "fiscal year"), 10, "ordinal"),
    *((MONEY[name], 16, "money") for name in _MONEY_OF_A_POOL),
]
_POSITION = ("pool_name", "fiscal_year", *_MONEY_OF_A_POOL)
_PASSED_DOWN: list[Column] = [
    (Text("收文单位", "receiver"), 16, "text"),
    (Text("年度", "fiscal year"), 10, "ordinal"),
    (Text("发出(元)", "sent, yuan"), 16, "money"),
    (Text("收到(元)", "received, yuan"), 16, "money"),
]
_CREDITS: list[Column] = [
    (Text("县区", "county"), 12, "text"),
    (Text("乡镇", "township"), 14, "text"),
    (Text("村", "village"), 14, "text"),
    (Text("项目", "programme"), 20, "text"),
    (Text("月份", "month"), 9, "text"),
    (Text("姓名", "name"), 10, "text"),
    (Text("身份证", "ID"), 22, "text"),
    (Text("卡号", "card"), 22, "text"),
    (Text("入账日", "credited on"), 12, "day"),
    (Text("份额(元)", "share, yuan"), 14, "money"),
    (Text("来源文件", "source document"), 22, "text"),
    (Text("县级收文", "to the county"), 22, "text"),
    (Text("凭证", "voucher"), 20, "text"),
    (Text("批次", "batch"), 26, "text"),
    (Text("序号", "line"), 8, "ordinal"),
    (Text("文件", "file"), 36, "text"),
    (Text("工作表", "sheet"), 8, "ordinal"),
    (Text("行", "row"), 8, "ordinal"),
    # Keys have more digits than a workbook's numbers keep.
    (Text("户键", "household key"), 22, "text"),
    (Text("人键", "person key"), 22, "text"),
    (Text("卡键", "card key"), 22, "text"),
    (Text("方法", "method"), 18, "text"),
]
_REACH: list[Column] = [
    (Text("文号", "document"), 24, "text"),
    (Text("县区", "county"), 14, "text"),
    (Text("年度", "fiscal year"), 10, "ordinal"),
    (Text("到池(元)", "into the pool, yuan"), 16, "money"),
    (Text("写明取用", "named"), 16, "money"),
    (Text("至少到卡", "on cards, at least"), 16, "money"),
    (Text("至多到卡", "on cards, at most"), 16, "money"),
    (Text("追踪所得", "on cards, as traced"), 16, "money"),
]
_NAMING: list[Column] = [
    (Text("所写文号", "document as named"), 24, "text"),
    (Text("县区", "county"), 14, "text"),
    (Text("凭证", "voucher"), 20, "text"),
    (Text("支付日期", "paid on"), 12, "day"),
    (Text("写明金额(元)", "stated, yuan"), 16, "money"),
    (Text("取到(元)", "drawn, yuan"), 16, "money"),
    (Text("不够(元)", "short, yuan"), 16, "money"),
    (Text("结果", "result"), 40, "text"),
]


def _source(row: Row) -> list[Any]:
    return [
        row["source_doc_no"], title(SOURCE_KINDS, row["source_kind"]), title(LEVELS, row["source_level"]), row["source_on"], row["fen"],
        row["credited_fen"], row["resting_fen"], row["specific_fen"], row["province_doc_no"], row["city_doc_no"], row["county_doc_no"],
        *days_in_words(row["days"]).values(),
    ]  # fmt: skip


def _reach(row: Row) -> list[Any]:
    return [
        row["doc_no"], row["division_name"], row["fiscal_year"], row["inflow_fen"], row["named_fen"], row["at_least_fen"],
        row["at_most_fen"], row["credited_fen"],
    ]  # fmt: skip


def _naming(row: Row) -> list[Any]:
    return [
        row["doc_no"], row["division_name"], row["voucher_no"], row["paid_on"], row["stated_fen"], row["drawn_fen"], row["short_fen"],
        title(DRAWN, row["status"]),
    ]  # fmt: skip


def _resting(row: Row) -> list[Any]:
    return [
        row["fen"], title(PLACES, row["place"]), row["division_name"], row["since"], row["days"], row["rule_code"], row["reference"],
        row["bank_code"], row["batch_no"], row["fiscal_year"],
    ]  # fmt: skip


def _passed(row: Row) -> list[Any]:
    return [row["receiver_name"], row["fiscal_year"], row["sent_fen"], row["received_fen"]]
