"""Simulated cities, ingested and built, once for all tests that look at them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import pytest
from city import make_lake
from compiled import build_city


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, bool], tuple[duckdb.DuckDBPyConnection, Path]]:
    """`built_city(seed, plant)`: the built database, and the folder of the simulated city."""

    @cache
    def build(seed: int, plant: bool) -> tuple[duckdb.DuckDBPyConnection, Path]:
        folder = tmp_path_factory.mktemp(f"city-{seed}")
        ws, business_date = make_lake(folder, rows=3_000, seed=seed, plant=plant)
        return build_city(folder, ws, business_date), folder / "city"

    return build
