"""The main job, inbox to release, as data engineers run it every night: complete, repeatable, alone, and safe to kill."""

import csv
import json
import random
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import nightly
import pytest

from onecard.catalogue.rules import rules
from simulation import SimulationSummary

Night = tuple[Path, "subprocess.CompletedProcess[str]", float]


def test_the_run_accounts_for_every_row_and_every_fen(published: tuple[Path, Any], city: SimulationSummary) -> None:
    home, said = published
    assert said["published"] and (home / "releases" / "current").resolve() == Path(said["path"])
    for row in said["sources"]:
        assert row["rows_total"] == row["rows_header"] + row["rows_landed"] + row["rows_quarantined"]
    assert {row["level"] for row in said["levels"]} == {"central", "province", "city", "county"}
    for row in said["levels"]:
        assert row["in_fen"] == row["passed_down_fen"] + row["paid_fen"] + row["other_fen"] + row["balance_fen"]
    with duckdb.connect(str(Path(said["path"]) / "onecard.duckdb"), read_only=True) as con:
        lying = dict(
            con.execute("select level, sum(resting_fen - overdrawn_fen)::bigint from mart_fund_position group by level").fetchall()
        )
    assert {row["level"]: row["balance_fen"] for row in said["levels"]} == lying, "carried over once, not once a year"
    assert said["joints"]["difference_fen"] == 0 and said["joints"]["checked"] > 10
    landed = {row["source"]: row["rows_landed"] for row in said["sources"]}
    assert landed["bank_batches"] == city.sources["bank_batches"]["rows"]
    assert landed["payment_rolls"] == city.sources["payment_rolls"]["rows"]


def test_every_planted_case_is_found_and_nothing_else(published: tuple[Path, Any], city: SimulationSummary) -> None:
    with city.truth.open(encoding="utf-8") as file:
        planted = {(row["rule_code"], row["file"], int(row["sheet_no"]), int(row["row_no"])) for row in csv.DictReader(file)}
    # What never came is no finding (tests/marts/truth.py): it is counted beside them.
    with duckdb.connect(str(published[0] / "releases" / "current" / "onecard.duckdb"), read_only=True) as con:
        untold = dict(con.execute("select rule_code, sum(cases)::int from mart_not_judged where cases is not null group by 1").fetchall())
        found = set(
            con.execute(
                "select rule_code, file_name, sheet_no, row_no from mart_finding_evidence where evidence_role = 'primary'"
            ).fetchall()
        )
    assert Counter(rule for rule, *_ in planted - found) == untold and untold.keys() <= {"FS03", "FS04"}
    assert Counter(rule for rule, *_ in found - planted) == Counter()
    assert {rule for rule, *_ in planted} == set(rules())


def test_status_and_verify_read_the_release(published: tuple[Path, Any], tmp_path: Path) -> None:
    home, said = published
    status = nightly.called(home, "status")
    assert status == said
    assert nightly.called(home, "verify")["sound"]
    own = tmp_path / "home"
    shutil.copytree(home, own, symlinks=True)
    assert nightly.call(own, "doctor").returncode == 0


