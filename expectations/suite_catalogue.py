"""The suites as data: suites/*.yml for what is checked natively, contracts for every source, the rule catalogue for the findings."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.source_suites import source_suite
from onecard.catalogue.rules import Rule, rules
from onecard.catalogue.severity import Severity
from onecard.catalogue.sources import FOLDER as CONTRACTS
from onecard.catalogue.sources import load_contracts
from onecard.words.errors import ConfigError, broken_config
from onecard.words.language import Text, Words
from onecard.words.reference_data import read_yaml

SUITES = Path(__file__).with_name("suites")
_KINDS = ["gate", "findings", "source"]
_DAY = re.compile(r"\{business_date(?:(?P<shift>[+-][0-9]+) days)?\}")


class Check(BaseModel):
    """One expectation over one relation (`table`) or one query; `expect` and `args` are Great Expectations' own words.

    `fen`: SQL aggregate giving the money of the contradicting rows of `table` or `query`, evaluated when the check fails.
    `{business_date}` and `{business_date-45 days}` in a query or an argument stand for days.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title_zh: str
    title_en: str
    table: str | None = None
    query: str | None = None
    expect: str = Field(pattern=r"^expect_[a-z_]+$")
    args: dict[str, Any] = {}
    severity: Severity = "high"
    blocking: bool = False
    fen: str | None = None
    rule: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Check":
        if (self.table is None) == (self.query is None):
            raise ValueError("give either `table` or `query`")
        return self

    @property
    def relation(self) -> str:
        """What is looked at, for people: the relation's name, or the first one a query names."""
        if self.table:
            return self.table
        found = re.search(r"\bfrom\s+([a-z_.]+)", self.query or "")
        return found[1] if found else "query"


class Suite(BaseModel):
    """Expectations that belong together; a suite of findings also holds every rule whose metadata names it.

    `position`: place among the suites of its kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title_zh: str
    title_en: str
    kind: Literal["gate", "findings", "source"]
    position: int = 99
    checks: tuple[Check, ...] = ()


def suite_catalogue(folder: Path = SUITES, known_rules: Mapping[str, Rule] | None = None) -> list[Suite]:
    """Every suite that has something to check, conservation first, then findings, then sources.

    Rules whose suite has no file make a suite of their own. Raises ConfigError naming the file that is wrong.
    """
    by_suite: dict[str, list[Check]] = {}
    for rule in (rules() if known_rules is None else known_rules).values():
        by_suite.setdefault(rule.suite, []).append(_of_rule(rule))
    suites = []
    for suite in _described(folder):
        more = by_suite.pop(suite.name, [])
        suites.append(suite.model_copy(update={"checks": (*more, *suite.checks)}))
    for name, checks in sorted(by_suite.items()):
        suites.append(Suite(name=name, title_zh=name, title_en=name, kind="findings", checks=tuple(checks)))
    for suite in suites:
        names = [check.name for check in suite.checks]
        if len(set(names)) != len(names):
            stated = CONTRACTS / f"{suite.name.removeprefix('source_')}.yml" if suite.kind == "source" else folder / f"{suite.name}.yml"
            raise _broken(stated, Text("两项校验同名", "two checks of the same name"))
    return sorted((suite for suite in suites if suite.checks), key=lambda suite: (_KINDS.index(suite.kind), suite.position, suite.name))


def suite_titles() -> dict[str, Text]:
    """Titles of all suites by name."""
    return {suite.name: Text(suite.title_zh, suite.title_en) for suite in suite_catalogue()}


def _of_rule(rule: Rule) -> Check:
    """The expectation a rule stands for: its relation holds no row, but for cases that it could not judge."""
    return Check(
        name=rule.relation,
        title_zh=f"{rule.code} {rule.title_zh}",
        title_en=f"{rule.code} {rule.title_en}",
        query=f"select finding_id from {rule.relation} where gap_key is null",
        expect="expect_table_row_count_to_equal",
        args={"value": 0},
        severity=rule.severity,
        rule=rule.code,
    )


@cache
def _described(folder: Path) -> tuple[Suite, ...]:
    suites = [_suite(CONTRACTS / f"{source}.yml", source_suite(contract)) for source, contract in load_contracts().items()]
    for path in sorted(folder.glob("*.yml")):
        try:
            suite = _suite(path, read_yaml(path))
        except yaml.YAMLError as error:
            raise _broken(path, " ".join(str(error).split())) from None
        if suite.name != path.stem:
            raise _broken(path, Text("文件名与 name 不符", "file name and name disagree"))
        suites.append(suite)
    return tuple(suites)


def _suite(path: Path, content: Any) -> Suite:
    try:
        return Suite.model_validate(content)
    except ValidationError as error:
        raise _broken(path, " ".join(str(error).split())) from None


def with_dates(value: Any, business_date: dt.date) -> Any:
    """`value` with every `{business_date±N days}` replaced: an argument that is one placeholder becomes a date, text stays text."""
    if isinstance(value, dict):
        return {key: with_dates(item, business_date) for key, item in value.items()}
    if isinstance(value, list):
        return [with_dates(item, business_date) for item in value]
    if not isinstance(value, str):
        return value
    whole = _DAY.fullmatch(value)
    return _day(whole, business_date) if whole else _DAY.sub(lambda match: _day(match, business_date).isoformat(), value)


def _day(match: re.Match[str], business_date: dt.date) -> dt.date:
    return business_date + dt.timedelta(days=int(match["shift"] or 0))


def _broken(path: Path, why: Words) -> ConfigError:
    return broken_config("OC-GX-001", Text("校验套件定义有误", "invalid suite definition"), path, why)
