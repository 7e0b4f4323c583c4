"""The rule catalogue: reads the metadata that stands beside each rule's SQL in dbt_project/models/findings/."""

import difflib
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from onecard.errors import ConfigError, NotFound

FINDINGS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "findings"


class Rule(BaseModel):
    """One rule: what it is called, on what law it rests, its thresholds (units stated), who handles it, how it can be wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    relation: str
    title_zh: str
    title_en: str
    seed_phrase: str
    legal_basis: str
    basis_confidence: str
    threshold: dict[str, Any] = {}
    severity: Literal["high", "medium", "low", "warning"]
    suite: str
    handler: str
    false_alarms_zh: str
    false_alarms_en: str


@cache
def rules(folder: Path = FINDINGS) -> dict[str, Rule]:
    """All rules by code. Raises ConfigError naming the file whose metadata is incomplete."""
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            meta = model.get("config", {}).get("meta", {})
            try:
                rule = Rule(relation=model["name"], **meta)
            except ValidationError as error:
                fields = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors())
                raise _broken(path, f"字段有误 fields in error: {fields}") from None
            if rule.code in found:
                raise _broken(path, f"代码重复 code used twice: {rule.code}")
            found[rule.code] = rule
    return dict(sorted(found.items()))


def find_rule(code: str) -> Rule:
    """The rule of a code, whatever its case. Raises NotFound offering the nearest codes."""
    known = rules()
    if code.upper() in known:
        return known[code.upper()]
    near = difflib.get_close_matches(code.upper(), known, n=3, cutoff=0.3)
    raise NotFound(
        code="OC-RULE-001",
        what=f"没有规则 no such rule: {code}",
        where="dbt_project/models/findings",
        why="规则目录里没有这个代码 the catalogue does not hold this code",
        remedy="相近的 nearest: " + (", ".join(near) or "—") + "; onecard explain 列出全部 lists all",
    )


def _broken(path: Path, why: str) -> ConfigError:
    return ConfigError(
        code="OC-CFG-002",
        what="规则元数据有误 rule metadata is wrong",
        where=str(path),
        why=why,
        remedy="对照其他规则的 .yml 补全 complete it after the example of the other rules",
    )
