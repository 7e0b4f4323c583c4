"""Simulated cities, ingested and built by dbt, once for all tests that look at them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import pytest
from city import make_lake, run_dbt


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, bool], tuple[duckdb.DuckDBPyConnection, Path]]:
    """`built_city(seed, plant)`: the database that dbt leaves (open for reading), and the folder of the simulated city."""

    @cache
    def build(seed: int, plant: bool) -> tuple[duckdb.DuckDBPyConnection, Path]:
        folder = tmp_path_factory.mktemp(f"city-{seed}")
        ws, business_date = make_lake(folder, rows=3_000, seed=seed, plant=plant)
        built = run_dbt(folder, ws, business_date, "build", "--exclude-resource-type", "unit_test")
        return duckdb.connect(str(built.database), read_only=True), folder / "city"

    return build
