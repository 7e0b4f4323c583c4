"""Every published column is described in two languages and under contract; every model is deterministic, portable SQL."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from city import Built

from orchestration.dbt import PROJECT

pytestmark = pytest.mark.xdist_group("dbt")

PROPERTIES = sorted(PROJECT.glob("models/**/*.yml")) + sorted(PROJECT.glob("seeds/*.yml"))
# dialect.sql is where engines may differ.
SQL = sorted(PROJECT.glob("models/**/*.sql")) + [path for path in sorted(PROJECT.glob("macros/*.sql")) if path.name != "dialect.sql"]
KEYS_OF_A_COLUMN = {"name", "description", "data_type", "data_tests", "config"}

NOT_DETERMINISTIC = r"\b(now|today|random|uuid|gen_random_uuid)\s*\(|\b(current|local)_?(date|time|timestamp)\b"
NOT_PORTABLE = {
    "only DuckDB knows it": r"\basof\b|\bhugeint\b|\bqualify\b|::|//|\bdistinct\s+on\b|\b(group|order)\s+by\s+all\b",
    "joins": r"\b(semi|anti|positional|lateral)\s+join\b",
    "stars with words": r"\*\s*(exclude|replace|except|rename)\b|\bcolumns\s*\(",
    "lists and structs": r"[\[\]{}]|\b(unnest|explode|struct_\w+|list\w*|array\w*|map\w*)\s*\(",
    "dates": r"\binterval\b|\b(strftime|strptime|date_\w+|datediff|epoch\w*|isodow|dayofweek|weekday)\s*\(",
    "texts": r"\b(regexp_\w+|string_agg|listagg|group_concat|sha256|md5|hash)\s*\(",
    "aggregates": r"\b(arg_max|arg_min|max_by|min_by|any_value|first|last)\s*\(",
    "null in one engine only, use concat_ws": r"\bconcat\s*\(",
    "money is no float": r"\b(double|float|real)\b",
}


def _chinese_and_english(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and bool(re.search(r"[A-Za-z]{3}", text))


def _nodes(built: Built) -> list[dict[str, Any]]:
    return [*built.manifest["nodes"].values(), *built.manifest["sources"].values()]


def _sql(path: Path) -> str:
    """The SQL of a file: comments away, every Jinja expression one word."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"--[^\n]*|'[^']*'", "text", re.sub(r"\{\{.*?\}\}", "jinja", text, flags=re.S)).lower()


def test_every_table_is_described(built: Built) -> None:
    described = [node for node in _nodes(built) if node["resource_type"] in ("model", "seed", "source")]
    missing = [node["name"] for node in described if not _chinese_and_english(node["description"])]
    assert len(described) > 50 and missing == []


def test_contracts_are_the_tables(built: Built) -> None:
    marts = {node["name"]: node for node in _nodes(built) if node["name"].startswith("mart_") and node["resource_type"] == "model"}
    columns = "select table_name, column_name from information_schema.columns where table_name like 'mart\\_%' escape '\\' order by all"
    with duckdb.connect(str(built.database), read_only=True) as con:
        tables: dict[str, set[str]] = {}
        for table, column in con.execute(columns).fetchall():
            tables.setdefault(table, set()).add(column)
    assert tables == {name: set(node["columns"]) for name, node in marts.items()}
    assert [name for name, node in marts.items() if not node["config"]["contract"]["enforced"]] == []


def test_every_column_is_described(built: Built) -> None:
    wanted = ("model", "seed")
    columns = [(node["name"], column) for node in _nodes(built) if node["resource_type"] in wanted for column in node["columns"].values()]
    assert [(table, column["name"]) for table, column in columns if not _chinese_and_english(column["description"])] == []
    unitless = [
        (table, column["name"])
        for table, column in columns
        for ending, words in (("_fen", ("分", "fen")), ("_month", ("yyyymm",)), ("days", ("天", "day")))
        if column["name"].endswith(ending) and not all(word in column["description"] for word in words)
    ]
    assert unitless == []


@pytest.mark.parametrize("path", PROPERTIES, ids=lambda path: path.name)
def test_no_comma_cuts_a_description(path: Path) -> None:
    """In `{name: a, description: one, two}` YAML reads a key `two`, and dbt says nothing."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = [table for kind in ("models", "seeds") for table in content.get(kind, [])]
    tables += [table for source in content.get("sources", []) for table in source["tables"]]
    for table in tables:
        for column in table.get("columns", []):
            assert column.keys() <= KEYS_OF_A_COLUMN, (table["name"], column)


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_sql_is_deterministic_and_portable(path: Path) -> None:
    sql = _sql(path)
    assert re.findall(NOT_DETERMINISTIC, sql) == []
    found = {why: [hit.group() for hit in re.finditer(pattern, sql)] for why, pattern in NOT_PORTABLE.items()}
    assert {why: hits for why, hits in found.items() if hits} == {}


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_no_model_names_a_programme(path: Path) -> None:
    """A new programme is a change of seed rows only."""
    with (PROJECT / "seeds" / "programmes.csv").open(encoding="utf-8") as file:
        codes = {row["programme_code"] for row in csv.DictReader(file)}
    assert {code for code in codes if f"'{code}'" in path.read_text(encoding="utf-8")} == set()


def _order_items(sql: str) -> Iterator[str]:
    """Every item of every ORDER BY, up to the end of its bracket or the frame of its window."""
    for start in re.finditer(r"\border\s+by\b", sql):
        depth, item = 0, ""
        for letter in sql[start.end() :]:
            depth += (letter == "(") - (letter == ")")
            if depth < 0 or re.search(r"\b(rows|range)\s+between$", item):
                break
            if letter == "," and depth == 0:
                yield " ".join(item.split())
                item = ""
            else:
                item += letter
        yield " ".join(re.sub(r"\b(rows|range)\s+between.*", "", item, flags=re.S).split())


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_order_by_says_where_nulls_go(path: Path) -> None:
    """DuckDB puts nulls last, Spark first. `turn` and a CASE with whole numbers and ELSE are never null."""
    never_null = r"(\w+\.)?turn|case( when .* then \d+)+ else \d+ end"
    silent = [
        item for item in _order_items(_sql(path)) if not re.search(r" nulls (first|last)$", item) and not re.fullmatch(never_null, item)
    ]
    assert silent == []
