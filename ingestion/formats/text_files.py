"""Text files of bank cores and exports: strict lines over bytes in numpy, columns by pyarrow; no Python object per row."""

import csv
import io
import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from ingestion.formats.furniture import text_of_line, without_furniture
from ingestion.formats.headers import HEADER_SEARCH_ROWS, find_header
from ingestion.formats.text_decoding import LF, NUL, QUOTE, Lines, count_lines, decodes, encoding_of, utf8_lines
from ingestion.refusal import FileRefused
from ingestion.sheet_rows import LONGEST_RAW, Broken, SheetRows, trimmed
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.sources import Contract, Layout, Record

# Of tables saved as text; Excel's "Unicode text" has tabs.
_SEPARATORS = "\t;|"
# Line breaks that one row may hold within quotes.
_MOST_BREAKS = 20
_BLANK = b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"


def read_text(data: bytes, contract: Contract) -> tuple[SheetRows, Layout, str]:
    """The whole text as one sheet, its layout and encoding. Raises FileRefused when layout, header or control records are wrong."""
    if not (data[:4096].strip(_BLANK) or data.strip(_BLANK)):
        raise FileRefused(Reason.EMPTY_FILE)
    encoding = encoding_of(data)
    head = data[:4096].decode(encoding, "replace").lstrip("\ufeff\r\n \t")
    layout = next((layout for layout in contract.layouts if layout.sniff and re.match(layout.sniff, head)), None)
    if layout is None:
        layout = next((layout for layout in contract.layouts if layout.format == "csv"), None)
    if layout is None:
        raise FileRefused(Reason.HEADER_NOT_FOUND)
    if layout.format == "fixed" and not encoding.startswith("utf-16"):
        raw = data[3:] if encoding == "utf-8-sig" else data
        lines = Lines(raw)
        sheet = _read_fixed(lines, contract, layout, "utf-8" if encoding.startswith("utf-8") else "gb18030")
    else:
        lines = utf8_lines(data, encoding)
        sheet = _read_delimited(lines, contract, layout) if layout.format == "delimited" else _read_csv(lines, contract, layout)
    rows = len(sheet.row_no) + sheet.header_rows + sum(len(item.row_no) for item in sheet.broken)
    counted = count_lines(data, encoding)
    if rows != counted:
        raise FileRefused(Reason.ROW_COUNT_MISMATCH, f"{rows} ≠ {counted}")
    return sheet, layout, encoding


def _set_aside(sheet_broken: list[Broken], lines: Lines, indexes: np.ndarray, reason: Reason, codec: str = "utf-8") -> None:
    if len(indexes):
        ends = np.minimum(lines.end, lines.start + 4 * LONGEST_RAW)
        raw = [lines.data[lines.start[i] : ends[i]].tobytes().decode(codec, "replace")[:LONGEST_RAW] for i in indexes]
        sheet_broken.append(Broken((indexes + 1).astype(np.int32), reason, raw))


