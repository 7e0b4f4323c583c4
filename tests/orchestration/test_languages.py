"""One language at a time over a published release: English without Chinese, Chinese without English, both where nobody chose."""

import re
import subprocess
from pathlib import Path

import duckdb
import nightly
import pytest
import warm
from loading import BUILDERS, loaded

from onecard.catalogue.rules import rules
from onecard.store.workspace import Workspace
from onecard_app.answers import review
from onecard_app.answers.release_selection import choose_release

pytestmark = pytest.mark.xdist_group("nightly")

DOCUMENT, CREDIT = "定财社〔2018〕5号", "ABC/62110220180101200/3"
CHINESE = re.compile("[一-龥]")
# Words of ours that may stand in no Chinese line; what is typed (options, names of tables) has them, too.
ENGLISH = re.compile(
    r"\b(release|business date|rows?|files|source|level|yuan|findings?|suite|rule|title|place|credited|entitled|not on cards|passed down"
    r"|days|since|cards|persons?|households?|whose money|county|kind|state|when|by|verdicts?|severity|legal basis|threshold|handler|item"
    r"|detail|remedy|where|why|reason|difference|before|after|moved|change|sound|packages|disk|lock|none|missing)\b",
)
# What is copied as it is: commands, folders, names of files and tables, ids, rule parameters.
COPIED = re.compile(r"onecard [^；，]*|--[a-z]+[^；，]*|\S*[/_.]\S*|days = ")


@pytest.fixture(scope="module")
def questions(published_home: Path) -> list[tuple[str, ...]]:
    code = review.pairs(choose_release(Workspace(published_home)), every=True)[0]["code"]
    return [
        ("status",), ("trace", "--doc", DOCUMENT), ("trace", "--credit", CREDIT), ("trace", "--county", "定西市"),
        ("trace", "--county", "安定区", "--programme", "农村低保", "--month", "201803"), ("review",), ("review", code),
        ("review", "--audit"), ("explain",), ("explain", "FS02"), ("explain", "DL03"), ("verify",), ("doctor",), ("quarantine",),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def data(published_home: Path) -> set[str]:
    """Chinese words that come from data: in the release, and laws and the directive's own words in the rules."""
    words: set[str] = set()
    with duckdb.connect(str(published_home / "releases" / "current" / "onecard.duckdb"), read_only=True) as con:
        columns = con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and data_type = 'VARCHAR' and regexp_matches(column_name, "
            "'doc_no|division_name|pool_name|name_masked|file_name|township|village|reference|sender|receiver')"
        ).fetchall()
        for table, column in columns:
            for (value,) in con.execute(f'select distinct "{column}" from "{table}" where "{column}" is not null').fetchall():
                words |= set(CHINESE.findall(str(value)))
    for rule in rules().values():
        words |= set(CHINESE.findall(rule.legal_basis + rule.seed_phrase))
    return words


def spoken(home: Path, *commands: tuple[str, ...]) -> list[str]:
    """What each command (`--lang` and the rest) says; it must succeed."""
    said = []
    for command in commands:
        done = warm.run(["--home", str(home), "--lang", *command], nightly.environment() | {"COLUMNS": "200"})
        assert done.returncode == 0, (command, done.stderr)
        said.append(done.stdout)
    return said


def test_english_has_no_chinese_but_names(published_home: Path, questions: list[tuple[str, ...]], data: set[str]) -> None:
    names = data | set("甲乙安定区农村低保")
    for question, said in zip(questions, spoken(published_home, *(("en", *question) for question in questions)), strict=True):
        assert {char for char in CHINESE.findall(said) if char not in names} == set(), question
        assert not re.search("[，：；（）、]", re.sub("〔.*?〕", "", said)) or question[0] == "explain", question


def test_chinese_has_no_english_labels(published_home: Path, questions: list[tuple[str, ...]]) -> None:
    for question, said in zip(questions, spoken(published_home, *(("zh", *question) for question in questions)), strict=True):
        left = [found for line in said.splitlines() for found in ENGLISH.findall(COPIED.sub("", line))]
        assert left == [], (question, left)


def test_both_is_what_a_bare_server_says(published_home: Path, questions: list[tuple[str, ...]]) -> None:
    environment = {name: value for name, value in nightly.environment().items() if name not in ("LC_ALL", "LC_MESSAGES", "ONECARD_LANG")}
    for question in questions[:2]:
        command = nightly.command(published_home, *question)
        done = subprocess.run(
            command, env=environment | {"LANG": "C", "COLUMNS": "200"}, capture_output=True, text=True, timeout=300, check=True
        )
        assert [done.stdout] == spoken(published_home, ("both", *question))
        assert "业务日期 business date: " in done.stdout


def test_json_is_the_same_in_every_language(published_home: Path) -> None:
    questions = (("status",), ("trace", "--doc", DOCUMENT), ("explain", "FS02"), ("review",))
    zh, en, both = (
        spoken(published_home, *((language, *question, "--json") for question in questions)) for language in ("zh", "en", "both")
    )
    assert zh == en == both


@pytest.mark.parametrize(
    "command",
    [("status",), ("verify",), ("trace", "--doc", DOCUMENT), ("trace", "--county", "安定区"), ("review",), ("diff", "current", "current")],
)
def test_reading_a_release_loads_no_builder(command: tuple[str, ...], published_home: Path) -> None:
    """The same as tests/cli asks without a release, over one that is there."""
    assert loaded("--home", str(published_home), *command).intersection(BUILDERS) == set()
