"""The dbt project as compiled SQL over an in-memory lake: thousands of small histories in the time of one dbt run.

What is executed is the very SQL that dbt compiles, in dbt's own order; only dbt's process is left out.
"""

import datetime as dt
import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from onecard.store.lake import LAKE_TABLES
from orchestration.dbt import DBT, PROJECT, variables

BUSINESS_DATE = dt.date(2018, 12, 31)
_DATABASE = "scratch"


@cache
def _project(business_date: str) -> tuple[Path, list[tuple[str, str, frozenset[str]]]]:
    """A database file with the seeds in it, and (name, SQL, all models needed) of every model in order of dependence."""
    folder = Path(tempfile.mkdtemp(prefix="onecard-compiled-"))
    database = folder / f"{_DATABASE}.duckdb"
    environment = {"ONECARD_SCRATCH_DB": str(database), "DBT_LOG_PATH": str(folder / "logs"), "PATH": "/usr/bin:/bin"}
    shared = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", folder, "--vars", variables(business_date)]
    for verb in ("seed", "compile"):
        done = subprocess.run([str(DBT), verb, *map(str, shared)], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    nodes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    needed: dict[str, frozenset[str]] = {}
    for key in _in_order(models):
        parents = [parent for parent in models[key]["depends_on"]["nodes"] if parent in models]
        needed[key] = frozenset({models[key]["name"]}).union(*(needed[parent] for parent in parents))
    return database, [(models[key]["name"], models[key]["compiled_code"], needed[key]) for key in needed]


def _in_order(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    parents = {key: [parent for parent in node["depends_on"]["nodes"] if parent in models] for key, node in models.items()}
    return list(TopologicalSorter(parents).static_order())


def build(
    lake: Mapping[str, Iterable[Mapping[str, Any]]], business_date: dt.date = BUSINESS_DATE, only: Iterable[str] | None = None
) -> duckdb.DuckDBPyConnection:
    """All models (or `only` these and what they need) over lake rows given as dicts; columns left out are null."""
    database, models = _project(business_date.isoformat())
    con = duckdb.connect(config={"threads": 1})
    con.execute(f"attach ':memory:' as {_DATABASE}")
    con.execute(f"attach '{database}' as seeds (read_only)")
    con.execute(f"use {_DATABASE}")
    con.execute("set TimeZone = 'UTC'")
    for (seed,) in con.execute("select table_name from duckdb_tables() where database_name = 'seeds'").fetchall():
        con.execute(f"create table {seed} as select * from seeds.main.{seed}")
    con.execute("create schema lake")
    for table, schema in LAKE_TABLES.items():
        default = {"delivery_key": 1} if "delivery_key" in schema.names else {}
        con.register("incoming", pa.Table.from_pylist([default | dict(row) for row in lake.get(table, ())], schema))
        con.execute(f"create table lake.{table} as select * from incoming")
        con.unregister("incoming")
    asked = None if only is None else set(only)
    wanted = {name for model, _, needed in models if asked is None or model in asked for name in needed}
    for name, sql, _ in models:
        if name in wanted:
            con.execute(f"create table {name} as {sql}")
    return con


_COUNTS = ("size_bytes", "rows_total", "rows_header", "rows_landed", "rows_quarantined", "unreadable_fen_rows")
_ZEROS = (*_COUNTS, "landed_fen", "quarantined_fen")


def build_one(con: duckdb.DuckDBPyConnection, model: str, business_date: dt.date = BUSINESS_DATE) -> None:
    """Build one model again over what stands in `con`."""
    for name, sql, _ in _project(business_date.isoformat())[1]:
        if name == model:
            con.execute(f"create table {name} as {sql}")


def delivery(key: int = 1, source: str = "bank_batches", **more: Any) -> dict[str, Any]:
    """A row of `deliveries` in force, whose ledger is empty."""
    moment = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    facts = {"delivery_key": key, "source": source, "scope": f"{source}|{key}", "file_name": f"{key}.xlsx", "received_at": moment}
    return {**dict.fromkeys(_ZEROS, 0), **facts, **more}
