"""What a command loads: nothing heavy before it is needed, and no builder's tools to answer a question."""

from pathlib import Path

import pytest
from loading import BUILDERS, loaded

HEAVY = (
    "duckdb", "pyarrow", "deltalake", "pandas", "dagster", "dbt", "great_expectations", "pypinyin", "opencc", "numpy", "jinja2",
    "simulation",
)  # fmt: skip


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("trace", "--help"), ("explain",), ("explain", "FS02")])
def test_telling_about_itself_loads_no_engine(arguments: tuple[str, ...]) -> None:
    assert loaded(*arguments).intersection(HEAVY) == set()


@pytest.mark.parametrize("command", [("status",), ("verify",), ("diff", "2018-03-31", "current"), ("trace", "--doc", "5号"), ("review",)])
def test_reading_a_release_loads_no_builder(command: tuple[str, ...], tmp_path: Path) -> None:
    """Here without a release; tests/orchestration asks the same of one that is there."""
    assert loaded("--home", str(tmp_path), *command).intersection(BUILDERS) == set()
