"""A fast writer of xlsx workbooks: whole columns become XML at once, in the ways Excel and WPS do it.

Shared or inline strings, merged cells, a wrong <dimension>; fixed timestamps, so the same content gives the same bytes.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXT, NUMBER, DATE = "text", "number", "date"
MAX_ROWS = 1_048_576
_STAMP = (2018, 1, 1, 0, 0, 0)
_DATE_STYLE = 1
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Number:
    """A numeric cell of a single row, written as given."""

    text: str


Cell = str | Number | None
# One column of a block: kind (TEXT, NUMBER: written as given, DATE: days since 1899-12-30) and texts, null for no cell.
Column = tuple[str, pa.Array]


@dataclass
class _Row:
    number: int
    cells: list[Cell]


@dataclass
class _Block:
    first: int
    columns: list[Column | None]


@dataclass
class Sheet:
    """One sheet, filled from the top; `dimension` replaces the true extent."""

    name: str
    dimension: str | None = None
    items: list[_Row | _Block] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    next_row: int = 1
    width: int = 1

    def row(self, cells: Sequence[Cell]) -> int:
        """Append one row; its number. A row without cells is a blank row."""
        if any(cell is not None for cell in cells):
            self.items.append(_Row(self.next_row, list(cells)))
            self.width = max(self.width, len(cells))
        self.next_row += 1
        return self.next_row - 1

    def block(self, columns: list[Column | None]) -> np.ndarray:
        """Append rows given as columns (None: an empty column); their numbers."""
        count = next(len(column[1]) for column in columns if column is not None)
        first = self.next_row
        self.next_row += count
        assert self.next_row <= MAX_ROWS + 1, "more rows than a sheet can hold"
        if count:
            self.items.append(_Block(first, columns))
        self.width = max(self.width, len(columns))
        return np.arange(first, first + count)

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Merge cells; columns count from 0."""
        self.merges.append(f"{letters(column)}{row}:{letters(last_column)}{last_row}")


