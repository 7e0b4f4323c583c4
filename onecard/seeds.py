"""Reads the reference tables that the rooms share with dbt: the CSV seeds of dbt_project, the one place where they exist."""

import csv
from functools import cache
from pathlib import Path

from onecard.errors import ConfigError

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"


@cache
def seed_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `dbt_project/seeds/<name>.csv` as texts. Raises ConfigError when the file is missing."""
    path = SEEDS / f"{name}.csv"
    if not path.exists():
        raise ConfigError(
            code="OC-CFG-001",
            what="缺少参考表 a reference table is missing",
            where=str(path),
            why="安装不完整 the installation is incomplete",
            remedy="重新安装 make setup",
        )
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
