"""The rule catalogue: complete metadata or a named file, and a helpful answer to a mistyped code."""

import re
from pathlib import Path

import pytest

from onecard.catalogue.rules import find_rule, rules
from onecard.catalogue.titles import LEVELS, PLACES
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


def test_every_place_where_money_rests_is_the_business_of_one_rule() -> None:
    """`not_reporting` and `bank_unread` are nobody's fault yet: one government or one file has not told."""
    watched = [(watch.place, level) for rule in rules().values() for watch in rule.watches for level in watch.levels or LEVELS]
    assert len(watched) == len(set(watched)), "two rules for one place"
    assert {place for place, _ in watched} == set(PLACES) - {"not_reporting", "bank_unread"}
    assert {level for _, level in watched} <= set(LEVELS)


def test_what_else_a_finding_means_is_said_by_its_rule() -> None:
    known = rules().values()
    assert {rule.code for rule in known if rule.means_failed_line} == {"FS04", "ID07"}
    assert {rule.code for rule in known if rule.means_spent_early} == {"FS07"}
    assert {rule.code: rule.accuses_names for rule in known if rule.accuses_names} == {"ID02": "found", "ID05": "all"}


def test_titles_are_read_by_people() -> None:
    """A title is a title: no full stop, no code of a column, both languages, and none is used twice."""
    known = rules().values()
    assert len({rule.title_zh for rule in known}) == len({rule.title_en for rule in known}) == len(known)
    for rule in known:
        assert rule.title_en[0].isupper() and rule.title_en.isascii() and not rule.title_en.endswith("."), rule.code
        assert re.search(r"[\u4e00-\u9fff]", rule.title_zh) and "_" not in rule.title_zh + rule.title_en, rule.code
