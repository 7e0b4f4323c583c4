"""The review notebook over a small release: it runs without an error, counts what SQL counts, and shows nobody in clear."""

import re
from pathlib import Path
from typing import Any

import duckdb
import nightly
import pytest
import running
from judging import Judged
from scan import found_in_text

from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace

pytestmark = pytest.mark.xdist_group("review")  # whose workspace it looks at


@pytest.fixture(scope="module")
def home(judged: Judged) -> Path:
    return judged.home


@pytest.fixture(scope="module")
def ran(home: Path) -> tuple[str, dict[str, Any]]:
    """What the notebook shows, as HTML, and the values it computed."""
    return running.shown("review_pairs", home)


def test_key_numbers_are_those_of_sql(home: Path, ran: tuple[str, dict[str, Any]]) -> None:
    shown, values = ran
    with duckdb.connect(str(home / "releases" / "current" / "onecard.duckdb"), read_only=True) as con:
        states = dict(con.execute("select state, count(*) from mart_review_pair group by state").fetchall())
        kinds = dict(con.execute("select kind, count(*) from mart_review_pair group by kind").fetchall())
        fen = con.execute("select sum(amount_fen)::bigint from mart_review_pair where state in ('open', 'unsure')").fetchall()[0][0]
    assert {state: count for state, count in values["state_counts"].items() if count} == states and states["decided"] == 1
    assert {kind: sum(counts) for kind, counts in values["kind_counts"].items() if sum(counts)} == kinds
    assert values["waiting_fen"] == fen
    assert len(values["chosen_pairs"]) == states["open"]
    assert all(row["code"] in shown for row in values["chosen_pairs"])
    pair = values["pair_shown"]
    assert pair["name_masked_a"] in shown and pair["file_name_b"] in shown


def test_nobody_is_shown_in_clear_and_nothing_is_loaded(home: Path, ran: tuple[str, dict[str, Any]]) -> None:
    shown, _ = ran
    assert re.findall(r"https?://[^'\"\s<]+", shown) == []
    assert "身份复核" in shown and "Is this one person?" in shown
    vault = Vault(Workspace(home), Settings.load(home=home, vault_key=nightly.KEY))
    numbers = vault.known_values("person")[0].to_pylist()
    names = [name for name in vault.known_values("name")[0].to_pylist() if len(name) > 2]
    assert found_in_text(shown, [number for number in numbers if len(number) > 14]) == []
    assert found_in_text(shown, names) == []


def test_it_exports_without_an_error(home: Path, tmp_path: Path) -> None:
    assert "身份复核" in running.exported("review_pairs", home, tmp_path)


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    assert "onecard run" in running.said_without_a_release("review_pairs", tmp_path / "none")
