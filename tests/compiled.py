"""The dbt project as compiled SQL over an in-memory lake: thousands of small histories in the time of one dbt run.

What is executed is the very SQL that dbt compiles, in dbt's own order; only dbt's process is left out.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
from filelock import FileLock

from onecard.store.lake import MODELLED_TABLES, attach
from onecard.store.workspace import Workspace
from orchestration.dbt import PROJECT, manifest, variables

BUSINESS_DATE = dt.date(2018, 12, 31)
_DATABASE = "scratch"
# Compiled in place of the business date, which models hold only as a literal: one compilation serves every date.
_SOME_DATE = "2222-02-22"
_COMPILE = """
import sys
from orchestration.dbt_process import main
kept, folder, project, variables = sys.argv[1:]
shared = ["--project-dir", project, "--profiles-dir", project, "--target-path", folder, "--vars", variables]
sys.exit(any(main(kept, verb, *shared) for verb in ("seed", "compile")))
"""


class _Model(NamedTuple):
    name: str
    sql: str
    needed: frozenset[str]  # names of all models it stands on, and its own


class _Project(NamedTuple):
    seeds: Path  # a database file
    models: list[_Model]  # in order of dependence
    tests: list[tuple[str, str]]  # (name, SQL of the rows that fail) of every data test

    def on(self, business_date: dt.date) -> "_Project":
        day = business_date.isoformat()
        models = [model._replace(sql=model.sql.replace(_SOME_DATE, day)) for model in self.models]
        return self._replace(models=models, tests=[(name, sql.replace(_SOME_DATE, day)) for name, sql in self.tests])


@cache
def _project() -> _Project:
    """The project as dbt compiles it, once per state of its files, beside the manifest."""
    stack = "-".join(version(package) for package in ("dbt-core", "dbt-duckdb", "duckdb"))
    folder = manifest().parent / f"compiled-{manifest().stem}-{stack}"
    with FileLock(folder.parent / "compiled.lock"):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
                _compile(Path(scratch))
                Path(scratch).rename(folder)
                Path(scratch).mkdir()
            for old in folder.parent.glob("compiled-*/"):
                if old != folder:
                    shutil.rmtree(old, ignore_errors=True)
    nodes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    needed: dict[str, frozenset[str]] = {}
    for key in _in_order(models):
        parents = [parent for parent in models[key]["depends_on"]["nodes"] if parent in models]
        needed[key] = frozenset({models[key]["name"]}).union(*(needed[parent] for parent in parents))
    return _Project(
        folder / f"{_DATABASE}.duckdb",
        [_Model(models[key]["name"], models[key]["compiled_code"], needed[key]) for key in needed],
        [(node["name"], node["compiled_code"]) for node in nodes.values() if node["resource_type"] == "test"],
    )


def _compile(folder: Path) -> None:
    environment = {"ONECARD_SCRATCH_DB": str(folder / f"{_DATABASE}.duckdb"), "DBT_LOG_PATH": str(folder / "logs"), "PATH": os.defpath}
    command = [sys.executable, "-c", _COMPILE, str(manifest().with_suffix(".msgpack")), str(folder), str(PROJECT), variables(_SOME_DATE)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _in_order(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    parents = {key: [parent for parent in node["depends_on"]["nodes"] if parent in models] for key, node in models.items()}
    return list(TopologicalSorter(parents).static_order())


def _take_seeds(con: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    con.execute(f"attach '{seeds}' as seeds (read_only)")
    for (seed,) in con.execute("select table_name from duckdb_tables() where database_name = 'seeds'").fetchall():
        con.execute(f"create table {seed} as select * from seeds.main.{seed}")


def build_city(folder: Path, ws: Workspace, business_date: dt.date) -> duckdb.DuckDBPyConnection:
    """All models over the lake of a workspace, in a database in `folder` that is left open; every data test of the project passes."""
    project = _project().on(business_date)
    con = duckdb.connect(str(folder / f"{_DATABASE}.duckdb"), config={"threads": 2, "memory_limit": "3GB"})
    con.execute("set TimeZone = 'UTC'")
    _take_seeds(con, project.seeds)
    attach(con, ws)
    for model in project.models:
        con.execute(f"create table {model.name} as {model.sql}")
    failed = [name for name, sql in project.tests if con.execute(f"select count(*) from ({sql})").fetchall() != [(0,)]]
    assert project.tests and failed == []
    return con


def build(
    lake: Mapping[str, Iterable[Mapping[str, Any]]], business_date: dt.date = BUSINESS_DATE, only: Iterable[str] | None = None
) -> duckdb.DuckDBPyConnection:
    """All models (or `only` these and what they need) over lake rows given as dicts; columns left out are null."""
    project = _project().on(business_date)
    con = duckdb.connect(config={"threads": 1})
    con.execute(f"attach ':memory:' as {_DATABASE}")
    con.execute(f"use {_DATABASE}")
    con.execute("set TimeZone = 'UTC'")
    _take_seeds(con, project.seeds)
    con.execute("create schema lake")
    for table, schema in MODELLED_TABLES.items():
        default = {"delivery_key": 1} if "delivery_key" in schema.names else {}
        con.register("incoming", pa.Table.from_pylist([default | dict(row) for row in lake.get(table, ())], schema))
        con.execute(f"create table lake.{table} as select * from incoming")
        con.unregister("incoming")
    asked = None if only is None else set(only)
    wanted = {name for model in project.models if asked is None or model.name in asked for name in model.needed}
    for model in project.models:
        if model.name in wanted:
            con.execute(f"create table {model.name} as {model.sql}")
    return con


_COUNTS = ("size_bytes", "rows_total", "rows_header", "rows_landed", "rows_quarantined", "unreadable_fen_rows")
_ZEROS = (*_COUNTS, "landed_fen", "quarantined_fen")


def build_one(con: duckdb.DuckDBPyConnection, model: str, business_date: dt.date = BUSINESS_DATE) -> None:
    """Build one model again over what stands in `con`."""
    for built in _project().on(business_date).models:
        if built.name == model:
            con.execute(f"create table {model} as {built.sql}")


def delivery(key: int = 1, source: str = "bank_batches", **more: Any) -> dict[str, Any]:
    """A row of `deliveries` in force, whose ledger is empty."""
    moment = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    facts = {"delivery_key": key, "source": source, "scope": f"{source}|{key}", "file_name": f"{key}.xlsx", "received_at": moment}
    return {**dict.fromkeys(_ZEROS, 0), **facts, **more}
