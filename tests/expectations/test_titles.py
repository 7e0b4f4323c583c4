"""Titles and codes: every code that a release may hold has its words, and no words are left without a code."""

import re
from typing import Any

import pytest
import yaml

from expectations.engine import great_expectations
from expectations.results import _GRAVITY
from expectations.suite_catalogue import suite_catalogue
from onecard.catalogue import severity, titles
from onecard.store.verdicts import SUBJECTS as JUDGED
from onecard.store.verdicts import VERDICTS as VERDICT_CODES
from onecard.words.divisions import GOVERNMENT_LEVELS
from onecard.words.id_neighbours import KINDS as SLIPS
from onecard.words.language import Text
from orchestration.dbt import PROJECT

WORDS = {name: value for name, value in vars(titles).items() if isinstance(value, dict) and name.isupper()}


def _models() -> dict[str, dict[str, Any]]:
    paths = (PROJECT / "models" / "marts").glob("_*.yml")
    return {model["name"]: model for path in paths for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])}


def _columns(model: str) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in _models()[model]["columns"]}


def _accepted(model: str, column: str) -> set[str]:
    """Values a dbt test accepts in a column."""
    [found] = [
        test["accepted_values"]["arguments"]["values"] for test in _columns(model)[column]["data_tests"] if "accepted_values" in test
    ]
    return set(found)


def _known(check_name: str) -> set[str]:
    """Values the gate accepts in a column."""
    [check] = [check for suite in suite_catalogue() for check in suite.checks if check.name == check_name]
    return set(check.args["value_set"])


@pytest.mark.parametrize("name", WORDS)
def test_every_title_is_chinese_and_english(name: str) -> None:
    for code, words in WORDS[name].items():
        assert isinstance(words, Text), code
        assert re.search(r"[\u4e00-\u9fff]", words.zh) and words.en.isascii() is not re.search(r"[\u4e00-\u9fff]", words.en), code


def test_codes_of_a_release_and_titles_are_the_same() -> None:
    assert set(titles.PLACES) == _known("stranded_place_known")
    assert set(titles.SOURCE_KINDS) == _known("trace_source_known")
    assert set(titles.LEVELS) == _known("fund_position_levels")
    assert set(titles.STATES) == _accepted("mart_review_pair", "state")
    assert set(titles.SUBJECTS) == _accepted("mart_review_pair", "subject") == set(JUDGED)
    assert set(titles.VERDICTS) == set(VERDICT_CODES)
    assert set(titles.PAIR_KINDS) == {"near", "different", "variant", *SLIPS}
    assert set(titles.OUTCOMES) == set(_GRAVITY)
    assert {f"{place}_rows_a" for place in titles.SEEN_IN} == {name for name in _columns("mart_review_pair") if name.endswith("_rows_a")}


def test_stops_are_columns_of_the_trace() -> None:
    assert {f"days_at_{stop}" for stop in titles.STOPS if stop != "in_all"} | {"days_in_all"} == {
        name for name in _columns("mart_trace") if name.startswith("days_")
    }
    stated = _columns("mart_speed")["stop"]["description"]
    assert "/".join(stop for stop in titles.STOPS if stop != "in_all") in stated and "in_all" in stated


def test_money_of_a_pool_is_titled_and_adds_up() -> None:
    position = [name for name in _columns("mart_fund_position") if name.endswith("_fen")]
    assert set(position) - set(titles.MONEY) == {"held_by_bank_fen"}
    assert position[: position.index("in_fen")] == list(titles.INFLOWS)
    assert set(position[position.index("in_fen") + 1 : position.index("out_fen")]) == set(titles.OUTFLOWS)


def test_one_column_has_one_title_and_no_two_columns_have_the_same() -> None:
    for language in ("zh", "en"):
        assert len({getattr(words, language) for words in titles.MONEY.values()}) == len(titles.MONEY)


def test_levels_stand_from_the_top_down() -> None:
    assert list(titles.LEVELS) == list(GOVERNMENT_LEVELS) == list(titles.STOPS)[:4]


def test_severities_are_said_alike_everywhere() -> None:
    assert list(severity.TITLES) == list(severity.IN_GREAT_EXPECTATIONS) == list(severity.SEVERITIES)
    great_expectations()  # hides pyspark meanwhile: as a first import in a worker of xdist it would end the process
    from great_expectations.expectations.metadata_types import FailureSeverity

    assert set(severity.IN_GREAT_EXPECTATIONS.values()) <= {grade.value for grade in FailureSeverity}
    for mart in ("mart_rule", "mart_finding"):
        assert "/".join(severity.SEVERITIES) in _columns(mart)["severity"]["description"]


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert titles.both(titles.PLACES, "pool") == "在资金池 in the pool"
    assert titles.both(titles.PLACES, "elsewhere") == "elsewhere"
    assert titles.both(titles.PLACES, None) == "—"
