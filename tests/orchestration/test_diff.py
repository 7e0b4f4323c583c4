"""What changed between two days, and that a past day is rebuilt as it was known then: one city, one correction, one late file."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import nightly
import pytest
from two_days import CORRECTED, EARLY, SHORT_BY, Days

from onecard_app.answers import diff

pytestmark = pytest.mark.xdist_group("days")

COUNTED = "select rule_code, count(*), coalesce(sum(amount_fen), 0)::bigint from mart_finding group by 1"


@pytest.fixture(scope="module")
def told(days: Days) -> dict[str, Any]:
    return nightly.called(days.home, "diff", days.early["release"], days.late["release"])


def _ask(path: str, query: str) -> list[Any]:
    with duckdb.connect(str(Path(path) / "onecard.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def test_a_past_day_is_rebuilt_as_it_was_known_then(days: Days) -> None:
    assert days.again["release"] == days.early["release"]
    assert nightly.digests(Path(days.again["path"])) == days.before
    newest = _ask(days.early["path"], "select max(received_at at time zone 'Asia/Shanghai')::date::varchar from mart_delivery")
    assert newest[0][0] <= EARLY
    assert not days.again["is_current"] and (days.home / "releases" / "current").readlink().name == days.late["release"]
    assert _ask(days.early["path"], f"select is_in_force from mart_delivery where file_name = '{CORRECTED}'") == [(True,)]


def test_the_corrected_file_explains_what_moved(days: Days, told: dict[str, Any]) -> None:
    (replaced,) = [row for row in told["deliveries"] if row["change"] == "superseded"]
    assert replaced["file_name"] == replaced["replaced_by"] == CORRECTED and replaced["sha256"] != replaced["replaced_by_sha256"]
    assert replaced["replaced_by_landed_fen"] - replaced["landed_fen"] == -SHORT_BY
    assert [row["sha256"] for row in told["deliveries"] if row["change"] == "received"] == [replaced["replaced_by_sha256"]]
    (moved,) = told["payments"]
    assert (moved["programme_code"], moved["payroll_month"], moved["added"], moved["gone"], moved["corrected"]) == (
        "rural_dibao",
        201803,
        0,
        0,
        1,
    )
    assert (moved["entitled_moved_fen"], moved["credited_moved_fen"]) == (0, -SHORT_BY)
    assert told["levels"] == [] and told["positions"] == []
    assert {row["place"]: row["resting_moved_fen"] for row in told["resting"]} == {"bank_unspent": SHORT_BY}
    opened = {(row["rule_code"], row["amount_after_fen"]) for row in told["findings"] if row["change"] == "opened"}
    assert ("EN01", SHORT_BY) in opened and ("FS03", SHORT_BY) in opened


def test_findings_add_up(days: Days, told: dict[str, Any]) -> None:
    assert told["same_code"] and told["same_keys"]
    counted = [{rule: (cases, fen) for rule, cases, fen in _ask(side["path"], COUNTED)} for side in (days.early, days.late)]
    for row in told["rules"]:
        rule = row["rule_code"]
        assert row["cases_before"] + row["opened"] - row["cleared"] == row["cases_after"]
        assert row["amount_before_fen"] + row["opened_fen"] - row["cleared_fen"] + row["changed_fen"] == row["amount_after_fen"]
        assert (row["cases_before"], row["amount_before_fen"]) == counted[0].get(rule, (0, 0))
        assert (row["cases_after"], row["amount_after_fen"]) == counted[1].get(rule, (0, 0))
        listed = [finding["change"] for finding in told["findings"] if finding["rule_code"] == rule]
        assert [listed.count(change) for change in ("opened", "cleared", "changed")] == [
            row[change] for change in ("opened", "cleared", "changed")
        ]
    unchanged = (counted[0].keys() | counted[1].keys()) - {row["rule_code"] for row in told["rules"]}
    assert unchanged and all(counted[0][rule] == counted[1][rule] for rule in unchanged)


def test_the_other_way_round_is_the_opposite(days: Days) -> None:
    back = diff.compare(Path(days.late["path"]), Path(days.early["path"]))
    assert {row["change"] for row in back["deliveries"]} == {"gone", "in_force_again"}
    assert [row["credited_moved_fen"] for row in back["payments"]] == [SHORT_BY]


def test_people_read_tables(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # narrower tables fold names of files
    said = nightly.call(days.home, "diff", "2018-04-19", "2018-04-25").stdout
    for words in ("被更正的文件", CORRECTED, "农村低保", "-4.00", "EN01", "before + opened − cleared = after"):
        assert words in said, words


@pytest.mark.parametrize(
    ("sides", "exit_code", "words"),
    [
        (("2018-04-19", "2018-04-19"), 65, "OC-DIF-001"),
        (("2018-04", "current"), 65, "OC-REL-006"),
        (("2017-01-01", "current"), 66, "2018-04-19"),
    ],
)
def test_questions_that_cannot_be_answered(sides: tuple[str, str], exit_code: int, words: str, days: Days) -> None:
    done = nightly.call(days.home, "diff", *sides)
    assert done.returncode == exit_code and words in done.stderr and "Traceback" not in done.stderr


def test_a_release_without_the_trace_is_compared_without_it(days: Days, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(days.early["path"], old)
    (old / "onecard.duckdb").chmod(0o644)
    with duckdb.connect(str(old / "onecard.duckdb")) as con:
        con.execute("drop table mart_stranded")
    assert diff.compare(old, Path(days.late["path"]))["resting"] is None
    assert json.dumps(diff.compare(old, Path(days.late["path"]))["payments"], default=str)
