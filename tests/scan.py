"""Looks for given words in every byte under a folder: in raw files of any encoding, and inside Parquet, gzip, zstd, zip, SQLite, DuckDB."""

import gzip
import io
import json
import shutil
import sqlite3
import tempfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_DEEPEST = 4
_CHUNK = 16 << 20


@dataclass(frozen=True, order=True)
class Hit:
    """One word found: the file below the folder, the place in it (`raw`, a column, a table), and the word."""

    path: str
    place: str
    needle: str


def scan(folder: Path, needles: Sequence[str], skip: Callable[[Path], bool] = lambda path: False) -> list[Hit]:
    """Every needle in every file below a folder and in the files' names; `skip` says of a path relative to it that it is not looked at.

    A file that looks like Parquet, gzip, zstd, zip, SQLite or DuckDB is searched as bytes and by its content, whatever its name.
    """
    hits: set[Hit] = set()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if skip(relative):
            continue
        name = str(relative).encode("utf-8", "surrogateescape")
        hits |= {Hit(str(relative), "name", needle) for needle in found(name, needles)}
        if path.is_file() and not path.is_symlink():
            hits |= {Hit(str(relative), place, needle) for place, needle in _in_file(path, needles)}
    return sorted(hits)


def found(data: bytes, needles: Sequence[str]) -> list[str]:
    """Needles that stand in bytes, in any encoding, as JSON escapes or percent-encoded."""
    return [needle for needle in needles if any(form in data for form in _forms(needle))]


def found_in_text(text: str, needles: Sequence[str]) -> list[str]:
    """Needles that stand in a text, as they are or escaped."""
    return found(text.encode("utf-8", "surrogateescape"), needles)


def _forms(needle: str) -> set[bytes]:
    forms = {needle.encode(encoding) for encoding in ENCODINGS}
    escaped = json.dumps(needle)[1:-1]
    return forms | {escaped.encode(), escaped.upper().replace("\\U", "\\u").encode(), urllib.parse.quote(needle).encode()}


def _in_file(path: Path, needles: Sequence[str]) -> Iterator[tuple[str, str]]:
    overlap = max(len(form) for needle in needles for form in _forms(needle))
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            for needle in found(tail + chunk, needles):
                yield "raw", needle
            tail = chunk[-overlap:]
    with path.open("rb") as file:
        head = file.read(16)
    if head[8:12] == b"DUCK":
        yield from _in_duckdb(path, needles)
    elif head.startswith(b"SQLite format 3\0"):
        yield from _in_sqlite(path, needles)
    elif head[:4] in (b"PAR1", b"PK\x03\x04", b"\x28\xb5\x2f\xfd") or head[:2] == b"\x1f\x8b":
        yield from _in_content(path.read_bytes(), needles, "", 0)


def _in_content(data: bytes, needles: Sequence[str], place: str, depth: int) -> Iterator[tuple[str, str]]:
    """What lies inside packed bytes, and inside what lies inside."""
    for inner, content in _unpacked(data):
        where = f"{place}/{inner}" if place else inner
        for needle in found(content, needles):
            yield where, needle
        if depth < _DEEPEST:
            yield from _in_content(content, needles, where, depth + 1)
    if data[:4] == b"PAR1" and data[-4:] == b"PAR1":
        for where, needle in _in_parquet(data, needles):
            yield f"{place}/{where}" if place else where, needle


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        if data[:2] == b"\x1f\x8b":
            yield "gzip", gzip.decompress(data)
        elif data[:4] == b"\x28\xb5\x2f\xfd":
            yield "zstd", pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()
        elif data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for entry in archive.infolist():
                    yield "zip names", entry.filename.encode("utf-8", "replace")
                    yield f"zip:{entry.filename}", archive.read(entry)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, pa.ArrowException):
        return


def _in_parquet(data: bytes, needles: Sequence[str]) -> Iterator[tuple[str, str]]:
    file = pq.ParquetFile(io.BytesIO(data))
    meta = file.metadata
    for needle in found(
        repr(meta.metadata).encode() + b"".join(value for pair in (meta.metadata or {}).items() for value in pair), needles
    ):
        yield "parquet metadata", needle
    for group in range(meta.num_row_groups):
        for number in range(meta.num_columns):
            column = meta.row_group(group).column(number)
            if column.statistics is not None and column.statistics.has_min_max:
                for needle in found_in_text(f"{column.statistics.min!s}\n{column.statistics.max!s}", needles):
                    yield f"statistics of {column.path_in_schema}", needle
        yield from _in_table(file.read_row_group(group), needles, "column ")


def _in_table(table: pa.Table, needles: Sequence[str], place: str) -> Iterator[tuple[str, str]]:
    for name in table.column_names:
        for needle in found_in_text(name, needles):
            yield f"{place}{name} (its name)", needle
        for text in _texts(table[name]):
            for needle in found_in_text(text, needles):
                yield f"{place}{name}", needle


def _texts(column: pa.ChunkedArray) -> Iterator[str]:
    """The distinct values of a column as text, many at a time."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield "\n".join(str(value, "utf-8", "surrogateescape") for value in column.to_pylist() if value is not None)
        return
    if pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        values = pc.unique(column).cast(pa.string()).drop_null()
    else:
        values = pa.array([str(value) for value in column.to_pylist() if value is not None], pa.string())
    for start in range(0, len(values), 100_000):
        yield "\n".join(values.slice(start, 100_000).to_pylist())


def _in_sqlite(path: Path, needles: Sequence[str]) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob(path.name + "*"):
            shutil.copy(part, folder)
        con = sqlite3.connect(Path(folder, path.name))
        con.text_factory = bytes
        try:
            tables = [row[0].decode() for row in con.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                for row in con.execute(f'select * from "{table}"'):
                    for value in row:
                        data = value if isinstance(value, bytes) else str(value).encode()
                        for needle in found(data, needles):
                            yield f"table {table}", needle
                        yield from ((f"table {table}/{where}", needle) for where, needle in _in_content(data, needles, "", 1))
        except sqlite3.DatabaseError:
            return
        finally:
            con.close()


def _in_duckdb(path: Path, needles: Sequence[str]) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob(path.name + "*"):
            shutil.copy(part, folder)
        with duckdb.connect(str(Path(folder, path.name)), read_only=not Path(folder, path.name + ".wal").exists()) as con:
            listed = con.execute("select table_schema, table_name, table_type from information_schema.tables order by all").fetchall()
            for schema, table, kind in listed:
                if kind == "BASE TABLE":
                    content = con.sql(f'select * from "{schema}"."{table}"').to_arrow_table()
                    yield from _in_table(content, needles, f"{schema}.{table} ")
            for (text,) in con.execute("select sql from duckdb_views() where not internal and sql is not null").fetchall():
                for needle in found_in_text(text, needles):
                    yield "view", needle
