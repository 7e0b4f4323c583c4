"""The rule catalogue: reads the metadata that stands beside each rule's SQL in dbt_project/models/findings/."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, NotRequired

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from typing_extensions import TypedDict  # pydantic needs this one below Python 3.12

from onecard.catalogue.severity import Severity
from onecard.catalogue.sources import source_titles
from onecard.words.errors import ConfigError, NotFound, broken_config
from onecard.words.language import Text, joined, parted
from onecard.words.reference_data import read_yaml, shipped
from onecard.words.suggest import few, nearest

FINDINGS = shipped("dbt_project", "models", "findings")

PREFIX = "finding_"


# How sure it is that the law says so (Rule.basis_confidence).
CONFIDENCE = {
    "read": Text("已核对原文", "checked against the text"),
    "high": Text("高", "high"),
    "med": Text("中", "medium"),
    "low": Text("低", "low"),
}


class Threshold(TypedDict):
    """A number a rule turns on, its unit in Chinese and English, and where it comes from (`basis`, when the rule's own law is silent)."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    value: int
    unit: str
    basis: NotRequired[str]


class Watch(BaseModel):
    """A place where money rests (mart_stranded.place), at some levels of government or at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: str
    levels: tuple[str, ...] = ()


class Need(BaseModel):
    """What a conclusion from absence rests on: files of a source, in the scope in which a case looks for what it does not find.

    `by`: parts of the scope that case and file share (`division=paying_division`: the case has it in another column); `month`: the
    case's column of the month in question, or `from` and `upto` of several. `who`: marks by which a single row that was set aside is
    known not to be about the case; `named`: only a row that names the case's person counts, of those that were set aside.
    `pending`: whether what is not due yet counts, too. `blind`: nothing is concluded from absence, but without these files the rule
    sees nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str
    by: tuple[str, ...] = ()
    month: str | None = None
    since: str | None = Field(None, alias="from")
    upto: str | None = None
    who: tuple[str, ...] = ()
    named: bool = False
    pending: bool = False
    blind: bool = False

    @property
    def scope(self) -> Text:
        """In words: `同县区、同项目、当月`."""
        parts = [_SCOPES[name] for part in self.by if (name := part.split("=")[0]) in _SCOPES]
        when = (
            Text("相关各月", "the months in question")
            if self.since or self.upto
            else Text("当月", "month")
            if self.month
            else Text("各月", "any month")
        )
        return joined(Text("、", ", "), [*parts, when])


_SCOPES = {
    "division": Text("同县区", "county"),
    "programme_code": Text("同项目", "programme"),
    "bank_code": Text("同银行", "bank"),
    "batch_no": Text("同批次", "batch"),
}


class Rule(BaseModel):
    """One rule: what it looks for, on what law it rests, its thresholds (units stated), who handles it, how it can be wrong.

    `needs`: what its conclusions rest on. What else a finding of it means: `watches`, places where money at rest is its business;
    `accuses_names`, that of different names the finding's own (`found`) or all of its person are for a person to judge;
    `means_failed_line`, that its primary row is a line the bank could not credit; `means_spent_early`, that money was spent before
    funds arrived.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z]{2}[0-9]{2}$")
    relation: str
    description: str = ""
    title_zh: str
    title_en: str
    seed_phrase: str
    legal_basis: str
    basis_confidence: Literal["read", "high", "med", "low"]
    threshold: dict[str, Threshold] = {}
    severity: Severity
    suite: str
    needs: tuple[Need, ...] = ()
    watches: tuple[Watch, ...] = ()
    accuses_names: Literal["found", "all"] | None = None
    means_failed_line: bool = False
    means_spent_early: bool = False
    handler: str
    false_alarms_zh: str
    false_alarms_en: str

    @property
    def title(self) -> Text:
        """The rule's name."""
        return Text(self.title_zh, self.title_en)

    @property
    def thresholds(self) -> Text:
        """The same in one language: `days = 60 日（本市配置）`; a dash when the rule turns on no number."""
        parts = []
        for name, given in self.threshold.items():
            unit, basis = parted(given["unit"]), parted(given.get("basis", ""))
            value = Text(f"{name} = {given['value']} {unit.zh}", f"{name} = {given['value']} {unit.en}")
            parts.append(value + (Text(f"（{basis.zh}）", f" ({basis.en})") if basis else ""))
        return joined(Text("；", "; "), parts) if parts else Text("—", "—")

    @property
    def grounds(self) -> Text:
        """The files its conclusions rest on: `发放清册（同县区、同项目、当月）`; a dash where it concludes nothing from absence."""
        titles = source_titles()
        told = [titles[need.source] + Text("（", " (") + need.scope + Text("）", ")") for need in self.needs if not need.blind]
        unseen = [titles[need.source] + Text("：缺则看不见", ": without it the rule sees nothing") for need in self.needs if need.blind]
        return joined(Text("；", "; "), dict.fromkeys([*told, *unseen])) if self.needs else Text("—", "—")

    @property
    def threshold_text(self) -> str:
        """`days 60 日 days (本市配置 configured)`; a dash when the rule turns on no number."""
        parts = []
        for name, given in self.threshold.items():
            basis = f" ({given['basis']})" if given.get("basis") else ""
            parts.append(f"{name} = {given['value']} {given['unit']}{basis}")
        return "；".join(parts) or "—"


@cache
def rules(folder: Path = FINDINGS) -> dict[str, Rule]:
    """All rules by code. Raises ConfigError naming the file whose metadata is incomplete."""
    found: dict[str, Rule] = {}
    for path in sorted(folder.rglob("*.yml")):
        for model in _models(path):
            if not str(model.get("name", "")).startswith(PREFIX):
                continue
            rule = _rule(path, model)
            if rule.code in found:
                raise _broken(path, Text(f"代码重复：{rule.code}", f"code used twice: {rule.code}"))
            found[rule.code] = rule
    return dict(sorted(found.items()))


def _models(path: Path) -> list[dict[str, Any]]:
    try:
        content = read_yaml(path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        raise _broken(path, Text(f"不是 YAML，第 {line} 行", f"not YAML, line {line}")) from None
    models = content.get("models") if isinstance(content, dict) else None
    return [model for model in models or [] if isinstance(model, dict)]


def _rule(path: Path, model: dict[str, Any]) -> Rule:
    meta = (model.get("config") or {}).get("meta") or {}
    try:
        rule = Rule.model_validate({**meta, "relation": model["name"], "description": str(model.get("description", "")).strip()})
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(str(part) for part in item["loc"]) for item in error.errors()}))
        name = model["name"]
        raise _broken(path, Text(f"{name}：字段有误：{fields}", f"{name}: invalid fields: {fields}")) from None
    if not rule.relation.startswith(f"{PREFIX}{rule.code.lower()}_"):
        raise _broken(path, Text(f"{rule.relation}：名称与代码 {rule.code} 不符", f"{rule.relation}: name and code {rule.code} disagree"))
    return rule


def find_rule(code: str, folder: Path = FINDINGS) -> Rule:
    """The rule of a code, whatever its case. Raises NotFound offering the nearest codes."""
    known = rules(folder)
    if code.upper() in known:
        return known[code.upper()]
    near = few(nearest(code.upper(), known))
    raise NotFound(
        code="OC-RULE-001",
        what=Text(f"没有规则 {code}", f"no such rule: {code}"),
        where=str(folder),
        why=Text("规则目录里没有这个代码", "the rule catalogue does not hold this code"),
        remedy=Text(f"相近的：{near}；onecard explain 列出全部", f"nearest: {near}; onecard explain lists all"),
    )


def _broken(path: Path, why: Text) -> ConfigError:
    return broken_config("OC-CFG-002", Text("规则元数据有误", "invalid rule metadata"), path, why)
