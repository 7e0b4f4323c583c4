"""What goes wrong around a run and is nobody's mistake in the code: the machine, the date, the files, a hand on the keyboard."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import nightly
import pytest
from two_days import Days, bank_file, put

from ingestion import pipeline, receiving
from onecard.store import lake
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import ConfigError, NotFound
from onecard.words.system_faults import machine_fault
from onecard_app.answers.release_selection import choose_release
from onecard_app.cli.output import Output
from onecard_app.operations import doctor
from onecard_app.operations.next_steps import next_steps

pytestmark = pytest.mark.xdist_group("days")
PERSON = "张三620102199001011234"


@pytest.fixture(scope="module")
def published(days: Days) -> tuple[Path, Any]:
    """A workspace after a run, with files that were refused, one that came after the business date, and one held back."""
    return days.home, days.shown


def copied(published: tuple[Path, Any], tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(published[0], home, symlinks=True)
    return home


# --- what does not count --------------------------------------------------------------------------------------------------------------


def test_a_run_says_which_files_do_not_count(published: tuple[Path, Any]) -> None:
    home, done = published
    assert "1 份文件在业务日期（" in done.stderr and "and not counted: 1" in done.stderr
    for said in (" ".join(told.split()) for told in (done.stdout, nightly.call(home, "status").stdout)):
        assert "⚠ 未计入的文件：暂缓 1 份，被拒 2 份" in said and "1 on hold, 2 rejected; see onecard quarantine" in said
    assert nightly.called(home, "status")["set_aside"] == {"held_back": 1, "refused": 2}


def test_a_day_before_any_receipt_is_refused_before_anything_starts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = str(put(tmp_path, "RCU_B009_回盘.txt", bank_file("B009")))
    nothing = nightly.call(home, "run", "--as-of", "2018-03-31")
    assert nothing.returncode == 65 and "OC-RUN-003" in nothing.stderr
    nightly.called(home, "receive", file, "--received-at", "2018-05-30T09:00:00")
    done = nightly.call(home, "run", "--as-of", "2018-03-31")
    assert done.returncode == 65 and "OC-RUN-002" in done.stderr and "dbt" not in done.stderr
    for words in ("1 份", "2018-05-30 09:00", "--received-at", "--as-of 2018-05-30"):
        assert words in done.stderr, words
    # The remedy holds: the same bytes, with the moment at which they really came.
    (again,) = nightly.called(home, "receive", file, "--received-at", "2018-03-10")
    assert not again["is_new"] and again["received_at"] == "2018-03-09T16:00:00+00:00"


# --- receiving ------------------------------------------------------------------------------------------------------------------------


def test_good_files_are_received_beside_bad_ones_and_no_person_is_named(tmp_path: Path) -> None:
    home, good = tmp_path / "我 home", put(tmp_path, "RCU_B009_回盘.txt", bank_file("B009"))
    arguments = ("receive", str(good), f"{PERSON}.xlsx", f"{PERSON}/名册.csv")
    done = nightly.call(home, *arguments)
    assert done.returncode == 65 and "新 1" in done.stdout and "new 1" in done.stdout
    assert "*.xlsx" in done.stderr and "名册.csv" in done.stderr and "620102" not in done.stderr + done.stdout
    told = json.loads(nightly.call(home, *arguments, "--json").stdout)
    assert told["error"]["exit_code"] == 65 and len(told["received"]) == 1
    again = nightly.call(home, "receive", str(good))
    assert f"onecard --home '{home}' run" in again.stdout


# --- the machine ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space", "H/landing/张三.bin"), "OC-SYS-001"),
        (OSError(errno.EDQUOT, "quota"), "OC-SYS-001"),
        (OSError(errno.EROFS, "Read-only", "H/onecard.lock"), "OC-SYS-002"),
        (sqlite3.OperationalError("database or disk is full"), "OC-SYS-001"),
        (OSError("Generic LocalFileSystem error: No space left on device (os error 28)"), "OC-SYS-001"),
        (PermissionError(errno.EACCES, "denied", "/x/张三.xlsx"), "OC-CLI-002"),
    ],
)
def test_faults_of_the_machine_name_place_and_room_but_no_file(error: Exception, code: str, tmp_path: Path) -> None:
    if isinstance(error, OSError) and error.filename:
        error.filename = str(error.filename).replace("H", str(tmp_path), 1)
    fault = machine_fault(error, tmp_path)
    assert isinstance(fault, ConfigError) and fault.code == code and "MiB" in fault.why
    assert "张三" not in str(fault) and (str(tmp_path) in fault.where or fault.where == "/x")


def test_other_faults_are_not_the_machines(tmp_path: Path) -> None:
    assert machine_fault(ValueError("no"), tmp_path) is None
    assert machine_fault(FileNotFoundError(errno.ENOENT, "no"), tmp_path) is None


def test_a_full_disk_is_no_internal_fault(tmp_path: Path) -> None:
    patch = """
