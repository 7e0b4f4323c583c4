"""Workbooks through python-calamine: rows of text with their physical row numbers, and the cells that are numbers or formulas."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook

from ingestion.contracts import Contract
from ingestion.headers import find_header, is_total_or_footer, plain
from ingestion.prescan import SheetScan, prescan
from ingestion.reasons import Reason
from ingestion.refusal import FileRefused
from ingestion.rows import SheetRows, trimmed


def read_workbook(data: bytes, contract: Contract) -> Iterator[SheetRows]:
    """Each sheet that carries the contract's header; sheets without any header but with cells are refused, empty ones passed by."""
    scans = prescan(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
    except (CalamineError, OSError, ValueError):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK) from None
    parts = _sheet_parts(data, names, scans)
    hollow = _has_empty_shared_string(data)
    found = False
    for number, name in enumerate(names, start=1):
        try:
            # From A1: the declared <dimension> is often wrong, and row numbers must be physical.
            rows: list[list[object]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[assignment]
        except (CalamineError, OSError, ValueError):
            raise FileRefused(Reason.UNREADABLE_WORKBOOK, name) from None
        scan = scans.get(parts.get(name, ""), SheetScan(len(rows), -1))
        sheet = _read_sheet(number, name, rows, contract, scan, hollow)
        if sheet is not None:
            found = True
            yield sheet
    if not found:
        raise FileRefused(Reason.EMPTY_FILE)


def _read_sheet(number: int, name: str, rows: list[list[object]], contract: Contract, scan: SheetScan, hollow: bool) -> SheetRows | None:
    filled = sum(1 for row in rows if any(cell != "" for cell in row))
    if scan.rows_with_values >= 0 and filled != scan.rows_with_values and not (hollow and filled < scan.rows_with_values):
        raise FileRefused(Reason.ROW_COUNT_MISMATCH, f"{name}: {filled} ≠ {scan.rows_with_values}")
    if filled == 0:
        return None
    header = find_header(rows, contract, None)
    if header is None:
        raise FileRefused(Reason.HEADER_NOT_FOUND, name)
    body = rows[header.last + 1 :]
    total = max(len(rows), scan.last_row)
    columns, numeric = {}, {}
    by_place = list(zip(*body, strict=True)) if body else []
    for column in contract.columns:
        place = header.places.get(column.name)
        cells = by_place[place] if place is not None and by_place else ("",) * len(body)
        columns[column.name] = trimmed(_texts(cells))
        if column.kind in ("person", "card", "household"):
            numeric[column.name] = _numeric_cells(cells)
    row_no = np.arange(header.last + 2, len(rows) + 1, dtype=np.int32)
    formula = {
        column: np.isin(row_no, [row for row, place in scan.formulas if place == header.places[column] + 1])
        for column in numeric
        if column in header.places and scan.formulas
    }
    sheet = SheetRows(number, name, row_no, columns, total - len(body), header.units, numeric=numeric, formula=formula)
    return without_furniture(sheet, contract)


def without_furniture(sheet: SheetRows, contract: Contract) -> SheetRows:
    """The sheet without blank rows, totals, footers and repeated headers; they count as header rows."""
    keys = [column for column in contract.columns if column.required and column.kind != "amount"]
    lacking = np.zeros(len(sheet.row_no), bool)
    for column in keys:
        lacking |= sheet.columns[column.name].is_null().to_numpy(zero_copy_only=False)
    furniture = np.zeros(len(sheet.row_no), bool)
    candidates = np.flatnonzero(lacking)
    if len(candidates):
        chosen = pa.array(candidates)
        cells = list(zip(*(column.take(chosen).to_pylist() for column in sheet.columns.values()), strict=True))
        for index, row in zip(candidates, cells, strict=True):
            furniture[index] = not any(row) or is_total_or_footer(list(row))
    first = keys[0]
    aliases = pa.array(list(first.headers))
    repeated = pc.is_in(sheet.columns[first.name], value_set=aliases).to_numpy(zero_copy_only=False)
    for index in np.flatnonzero(repeated):
        furniture[index] = True
    kept = sheet.take(~furniture)
    kept.header_rows += int(furniture.sum())
    return kept


def _texts(cells: tuple[object, ...]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # Excel itself shows 15 significant digits; the 16th and 17th are binary dust.
        return f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
    return str(cell)


def _numeric_cells(cells: tuple[object, ...]) -> np.ndarray:
    return np.fromiter((isinstance(cell, (int, float)) and cell != "" for cell in cells), bool, len(cells))


def _sheet_parts(data: bytes, names: list[str], scans: dict[str, SheetScan]) -> dict[str, str]:
    """Path of each sheet's XML by sheet name, from the workbook's own relations."""
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
    parts = {}
    for name, element in zip(names, sheets, strict=False):
        identifier = re.search(r'r:id="([^"]+)"', element)
        if identifier and targets.get(identifier[1]) in scans:
            parts[name] = targets[identifier[1]]
    return parts


def _has_empty_shared_string(data: bytes) -> bool:
    """Whether cells may point to an empty shared string: such rows hold a value in XML and none for a reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            shared = archive.read("xl/sharedStrings.xml")
        except KeyError:
            return False
    return any(mark in shared for mark in (b"<t/>", b"<t></t>", b"<t />", b"<si/>"))


__all__ = ["plain", "read_workbook", "without_furniture"]
