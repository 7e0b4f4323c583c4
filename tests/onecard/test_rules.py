"""The rule catalogue: complete metadata or a named file, and a helpful answer to a mistyped code."""

from pathlib import Path

import pytest

from onecard.catalogue.rules import find_rule, rules
from onecard.words.errors import ConfigError, NotFound

GOOD = """
models:
  - name: finding_fs01_late_pass_down
    description: 超期下达
    config:
      meta:
        code: FS01
        title_zh: 超期下达
        title_en: Late pass-down
        seed_phrase: 滞留资金
        legal_basis: 预算法 第52条
        basis_confidence: read
        threshold: {days: {value: 30, unit: 日 days, basis: 本市规定}}
        severity: high
        suite: stranded_funds
        handler: 财政部门
        false_alarms_zh: 收文日期迟登
        false_alarms_en: receipt registered late
"""


def test_metadata_becomes_a_rule(tmp_path: Path) -> None:
    (tmp_path / "finding_fs01_late_pass_down.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.yml").write_text("models:\n  - name: helper\n", encoding="utf-8")
    (tmp_path / "empty.yml").write_text("", encoding="utf-8")
    found = rules(tmp_path)
    assert list(found) == ["FS01"]
    assert found["FS01"].relation == "finding_fs01_late_pass_down"
    assert found["FS01"].threshold == {"days": {"value": 30, "unit": "日 days", "basis": "本市规定"}}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.replace("        handler: 财政部门\n", ""), "handler"),
        (lambda text: text.replace("severity: high", "severity: dire"), "severity"),
        (lambda text: text.replace("code: FS01", "code: FS1"), "code"),
        (lambda text: text.replace("code: FS01", "code: FS02"), "disagree"),
        (lambda text: text.replace("handler:", "handlr:"), "handlr"),
        (lambda text: text.replace("basis_confidence: read", "basis_confidence: sure"), "basis_confidence"),
        (lambda text: text.replace("value: 30", "value: 一个月"), "threshold"),
        (lambda text: text.replace("{value: 30, unit: 日 days, basis: 本市规定}", "30"), "threshold"),
        (lambda text: text + text.split("models:\n")[1], "twice"),
        (lambda text: text.replace("models:", "models: [", 1), "YAML"),
    ],
)
def test_incomplete_metadata_names_file_and_field(tmp_path: Path, spoil, told: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "rule.yml").write_text(spoil(GOOD), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        rules(tmp_path)
    assert "rule.yml" in refused.value.where
    assert told in refused.value.why


def test_unknown_rule_offers_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(GOOD, encoding="utf-8")
    assert find_rule("fs01", tmp_path).code == "FS01"
    with pytest.raises(NotFound) as unknown:
        find_rule("FS10", tmp_path)
    assert "FS01" in unknown.value.remedy