import errno, onecard.store.files, ingestion.receiving
def full(*_args, **_more):
    raise OSError(errno.ENOSPC, "No space left on device")
ingestion.receiving.write_json_atomic = full
"""
    file = put(tmp_path, "RCU_B009_回盘.txt", bank_file("B009"))
    done = nightly.call_with(patch, tmp_path, tmp_path / "home", "receive", str(file))
    assert done.returncode == 78 and "OC-SYS-001" in done.stderr and str(tmp_path / "home") in done.stderr


def test_doctor_looks_at_everything_even_when_one_look_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_args: object, **_more: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    ws = Workspace(tmp_path / "home").create()
    monkeypatch.setattr("tempfile.TemporaryFile", read_only)
    monkeypatch.setattr(Workspace, "lock", read_only)
    monkeypatch.setattr(doctor, "rules", lambda: 1 // 0)
    looks = {str(look.name): look for look in doctor.examine(ws, Settings.load(home=ws.home))}
    assert len(looks) == 13
    assert {name for name, look in looks.items() if look.state == "fail"} == {"工作区 workspace", "锁 lock", "规则目录 rules"}
    assert "只读" in looks["锁 lock"].detail and "ZeroDivisionError" in looks["规则目录 rules"].detail


def test_doctor_counts_what_will_be_received(tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "home").create()
    put(ws.inbox, "deliveries.csv", "file\n")
    put(ws.inbox, ".隐藏", "x")
    put(ws.inbox, "RCU_B009_回盘.txt", "x")
    (ws.inbox / "链接.txt").symlink_to(ws.inbox / "RCU_B009_回盘.txt")
    (look,) = [look for look in doctor.examine(ws, Settings.load(home=ws.home)) if "inbox" in look.name]
    assert look.state == "warn" and "1 个文件待收" in look.detail and "1 个暂缓" in look.detail


# --- lake and releases ----------------------------------------------------------------------------------------------------------------


def test_a_lost_file_of_the_lake_is_named_and_the_lake_can_be_made_new(published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    before = nightly.digests(home / "releases" / "current")
    lost = min((home / "lake" / "payment_rolls").glob("*.parquet"))
    lost.unlink()
    done = nightly.call(home, "run", "--as-of", "2018-04-25")
    assert done.returncode == 70 and "OC-LAK-001" in done.stderr and lost.name in done.stderr and "vault.key" in done.stderr
    (look,) = [look for look in doctor.examine(Workspace(home), Settings.load(home=home)) if "lake" in look.name]
    assert look.state == "fail" and lost.name in look.detail
    # What docs/engineer.md tells to do.
    text = Path("docs/engineer.md").read_text(encoding="utf-8")
    (recipe,) = [line.strip() for line in text.splitlines() if "! -name verdicts" in line]
    subprocess.run(["bash", "-c", recipe.replace("/data/onecard", str(home))], check=True)
    assert (home / "landing").exists() and not list((home / "lake").iterdir())
    nightly.called(home, "run", "--as-of", "2018-04-25")
    assert nightly.digests(home / "releases" / "current") == before


def test_every_damage_of_the_lake_is_seen(published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    assert lake.examine(Workspace(home)) == []
    file = min((home / "lake" / "deaths").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-9])
    shutil.rmtree(home / "lake" / "names" / "_delta_log")
    assert [damage.where.split("/")[-2] for damage in lake.examine(Workspace(home))] == ["deaths", "names"]


def test_a_current_that_points_nowhere_is_not_nothing_published(published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    current = (home / "releases" / "current").resolve()
    shutil.copytree(current, home / "releases" / "2018-04-24-000000000000")
    current.rename(home / "releases" / ".away")
    with pytest.raises(NotFound) as told:
        choose_release(Workspace(home))
    assert current.name in told.value.why and "2018-04-24-000000000000" in told.value.remedy
    (look,) = [look for look in doctor.examine(Workspace(home), Settings.load(home=home)) if "current" in look.name]
    assert look.state == "fail" and current.name in look.detail


@pytest.mark.parametrize("damage", ["gone", "{", "{}", "[]"])
def test_a_release_without_a_whole_manifest_is_damaged(damage: str, published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    other = home / "releases" / "2018-04-24-000000000000"
    shutil.copytree((home / "releases" / "current").resolve(), other)
    (other / "manifest.json").unlink()
    if damage != "gone":
        (other / "manifest.json").write_text(damage, encoding="utf-8")
    for arguments in (["status", "--release", other.name], ["diff", "2018-04-24", "current"], ["verify", other.name]):
        done = nightly.call(home, *arguments)
        assert done.returncode == 65 and "onecard" in done.stderr and "internal error" not in done.stderr, done.stderr
        assert "OC-REL-00" in done.stderr


def test_a_release_without_its_database_is_damaged(published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    database = (home / "releases" / "current").resolve() / "onecard.duckdb"
    database.chmod(0o644)
    database.write_bytes(b"no database")
    for arguments in (["status"], ["trace", "--doc", "12号"]):
        done = nightly.call(home, *arguments)
        assert done.returncode == 65 and "OC-REL-007" in done.stderr


# --- reading --------------------------------------------------------------------------------------------------------------------------


def test_tables_fold_at_the_width_that_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words = "".join(chr(0x4E00 + number) for number in range(90))
    Output(False).table("", ["文件 file", "原因 reason"], [["x" * 70, words]])
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80 and "…" not in said
    assert all(character in said for character in words) and said.count("x") == 70


def test_quarantine_says_where_and_why_in_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ws, settings = Workspace(home).create(), Settings.load(home=home)
    put(ws.inbox, "RCU_B001_回盘.txt", bank_file("B001", ("150.00", "一百五", "150.00")))
    with ws.lock():
        receiving.receive_inbox(ws, settings)
        assert pipeline.ingest(ws, settings).refused == []
    clean = {name: value for name, value in nightly.environment().items() if name != "ONECARD_VAULT_KEY"}
    done = subprocess.run(nightly.command(home, "quarantine"), env=clean | {"COLUMNS": "80"}, capture_output=True, text=True, check=True)
    assert "amount" in done.stdout and "金额无法识别" in done.stdout.replace("\n", "") and "—" in done.stdout
    assert "…" not in done.stdout


# --- by hand --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["收件", "入湖"])
def test_ctrl_c_leaves_in_one_line(stage: str, published: tuple[Path, Any], tmp_path: Path) -> None:
    home = copied(published, tmp_path)
    (home / "inbox" / "RCU_B010_回盘.txt").write_text(bank_file("B010"), encoding="gb18030")
    command = nightly.command(home, "run", "--as-of", "2018-04-25")
    with subprocess.Popen(
        command, env=nightly.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        while stage not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        told = process.stderr.read()
    assert (
        process.returncode == 130
        and "可重跑 interrupted, nothing lost, run again" in told
        and "Traceback" not in told
        and "KeyboardInterrupt" not in told
    )
    with Workspace(home).lock():
        pass


def test_the_demo_ends_with_commands_that_work(published: tuple[Path, Any]) -> None:
    home = published[0]
    status, trace, notebook = next_steps(home)
    assert f"--home '{home}' status" in status and f"ONECARD_HOME='{home}'" in notebook
    number = trace.split("--doc ")[1].strip("'")
    assert nightly.called(home, "trace", "--doc", number)
