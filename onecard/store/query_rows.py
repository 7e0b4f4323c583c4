"""Rows of a DuckDB query as dictionaries, for what reads a few of them."""

from collections.abc import Mapping
from typing import Any

import duckdb


def records(con: duckdb.DuckDBPyConnection, query: str, facts: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of `query`, whose parameters are `facts`, in its order. Raises duckdb.Error."""
    found = con.execute(query, dict(facts or {}))
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]
