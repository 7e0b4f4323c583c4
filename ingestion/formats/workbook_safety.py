"""Looks into a workbook's zip before any reader does: bombs, entities, far cells, and a row count of its own."""

import io
import re
import zipfile
from dataclasses import dataclass, field

import numpy as np

from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.shown_names import shown_name
from onecard.words.language import Text

# A county's largest roll is about 60 MB of XML; text compresses some thirtyfold.
MAX_UNCOMPRESSED = 1 << 30
MAX_RATIO = 250
RATIO_MATTERS_ABOVE = 64 << 20
MAX_ENTRIES = 2000
MAX_ROWS = 1_048_576
# Readers allocate the whole rectangle up to the farthest cell.
MAX_CELLS = 60_000_000
_CHUNK = 1 << 20
# Zeros behind a sheet's XML, so that looking some bytes ahead never leaves it.
_PADDING = 32
# A namespace prefix and any order of attributes are allowed in XML; office programs write the plain form, which numpy reads.
_FORMULA = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f\b')
_ODD_ROW = re.compile(rb'<(?:\w+:row|row(?! r="))[^>]*? r="(\d+)"')
_ODD_CELL = re.compile(rb'<(?:\w+:c|c(?! r=")) [^>]*?\br="([A-Z]{1,3})(\d+)"')
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
# What office programs write; the decoder of the others may ask for gigabytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass
class SheetScan:
    """What the XML of one sheet says: last row number, rows that hold a value, places of formula cells."""

    last_row: int
    rows_with_values: int
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def is_workbook(data: bytes) -> bool:
    """Whether the content is in the container of workbooks, a zip or that of .xls files; other documents are in these, too."""
    return data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


def prescan(data: bytes) -> dict[str, SheetScan]:
    """Scan of every sheet part by its path in the zip. Raises FileRefused for anything a reader should not be shown."""
    if not data:
        raise FileRefused(Reason.EMPTY_FILE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK) from None
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(Reason.ZIP_BOMB, Text(f"{len(entries)} 个部件", f"{len(entries)} entries"))
    if len({entry.filename for entry in entries}) < len(entries):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, Text("有同名部件", "two parts of the same name"))
    budget = min(MAX_UNCOMPRESSED, max(RATIO_MATTERS_ABOVE, MAX_RATIO * len(data)))
    scans = {}
    for entry in entries:
        content = _read(archive, entry, budget)
        budget -= len(content)
        if entry.filename.endswith((".xml", ".rels")):
            if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
                raise FileRefused(Reason.UNREADABLE_WORKBOOK, "UTF-16 XML")
            if b"<!" in content and _ENTITIES.search(content):
                raise FileRefused(Reason.DTD_IN_XML, _part(entry))
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            scans[entry.filename] = _scan_sheet(content, entry.filename)
    if not scans:
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, Text("没有工作表", "no worksheet"))
    return scans


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes:
    """Content of an entry, decompressed step by step: what the directory declares is not believed."""
    parts, size = [], 0
    if entry.compress_type not in _METHODS:
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, Text(f"压缩方法 {entry.compress_type}", f"compression method {entry.compress_type}"))
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > budget:
                    raise FileRefused(Reason.ZIP_BOMB, _part(entry))
                parts.append(chunk)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        encrypted = isinstance(error, RuntimeError) and "encrypted" in str(error)
        raise FileRefused(Reason.PASSWORD_PROTECTED if encrypted else Reason.UNREADABLE_WORKBOOK, _part(entry)) from None
    except Exception as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, _part(entry)) from None
    return b"".join(parts)


def _part(entry: zipfile.ZipInfo) -> str:
    return shown_name(entry.filename)


def _scan_sheet(xml: bytes, name: str) -> SheetScan:
    marks = np.frombuffer(xml + bytes(_PADDING), np.uint8)
    tags = np.flatnonzero(marks == ord("<")) + 1
    rows = _starting(marks, tags, b"row", b" >/")
    values = np.sort(np.concatenate([_starting(marks, tags, b"v>"), _starting(marks, tags, b"t", b" >")]))
    row_numbers = _numbers(marks, _starting(marks, tags, b'row r="') + 7)
    widths, cell_rows = _cells(marks, _starting(marks, tags, b'c r="') + 5)
    last = max([len(rows), *(int(array.max()) for array in (row_numbers, cell_rows) if len(array))])
    widest = int(widths.max()) if len(widths) else 0
    if len(row_numbers) < len(rows) or b":row" in xml or b":c " in xml or len(_starting(marks, tags, b"c ")) > len(widths):
        last = max([last, *map(int, _ODD_ROW.findall(xml)), *(int(row) for _, row in _ODD_CELL.findall(xml))])
        widest = max([widest, *(_column_number(letters) for letters, _ in _ODD_CELL.findall(xml))])
    check_extent(last, widest, len(rows), f"{shown_name(name.rsplit('/', 1)[-1])}: ")
    owner = np.searchsorted(rows, values, side="right")
    formulas = _FORMULA.findall(xml) if b"<f" in xml or b":f" in xml else []
    return SheetScan(last, len(np.unique(owner[owner > 0])), frozenset((int(row), _column_number(letters)) for letters, row in formulas))


def check_extent(last: int, widest: int, rows: int, where: str) -> None:
    """Raises FileRefused for a sheet whose farthest cell lies far behind the `rows` that it has."""
    if last > MAX_ROWS or last * max(widest, 1) > MAX_CELLS or last > 1000 + 50 * (rows + 1):
        raise FileRefused(Reason.FAR_CELL, f"{where}{last} × {widest}")


def _starting(marks: np.ndarray, tags: np.ndarray, word: bytes, then: bytes = b"") -> np.ndarray:
    """Those of the places behind a `<` where a word stands, one of some characters after it."""
    for offset, character in enumerate(word):
        tags = tags[marks[tags + offset] == character]
    return tags[np.isin(marks[tags + len(word)], list(then))] if then else tags


def _numbers(marks: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The numbers that begin at some places; more than ten digits count as ten."""
    number, inside = np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for offset in range(10):
        digit = marks[at + offset].astype(np.int64) - ord("0")
        inside &= (digit >= 0) & (digit <= 9)
        if not inside.any():
            break
        number = np.where(inside, number * 10 + digit, number)
    return number


def _cells(marks: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Column and row of the references (`AB12`) that begin at some places."""
    column, letters, inside = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for offset in range(4):
        letter = marks[at + offset].astype(np.int64) - ord("A")
        inside &= (letter >= 0) & (letter <= 25)
        if not inside.any():
            break
        column = np.where(inside, column * 26 + letter + 1, column)
        letters += inside
    return column, _numbers(marks, at + letters)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