def _structure(lines: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(blank, NUL inside, undecodable) per line."""
    blank = lines.end == lines.start
    # Only a line that begins with a space or tab can be blank; fixed-width records are full of spaces.
    first = _first_byte(lines)
    for index in np.flatnonzero((first == 32) | (first == 9)).tolist():
        blank[index] = not lines.data[lines.start[index] : lines.end[index]].tobytes().strip(b" \t")
    nul = lines.counts(NUL) > 0
    undecodable = np.zeros(len(lines.start), bool)
    undecodable[lines.undecodable] = True
    return blank, nul, undecodable


def _first_byte(lines: Lines) -> np.ndarray:
    if not len(lines.data):
        return np.zeros(len(lines.start), np.uint8)
    return np.where(lines.end > lines.start, lines.data[np.minimum(lines.start, len(lines.data) - 1)], 0)


def _last_byte(lines: Lines) -> np.ndarray:
    if not len(lines.data):
        return np.zeros(len(lines.start), np.uint8)
    return np.where(lines.end > lines.start, lines.data[np.maximum(lines.end - 1, 0)], 0)


def _parse_columns(data: np.ndarray, names: list[str], delimiter: str, expected: int) -> dict[str, pa.Array]:
    if expected == 0:
        return {name: pa.array([], pa.string()) for name in names}
    table = pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(data)),
        read_options=pacsv.ReadOptions(column_names=names, block_size=max(len(data) + 1, 1 << 16), use_threads=False),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, quote_char=False, escape_char=False, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[], check_utf8=True
        ),
    ).combine_chunks()
    if table.num_rows != expected:
        raise FileRefused(Reason.ROW_COUNT_MISMATCH, f"{table.num_rows} ≠ {expected}")
    return {name: trimmed(table[name].combine_chunks()) for name in names}


def _control(fields: list[str], record: Record, part: str) -> dict[str, str]:
    return {f"{part}_{place.name}": value.strip() for place, value in zip(record.fields, fields, strict=True)}


def _read_delimited(lines: Lines, contract: Contract, layout: Layout) -> SheetRows:
    assert layout.header and layout.line and layout.trailer
    blank, nul, undecodable = _structure(lines)
    delimiters = lines.counts(ord(layout.delimiter))
    first = _first_byte(lines)
    broken: list[Broken] = []
    usable = ~(blank | nul | undecodable)
    kinds = {}
    for part, record in (("header", layout.header), ("line", layout.line), ("trailer", layout.trailer)):
        kinds[part] = usable & (first == ord(record.type))
        short = kinds[part] & (delimiters != len(record.fields) - 1)
        _set_aside(broken, lines, np.flatnonzero(short), Reason.WRONG_FIELD_COUNT)
        kinds[part] &= ~short
    known = np.logical_or.reduce([first == ord(record.type) for record in (layout.header, layout.line, layout.trailer)])
    _set_aside(broken, lines, np.flatnonzero(undecodable), Reason.UNDECODABLE)
    _set_aside(broken, lines, np.flatnonzero(nul & ~undecodable), Reason.NUL_BYTE)
    _set_aside(broken, lines, np.flatnonzero(usable & ~known), Reason.UNKNOWN_RECORD)
    controls: dict[str, str] = {}
    for part, record in (("header", layout.header), ("trailer", layout.trailer)):
        for index in np.flatnonzero(kinds[part]).tolist():
            controls |= _control(lines.text(index).split(layout.delimiter), record, part)
    good = kinds["line"]
    names = [place.name for place in layout.line.fields]
    columns = _parse_columns(lines.joined(good), names, layout.delimiter, int(good.sum()))
    header_rows = int((blank & ~nul).sum() + kinds["header"].sum() + kinds["trailer"].sum())
    return _text_sheet(contract, layout, np.flatnonzero(good), columns, header_rows, broken, controls)


def _read_fixed(lines: Lines, contract: Contract, layout: Layout, codec: str) -> SheetRows:
    assert layout.header and layout.line and layout.trailer
    blank, nul, _ = _structure(lines)
    length = lines.end - lines.start
    first = _first_byte(lines)
    broken: list[Broken] = []
    usable = ~(blank | nul)
    kinds = {}
    for part, record in (("header", layout.header), ("line", layout.line), ("trailer", layout.trailer)):
        kinds[part] = usable & (first == ord(record.type))
        wrong = kinds[part] & (length != sum(place.width for place in record.fields))
        _set_aside(broken, lines, np.flatnonzero(wrong), Reason.WRONG_LENGTH, codec)
        kinds[part] &= ~wrong
    known = np.logical_or.reduce([first == ord(record.type) for record in (layout.header, layout.line, layout.trailer)])
    _set_aside(broken, lines, np.flatnonzero(nul), Reason.NUL_BYTE, codec)
    _set_aside(broken, lines, np.flatnonzero(usable & ~known), Reason.UNKNOWN_RECORD, codec)
    controls: dict[str, str] = {}
    for part, record in (("header", layout.header), ("trailer", layout.trailer)):
        for index in np.flatnonzero(kinds[part]).tolist():
            raw = lines.data[lines.start[index] : lines.end[index]].tobytes()
            cuts = np.cumsum([0, *(place.width for place in record.fields)])
            fields = [raw[a:b].decode(codec, "replace") for a, b in pairwise(cuts)]
            controls |= _control(fields, record, part)
    width = sum(place.width for place in layout.line.fields)
    good = kinds["line"].copy()
    texts, readable = _fixed_fields(lines.matrix(good, width), layout.line, codec)
    indexes = np.flatnonzero(good)
    if not readable.all():
        _set_aside(broken, lines, indexes[~readable], Reason.UNDECODABLE, codec)
        indexes = indexes[readable]
        texts = {name: column.filter(pa.array(readable)) for name, column in texts.items()}
    header_rows = int(blank.sum() + kinds["header"].sum() + kinds["trailer"].sum())
    columns = {name: trimmed(column) for name, column in texts.items()}
    return _text_sheet(contract, layout, indexes, columns, header_rows, broken, controls)


def _fixed_fields(matrix: np.ndarray, record: Record, codec: str) -> tuple[dict[str, pa.Array], np.ndarray]:
    """Text column of each field and the mask of rows all of whose fields are text."""
    readable = np.ones(len(matrix), bool)
    fields, at = {}, 0
    for place in record.fields:
        part = _without_padding(matrix[:, at : at + place.width])
        at += place.width
        if (part < 128).all():
            offsets = np.arange(len(part) + 1, dtype=np.int32) * part.shape[1]
            fields[place.name] = pa.StringArray.from_buffers(len(part), pa.py_buffer(offsets), pa.py_buffer(part.reshape(-1)))
        else:
            fields[place.name], fits = _decoded(part, codec)
            readable &= fits
    return fields, readable


def _without_padding(part: np.ndarray) -> np.ndarray:
    """The field without the columns of bytes at its right that are spaces in every row."""
    used = np.flatnonzero((part != 32).any(axis=0))
    return np.ascontiguousarray(part[:, : used[-1] + 1 if len(used) else 0])


def _decoded(part: np.ndarray, codec: str) -> tuple[pa.Array, np.ndarray]:
    """Rows of fixed width decoded in one go; row by row only when some are no text."""
    joined = np.concatenate([part, np.full((len(part), 1), LF, np.uint8)], axis=1).tobytes()
    try:
        text = np.frombuffer(joined.decode(codec).encode("utf-8"), np.uint8)
    except UnicodeDecodeError:
        rows = [part[index].tobytes() for index in range(len(part))]
        fits = np.array([decodes(row, codec) for row in rows])
        return pa.array([row.decode(codec, "replace") for row in rows], pa.string()), fits
    ends = np.flatnonzero(text == LF)
    offsets = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int32)
    values = np.ascontiguousarray(text[text != LF])
    return pa.StringArray.from_buffers(len(part), pa.py_buffer(offsets), pa.py_buffer(values)), np.ones(len(part), bool)


def _text_sheet(
    contract: Contract,
    layout: Layout,
    indexes: np.ndarray,
    columns: dict[str, pa.Array],
    header_rows: int,
    broken: list[Broken],
    controls: dict[str, str],
) -> SheetRows:
    wanted = {column.name for column in contract.columns}
    empty = pa.nulls(len(indexes), pa.string())
    kept = {column.name: columns.get(column.name, empty) for column in contract.columns if column.name in wanted}
    units = {column.name: layout.unit for column in contract.columns if column.kind == "amount"}
    return SheetRows(1, "", (indexes + 1).astype(np.int32), kept, header_rows, units, broken, controls=[controls])


def _head(lines: Lines, delimiter: str) -> list[list[object]]:
    """The fields of the first lines."""
    head: list[list[object]] = []
    for line in range(min(HEADER_SEARCH_ROWS + 1, len(lines.start))):
        try:
            head.append(list(next(csv.reader(io.StringIO(lines.text(line).replace("\x00", "")), delimiter=delimiter), [])))
        except csv.Error:
            head.append([])
    return head


def _read_csv(lines: Lines, contract: Contract, layout: Layout) -> SheetRows:
    blank, nul, undecodable = _structure(lines)
    # The layout's own separator, else the first under which a header is found.
    for delimiter in dict.fromkeys((layout.delimiter, *_SEPARATORS)):
        head = _head(lines, delimiter)
        if (header := find_header(head, contract, layout.unit or None)) is not None:
            break
    else:
        raise FileRefused(Reason.HEADER_NOT_FOUND)
    layout = layout.model_copy(update={"delimiter": delimiter})
    width = len(head[header.last])
    broken: list[Broken] = []
    body = np.arange(len(lines.start)) > header.last
    quotes = lines.counts(QUOTE)
    quoted = quotes > 0
    upto, continued = _broken_within(lines, np.flatnonzero(body & ~nul & ~undecodable & (quotes % 2 == 1)), width, layout)
    body &= ~continued
    separators = lines.counts(ord(layout.delimiter))
    right = separators == width - 1
    usable = body & ~(blank | nul | undecodable)
    # Empty fields behind the last, of columns that the table once had.
    trailing = usable & ~quoted & (separators >= width) & (_last_byte(lines) == ord(layout.delimiter))
    _set_aside(broken, lines, np.flatnonzero(body & undecodable), Reason.UNDECODABLE)
    _set_aside(broken, lines, np.flatnonzero(body & nul & ~undecodable), Reason.NUL_BYTE)
    uneven = np.flatnonzero(usable & ~quoted & ~right & ~trailing)
    short_lines = [text_of_line(index + 1, lines.text(index).split(layout.delimiter)) for index in uneven.tolist()]
    footers = np.array([line is not None for line in short_lines], bool)
    _set_aside(broken, lines, uneven[~footers], Reason.WRONG_FIELD_COUNT)
    good = usable & ~quoted & right
    names = [f"c{index}" for index in range(width)]
    columns = _parse_columns(lines.joined(good), names, layout.delimiter, int(good.sum()))
    indexes = np.flatnonzero(good)
    extra_indexes, extra_rows = _rows_one_by_one(lines, np.flatnonzero(usable & quoted | trailing), upto, width, layout, broken)
    if extra_rows:
        indexes = np.concatenate([indexes, extra_indexes])
        columns = {
            name: pa.concat_arrays([column, trimmed(pa.array([row[place] for row in extra_rows], pa.string()))])
            for place, (name, column) in enumerate(columns.items())
        }
    empty = pa.nulls(len(indexes), pa.string())
    by_contract = {
        column.name: columns[f"c{header.places[column.name]}"] if column.name in header.places else empty for column in contract.columns
    }
    header_rows = header.last + 1 + int((body & blank & ~nul).sum() + footers.sum() + continued.sum())
    sheet = SheetRows(
        1, "", (indexes + 1).astype(np.int32), by_contract, header_rows, header.units, broken, title=header.title, above=header.above
    )
    sheet.stated = [line for line in short_lines if line is not None]

    def cells(chosen: np.ndarray) -> list[list[str]]:
        taken = pa.array(chosen)
        return [list(row) for row in zip(*(pc.fill_null(column.take(taken), "").to_pylist() for column in columns.values()), strict=True)]

    return without_furniture(sheet, contract, header.places, cells)


def _broken_within(lines: Lines, odd: np.ndarray, width: int, layout: Layout) -> tuple[dict[int, int], np.ndarray]:
    """Rows whose quoted cell has line breaks: last line by first line, and the lines that continue them. `odd`: lines with an open quote.

    Only where all together are one row of the table and none that continues it looks like a row: an open quote takes none that follow.
    """
    upto, continued, at = {}, np.zeros(len(lines.start), bool), 0
    is_row = lines.counts(ord(layout.delimiter)) >= width - 1
    while at + 1 < len(odd):
        first, last = int(odd[at]), int(odd[at + 1])
        is_near = last - first <= _MOST_BREAKS and not is_row[first + 1 : last + 1].any()
        if is_near and len(_fields(lines, first, last, layout) or ()) == width:
            upto[first] = last
            continued[first + 1 : last + 1] = True
            at += 1
        at += 1
    return upto, continued


def _fields(lines: Lines, first: int, last: int, layout: Layout) -> list[str] | None:
    """Cells of the row in these lines, in strict mode; None when they are not one row."""
    text = "\n".join(lines.text(index) for index in range(first, last + 1))
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return None
    return read[0] if len(read) == 1 else None


def _rows_one_by_one(
    lines: Lines, indexes: np.ndarray, upto: dict[int, int], width: int, layout: Layout, broken: list[Broken]
) -> tuple[np.ndarray, list[list[str]]]:
    """Rows with quotes or empty fields behind the last, by the csv module: a quote left open ends with its line."""
    kept, rows, unbalanced, uneven = [], [], [], []
    for index in indexes.tolist():
        fields = _fields(lines, index, upto.get(index, index), layout)
        if fields is None:
            unbalanced.append(index)
            continue
        if len(fields) < width or any(field.strip() for field in fields[width:]):
            uneven.append(index)
            continue
        kept.append(index)
        rows.append(fields[:width])
    _set_aside(broken, lines, np.array(unbalanced, np.int64), Reason.BAD_QUOTES)
    _set_aside(broken, lines, np.array(uneven, np.int64), Reason.WRONG_FIELD_COUNT)
    return np.array(kept, np.int64), rows
