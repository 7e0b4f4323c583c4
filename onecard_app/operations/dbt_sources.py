"""What dbt must know of sources, made from their contracts: `_sources.yml` with the tables of the lake and the staging models of sources.

dbt reads files only, so this one is written by `make docs` and checked in; a test holds it to the contracts.
"""

from typing import Any

import yaml

from onecard.catalogue.lake_tables import LakeTable, lake_tables, modelled_tables
from onecard.catalogue.sources import Contract, LakeColumn, load_contracts

FILE = "models/staging/_sources.yml"
_MADE = "# 由 `make docs` 按 ingestion/contracts 生成，请勿手改 · made by `make docs` from the contracts, do not edit\n"
# Kinds that conform refuses when they cannot be read: where such a column is required, no row of the lake is without it.
_NEVER_NULL = ("amount", "date")


def sources_yml() -> str:
    """Content of the file."""
    tables = [_table(table) for table in modelled_tables().values()]
    lake = {
        "name": "lake",
        "description": "湖中的表和未入湖者，只有假名 · tables of the lake and what was set aside, pseudonyms only",
        # Jinja, or dbt-duckdb would put the name of its own schema before it.
        "schema": "{{ 'lake' }}",
        "tables": tables,
    }
    models = [_staging(contract) for contract in load_contracts().values()]
    return _MADE + yaml.safe_dump({"sources": [lake], "models": models}, allow_unicode=True, sort_keys=False, width=1_000)


def _table(table: LakeTable) -> dict[str, Any]:
    contract = load_contracts().get(table.source or "")
    config: dict[str, Any] = {}
    if contract is not None:
        query = f"select max(received_at) from lake.deliveries where source = '{contract.source}'"
        config = {"loaded_at_query": query, "freshness": _within(contract.fresh_days)}
    elif table.name == "deliveries":
        config = {"loaded_at_field": "received_at", "freshness": _within(min(each.fresh_days for each in load_contracts().values()))}
    columns = [{"name": column.name, "description": column.description} for column in table.columns]
    return {"name": table.name, "description": table.description, **({"config": config} if config else {}), "columns": columns}


def _within(days: int) -> dict[str, Any]:
    return {"warn_after": {"count": days, "period": "day"}}


def _staging(contract: Contract) -> dict[str, Any]:
    """The model of a source's rows in force, with tests of what its contract promises."""
    required = {column.name for column in contract.columns if column.required and column.kind in _NEVER_NULL} | {"delivery_key"}
    columns = []
    for column in lake_tables()[contract.source].columns:
        tests = _tests(column, column.name in required)
        columns.append({"name": column.name, "description": column.description, **({"data_tests": tests} if tests else {})})
    return {
        "name": f"stg_{contract.source}",
        "description": f"{contract.title_zh}：有效交付的各行 · {contract.title_en}; rows of the deliveries in force",
        "columns": columns,
    }


def _tests(column: LakeColumn, required: bool) -> list[Any]:
    tests: list[Any] = ["not_null"] if required else []
    if column.values:
        tests.append({"accepted_values": {"arguments": {"values": list(column.values)}}})
    return tests
