"""Every table of the lake and beside it, columns in order: those of the sources by their contracts, the others by lake_tables.yml."""

from functools import cache
from pathlib import Path
from typing import Any

from onecard.catalogue.sources import LakeColumn, Strict, load_contracts
from onecard.words.reference_data import read_yaml

_OTHER_TABLES = Path(__file__).with_name("lake_tables.yml")


class LakeTable(Strict):
    """One table: what it holds in Chinese and English, and its columns in order. `of_rows`: each of its rows is a row of a file."""

    name: str
    description_zh: str
    description_en: str
    columns: tuple[LakeColumn, ...]
    of_rows: bool = False
    source: str | None = None

    @property
    def description(self) -> str:
        return f"{self.description_zh} · {self.description_en}"

    @property
    def domains(self) -> dict[str, str]:
        """Columns that hold pseudonyms, and the domain of each."""
        return {column.name: column.domain for column in self.columns if column.domain}


@cache
def lake_tables() -> dict[str, LakeTable]:
    """Tables of the lake by name, those of the sources first, in the order of the money's way."""
    found = [
        LakeTable(
            name=source,
            description_zh=contract.description_zh,
            description_en=contract.description_en,
            columns=(*_row_reference(), *contract.lake_columns),
            of_rows=True,
            source=source,
        )
        for source, contract in load_contracts().items()
    ]
    return {table.name: table for table in (*found, *(_table(stated) for stated in _others()["tables"]))}


@cache
def set_aside_tables() -> dict[str, LakeTable]:
    """What was set aside, by name: quarantined rows and rejected files. It lies beside the lake."""
    return {table.name: table for table in map(_table, _others()["set_aside"])}


def modelled_tables() -> dict[str, LakeTable]:
    """Whatever models read as relations of the lake: its tables, and what was set aside."""
    return lake_tables() | set_aside_tables()


@cache
def _others() -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(_OTHER_TABLES)
    return content


@cache
def _row_reference() -> tuple[LakeColumn, ...]:
    return tuple(LakeColumn(**column) for column in _others()["row_reference"])


def _table(stated: dict[str, Any]) -> LakeTable:
    table = LakeTable(**stated)
    return table.model_copy(update={"columns": (*_row_reference(), *table.columns)}) if table.of_rows else table
