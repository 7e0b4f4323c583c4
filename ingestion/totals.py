"""Totals that a file states of itself, held against its rows: 合计 and 小计 lines, figures in titles and footers, control records."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

import pyarrow.compute as pc

from ingestion.conform import Conformed
from ingestion.controls import exact_sum
from ingestion.formats.furniture import total_of
from ingestion.formats.headers import plain
from ingestion.sheet_rows import Furniture, SheetRows, StatedLine
from onecard.catalogue.sources import Contract
from onecard.words.money import MoneyError, parse_fen

_COUNTED = r"(?:[0-9]+(?:户|人次|人|笔|条|名|份)[,、;。]?)*"
# 合计:1500.00元 · 共5户12人,金额1,500元 · 合计(大写)壹仟伍佰元整(小写)¥1500.00
_MONEY = re.compile(
    rf"(?:合计|总计|共计|总金额|总额|共)[^0-9¥;。]{{0,20}}{_COUNTED}[^0-9¥;。]{{0,20}}"
    r"(?:¥(?P<yen>[0-9][0-9,]*(?:\.[0-9]+)?)|(?P<figure>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>万?元))"
)
_COUNT = re.compile(
    r"(?<![0-9.])(?P<count>[0-9]{1,9})(?P<of>户|人次|人|笔|条)(?![均月])|(?P<of2>户|人|笔|条)数:?(?P<count2>[0-9]{1,9})(?![0-9.])"
)
_SUMS = re.compile(r"合计|总计|共计|小计|总|共")
# A standard is no sum: 每人每月300元.
_STANDARD = re.compile(r"标准|每人|每月|每户|人均|户均")
# What the label of a total for everything has before its word (全县, 渭源县, 金额), and a place, whose rows it sums.
_WHOLE = re.compile(r"(全.?|总|本(表|册|月|次|批|期)|.*[县区市州省])?(应发|实发|发放|资金)?(金额)?")
_PLACE = re.compile(r"(本|以上|上述)?.*(村|镇|乡|街道|社区|居委会|组|社|队|页)|以上|上述|")
_FEN, _ROWS = "fen", "rows"


@dataclass(frozen=True)
class _Stated:
    """One figure of a line: what it counts, of what by its label, between which rows it stands, whether it may speak of everything."""

    kind: str
    figure: int
    of: str
    at: int
    whole: bool
    surely: bool


class _Summed:
    """What one sheet sums up to in fen or rows; `unread` where a row is known to be there and not what it holds."""

    def __init__(self, values: list[int | None]) -> None:
        self.unread = any(value is None for value in values)
        self.values = [value or 0 for value in values]
        self.sums = [0, *accumulate(self.values)]

    def is_block(self, figure: int, at: int, bounds: list[int]) -> bool:
        """Whether the rows between this place and a bound above or below it add up to a figure."""
        return any(self.sums[max(bound, at)] - self.sums[min(bound, at)] == figure for bound in bounds if bound != at)


@dataclass
class _Whole:
    """Sums of all sheets with rows in their order, and what they state as their grand totals: by sheet, the last of each."""

    sheets: list[int] = field(default_factory=list)
    stated: list[tuple[int, int, bool]] = field(default_factory=list)

    def verdicts(self) -> Iterator[bool | None]:
        """A grand total speaks of its sheet, of all sheets up to it, or of the file."""
        sums = list(accumulate(self.sheets))
        for sheet, figure, unread in self.stated:
            agrees = figure in (self.sheets[sheet], sums[sheet], sums[-1])
            yield True if agrees else None if unread else False

    def figure(self) -> int | None:
        """The grand total of the file; null where a sheet states none and no other sheet speaks for it."""
        last = {sheet: figure for sheet, figure, _ in self.stated}
        if len(self.sheets) > 1 and (total := sum(self.sheets)) in last.values() and len(last) < len(self.sheets):
            return total
        return sum(last.values()) if last and len(last) == len(self.sheets) else None


class Totals:
    """Gathers what the sheets of one file state of themselves and whether it is so."""

    def __init__(self) -> None:
        self._whole = {_FEN: _Whole(), _ROWS: _Whole()}
        self._verdicts: list[bool | None] = []

    def add_control(self, control: dict[str, object]) -> None:
        """Figures of header and trailer records, which are compared (and the file refused) before."""
        for kind, name in ((_FEN, "trailer_fen"), (_ROWS, "trailer_count")):
            if isinstance(figure := control[name], int):
                self._whole[kind].stated.append((len(self._whole[kind].sheets), figure, True))

    def add(self, sheet: SheetRows, done: Conformed, contract: Contract, per_person: bool) -> None:
        """One sheet with its rows, quarantined ones among them. `per_person`: whether each row is one person by what it pays."""
        broken = sorted(int(number) for item in sheet.broken for number in item.row_no)
        if not len(done.row_no) and not broken:
            return
        lines = [*(StatedLine(0, Furniture.NOTE, [text], None) for text in sheet.above), *sheet.stated]
        if lines:
            self._hold(lines, sheet, done, contract, per_person, broken)
        amounts = done.columns.get("amount_fen")
        self._whole[_FEN].sheets.append(exact_sum(amounts) if amounts is not None else 0)
        self._whole[_ROWS].sheets.append(len(done.row_no) + len(broken))

    def _hold(
        self, lines: list[StatedLine], sheet: SheetRows, done: Conformed, contract: Contract, per_person: bool, broken: list[int]
    ) -> None:
        """The figures of lines against the rows of their sheet; a return file of a million rows, which has none, pays nothing for it."""
        places = sorted([int(number) for number in done.row_no] + broken)
        amounts = done.columns.get("amount_fen")
        fen = dict(zip(done.row_no.tolist(), amounts.to_pylist(), strict=True)) if amounts is not None else {}
        summed = {_FEN: _Summed([fen.get(number) for number in places]), _ROWS: _Summed([1] * len(places))}
        bounds = sorted({0, len(places)} | {bisect_left(places, line.row_no) for line in sheet.stated if line.kind is not Furniture.NOTE})
        unit = sheet.units.get("amount_fen", "")
        rows_are = _rows_are(sheet, done, per_person)
        found = [stated for line in lines for stated in _figures(line, bisect_left(places, line.row_no), unit, rows_are)]
        lone = {kind: len({item.at for item in found if item.whole and item.kind == kind}) == 1 for kind in summed}
        for item in found:
            column = summed[item.kind]
            edge = item.at in (0, len(places))
            if item.whole and edge and (item.surely or lone[item.kind] or item.figure == column.sums[-1]):
                self._whole[item.kind].stated.append((len(self._whole[item.kind].sheets), item.figure, column.unread))
            else:
                self._verdicts.append(_block_verdict(item, column, bounds, sheet, contract, places, done))

    def facts(self) -> dict[str, object]:
        """`stated_rows`, `stated_fen`, `totals_state` of the delivery."""
        grand = [verdict for whole in self._whole.values() for verdict in whole.verdicts()]
        verdicts = [*self._verdicts, *grand]
        state = "contradict" if False in verdicts else "none" if None in grand or True not in verdicts else "agree"
        return {"stated_rows": self._whole[_ROWS].figure(), "stated_fen": self._whole[_FEN].figure(), "totals_state": state}


def _rows_are(sheet: SheetRows, done: Conformed, per_person: bool) -> set[str]:
    """Which words of counting (笔, 户, 人) plainly mean the rows of a sheet."""

    def one_each(name: str) -> bool:
        column = done.columns.get(name)
        return column is not None and column.null_count == 0 and len(pc.unique(column)) == len(column)

    sizes = done.columns.get("household_size")
    alone = sizes is None or not pc.any(pc.greater(sizes, 1)).as_py()
    found = {"笔", "条"}
    if one_each("head_person_key"):
        found.add("户")
    if one_each("person_key") and alone and (per_person or "head_person_key" not in done.columns):
        found.add("人")
    return found


def _figures(line: StatedLine, at: int, unit: str, rows_are: set[str]) -> Iterator[_Stated]:
    """What a line states. A running total (累计) may have begun in another file and states nothing."""
    labels = [found for text in (*line.texts, "".join(line.texts[:2])) if (found := total_of(text))]
    of, word = labels[0] if labels and line.kind is Furniture.TOTAL else ("", "")
    words = ",".join([*line.texts, *([plain(line.amount)] if line.amount else [])])
    if word == "累计" or (line.kind is Furniture.NOTE and (_STANDARD.search(words) or not _SUMS.search(words))):
        return
    whole = line.kind is not Furniture.CAPTION and word != "小计" and _WHOLE.fullmatch(of) is not None
    surely = line.kind is Furniture.NOTE or word in ("总计", "总合计")
    if line.kind is not Furniture.CAPTION and (fen := _fen(line, words, unit)) is not None:
        yield _Stated(_FEN, fen, of, at, whole, surely)
    counts = {found["of"] or found["of2"]: int(found["count"] or found["count2"]) for found in _COUNT.finditer(words)}
    if counts.get("户", counts.get("人")) != counts.get("人"):
        counts.pop("人", None)
    for name, count in counts.items():
        if name in rows_are:
            yield _Stated(_ROWS, count, of, at, whole, surely)


def _fen(line: StatedLine, words: str, unit: str) -> int | None:
    """The money of a line: what stands in the column, in its unit or the one it names itself, else a sum in its words."""
    if not unit:
        return None
    figures = [(line.amount, unit), (line.amount, "万元"), (line.amount, "元")] if line.amount else []
    if found := _MONEY.search(words):
        figures.append((found["yen"] or found["figure"], found["unit"] or "元"))
    for place, (text, of) in enumerate(figures):
        if place > 0 and text == line.amount and not plain(text).endswith(of):
            continue
        try:
            return parse_fen(text, of)
        except MoneyError:
            continue
    return None


def _block_verdict(
    item: _Stated, column: _Summed, bounds: list[int], sheet: SheetRows, contract: Contract, places: list[int], done: Conformed
) -> bool | None:
    """Whether a subtotal is what the rows beside it add up to, or those that name what it sums; None where nobody can say."""
    if column.is_block(item.figure, item.at, bounds) and item.figure:
        return True
    by_row = dict(zip(places, column.values, strict=True))
    named = False
    for own in contract.columns:
        if item.of and own.kind in ("label", "programme"):
            texts = sheet.columns[own.name].to_pylist()
            rows = [number for number, text in zip(done.row_no.tolist(), texts, strict=True) if plain(text) == item.of]
            if rows and sum(by_row[number] for number in rows) == item.figure:
                return True
            named = named or bool(rows)
    unclear = column.unread or not item.figure or not (named or _PLACE.fullmatch(item.of) or item.whole)
    return None if unclear else False


__all__ = ["Totals"]
