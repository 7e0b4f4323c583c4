"""Reads contracts/*.yml, the one description of each source: what its files look like and what the lake keeps of them."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic import Field as PydanticField

from onecard.words.errors import ConfigError, broken_config
from onecard.words.language import Text
from onecard.words.reference_data import read_yaml, shipped

FOLDER = shipped("ingestion", "contracts")
# `label`: words that the lake shows as they are (a village, a relation); a long number has no place there.
# `identifier`: the number of a batch, voucher, terminal …, which may hold letters; `identifiers`: one or several
# (B1、B2); `account`: an account that is no person's, digits.
Kind = Literal[
    "text", "label", "amount", "date", "timestamp", "month", "int", "division", "programme", "word", "memo", "scrubbed", "doc_no",
    "identifier", "identifiers", "account", "person", "name", "card", "household", "skip",
]  # fmt: skip
# Kinds whose values are clear in a file and pseudonyms in the lake, each a domain of its own.
PSEUDONYM_DOMAINS = ("household", "person", "card", "name")
# Kinds that stand for somebody: a cell that holds them as a number is not trusted, however short.
PERSONAL_NUMBERS = ("person", "card", "household")
# Kinds of other numbers, whose digits a spreadsheet may have lost, too.
OTHER_NUMBERS = ("account", "identifier", "identifiers", "doc_no")
# Kinds that are read and never land as they are.
_NOT_IN_THE_LAKE = ("skip", "memo")
# In a series: the period that a delivery states for all of its rows.
_PERIOD = "period"
# What the numbers of a kind are, in words that every description ends with.
_UNITS = {
    "amount": ("（分）", " (fen)"),
    "month": (" yyyymm", " (yyyymm)"),
    **dict.fromkeys(PSEUDONYM_DOMAINS, ("（假名）", " (pseudonym)")),
}


# What a file pattern ends with: free words and the extensions of what we take.
_ENDING = re.compile(r"(?:\.\*)?\\\.(?:\([^()]*\)|\w+)\$$")
_EXTENSION = re.compile(r"(?:\.[A-Za-z0-9]{1,5})+$")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LakeColumn(Strict):
    """One column of a lake table: what it means in Chinese and English, its kind (the type follows), for words the values it may take.

    Beside a contract's kinds: `key` (any other 63-bit key), `count` (64 bits).
    """

    name: str
    kind: Kind | Literal["key", "count"]
    zh: str
    en: str
    values: tuple[str, ...] = ()

    @property
    def domain(self) -> str | None:
        """Domain of the pseudonyms in it; None when it holds none."""
        return self.kind if self.kind in PSEUDONYM_DOMAINS else None

    @property
    def description(self) -> str:
        """`金额（分） · amount (fen)`."""
        zh, en = _UNITS.get(self.kind, ("", ""))
        return f"{self.zh}{zh} · {self.en}{en}"


class Column(Strict):
    """One column of a file: `name` as in the lake, what it means, its kind, the headers it may carry, whether a row without it is refused.

    `required_column`: whether the header must be there, when that differs. `signed`: an amount that may be negative (money back).
    `words`: the words of files and what each is in the lake. `empty`: words that say as much as an empty cell.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    headers: tuple[str, ...]
    required: bool = False
    required_column: bool | None = None
    signed: bool = False
    words: dict[str, str] = {}
    empty: tuple[str, ...] = ()

    @property
    def must_exist(self) -> bool:
        return self.required if self.required_column is None else self.required_column

    def in_lake(self) -> LakeColumn:
        return LakeColumn(name=self.name, kind=self.kind, zh=self.zh, en=self.en, values=tuple(dict.fromkeys(self.words.values())))


