"""Looks into an .xls or .et workbook (BIFF5 to 8, MS-XLS) before any reader does: passwords, far cells, formulas, its own row count."""

import io
import struct
from collections.abc import Iterator
from contextlib import closing

import olefile

from ingestion.formats.workbook_safety import MAX_CELLS, MAX_ENTRIES, SheetScan, check_extent
from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
from onecard.words.language import Text

CONTAINER = olefile.MAGIC
# Kinds of records, MS-XLS 2.3.
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMULA, _MULRK, _MULBLANK = 0x0809, 0x000A, 0x002F, 0x0085, 0x0006, 0x00BD, 0x00BE
# Cells that hold a value: LABELSST, LABEL, RSTRING, NUMBER, RK, BOOLERR; and BLANK, which only takes up its place.
_VALUES, _BLANK = {0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x0205}, 0x0201
# The result of a formula that is an empty text.
_EMPTY_TEXT = (3, 0xFFFF)
Record = tuple[int, bytes]


def scan_legacy(data: bytes) -> list[SheetScan]:
    """Scan of every sheet in the order of the workbook. Raises FileRefused for anything a reader should not be shown."""
    stream = _stream(data)
    starts = []
    for kind, body in _substream(stream, 0):
        if kind == _FILEPASS:
            raise FileRefused(Reason.PASSWORD_PROTECTED)
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    if len(starts) > MAX_ENTRIES:
        raise FileRefused(Reason.ZIP_BOMB, Text(f"{len(starts)} 个工作表", f"{len(starts)} sheets"))
    scans, cells = [], 0
    for start in starts:
        scan, widest = _scan_sheet(_substream(stream, start))
        cells += scan.last_row * widest
        if cells > MAX_CELLS:
            raise FileRefused(Reason.FAR_CELL, f"{cells:,}")
        scans.append(scan)
    if not scans:
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, Text("没有工作表", "no worksheet"))
    return scans


def _stream(data: bytes) -> bytes:
    """The stream of the workbook in its container, which also holds documents of other programs, and encrypted workbooks of later ones."""
    try:
        with closing(olefile.OleFileIO(io.BytesIO(data))) as container:
            if container.exists("EncryptedPackage"):
                raise FileRefused(Reason.PASSWORD_PROTECTED)
            name = next((name for name in ("Workbook", "Book") if container.exists(name)), None)
            if name is None:
                raise FileRefused(Reason.LEGACY_WORKBOOK)
            return bytes(container.openstream(name).read())
    except (OSError, ValueError, IndexError, struct.error):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK) from None


def _substream(stream: bytes, start: int) -> Iterator[Record]:
    """Records from a BOF to its EOF, without what is embedded there, charts among it."""
    depth, at = 0, start
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length or (at == start and kind != _BOF):
            break
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, body
        at += 4 + length
    raise FileRefused(Reason.UNREADABLE_WORKBOOK, Text("不完整", "truncated"))


def _scan_sheet(records: Iterator[Record]) -> tuple[SheetScan, int]:
    """What the records of one sheet say, and how many columns wide it is."""
    filled, formulas, rows, widest = set(), set(), 0, 0
    for kind, body in records:
        if kind not in _VALUES and kind not in (_BLANK, _FORMULA, _MULRK, _MULBLANK):
            continue
        if len(body) < 6:
            raise FileRefused(Reason.UNREADABLE_WORKBOOK)
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in (_MULRK, _MULBLANK) else column
        rows, widest = max(rows, row + 1), max(widest, last + 1)
        if kind == _FORMULA:
            formulas.add((row + 1, column + 1))
        if kind in _VALUES or kind == _MULRK or (kind == _FORMULA and not _is_empty_text(body)):
            filled.add(row)
    check_extent(rows, widest, len(filled), "")
    return SheetScan(rows, len(filled), frozenset(formulas)), widest


def _is_empty_text(body: bytes) -> bool:
    return len(body) >= 14 and (body[6], struct.unpack_from("<H", body, 12)[0]) == _EMPTY_TEXT
