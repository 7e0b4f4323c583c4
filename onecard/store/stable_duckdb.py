"""Writes DuckDB files whose bytes depend on their content alone, so that the same release twice is the same file."""

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from onecard.words.errors import InternalFault
from onecard.words.language import Text

# One thread, and a limit that is part of the format: with more threads, or another limit, DuckDB lays the same rows out differently
# (measured with 2.0.1). What it cannot hold it spills.
_LAYOUT: dict[str, Any] = {"threads": 1, "memory_limit": "768MB"}
OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}

# The main header: checksum of the rest (8 bytes), "DUCK", versions, and a random identifier of the database: the only bytes that
# differ between two files of the same content.
_HEADER_BYTES = 4096
_MAGIC = slice(8, 12)
_IDENTIFIER = slice(124, 140)
_SEED = 5381
_FACTOR = 0xBF58476D1CE4E5B9
_MASK = (1 << 64) - 1


def write_stable(path: Path, spill: Path, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Create the DuckDB file `path` with what `fill` puts into it; `spill` is a folder for what does not fit into memory.

    Same statements over same content in a file of the same name give the same bytes. Raises InternalFault when DuckDB's file format
    is not the one known here.
    """
    with duckdb.connect(str(path), config={**_LAYOUT, **OFFLINE, "temp_directory": str(spill)}) as con:
        fill(con)
        con.execute("checkpoint")
    _settle_identifier(path)


def _settle_identifier(path: Path) -> None:
    """Replace the random identifier by one made from the file's content."""
    with path.open("r+b") as file:
        header = bytearray(file.read(_HEADER_BYTES))
        if not _as_known(header):
            raise InternalFault(
                code="OC-REL-010",
                what=Text("DuckDB 文件格式与预期不符", "DuckDB's file format is not the expected one"),
                where=path.name,
                why=f"duckdb {duckdb.__version__}",
                remedy=Text("用 make setup 安装 uv.lock 锁定的 duckdb", "install the duckdb of uv.lock: make setup"),
            )
        header[_IDENTIFIER] = bytes(16)
        header[:8] = bytes(8)
        digest = hashlib.sha256(header)
        while block := file.read(1 << 20):
            digest.update(block)
        header[_IDENTIFIER] = digest.digest()[:16]
        header[:8] = _checksum(header[8:])
        file.seek(0)
        file.write(header)


def _as_known(header: bytearray) -> bool:
    return (
        len(header) == _HEADER_BYTES
        and header[_MAGIC] == b"DUCK"
        and any(header[_IDENTIFIER])
        and bytes(header[:8]) == _checksum(header[8:])
    )


def _checksum(data: bytes | bytearray) -> bytes:
    """DuckDB's checksum of a block: its 64-bit words, each times a constant, combined by exclusive or."""
    result = _SEED
    for (word,) in struct.iter_unpack("<Q", data):
        result ^= word * _FACTOR & _MASK
    return struct.pack("<Q", result)
