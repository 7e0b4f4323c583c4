"""Rows and fen of a relation, the two figures every asset shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb


def relation_figures(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, int]:
    """`{"rows": n, "<column>_fen": sum, …}` of a table or view; sums in fen, over every `*_fen` column."""
    columns = [row[0] for row in con.execute(f"describe {relation}").fetchall() if str(row[0]).endswith("_fen")]
    sums = "".join(f", coalesce(sum({column}), 0)::hugeint" for column in columns)
    values = con.execute(f"select count(*){sums} from {relation}").fetchall()[0]
    return {"rows": int(values[0])} | {name: int(value) for name, value in zip(columns, values[1:], strict=True)}


def metadata(figures: Mapping[str, int]) -> dict[str, Any]:
    """The figures under Dagster's names: row count where its graph looks for it, sums in fen."""
    return {"dagster/row_count": figures["rows"]} | {name: value for name, value in figures.items() if name != "rows"}


def scratch_figures(scratch_db: Path) -> dict[str, dict[str, int]]:
    """Figures of every table that dbt built in the scratch database, by name."""
    with duckdb.connect(str(scratch_db), read_only=True) as con:
        names = con.execute("select table_name from duckdb_tables() where schema_name = 'main' order by table_name").fetchall()
        return {name: relation_figures(con, name) for (name,) in names}
