"""The scanner for clear values finds a canary wherever one can hide; a scanner that finds nothing proves nothing."""

import gzip
import json
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scan import ENCODINGS, scan

NAME, NUMBER = "欧阳金丝雀", "62110219700101001X"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_raw_bytes_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\x00\xff" + f"a{NAME}b".encode(encoding))
    assert [(hit.path, hit.place, hit.needle) for hit in scan(tmp_path, [NAME, NUMBER])] == [("log", "raw", NAME)]


def test_json_escapes_and_names_of_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"x": NAME}))
    (tmp_path / NUMBER).mkdir()
    (tmp_path / NUMBER / "empty").touch()
    assert {(hit.place, hit.needle) for hit in scan(tmp_path, [NAME, NUMBER])} == {("raw", NAME), ("name", NUMBER)}
    assert scan(tmp_path, [NAME, NUMBER], skip=lambda path: path.name == "a.json" or path.parts[0] == NUMBER) == []


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip"])
def test_parquet_pages_and_statistics(compression: str, tmp_path: Path) -> None:
    rows = {"t": pa.array([f"备注{NAME}备注", *map(str, range(5000))]), "n": pa.array([6230650000000000001, *range(5000)])}
    pq.write_table(pa.table(rows), tmp_path / "x.bin", compression=compression, write_statistics=False)
    hits = scan(tmp_path, [NAME, "6230650000000000001"])
    assert {(hit.place, hit.needle) for hit in hits if hit.place != "raw"} == {("column t", NAME), ("column n", "6230650000000000001")}
    pq.write_table(pa.table(rows), tmp_path / "x.bin", compression=compression)
    assert "statistics of n" in {hit.place for hit in scan(tmp_path, ["6230650000000000001"])}


def test_packed_in_packed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.gz", gzip.compress(NAME.encode("gb18030") * 50))
    with pa.CompressedOutputStream(str(tmp_path / "b.zst"), "zstd") as stream:
        stream.write(NAME.encode() * 50)
    assert {(hit.path, hit.place) for hit in scan(tmp_path, [NAME])} >= {("a.xlsx", "zip:inner.gz/gzip"), ("b.zst", "zstd")}


def test_sqlite_and_duckdb(tmp_path: Path) -> None:
    con = sqlite3.connect(tmp_path / "runs.db")
    con.execute("create table logs (body blob)")
    con.execute("insert into logs values (?)", (gzip.compress(NAME.encode()),))
    con.commit()
    con.close()
    with duckdb.connect(str(tmp_path / "x.duckdb")) as duck:
        duck.execute("create schema s")
        duck.execute("create table s.t as select ? || i::varchar as v from range(5000) r(i)", [NAME])
    places = {(hit.path, hit.place) for hit in scan(tmp_path, [NAME])}
    assert {("runs.db", "table logs/gzip"), ("x.duckdb", "s.t v")} <= places
