"""Workbooks through python-calamine: rows of text with their physical row numbers, and the cells that are numbers or formulas."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ingestion.formats.furniture import without_furniture
from ingestion.formats.headers import Header, find_header
from ingestion.formats.legacy_safety import CONTAINER, scan_legacy
from ingestion.formats.workbook_safety import SheetScan, prescan
from ingestion.refusal import FileRefused
from ingestion.sheet_rows import SheetRows, trimmed
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.shown_names import shown_sheet
from onecard.catalogue.sources import OTHER_NUMBERS, PERSONAL_NUMBERS, Contract

# Sixteen digits: a spreadsheet keeps fifteen and shows the rest as zeros or 2.76E+18.
_LOSES_DIGITS = 10**15
# First and last cell of a merged range, each (row, column) from 0.
Range = tuple[tuple[int, int], tuple[int, int]]


def read_workbook(data: bytes, contract: Contract) -> Iterator[SheetRows]:
    """Each sheet that carries the contract's header; empty ones and hidden lists of choices are passed by.

    Raises FileRefused for a sheet with cells and no header, and for a table in a hidden sheet: who signed the file never saw it.
    """
    is_legacy = data.startswith(CONTAINER)
    scans = scan_legacy(data) if is_legacy else prescan(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    except (CalamineError, OSError, ValueError):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK) from None
    by_name = dict(zip(names, scans, strict=False)) if isinstance(scans, list) else _by_name(data, names, scans)
    hollow = is_legacy or _has_empty_shared_string(data)
    found = False
    for number, name in enumerate(names, start=1):
        try:
            # From A1: the declared <dimension> is often wrong, and row numbers must be physical.
            part = book.get_sheet_by_name(name)
            rows: list[list[object]] = part.to_python(skip_empty_area=False)  # type: ignore[assignment]
            merged = part.merged_cell_ranges or []
        except (CalamineError, OSError, ValueError):
            raise FileRefused(Reason.UNREADABLE_WORKBOOK, shown_sheet(name)) from None
        scan = by_name.get(name, SheetScan(len(rows), -1))
        if name in hidden:
            yield _hidden_list(number, name, rows, contract)
            continue
        sheet = _read_sheet(number, shown_sheet(name), rows, merged, contract, scan, hollow)
        if sheet is not None:
            found = True
            yield sheet
    if not found:
        raise FileRefused(Reason.EMPTY_FILE)


def _read_sheet(
    number: int, name: str, rows: list[list[object]], merged: list[Range], contract: Contract, scan: SheetScan, hollow: bool
) -> SheetRows | None:
    filled = sum(1 for row in rows if any(cell != "" for cell in row))
    if scan.rows_with_values >= 0 and filled != scan.rows_with_values and not (hollow and filled < scan.rows_with_values):
        raise FileRefused(Reason.ROW_COUNT_MISMATCH, f"{name}: {filled} ≠ {scan.rows_with_values}")
    if filled == 0:
        return None
    header = find_header(rows, contract, None, name)
    if header is None:
        raise FileRefused(Reason.HEADER_NOT_FOUND, name)
    formulas = scan.formulas | _fill_merged(rows, merged, header, contract, scan.formulas)
    body = rows[header.last + 1 :]
    total = max(len(rows), scan.last_row)
    columns, numeric, checked = {}, {}, []
    by_place = list(zip(*body, strict=True)) if body else []
    for column in contract.columns:
        place = header.places.get(column.name)
        cells = by_place[place] if place is not None and by_place else ("",) * len(body)
        texts, mixed = _texts(cells)
        columns[column.name] = trimmed(texts)
        if column.kind in (*PERSONAL_NUMBERS, *OTHER_NUMBERS):
            least = 0 if column.kind in PERSONAL_NUMBERS else _LOSES_DIGITS
            numeric[column.name] = _numeric_cells(cells, least) if mixed else np.zeros(len(cells), bool)
        if column.kind in (*PERSONAL_NUMBERS, "amount"):
            checked.append(column.name)
    row_no = np.arange(header.last + 2, len(rows) + 1, dtype=np.int32)
    formula = {
        column: np.isin(row_no, [row for row, place in formulas if place == header.places[column] + 1])
        for column in checked
        if column in header.places and formulas
    }
    sheet = SheetRows(
        number,
        name,
        row_no,
        columns,
        total - len(body),
        header.units,
        numeric=numeric,
        formula=formula,
        title=header.title,
        above=header.above,
    )

    def whole_rows(indexes: np.ndarray) -> list[list[str]]:
        return [[cell if isinstance(cell, str) else _text(cell) for cell in body[index]] for index in indexes.tolist()]

    return without_furniture(sheet, contract, header.places, whole_rows)


def _hidden_list(number: int, name: str, rows: list[list[object]], contract: Contract) -> SheetRows:
    """A hidden sheet of choices for drop-down cells: no data, all header. Raises FileRefused when it holds a table of the contract."""
    try:
        table = find_header(rows, contract, "元") is not None
    except FileRefused:
        table = True
    if table:
        raise FileRefused(Reason.HIDDEN_SHEET, shown_sheet(name))
    none = pa.array([], pa.string())
    return SheetRows(number, shown_sheet(name), np.empty(0, np.int32), {column.name: none for column in contract.columns}, len(rows), {})


def _fill_merged(
    rows: list[list[object]], merged: list[Range], header: Header, contract: Contract, formulas: frozenset[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Give every row of a cell merged downwards its value (a household's head, a township), but never an amount, which would multiply.

    Of the amount of a household, merged as its head is, the rows of members below have none.
    Returns the places that took their value from a formula, counted from 1.
    """
    whole = {header.places[column.name] for column in contract.columns if column.kind in ("amount", "int") and column.name in header.places}
    due = {
        header.places[column.name]
        for column in contract.columns
        if column.kind == "amount" and column.required and column.name in header.places
    }
    persons = {header.places[column.name] for column in contract.columns if column.kind == "person" and column.name in header.places}
    households = {(first, last) for (first, left), (last, right) in merged if left == right and left in persons}
    taken = set()
    for (first, left), (last, right) in merged:
        if left != right or first <= header.last or last >= len(rows):
            continue
        if left in due and (first, last) in households:
            for row in range(first + 1, last + 1):
                if any(cell != "" for cell in rows[row]):
                    rows[row][left] = 0
        if left in whole:
            continue
        for row in range(first + 1, last + 1):
            if any(cell != "" for cell in rows[row]):
                rows[row][left] = rows[first][left]
                if (first + 1, left + 1) in formulas:
                    taken.add((row + 1, left + 1))
    return taken