def test_a_release_with_one_changed_byte_does_not_verify(published: tuple[Path, Any], tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(published[0], home, symlinks=True)
    file = (home / "releases" / "current").resolve() / "mart_payment.parquet"
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = nightly.call(home, "verify")
    assert done.returncode == 65 and "mart_payment.parquet" in done.stdout and "Traceback" not in done.stderr


def test_an_earlier_day_knows_less(published: tuple[Path, Any], city: SimulationSummary, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(published[0], home, symlinks=True)
    early = nightly.called(home, "run", "--as-of", "2018-03-05")
    rows = {row["source"]: row["rows_total"] for row in early["sources"]}
    late = {row["source"]: row["rows_total"] for row in published[1]["sources"]}
    assert 0 < rows["bank_batches"] < late["bank_batches"]
    assert early["joints"]["difference_fen"] == 0
    # And the later day is still what it was, and what everybody reads.
    assert not early["is_current"] and (home / "releases" / "current").readlink().name == published[1]["release"]
    assert nightly.digests(home / "releases" / published[1]["release"]) == nightly.digests(Path(published[1]["path"]))


def _is_whole_or_absent(home: Path, published: tuple[Path, Any]) -> None:
    current = home / "releases" / "current"
    if current.exists():
        assert nightly.digests(current) == nightly.digests(Path(published[1]["path"]))


def _made_good(home: Path, city: SimulationSummary, published: tuple[Path, Any]) -> None:
    """The next run ends as if none had been killed, and nothing of those that were stays behind."""
    said = nightly.run(home, city)
    assert nightly.digests(Path(said["path"])) == nightly.digests(Path(published[1]["path"]))
    assert not list((home / "releases").glob(".tmp-*")) and not (home / "lake" / "ingesting.json").exists()
    assert not list((home / "runs").glob("run-*"))


def test_the_same_files_in_another_workspace_give_the_same_bytes_after_kills(
    published: tuple[Path, Any], city: SimulationSummary, tmp_path: Path
) -> None:
    """From the files themselves, through the inbox this time, in another order of arrival; and three runs are killed on the way,
    while files go into the lake, while the marts are built and while the release is written."""
    home = tmp_path / "home"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    files = sorted(city.inbox.iterdir())
    random.Random(5).shuffle(files)
    for path in files:
        shutil.copy(path, inbox / path.name)
    for stage, seconds in (("收件", 2), ("入湖", 3), ("校验", 0)):
        nightly.killed_after(stage, home, city, seconds)
        _is_whole_or_absent(home, published)
    assert list((home / "runs").glob("run-*")), "something was left to be tidied up"
    _made_good(home, city, published)
    assert list(inbox.iterdir()) == []


@pytest.mark.deep
@pytest.mark.parametrize("number", range(10))
def test_a_run_killed_at_any_moment_is_made_good_by_the_next(
    number: int, published: tuple[Path, Any], night: Night, received: Path, city: SimulationSummary, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(received, home)
    nightly.killed_run(home, city, random.Random(number).uniform(0.5, night[2]))
    _is_whole_or_absent(home, published)
    _made_good(home, city, published)


def test_running_again_changes_nothing_and_a_second_run_meanwhile_leaves_and_says_who_is_at_work(
    published: tuple[Path, Any], city: SimulationSummary, tmp_path: Path
) -> None:
    home, said = tmp_path / "home", published[1]
    shutil.copytree(published[0], home, symlinks=True)
    (home / "onecard.lock.json").unlink(missing_ok=True)
    before = nightly.digests(Path(said["path"]))
    day = city.business_date.isoformat()
    with subprocess.Popen(
        nightly.command(home, "run", "--as-of", day, "--json"), env=nightly.environment(), stdout=subprocess.PIPE, text=True
    ) as first:
        while not (home / "onecard.lock.json").exists():
            time.sleep(0.05)
            assert first.poll() is None
        # The first door looks at the lock for a moment before the slow start: wait until it holds it for good.
        time.sleep(4)
        second = nightly.call(home, "run", "--as-of", day)
        assert second.returncode == 75, second.stderr
        assert f"pid {first.pid}@" in second.stderr and "Traceback" not in second.stderr
        again = json.loads(first.communicate(timeout=300)[0])
    assert first.returncode == 0 and again["published"] and again == nightly.called(home, "status")
    assert again["release"] == said["release"] and nightly.digests(Path(again["path"])) == before
    assert [path.name for path in (home / "releases").iterdir() if path.name != "current"] == [said["release"]]


def test_a_fen_lost_in_the_lake_is_caught_and_nothing_is_published(
    published: tuple[Path, Any], received: Path, city: SimulationSummary, tmp_path: Path
) -> None:
    """The canary of the gate: one credited line is one fen short of what its bank stated."""
    home = tmp_path / "home"
    shutil.copytree(received, home)
    patch = """
import ingestion.pipeline as pipeline
import pyarrow as pa
real = pipeline.Lake.append
def lossy(self, table, rows):
    if table == "bank_batches":
        amounts = rows["amount_fen"].to_pylist()
        amounts[0] -= 1
        rows = rows.set_column(rows.schema.get_field_index("amount_fen"), "amount_fen", pa.array(amounts, pa.int64()))
    return real(self, table, rows)
pipeline.Lake.append = lossy
"""
    done = nightly.call_with(patch, tmp_path, home, "run", "--as-of", city.business_date.isoformat())
    assert done.returncode == 76, done.stdout + done.stderr
    assert "J4" in done.stderr and "report.html" in done.stderr and "Traceback" not in done.stderr
    assert not (home / "releases" / "current").exists()
    refused = list((home / "releases").glob("refused-*"))
    assert len(refused) == 1 and (refused[0] / "report.html").exists()