class NamePair(Strict):
    """Where a name is met: the lake column of an ID or card number and that of the name beside it.

    `shown`: whether who judges two names of the number is shown the row (mart_review_pair).
    """

    number: str
    name: str
    shown: bool = True


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
    """A source: who sends it, what its files look like, and what the lake keeps of it.

    `position`: its place in the order of the money's way. `fresh_days`: a file is expected within so many days before the business date.
    How deliveries make one whole: `series` names what a delivery may speak of again (columns of the lake, days by their month, and
    `period` of the delivery; `series_table` when another table of the source holds them), `row_key` what one row of a series is about.
    `cell` names the columns that say whose rows these are, of which programme and month (of several days the first that is known).
    `omission_retracts`: whether a later whole takes back what it leaves out; `offices_report_alone`: whether each office of a sender
    reports what it knows, so that none replaces another.
    `lake`: columns of its table in their order, by name those of the file, described those that its derivation adds.
    `checks`: what must hold of its rows in force, as fields of a check of expectations, which reads them.
    `counts_money`: whether the sum of `amount_fen` in the lake is held against the row ledger.
    """

    source: str = PydanticField(pattern=r"^[a-z][a-z_]*$")
    version: int
    position: int
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    sender: Literal["division", "bank"]
    file_patterns: tuple[str, ...]
    scope: tuple[str, ...]
    series: tuple[str, ...] = PydanticField(min_length=1)
    row_key: tuple[str, ...] = PydanticField(min_length=1)
    cell: tuple[str, ...] = PydanticField(min_length=1)
    series_table: str | None = None
    omission_retracts: bool = True
    offices_report_alone: bool = False
    fresh_days: int
    counts_money: bool = True
    unit: str | None = None
    layouts: tuple[Layout, ...] = ()
    columns: tuple[Column, ...]
    lake: tuple[str | LakeColumn, ...]
    names: tuple[NamePair, ...] = ()
    checks: tuple[dict[str, Any], ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> "Contract":
        landing = {column.name for column in self.columns if column.kind not in _NOT_IN_THE_LAKE}
        if unknown := [name for name in self.lake if isinstance(name, str) and name not in landing]:
            raise ValueError(f"lake: no column of the file is called {', '.join(unknown)}")
        kinds = {column.name: column.kind for column in self.lake_columns}
        named = (*self.row_key, *(() if self.series_table else (*self.series, *self.cell)))
        if unknown := [name for name in named if name not in kinds and name != _PERIOD]:
            raise ValueError(f"series, row_key, cell: no column of the lake is called {', '.join(unknown)}")
        for pair in self.names:
            if kinds.get(pair.number) not in ("person", "card") or kinds.get(pair.name) != "name":
                raise ValueError(f"names: {pair.number} must be a person or a card of the lake, {pair.name} a name")
        return self

    @property
    def lake_columns(self) -> tuple[LakeColumn, ...]:
        """Columns of the lake table after the row reference."""
        return tuple(self.column(item).in_lake() if isinstance(item, str) else item for item in self.lake)

    @property
    def names_of_persons(self) -> tuple[NamePair, ...]:
        """Where a name stands beside an ID number."""
        persons = {column.name for column in self.lake_columns if column.domain == "person"}
        return tuple(pair for pair in self.names if pair.number in persons)

    @property
    def who(self) -> dict[str, str]:
        """Whom a row is about, as a row in quarantine says it: column of `quarantine_rows` to column of the file."""
        heads = [column.name for column in self.columns if column.name == "head_person_key"]
        persons = [column.name for column in self.columns if column.kind == "person" and column.name not in heads]
        names = [pair.name for pair in self.names if pair.number in persons[:1]]
        cards = [column.name for column in self.columns if column.kind == "card"]
        found = {"person_key": persons[:1], "head_person_key": heads, "name_key": names[:1], "card_key": cards[:1]}
        return {role: columns[0] for role, columns in found.items() if columns}

    def match_file(self, name: str) -> dict[str, str] | None:
        """Named groups of the first pattern that fits the file name, or None."""
        for pattern in self.file_patterns:
            found = re.search(pattern, name)
            if found:
                return {key: value for key, value in found.groupdict().items() if value is not None}
        return None

    @property
    def name_patterns(self) -> tuple[str, ...]:
        """The patterns of `match_file` for a name without its extension, up to where the rest of it is free."""
        return tuple(_ENDING.sub("", pattern) for pattern in self.file_patterns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@cache
def load_contracts(folder: Path = FOLDER) -> dict[str, Contract]:
    """All contracts by source, in the order of the money's way. Raises ConfigError naming file and field of the first mistake."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            contract = Contract(**read_yaml(path))
        except (ValidationError, yaml.YAMLError, TypeError) as error:
            raise _mistake(path, error) from None
        if contract.source != path.stem:
            raise _mistake(path, ValueError(f"source {contract.source} in a file of another name"))
        found[contract.source] = contract
    return dict(sorted(found.items(), key=lambda item: (item[1].position, item[0])))


@cache
def source_titles() -> dict[str, Text]:
    """Title of every source, in the order of the money's way."""
    return {source: Text(contract.title_zh, contract.title_en) for source, contract in load_contracts().items()}


def name_without_extension(name: str) -> str:
    """A file name up to its extension, when that looks like one."""
    return _EXTENSION.sub("", name)


def column_words(source: str, column: str) -> str:
    """What a column is called, as offices head it and in the lake: `发放金额 amount_fen`; its name where no contract knows it."""
    contract = load_contracts().get(source)
    found = next((known for known in contract.columns if known.name == column), None) if contract else None
    return f"{found.headers[0]} {found.name}" if found else column


@cache
def name_number_pairs() -> tuple[tuple[str, str, str], ...]:
    """Where a person's or a card's names are met: (lake table, column of the ID or card number, column of the name)."""
    return tuple((source, pair.number, pair.name) for source, contract in load_contracts().items() for pair in contract.names)


@cache
def name_person_pairs() -> tuple[tuple[str, str, str], ...]:
    """Those of `name_number_pairs` whose number is an ID number."""
    return tuple((source, pair.number, pair.name) for source, contract in load_contracts().items() for pair in contract.names_of_persons)


def compositions() -> dict[str, dict[str, Any]]:
    """How deliveries of each source make one whole, as SQL needs it: `series` as (column, how it counts: value, month or period),
    the columns of `row_key`, of a row's money and place (None where the source has none) and of its cell, `table` that holds the
    series, and flags."""
    found = {}
    for source, contract in load_contracts().items():
        kinds = {column.name: column.kind for column in contract.lake_columns}
        counts = {"date": "month", **({} if _PERIOD in kinds else {_PERIOD: _PERIOD})}
        found[source] = {
            "series": [[name, counts.get(kinds.get(name, name), "value")] for name in contract.series],
            "row_key": list(contract.row_key),
            "money": "amount_fen" if "amount_fen" in kinds else None,
            "place": "township" if "township" in kinds else None,
            "cell": _cell(contract),
            "table": contract.series_table,
            "omission_retracts": contract.omission_retracts,
            "offices_report_alone": contract.offices_report_alone,
        }
    return found


def _cell(contract: Contract) -> dict[str, Any]:
    """Columns of a cell by what they say: `division`, `bank`, `programme` (None where the source does not say), and `months` in order."""
    found: dict[str, Any] = {"division": None, "bank": None, "programme": None, "months": []}
    kinds = {column.name: column.kind for column in contract.lake_columns}
    for name in contract.cell:
        kind = kinds.get(name, "")
        if name == "bank_code":
            found["bank"] = name
        elif name.endswith("division"):
            found["division"] = name
        elif name == "programme_code":
            found["programme"] = name
        else:
            found["months"].append([name, {"date": "day"}.get(kind, _PERIOD if name == _PERIOD and not kind else "month")])
    return found


def review_meetings() -> list[dict[str, Any]]:
    """Where who judges two names of a person sees them: `source`, columns `number` and `name`, and whether its rows say a `division`."""
    return [
        {
            "source": source,
            "number": pair.number,
            "name": pair.name,
            "division": any(column.name == "division" for column in contract.lake_columns),
        }
        for source, contract in load_contracts().items()
        for pair in contract.names_of_persons
        if pair.shown
    ]


def _mistake(path: Path, error: Exception) -> ConfigError:
    if isinstance(error, ValidationError):
        why = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
    else:
        why = str(error)
    return broken_config("OC-IN-001", Text("约定文件有误", "invalid contract"), path, why)
