"""Finds what is shipped beside the code, and reads the reference tables that the rooms share with dbt: its CSV seeds."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from onecard.words.errors import ConfigError
from onecard.words.language import Text

# The folder that holds the rooms: a checkout, or site-packages.
_HOUSE = Path(__file__).resolve().parents[2]


def shipped(*parts: str) -> Path:
    """A file or folder that is shipped with onecard, by its place: `shipped("ingestion", "contracts")`."""
    return _HOUSE.joinpath(*parts)


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises yaml.YAMLError with the place of the mistake.

    By libyaml where PyYAML was built with it: 43 rules take 0.05 s instead of 0.7.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe


SEEDS = shipped("dbt_project", "seeds")


@cache
def seed_names(seed: str, key: str) -> dict[str, Text]:
    """Names of what a seed lists, by its column `key`."""
    return {row[key]: Text(row["name_zh"], row["name_en"]) for row in seed_rows(seed)}


@cache
def seed_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `dbt_project/seeds/<name>.csv` as texts. Raises ConfigError when the file is missing."""
    path = SEEDS / f"{name}.csv"
    if not path.exists():
        raise ConfigError(
            code="OC-CFG-001",
            what=Text("缺少参考表", "a reference table is missing"),
            where=str(path),
            why=Text("安装不完整", "the installation is incomplete"),
            remedy=Text("重新安装：make setup", "install again: make setup"),
        )
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
