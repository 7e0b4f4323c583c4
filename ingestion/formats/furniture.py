"""Rows of a table that are no data: blank and prefilled ones, totals, captions, signatures, repeated headers. What totals say is kept."""

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.formats.headers import plain
from ingestion.sheet_rows import Furniture, SheetRows, StatedLine
from onecard.catalogue.sources import Contract
from onecard.words.money import MoneyError, parse_fen

# A whole cell: 合计, 星光村小计, 本页合计, 总计(大写):…, 共计5户, 共5户12人. Whatever stands before the word is short and no number.
_TOTAL = re.compile(
    r"(?P<of>[^0-9:,。]{0,24}?)(?P<word>总合计|合计|小计|总计|累计|共计)(?P<rest>(?:(?:金额|人数|户数|笔数|数|额)?(?:[(:,、0-9¥共人民币].*)?))"
    r"|共[0-9]+(?:户|人|笔|条).*"
)
_FOOTER = re.compile(
    r"(制表|制单|填表|填报|审核|审批|批准|经办|复核|核对|校对|负责|领导|主管|会计|出纳|联系|电话|传真|日期|时间|盖章|签字|签章|签名|公章|单位"
    r"|备注|说明|注)(人|员|人员|日期|时间|单位|电话|领导)?[)]?:|^(制表|制单|填表|填报|审核|审批|经办|复核)(人|员|人员|日期|时间|单位)?$"
    r"|填报日期|打印日期|以下空白|以下无正文|^第[0-9]+页"
)
# 一、小泉咀村 · (二)北家岘村(共3户) · 平襄镇 · a title printed again on the next page.
_CAPTION = re.compile(
    r"[(]?[一二三四五六七八九十百]+[)、.,:].*|.{1,20}(村|镇|乡|街道|社区|居委会|村委会|组|社|队)(:|[(].*[)])?"
    r"|.*(清册|花名册|名单|台账|明细表?|发放表)"
)
_DIGITS = re.compile(r"[0-9]{6}")
_LONG_NUMBER = re.compile(r"[0-9]{15}")
_FIGURE = re.compile(r"-?¥?[0-9][0-9,]*[.][0-9]+(万?元)?")
_ZEROS = ("-", "--", "—", "——", "/", "¥-")
_NUMBERS = ("person", "card", "account", "household")
# Kinds of cells that say what a row is about; the others (a number, a place, a month, a programme) are filled in beforehand.
_SPEAKING = (*_NUMBERS, "name", "identifier", "identifiers", "doc_no", "text", "division", "date", "timestamp", "memo")
# Gives all cells of rows, by their indexes, as text.
Cells = Callable[[np.ndarray], list[list[str]]]


def total_of(text: str) -> tuple[str, str] | None:
    """What a label of a total sums (星光村, or nothing) and its word (小计); None for any other text."""
    found = _TOTAL.fullmatch(text)
    return (found["of"] or "", found["word"] or "共计") if found else None


def is_total(texts: list[str]) -> bool:
    """Whether one of these plain texts, or the first two together (合 | 计), names a total."""
    return any(total_of(text) for text in (*texts, "".join(texts[:2])))


def is_footer(texts: list[str]) -> bool:
    """Whether these plain texts are a line of signatures or remarks below the table: such a line begins with its label."""
    return 0 < len(texts) <= 8 and any(_FOOTER.search(text) for text in texts[:2])


class _Reader:
    """Tells what kind of furniture a row is, by where a header has put each column."""

    def __init__(self, contract: Contract, places: dict[str, int]) -> None:
        kinds = {places[column.name]: column.kind for column in contract.columns if column.name in places}
        self._numbers = [place for place, kind in kinds.items() if kind in _NUMBERS]
        self._speaking = [place for place, kind in kinds.items() if kind in _SPEAKING]
        self._money = [place for place, kind in kinds.items() if kind == "amount"]
        self.amount = amount_place(contract, places)

    def kind(self, cells: list[str]) -> Furniture | None:
        """None for a row of data; a row that names a person, a card or an account is always one."""
        if any(_DIGITS.search(cells[place]) and not _FOOTER.search(plain(cells[place])) for place in self._numbers):
            return None
        texts = [text for cell in cells if (text := plain(cell))]
        if not texts:
            return Furniture.NOTHING
        if is_total([text for place, cell in enumerate(cells) if place != self.amount and (text := plain(cell))][:4]):
            return Furniture.TOTAL
        if self.amount is None or _is_nothing(cells[self.amount]) or _FOOTER.search(plain(cells[self.amount])):
            if is_footer(texts):
                return Furniture.NOTE
            if len(texts) == 1 and _CAPTION.fullmatch(texts[0]):
                return Furniture.CAPTION
        if any(plain(cells[place]) for place in self._speaking) or not all(_is_nothing(cells[place]) for place in self._money):
            return None
        return Furniture.CAPTION if len(texts) == 1 and not texts[0].isdigit() else Furniture.NOTHING


def _is_nothing(cell: str) -> bool:
    """No amount, zero, or the dash that accounting formats show for it."""
    text = plain(cell)
    if not text or text in _ZEROS:
        return True
    try:
        return parse_fen(text, "万元" if text.endswith("万元") else "元") == 0
    except MoneyError:
        return False


def amount_place(contract: Contract, places: dict[str, int]) -> int | None:
    """Where the money of a row stands."""
    return next(
        (places[column.name] for column in contract.columns if column.kind == "amount" and column.name in places and column.required), None
    )


def without_furniture(sheet: SheetRows, contract: Contract, places: dict[str, int], cells: Cells) -> SheetRows:
    """The sheet without its furniture, which counts as header rows; the words of totals, captions and footers are kept in `stated`."""
    keys = [column for column in contract.columns if column.required and column.kind != "amount"]
    lacking = np.zeros(len(sheet.row_no), bool)
    for column in keys:
        lacking |= sheet.columns[column.name].is_null().to_numpy(zero_copy_only=False)
    candidates = np.flatnonzero(lacking)
    reader = _Reader(contract, places)
    # A header printed again on the next page.
    furniture = pc.is_in(sheet.columns[keys[0].name], value_set=pa.array(list(keys[0].headers))).to_numpy(zero_copy_only=False).copy()
    for index, row in zip(candidates.tolist(), cells(candidates), strict=True):
        kind = reader.kind(row)
        if kind is None:
            continue
        furniture[index] = True
        if kind is not Furniture.NOTHING:
            amount = row[reader.amount] if reader.amount is not None else None
            texts = [text for place, cell in enumerate(row) if place != reader.amount and (text := plain(cell))]
            sheet.stated.append(StatedLine(int(sheet.row_no[index]), kind, texts, amount or None))
    if not furniture.any():
        return sheet
    kept = sheet.take(~furniture)
    kept.header_rows += int(furniture.sum())
    return kept


def text_of_line(row_no: int, cells: list[str]) -> StatedLine | None:
    """A total or footer on a line of another width than its table; None for one with a number as long as an ID's or a card's.

    Its money is the one figure with a point, if there is just one: which column it stands in nobody can tell.
    """
    texts = [text for cell in cells if (text := plain(cell))]
    if any(_LONG_NUMBER.search(text) for text in texts):
        return None
    figures = [text for text in texts if _FIGURE.fullmatch(text)]
    if is_total(texts[:4]):
        words = [text for text in texts if text not in figures]
        return StatedLine(row_no, Furniture.TOTAL, words, figures[0] if len(figures) == 1 else None)
    return StatedLine(row_no, Furniture.NOTE, texts, None) if is_footer(texts) else None
