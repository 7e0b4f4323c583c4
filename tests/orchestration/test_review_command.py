"""Judging pairs from the command line: verdicts that later runs honour, and seeing a pair in clear, never without a record of it."""

import datetime as dt
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import judging
import nightly
import pytest
from judging import REASON, Judged, clear_values, vault
from scan import found_in_text, scan

from onecard.store import unlocking, verdicts
from onecard.store.unlocking import unlockings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.id_neighbours import id_slip
from onecard.words.masks import mask_id

pytestmark = pytest.mark.xdist_group("review")


@pytest.fixture
def home(published_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(published_home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def pair(published_home: Path) -> dict[str, Any]:
    return judging.first_of_names(published_home)


def on_a_terminal(home: Path, *arguments: str, patch: str = "") -> tuple[int, str]:
    """`onecard …` with a terminal for its output, after the statements of `patch`; exit code and what the terminal showed."""
    script = home.parent / "terminal.py"
    script.write_text(nightly.DRIVER.format(patch=patch), encoding="utf-8")
    master, slave = pty.openpty()
    command = [sys.executable, str(script), "--home", str(home), *arguments]
    with subprocess.Popen(command, env=nightly.environment() | {"COLUMNS": "160"}, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                some = os.read(master, 65536)
            except OSError:  # the terminal is closed when nobody holds it any more
                some = b""
            if not some:
                break
            shown += some
        code = process.wait(timeout=300)
    os.close(master)
    return code, shown.decode(errors="replace")


# --- the list and a pair ----------------------------------------------------------------------------------------------------------------


def test_the_list_is_the_mart_and_masked(published_home: Path, pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(published_home / "releases" / "current" / "onecard.duckdb"), read_only=True) as con:
        waiting = con.execute("select review_pair_id from mart_review_pair where state in ('open', 'unsure')").fetchall()
    told = nightly.called(published_home, "review")
    assert sorted(row["review_pair_id"] for row in told) == sorted(row[0] for row in waiting) and len(told) > 3
    links = nightly.called(published_home, "review", "--kind", "one_digit", "--division", pair["division_name"], "--all")
    assert links and all((row["kind"], row["division"], row["state"]) == ("one_digit", pair["division"], "linked") for row in links)
    with monkeypatch.context() as terminal:
        terminal.setenv("COLUMNS", "80")
        narrow = nightly.call(published_home, "review").stdout
    assert pair["code"] in narrow  # whole, to be copied
    shown = nightly.call(published_home, "review", "--all").stdout + nightly.call(published_home, "review", pair["code"][:6]).stdout
    assert pair["code"] in shown and pair["file_name_b"] in shown and pair["name_masked_a"] in shown
    assert found_in_text(shown + json.dumps(told, ensure_ascii=False), clear_values(published_home, pair)) == []


@pytest.mark.parametrize(
    "arguments, code, says",
    [
        (["review", "0000"], 66, "OC-REV-004"),
        (["review", "--division", "某某县"], 66, "OC-REV-005"),
        (["review", "--verdict", "same"], 2, "onecard review PAIR"),
        (["review", "PAIR", "--all"], 2, "--division"),
        (["review", "PAIR", "--reason", REASON], 2, "--verdict"),
        (["review", "PAIR", "--verdict", "same"], 65, "OC-REV-009"),
        (["review", "PAIR", "--verdict", "same", "--reason", " "], 65, "OC-REV-009"),
        (["review", "PAIR", "--verdict", "same", "--reason", REASON, "--at", "2999-01-01"], 65, "OC-REV-006"),
        (["review", "PAIR", "--unlock"], 65, "OC-REV-009"),
        (["review", "PAIR", "--unlock", "--reason", REASON], 78, "OC-REV-007"),
        (["review", "PAIR", "--unlock", "--reason", REASON, "--json"], 78, "OC-REV-007"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], code: int, says: str, published_home: Path, pair: dict[str, Any]) -> None:
    done = nightly.call(published_home, *(pair["code"] if word == "PAIR" else word for word in arguments))
    assert done.returncode == code and says in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert found_in_text(done.stdout + done.stderr, clear_values(published_home, pair)) == []
    assert verdicts.history(Workspace(published_home)) == [] and unlockings(Workspace(published_home)) == ([], [])


# --- verdicts ---------------------------------------------------------------------------------------------------------------------------


def accused(release: Path, pair: dict[str, Any]) -> int:
    """How many findings hold one of the pair's names against the person."""
    with duckdb.connect(str(release / "onecard.duckdb"), read_only=True) as con:
        query = "select count(*) from mart_finding where rule_code in ('ID02', 'ID05') and person_key = ?"
        return int(con.execute(query, [int(pair["person_key"])]).fetchall()[0][0])


def test_a_verdict_is_honoured_from_its_day_on(judged: Judged, published_home: Path, pair: dict[str, Any]) -> None:
    assert (judged.told["verdict"], judged.told["reviewer"]) == ("same", "复核员甲")
    assert pair["code"] not in judged.waiting
    before, same, different = (Path(run["path"]) for run in (judged.before, judged.same, judged.different))
    # The day before the verdict stays what it was, to the byte: made again from nothing.
    assert nightly.digests(before) == judged.kept and judged.before["release"] == current(published_home)
    assert accused(before, pair) > 0
    assert accused(same, pair) == 0
    row = judged.decided
    assert (row["state"], row["verdict"], row["reviewer"], row["verdict_since"]) == ("decided", "same", "复核员甲", None)
    # The opposite, decided later the same day: another release of that day, and the finding is back.
    assert judged.different["release"] != judged.same["release"] and accused(different, pair) > 0
    assert [event["verdict"] for event in judged.history] == ["same", "different"]
    clear = clear_values(judged.home, pair)
    assert scan(judged.home, clear, skip=lambda path: path.parts[0] == "vault" or path.suffix == ".bin") == []


def test_readers_never_see_a_mix(judged: Judged) -> None:
    """Auditors read `current` all the time while two later releases are published over it."""
    assert judged.wrong == []
    assert set(judged.seen) == {run["release"] for run in (judged.before, judged.same, judged.different)}


def test_a_verdict_broken_off_leaves_nothing(home: Path, pair: dict[str, Any], tmp_path: Path) -> None:
    words = ("review", pair["code"], "--verdict", "same", "--reason", REASON)
    kill = "import os, signal, onecard.store.lake as place\nplace.Lake.commit = lambda self: os.kill(os.getpid(), signal.SIGKILL)"
    assert nightly.call_with(kill, tmp_path, home, *words).returncode == -9
    assert nightly.call(home, *words).returncode == 0
    assert [event.verdict for event in verdicts.history(Workspace(home))] == ["same"]


def test_no_verdict_while_a_run_is_at_work(home: Path, pair: dict[str, Any]) -> None:
    with Workspace(home).lock():
        done = nightly.call(home, "review", pair["code"], "--verdict", "same", "--reason", REASON)
    assert done.returncode == 75 and verdicts.history(Workspace(home)) == []


# --- in clear ---------------------------------------------------------------------------------------------------------------------------


def test_a_look_in_clear_is_recorded_first(home: Path, pair: dict[str, Any]) -> None:
    clear = clear_values(home, pair)
    reason = f"{REASON} {clear[1]}"
    code, shown = on_a_terminal(home, "review", pair["code"], "--unlock", "--reason", reason, "--by", "复核员乙")
    assert code == 0 and all(value in shown for value in clear), shown
    [record], broken = unlockings(Workspace(home))
    assert broken == [] and (record.by, record.what, record.release) == ("复核员乙", pair["review_pair_id"], current(home))
    assert record.login and abs(dt.datetime.fromisoformat(record.at) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert vault(home).unseal_text(record.reason_sealed) == reason
    file = home / "vault" / "audit.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert found_in_text(file.read_text(encoding="utf-8"), [*clear, REASON]) == []
    assert scan(home, clear, skip=lambda path: path.suffix == ".bin" or (path.suffix == ".parquet" and path.parts[0] == "vault")) == []


def current(home: Path) -> str:
    return (home / "releases" / "current").resolve().name


KILL = "import os, signal, onecard_app.cli.views.review as place\nplace.{} = lambda *args: os.kill(os.getpid(), signal.SIGKILL)"


def test_killed_between_record_and_sight(home: Path, pair: dict[str, Any]) -> None:
    code, shown = on_a_terminal(home, "review", pair["code"], "--unlock", "--reason", REASON, patch=KILL.format("show_clear"))
    assert code == -9 and found_in_text(shown, clear_values(home, pair)) == []
    assert len(unlockings(Workspace(home))[0]) == 1


def test_what_cannot_be_recorded_is_not_shown(home: Path, pair: dict[str, Any]) -> None:
    (home / "vault" / "audit.jsonl").mkdir()
    code, shown = on_a_terminal(home, "review", pair["code"], "--unlock", "--reason", REASON)
    assert code == 70 and found_in_text(shown, clear_values(home, pair)) == [] and "OC-" in shown


def test_the_record_is_on_the_disk_before_the_vault_is_opened(home: Path, pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of calls: write, fsync, and only then the first clear value."""
    calls: list[str] = []
    for name in ("write", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(unlocking.os, name, lambda *args, name=name, real=real: (calls.append(name), real(*args))[1])
    real_values = Vault.known_values
    monkeypatch.setattr(Vault, "known_values", lambda self, domain: (calls.append("clear"), real_values(self, domain))[1])
    asked = verdicts.Pair("name", *(int(pair[name]) for name in ("person_key", "key_a", "key_b")))
    unlocking.unlock(Workspace(home), vault(home), asked, at=dt.datetime.now(dt.UTC), by="甲", login="甲", release="", reason=REASON)
    assert calls.index("write") < calls.index("fsync") < calls.index("clear")


def test_two_numbers_in_clear_with_every_name_met(home: Path) -> None:
    row = next(row for row in nightly.called(home, "review", "--all") if row["kind"] == "one_digit")
    asked = verdicts.Pair("person", None, int(row["key_a"]), int(row["key_b"]))
    a, b = unlocking.unlock(Workspace(home), vault(home), asked, at=dt.datetime.now(dt.UTC), by="甲", login="甲", release="", reason=REASON)
    assert id_slip(a.id_number, b.id_number) == "one_digit" and set(a.names) & set(b.names)
    assert (mask_id(a.id_number), mask_id(b.id_number)) == (row["id_masked_a"], row["id_masked_b"])
    assert unlockings(Workspace(home))[0][0].what == row["review_pair_id"]


def test_a_changed_record_is_noticed(home: Path, pair: dict[str, Any]) -> None:
    ws, file = Workspace(home), home / "vault" / "audit.jsonl"
    asked = verdicts.Pair("name", *(int(pair[name]) for name in ("person_key", "key_a", "key_b")))
    for who in ("甲", "乙", "丙"):
        unlocking.unlock(ws, vault(home), asked, at=dt.datetime.now(dt.UTC), by=who, login=who, release="", reason=REASON)
    whole = file.read_text(encoding="utf-8")
    assert [record.by for record in unlockings(ws)[0]] == ["甲", "乙", "丙"] and unlockings(ws)[1] == []
    assert nightly.called(home, "review", "--audit")["broken_lines"] == []
    lines = whole.splitlines()
    file.write_text("\n".join([lines[0], lines[2]]) + "\n", encoding="utf-8")
    done = nightly.call(home, "review", "--audit")
    assert done.returncode == 65 and "OC-REV-008" in done.stderr
    # A line that a crash left unfinished is named, and the next record stands on a line of its own.
    file.write_text(whole[:-40], encoding="utf-8")
    unlocking.unlock(ws, vault(home), asked, at=dt.datetime.now(dt.UTC), by="丁", login="丁", release="", reason=REASON)
    assert [record.by for record in unlockings(ws)[0]] == ["甲", "乙", "丁"] and unlockings(ws)[1] == [3]
