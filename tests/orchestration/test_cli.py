"""The command line as people meet it: help with examples, answers as JSON, errors that say what, where, why and what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("simulate", "receive", "run", "status", "trace", "diff", "quarantine", "explain", "verify", "doctor")


def onecard(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user starts it; standard output is no terminal."""
    command = [sys.executable, "-c", "from onecard_app.cli import main; main()", "--home", str(home), *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ONECARD_")}
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, encoding="utf-8", timeout=300)


def test_help_names_every_command_and_exit_code(tmp_path: Path) -> None:
    said = onecard(tmp_path, "--help").stdout
    for word in (*COMMANDS, "例 Examples", "退出码 Exit codes", "75", "76", "--json", "--home"):
        assert word in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str, tmp_path: Path) -> None:
    done = onecard(tmp_path, command, "--help")
    assert done.returncode == 0 and "onecard " + command in done.stdout and "--json" in done.stdout


def test_a_c_locale_breaks_nothing(tmp_path: Path) -> None:
    done = onecard(tmp_path, "explain", LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["explain", "FS99"], 66, "FS0"),
        (["status"], 66, "onecard run"),
        (["status", "--release", "2018-01-01-none"], 66, "2018-01-01-none"),
        (["verify"], 66, "onecard"),
        (["trace", "--doc", "12号"], 66, "onecard run"),
        (["trace"], 2, "--doc"),
        (["diff", "2018-03-31", "current"], 66, "onecard run"),
        (["receive", "没有这个文件.xlsx"], 65, "文件.xlsx"),
        (["run", "--as-of", "2018-13-01"], 78, "2018-09-30"),
        (["simulate", "x", "--rows", "5"], 65, "1,200"),
        (["run", "--asof", "2018"], 2, "--as-of"),
        (["runn"], 2, "runn"),
    ],
)
def test_errors_say_what_where_why_and_what_to_do(arguments: list[str], code: int, told: str, tmp_path: Path) -> None:
    done = onecard(tmp_path / "home", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    if code != 2:
        assert all(word in done.stderr for word in ("何处 where", "原因 why", "办法 remedy", "OC-"))


def test_errors_are_json_when_json_was_asked_for(tmp_path: Path) -> None:
    done = onecard(tmp_path / "home", "status", "--json")
    error = json.loads(done.stdout)["error"]
    assert done.returncode == error["exit_code"] == 66
    assert set(error) == {"code", "exit_code", "what", "where", "why", "remedy"}


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(tmp_path: Path) -> None:
    done = onecard(tmp_path, "status", ONECARD_WORKERS="秘密")
    assert done.returncode == 78 and "ONECARD_WORKERS" in done.stderr and "秘密" not in done.stderr


def test_explain_shows_law_threshold_and_false_alarms(tmp_path: Path) -> None:
    said = " ".join(onecard(tmp_path, "explain", "fs02").stdout.split())
    for word in ("FS02", "60", "预算法", "可能误报", "false alarms", "含已拨出", "including funds since paid out", "mart_stranded"):
        assert word in said
    listed = json.loads(onecard(tmp_path, "explain", "--json").stdout)
    assert {"FS01", "EN04", "ID04", "CD08"} <= {rule["code"] for rule in listed}


def test_planted_rows_are_called_rows(tmp_path: Path) -> None:
    """A run counts findings, which may have many rows: the two figures must not look like the same."""
    said = onecard(tmp_path, "simulate", str(tmp_path / "city"), "--rows", "3000", "--plant").stdout
    assert "证据行 planted, rows of evidence" in said and "several rows make one finding" in said.replace("\n", " ")


def test_simulated_files_are_received_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = json.loads(onecard(home, "simulate", str(tmp_path / "city"), "--rows", "1300", "--json").stdout)
    files = sorted(str(path) for path in (tmp_path / "city" / "inbox").iterdir())
    first = json.loads(onecard(home, "receive", *files, "--json").stdout)
    again = json.loads(onecard(home, "receive", *files, "--json").stdout)
    # Two card lists of a quarter in which no card changed are the same bytes, and so one delivery.
    assert len(first) == made["files"] and sum(item["is_new"] for item in first) == len({item["sha256"] for item in first}) > 150
    assert not any(item["is_new"] for item in again)
    report = json.loads(onecard(home, "quarantine", "--json").stdout)
    assert report == {"schema_version": 1, "files": [], "rows": []}


def test_doctor_finds_a_key_that_others_can_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    onecard(home, "simulate", str(tmp_path / "city"), "--rows", "1300")
    onecard(home, "receive", *sorted(str(path) for path in (tmp_path / "city" / "inbox").glob("RCU_*.csv")))
    looks = {look["name"]: look["state"] for look in json.loads(onecard(home, "doctor", "--json").stdout)}
    assert looks["保险库密钥 vault key"] == "ok"
    (home / "vault" / "vault.key").chmod(0o644)
    done = onecard(home, "doctor")
    assert done.returncode == 78 and "chmod 600" in done.stderr


def test_a_language_asked_for_before_the_command_outweighs_the_variable(tmp_path: Path) -> None:
    asked = [("--lang", "en", "explain", "EN04"), ("explain", "EN04", "--lang", "en")]
    said = [onecard(tmp_path, *words, ONECARD_LANG="zh").stdout for words in asked]
    assert said[0] == said[1] != onecard(tmp_path, "explain", "EN04", ONECARD_LANG="zh").stdout
