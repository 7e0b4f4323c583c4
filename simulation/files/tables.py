"""A long table as an office lays it out: title, unit line, one or two header rows, subtotals, blank rows, sheets by township."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from simulation.files.workbook import TEXT, Cell, Sheet, write_workbook

# A sheet holds 1,048,576 rows; longer tables go to one sheet per township.
_LONGEST_SHEET = 1_000_000


@dataclass(frozen=True)
class Layout:
    """The habits of one office. `subtotals`: "", "bottom" or "township"; `left` blank columns; `gap` a blank column after this one."""

    title: bool = True
    unit_line: str = ""
    subtotals: str = "bottom"
    by_township: bool = False
    blank_between: bool = False
    left: int = 0
    gap: int | None = None
    shared: bool = True
    dimension: str | None = None
    empty_sheets: int = 0
    total_word: str = "合计"
    subtotal_word: str = "小计"


@dataclass
class Field:
    """One column: header, the group above it in a two-row header, kind of cell, texts; `sum_of` fen if it is totalled."""

    header: str
    texts: pa.Array
    kind: str = TEXT
    group: str = ""
    sum_of: np.ndarray | None = None
    spell: Callable[[int], Cell] | None = None


@dataclass
class Written:
    """Where each row of a table stands in its file."""

    sheet_no: np.ndarray
    row_no: np.ndarray
    rows: int = field(default=0)


def write_table(path: Path, title: str, office: str, fields: list[Field], sections: list[tuple[str, int, int]], layout: Layout) -> Written:
    """Write rows, given as fields, to a workbook; `sections` are (township, first row, end) in order."""
    count = len(fields[0].texts)
    where = Written(np.ones(count, np.int64), np.zeros(count, np.int64), count)
    by_township = layout.by_township or count > _LONGEST_SHEET
    sheets: list[Sheet] = []
    for index, (township, start, end) in enumerate(sections):
        if by_township or not sheets:
            sheet = Sheet(township if by_township else "Sheet1", dimension=layout.dimension)
            sheets.append(sheet)
            _head(sheet, f"{title}（{township}）" if by_township else title, office, fields, layout)
        elif layout.blank_between:
            sheet.row([])
        columns = [(item.kind, item.texts.slice(start, end - start)) for item in fields]
        where.row_no[start:end] = sheet.block(_placed(columns, layout, None))
        where.sheet_no[start:end] = len(sheets)
        if layout.subtotals == "township" or (layout.subtotals and by_township):
            _total(sheet, fields, layout, layout.subtotal_word, start, end)
        last = index + 1 == len(sections)
        if last and layout.subtotals and not by_township:
            _total(sheet, fields, layout, layout.total_word, 0, count)
    names = [f"Sheet{number}" for number in range(len(sheets) + 1, len(sheets) + 1 + layout.empty_sheets)]
    write_workbook(path, sheets + [Sheet(name) for name in names], layout.shared)
    return where


def _placed(cells: list, layout: Layout, nothing: object) -> list:  # type: ignore[type-arg]
    """Cells with the layout's blank columns put in."""
    if layout.gap is not None:
        cells = [*cells[: layout.gap], nothing, *cells[layout.gap :]]
    return [nothing] * layout.left + cells


def _head(sheet: Sheet, title: str, office: str, fields: list[Field], layout: Layout) -> None:
    width = len(_placed(fields, layout, None))
    if layout.title:
        row = sheet.row([*[None] * layout.left, title])
        sheet.merge(row, layout.left, row, width - 1)
    if layout.unit_line:
        filled = f"填报单位:{office}"
        sheet.row([*[None] * layout.left, filled, *[None] * (width - layout.left - 2), layout.unit_line])
    if not any(item.group for item in fields):
        sheet.row(_placed([item.header for item in fields], layout, None))
        return
    groups = ["", *(item.group for item in fields)]
    first = [
        None if item.group and item.group == before else item.group or item.header for before, item in zip(groups, fields, strict=False)
    ]
    row = sheet.row(_placed(first, layout, None))
    sheet.row(_placed([item.header if item.group else None for item in fields], layout, None))
    _merge_header(sheet, row, _placed(fields, layout, None))


def _merge_header(sheet: Sheet, row: int, fields: list[Field | None]) -> None:
    """Single columns are merged downwards, groups across."""
    at = 0
    while at < len(fields):
        item = fields[at]
        end = at + 1
        if item is not None and item.group:
            while end < len(fields) and (following := fields[end]) is not None and following.group == item.group:
                end += 1
            sheet.merge(row, at, row, end - 1)
        elif item is not None:
            sheet.merge(row, at, row + 1, at)
        at = end


def _total(sheet: Sheet, fields: list[Field], layout: Layout, word: str, start: int, end: int) -> None:
    """A row with the word in the first column and sums under the money."""
    cells: list[Cell] = [word]
    for item in fields[1:]:
        if item.sum_of is None or item.spell is None:
            cells.append(None)
        else:
            cells.append(item.spell(int(item.sum_of[start:end].sum())))
    sheet.row(_placed(cells, layout, None))