def _texts(cells: tuple[object, ...]) -> tuple[pa.Array, bool]:
    """Cells as text, and whether any of them was none."""
    try:
        return pa.array(cells, pa.string()), False
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([cell if type(cell) is str else _text(cell) for cell in cells], pa.string()), True


@lru_cache(maxsize=100_000)
def _shown_number(number: float) -> str:
    """As Excel shows it: 15 significant digits; the 16th and 17th are binary dust."""
    return f"{number:.15g}"


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return _shown_number(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
    return str(cell)


def _numeric_cells(cells: tuple[object, ...], least: int) -> np.ndarray:
    return np.fromiter((isinstance(cell, (int, float)) and abs(cell) >= least for cell in cells), bool, len(cells))


def _by_name(data: bytes, names: list[str], scans: dict[str, SheetScan]) -> dict[str, SheetScan]:
    """The scan of each sheet by the sheet's name, from the workbook's own relations."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
            relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        except KeyError:
            return {}
    targets = {}
    for element in re.findall(r"<Relationship [^>]*>", relations):
        identifier, target = re.search(r'Id="([^"]+)"', element), re.search(r'Target="([^"]+)"', element)
        if identifier and target:
            targets[identifier[1]] = "xl/" + target[1].removeprefix("/xl/").removeprefix("xl/")
    sheets = re.findall(r"<sheet [^>]*>", book)
    found = {}
    for name, element in zip(names, sheets, strict=False):
        identifier = re.search(r'r:id="([^"]+)"', element)
        if identifier and (scan := scans.get(targets.get(identifier[1], ""))):
            found[name] = scan
    return found


def _has_empty_shared_string(data: bytes) -> bool:
    """Whether cells may point to an empty shared string: such rows hold a value in XML and none for a reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            shared = archive.read("xl/sharedStrings.xml")
        except KeyError:
            return False
    return any(mark in shared for mark in (b"<t/>", b"<t></t>", b"<t />", b"<si/>"))


__all__ = ["read_workbook"]
