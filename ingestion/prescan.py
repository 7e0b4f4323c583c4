"""Looks into a workbook's zip before any reader does: bombs, entities, far cells, and a row count of its own."""

import io
import re
import zipfile
from dataclasses import dataclass, field

import numpy as np

from ingestion.labels import shown_name
from ingestion.reasons import Reason
from ingestion.refusal import FileRefused

# A county's largest roll is about 60 MB of XML; text compresses some thirtyfold.
MAX_UNCOMPRESSED = 1 << 30
MAX_RATIO = 250
RATIO_MATTERS_ABOVE = 64 << 20
MAX_ENTRIES = 2000
MAX_ROWS = 1_048_576
# Readers allocate the whole rectangle up to the farthest cell.
MAX_CELLS = 60_000_000
_CHUNK = 1 << 20
# A namespace prefix and any order of attributes are allowed in XML; office programs write the plain form.
_FORMULA = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f\b')
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row[^>]*? r="(\d+)"')
_COLUMNS = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})\d')
_ENTITIES = re.compile(rb"<\s*!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
# What office programs write; the decoder of the others may ask for gigabytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass
class SheetScan:
    """What the XML of one sheet says: last row number, rows that hold a value, places of formula cells."""

    last_row: int
    rows_with_values: int
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def prescan(data: bytes) -> dict[str, SheetScan]:
    """Scan of every sheet part by its path in the zip. Raises FileRefused for anything a reader should not be shown."""
    if not data:
        raise FileRefused(Reason.EMPTY_FILE)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise FileRefused(Reason.PASSWORD_PROTECTED if protected else Reason.LEGACY_WORKBOOK)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK) from None
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(Reason.ZIP_BOMB, f"{len(entries)} entries")
    if len({entry.filename for entry in entries}) < len(entries):
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, "同名部件 two parts of one name")
    budget = min(MAX_UNCOMPRESSED, max(RATIO_MATTERS_ABOVE, MAX_RATIO * len(data)))
    scans = {}
    for entry in entries:
        content = _read(archive, entry, budget)
        budget -= len(content)
        if entry.filename.endswith((".xml", ".rels")):
            if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
                raise FileRefused(Reason.UNREADABLE_WORKBOOK, "UTF-16 XML")
            if _ENTITIES.search(content):
                raise FileRefused(Reason.DTD_IN_XML, _part(entry))
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            scans[entry.filename] = _scan_sheet(content, entry.filename)
    if not scans:
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, "no worksheet")
    return scans


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes:
    """Content of an entry, decompressed step by step: what the directory declares is not believed."""
    parts, size = [], 0
    if entry.compress_type not in _METHODS:
        raise FileRefused(Reason.UNREADABLE_WORKBOOK, f"压缩方法 compression {entry.compress_type}")
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
    marks = np.frombuffer(xml, np.uint8)
    rows = _positions(marks, b"<row")
    values = np.sort(np.concatenate([_positions(marks, b"<v>"), _positions(marks, b"<t>"), _positions(marks, b"<t ")]))
    last = max((int(number) for number in _ROW_NUMBER.findall(xml)), default=len(rows))
    widest = max((_column_number(letters) for letters in set(_COLUMNS.findall(xml))), default=0)
    if last > MAX_ROWS or last * max(widest, 1) > MAX_CELLS or last > 1000 + 50 * (len(rows) + 1):
        raise FileRefused(Reason.FAR_CELL, f"{shown_name(name.rsplit('/', 1)[-1])}: {last} × {widest}")
    owner = np.searchsorted(rows, values, side="right")
    formulas = frozenset((int(row), _column_number(letters)) for letters, row in _FORMULA.findall(xml))
    return SheetScan(last, len(np.unique(owner[owner > 0])), formulas)


def _positions(marks: np.ndarray, word: bytes) -> np.ndarray:
    if len(marks) < len(word):
        return np.empty(0, np.int64)
    hit = marks[: len(marks) - len(word) + 1] == word[0]
    for offset, character in enumerate(word[1:], start=1):
        hit &= marks[offset : len(marks) - len(word) + 1 + offset] == character
    return np.flatnonzero(hit)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
