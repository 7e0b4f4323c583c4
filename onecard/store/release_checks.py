"""Checks a release against its manifest: files, hashes, schemas, rows, sums of fen, and the joints of the money."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from onecard.store.files import sha256_file
from onecard.store.release_identity import make_release_id
from onecard.store.stable_duckdb import OFFLINE
from onecard.words.language import Text, Words

DATABASE = "onecard.duckdb"
MANIFEST = "manifest.json"
REFUSED = "refused-"
TEMPORARY = ".tmp-"

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a release folder. Raises OSError or ValueError when there is none that can be read."""
    content: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return content


def verify_release(path: Path) -> list[Words]:
    """Everything in which a release differs from its manifest, and every joint that does not close; empty when it is sound.

    Checks the set of files, each hash and size, the id against what it was made of, and schema, rows and sums of fen of every table in
    its Parquet file and in the database.
    """
    path = path.resolve()
    try:
        manifest = read_manifest(path)
        files, tables = manifest["files"], manifest["tables"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [unreadable(MANIFEST, error)]
    problems = _id_problems(path, manifest) + _file_problems(path, files)
    if not problems:
        # Only bytes that are the manifest's are worth opening.
        problems = list(_table_problems(path, tables, bool(manifest["verdict"]["publishable"])))
    return problems


def unreadable(file: str, error: Exception) -> Text:
    """A file of a release that cannot be read; of the error only its kind."""
    return Text(f"{file}：无法读取（{type(error).__name__}）", f"{file}: unreadable ({type(error).__name__})")


def _id_problems(path: Path, manifest: Mapping[str, Any]) -> list[Words]:
    try:
        day = dt.date.fromisoformat(manifest["business_date"])
        made = make_release_id(day, inputs=manifest["inputs"], code_version=manifest["code_version"], settings=manifest.get("settings"))
    except (KeyError, ValueError, TypeError) as error:
        kind = type(error).__name__
        return [Text(f"{MANIFEST}：内容缺失或格式不对（{kind}）", f"{MANIFEST}: content missing or malformed ({kind})")]
    name, release_id = path.name.removeprefix(TEMPORARY), manifest["release_id"]
    problems: list[Words] = []
    if release_id != made:
        problems.append(
            Text(f"{MANIFEST}：编号 {release_id} 与输入不符", f"{MANIFEST}: the id {release_id} does not follow from the inputs")
        )
    if name != (release_id if manifest["verdict"]["publishable"] else REFUSED + release_id):
        problems.append(Text(f"{MANIFEST}：编号 {release_id} 与目录名不符", f"{MANIFEST}: the id {release_id} is not the folder's name"))
    return problems


def _file_problems(path: Path, files: Mapping[str, Mapping[str, Any]]) -> list[Words]:
    present = {item.relative_to(path).as_posix() for item in path.rglob("*") if not item.is_dir()} - {MANIFEST}
    problems: list[Words] = [Text(f"{name}：缺失", f"{name}: missing") for name in sorted(files.keys() - present)]
    problems += [Text(f"{name}：不在清单中", f"{name}: not in the manifest") for name in sorted(present - files.keys())]
    for name in sorted(files.keys() & present):
        if (path / name).stat().st_size != files[name]["bytes"]:
            problems.append(Text(f"{name}：大小不符", f"{name}: size differs"))
        elif sha256_file(path / name) != files[name]["sha256"]:
            problems.append(Text(f"{name}：哈希不符", f"{name}: hash differs"))
    return problems


def _table_problems(path: Path, tables: Mapping[str, Mapping[str, Any]], publishable: bool) -> Iterator[Words]:
    try:
        with duckdb.connect(str(path / DATABASE), read_only=True, config=OFFLINE) as con:
            for table, stated in tables.items():
                file = f"read_parquet('{quoted(path / stated['file'])}')"
                for place, relation in ((stated["file"], file), (f"{DATABASE}:{table}", table)):
                    yield from _differences(con, place, relation, stated)
            if publishable and "mart_conservation" in tables:
                open_joints = con.execute("select joint, scope from mart_conservation where difference_fen is distinct from 0").fetchall()
                for joint, scope in open_joints:
                    place = f"mart_conservation: {joint} {scope}"
                    yield Text(f"{place} 勾稽不平", f"{place} does not close")
    except (duckdb.Error, KeyError) as error:
        yield unreadable(DATABASE, error)


def _differences(con: duckdb.DuckDBPyConnection, place: str, relation: str, stated: Mapping[str, Any]) -> Iterator[Words]:
    columns = columns_of(con, relation)
    if columns != stated["columns"]:
        yield Text(f"{place}：表结构不符", f"{place}: schema differs")
        return
    figures = figures_of(con, relation, columns)
    if figures["rows"] != stated["rows"]:
        found, expected = figures["rows"], stated["rows"]
        yield Text(f"{place}：行数 {found}，清单为 {expected}", f"{place}: {found} rows, the manifest states {expected}")
    for column, fen in figures["fen"].items():
        if fen != stated["fen"].get(column):
            yield Text(f"{place}：{column} 合计不符", f"{place}: the sum of {column} differs")


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, str]]:
    """Names and DuckDB types of a relation's columns, in order."""
    return [{"name": row[0], "type": row[1]} for row in con.execute(f"describe select * from {relation}").fetchall()]


def figures_of(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Rows of a relation and the sum of every column in fen."""
    names = [column["name"] for column in columns if column["name"].endswith("_fen")]
    sums = "".join(f', coalesce(sum("{name}"), 0)::hugeint' for name in names)
    row = con.execute(f"select count(*){sums} from {relation}").fetchall()[0]
    return {"rows": int(row[0]), "fen": {name: int(value) for name, value in zip(names, row[1:], strict=True)}}


def checked_name(name: str) -> str:
    """`name` if it can stand in SQL as it is. Raises ValueError otherwise."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name of a mart or column: {name!r}")
    return name


def quoted(path: Path) -> str:
    """A path as the inside of an SQL string."""
    return str(path).replace("'", "''")
