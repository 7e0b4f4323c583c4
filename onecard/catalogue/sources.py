"""Reads contracts/*.yml: what each source must look like. The code obeys them; a new source starts, and mostly ends, there."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from onecard.words.errors import ConfigError
from onecard.words.reference_data import read_yaml, shipped

FOLDER = shipped("ingestion", "contracts")
# `label`: words that the lake shows as they are (a village, a relation); a long number has no place there.
Kind = Literal[
    "text", "label", "amount", "date", "timestamp", "month", "int", "division", "programme", "word", "memo", "scrubbed",
    "person", "name", "card", "household", "skip",
]  # fmt: skip


# Where a person's and a card's names are met: (table, ID or card column, name column).
NAME_NUMBER_PAIRS = (
    ("payment_rolls", "person_key", "name_key"),
    ("payment_rolls", "head_person_key", "head_name_key"),
    ("payment_rolls", "card_key", "holder_name_key"),
    ("payment_rolls", "card_key", "name_key"),
    ("beneficiary_registers", "person_key", "name_key"),
    ("beneficiary_registers", "head_person_key", "head_name_key"),
    ("beneficiary_registers", "proxy_person_key", "proxy_name_key"),
    ("bank_batches", "person_key", "name_key"),
    ("bank_batches", "card_key", "name_key"),
    ("card_accounts", "holder_person_key", "holder_name_key"),
    ("card_accounts", "card_key", "holder_name_key"),
    ("card_accounts", "agent_person_key", "agent_name_key"),
    ("deaths", "person_key", "name_key"),
    ("staff_relatives", "staff_person_key", "staff_name_key"),
    ("staff_relatives", "relative_person_key", "relative_name_key"),
)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """One column: `name` as in the lake, the headers it may carry, its kind, whether a row without it is refused.

    `signed`: an amount that may be negative (money back).
    """

    name: str
    kind: Kind
    headers: tuple[str, ...]
    required: bool = False
    column_required: bool | None = None
    signed: bool = False
    words: dict[str, str] = {}
    note: str = ""

    @property
    def must_exist(self) -> bool:
        return self.required if self.column_required is None else self.column_required


class Field(Strict):
    """One field of a record: its place (`fields` in order for delimited records; `width` in bytes for fixed width)."""

    name: str
    width: int = 0


class Record(Strict):
    """One record type of a text layout, known by its first field."""

    type: str
    fields: tuple[Field, ...]


class Layout(Strict):
    """How a text file is laid out; `unit` states the unit of its money."""

    name: str
    format: Literal["delimited", "fixed", "csv"]
    delimiter: str = ","
    unit: str
    sniff: str = ""
    header: Record | None = None
    line: Record | None = None
    trailer: Record | None = None


class Contract(Strict):
    """What one source must look like."""

    source: str
    version: int
    title_zh: str
    title_en: str
    description: str
    sender: Literal["division", "bank"]
    file_patterns: tuple[str, ...]
    scope: tuple[str, ...]
    unit: str | None = None
    layouts: tuple[Layout, ...] = ()
    columns: tuple[Column, ...]

    def match_file(self, name: str) -> dict[str, str] | None:
        """Named groups of the first pattern that fits the file name, or None."""
        for pattern in self.file_patterns:
            found = re.search(pattern, name)
            if found:
                return {key: value for key, value in found.groupdict().items() if value is not None}
        return None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@cache
def load_contracts(folder: Path = FOLDER) -> dict[str, Contract]:
    """All contracts by source. Raises ConfigError naming file and field of the first mistake."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            contract = Contract(**read_yaml(path))
        except (ValidationError, yaml.YAMLError, TypeError) as error:
            raise _mistake(path, error) from None
        if contract.source != path.stem:
            raise _mistake(path, ValueError(f"source {contract.source} in a file of another name"))
        found[contract.source] = contract
    return found


def _mistake(path: Path, error: Exception) -> ConfigError:
    if isinstance(error, ValidationError):
        why = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
    else:
        why = str(error)
    return ConfigError(
        code="OC-IN-001",
        what="约定文件有误 a contract is wrong",
        where=str(path),
        why=why,
        remedy="对照 docs/reference/contracts 修正 mend it after the example of the others",
    )
