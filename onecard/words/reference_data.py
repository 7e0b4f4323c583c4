"""Finds what is shipped beside the code, and reads the reference tables that the rooms share with dbt: its CSV seeds."""

import csv
from functools import cache
from pathlib import Path

from onecard.words.errors import ConfigError

# The folder that holds the rooms: a checkout, or site-packages.
_HOUSE = Path(__file__).resolve().parents[2]


def shipped(*parts: str) -> Path:
    """A file or folder that is shipped with onecard, by its place: `shipped("ingestion", "contracts")`."""
    return _HOUSE.joinpath(*parts)


SEEDS = shipped("dbt_project", "seeds")


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
