"""The glossary and the code use the same words: identifiers exist, titles of code stand in it, and each term is explained once."""

import re
from pathlib import Path

import pytest

from onecard.catalogue.titles import MONEY

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROOMS = ("onecard", "ingestion", "expectations", "orchestration", "onecard_app", "dbt_project")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
TERMS = [row for row in ROWS if row[0] != "中文"]


@pytest.fixture(scope="module")
def words_of_the_code() -> set[str]:
    """Every word of code, metadata and seeds, and the names of their files."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".sql", ".yml", ".csv") and "target" not in path.parts:
                found |= {path.stem, *re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    return found | {folder.name for room in ROOMS for folder in (ROOT / room).rglob("*") if folder.is_dir()}


def test_every_identifier_exists(words_of_the_code: set[str]) -> None:
    named = [name for row in TERMS for name in re.findall(r"`(\w+)`", row[2])]
    assert len(named) > 100
    missing = [name for name in named if name not in words_of_the_code and not any(word.endswith(name) for word in words_of_the_code)]
    assert missing == []


def test_every_row_says_all_there_is_to_say() -> None:
    for row in TERMS:
        assert len(row) == 5 and all(row), row
        assert re.search(r"[\u4e00-\u9fff]", row[0]) and re.search(r"[a-z]", row[1]) and "`" in row[2], row


def test_terms_are_explained_once() -> None:
    for column in (0, 1):
        terms = [row[column] for row in TERMS]
        assert [term for term in terms if terms.count(term) > 1] == []


def test_titles_of_money_are_the_terms_of_the_glossary() -> None:
    by_identifier = {name: row for row in TERMS for name in re.findall(r"`(\w+_fen)`", row[2])}
    for column in MONEY.keys() - {"other_fen"}:
        zh, en, *_ = by_identifier[column]
        title = MONEY[column]
        assert title.zh in zh and title.en in en, (column, zh, en)