def letters(column: int) -> str:
    """A for 0, AA for 26."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Strings:
    """The shared string table, filled by a first pass over the sheets."""

    def __init__(self, sheets: list[Sheet]) -> None:
        arrays: list[pa.Array] = []
        for sheet in sheets:
            for item in sheet.items:
                if isinstance(item, _Row):
                    arrays.append(pa.array([cell for cell in item.cells if isinstance(cell, str)], pa.string()))
                else:
                    arrays.extend(column[1] for column in item.columns if column is not None and column[0] == TEXT)
        coded = pa.concat_arrays([array.cast(pa.string()) for array in arrays]).dictionary_encode()
        self.texts: pa.Array = coded.dictionary
        self.count = len(coded) - coded.null_count
        self._indices = coded.indices.cast(pa.string())
        self._at = 0

    def codes(self, count: int) -> pa.Array:
        """Table indices of the next `count` texts; the second pass asks in the order of the first."""
        self._at += count
        return self._indices.slice(self._at - count, count)

    def code(self) -> str:
        return self.codes(1)[0].as_py()

    def xml(self) -> bytes:
        parts = pc.binary_join_element_wise("<si><t>", _escaped(self.texts), "</t></si>", "")
        head = f'{_DECLARATION}<sst xmlns="{_MAIN}" count="{self.count}" uniqueCount="{len(self.texts)}">'
        return head.encode() + _bytes(parts) + b"</sst>"


def write_workbook(path: Path, sheets: list[Sheet], shared: bool = True) -> None:
    """Write sheets to `path`; `shared` chooses between a shared string table and inline strings."""
    strings = _Strings(sheets) if shared else None
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _add(archive, "[Content_Types].xml", _content_types(len(sheets), shared))
        _add(archive, "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        _add(archive, "xl/workbook.xml", _workbook(sheets))
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        targets.append(("styles", "styles.xml"))
        _add(archive, "xl/_rels/workbook.xml.rels", _relations(targets + ([("sharedStrings", "sharedStrings.xml")] if shared else [])))
        _add(archive, "xl/styles.xml", _STYLES)
        for number, sheet in enumerate(sheets, 1):
            _add(archive, f"xl/worksheets/sheet{number}.xml", _sheet_xml(sheet, strings))
        if strings is not None:
            _add(archive, "xl/sharedStrings.xml", strings.xml())


def _add(archive: zipfile.ZipFile, name: str, content: bytes | str) -> None:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    archive.writestr(info, content, compresslevel=1)


def _sheet_xml(sheet: Sheet, strings: _Strings | None) -> bytes:
    extent = sheet.dimension or f"A1:{letters(sheet.width - 1)}{max(1, sheet.next_row - 1)}"
    parts = [f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><dimension ref="{extent}"/><sheetData>'.encode()]
    for item in sheet.items:
        parts.append(_row_xml(item, strings) if isinstance(item, _Row) else _block_xml(item, strings))
    parts.append(b"</sheetData>")
    if sheet.merges:
        cells = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
        parts.append(f'<mergeCells count="{len(sheet.merges)}">{cells}</mergeCells>'.encode())
    parts.append(b"</worksheet>")
    return b"".join(parts)


def _row_xml(row: _Row, strings: _Strings | None) -> bytes:
    cells = []
    for index, cell in enumerate(row.cells):
        place = f"{letters(index)}{row.number}"
        if isinstance(cell, Number):
            cells.append(f'<c r="{place}"><v>{cell.text}</v></c>')
        elif isinstance(cell, str) and strings is not None:
            cells.append(f'<c r="{place}" t="s"><v>{strings.code()}</v></c>')
        elif isinstance(cell, str):
            cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
    return f'<row r="{row.number}">{"".join(cells)}</row>'.encode()


def _block_xml(block: _Block, strings: _Strings | None) -> bytes:
    count = next(len(column[1]) for column in block.columns if column is not None)
    number = pa.array(np.arange(block.first, block.first + count)).cast(pa.string())
    parts: list[object] = ['<row r="', number, '">']
    for index, column in enumerate(block.columns):
        if column is not None:
            parts.extend(_cell_parts(letters(index), number, column, strings))
    parts.append("</row>")
    return _bytes(pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement=""))


def _cell_parts(letter: str, number: pa.Array, column: Column, strings: _Strings | None) -> list[object]:
    """What to join for one column's cells: plain parts when no cell is missing, else whole cells that may be null."""
    kind, texts = column
    if kind == TEXT:
        opening, closing = ('" t="s"><v>', "</v></c>") if strings else ('" t="inlineStr"><is><t>', "</t></is></c>")
        texts = strings.codes(len(texts)) if strings else _escaped(texts)
    else:
        opening, closing = (f'" s="{_DATE_STYLE}"><v>' if kind == DATE else '"><v>'), "</v></c>"
    parts = [f'<c r="{letter}', number, opening, texts, closing]
    return [pc.binary_join_element_wise(*parts, "")] if texts.null_count else parts


def _escaped(texts: pa.Array) -> pa.Array:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if pc.any(pc.match_substring(texts, sign)).as_py():
            texts = pc.replace_substring(texts, sign, entity)
    return texts


def _bytes(texts: pa.Array) -> bytes:
    """The texts one after another."""
    if isinstance(texts, pa.ChunkedArray):
        return b"".join(_bytes(chunk) for chunk in texts.chunks)
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, texts.offset * 4)
    data = texts.buffers()[2]
    return memoryview(data)[int(offsets[0]) : int(offsets[-1])].tobytes() if data is not None else b""


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _content_types(sheets: int, shared: bool) -> str:
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    kinds += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    kinds += [("/xl/sharedStrings.xml", "sharedStrings")] if shared else []
    overrides = "".join(f'<Override PartName="{name}" ContentType="{spreadsheet}.{kind}+xml"/>' for name, kind in kinds)
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _workbook(sheets: list[Sheet]) -> str:
    entries = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>' for number, sheet in enumerate(sheets, 1)
    )
    return f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>'
