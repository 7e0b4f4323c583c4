"""Files, locks, settings and errors: whole or absent, one writer, and told what to do."""

import json
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onecard.store.files import sha256_file, write_atomic, write_json_atomic
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words import errors
from onecard.words.errors import ConfigError, Locked, OnecardError


def test_atomic_write_leaves_no_temporary_name(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a" / "key", b"x", 0o600)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["key"]
    assert stat.S_IMODE((tmp_path / "a" / "key").stat().st_mode) == 0o600


HOLDER = """
import sys
from onecard.store.workspace import Workspace
with Workspace(sys.argv[1]).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_holding(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the lock until its standard input closes or it is killed."""
    # Pipes, not multiprocessing.Event: Event.set() waits forever for a waiter that was killed.
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def test_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as holder:
        with pytest.raises(Locked) as locked, Workspace(tmp_path).lock():
            pass
        assert f"pid {holder.pid}@" in locked.value.why
        assert locked.value.exit_code == 75


def test_a_killed_holder_blocks_nobody_and_is_named_no_more(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as holder:
        holder.kill()
        holder.wait()
    assert json.loads((tmp_path / "onecard.lock.json").read_text())["pid"] == holder.pid  # what a killed process leaves
    with Workspace(tmp_path).lock(), Workspace(tmp_path).lock():
        assert json.loads((tmp_path / "onecard.lock.json").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "onecard.lock.json").exists()
    with Workspace(tmp_path).lock():
        pass


def test_a_stale_holder_file_does_not_mislead(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as holder:
        mine = json.loads((tmp_path / "onecard.lock.json").read_text())
        # What a killed process left, before the new holder has written its own name.
        (tmp_path / "onecard.lock.json").write_text(json.dumps({**mine, "pid": os.getpid(), "birth": "0"}))
        with pytest.raises(Locked) as locked, Workspace(tmp_path).lock():
            pass
        assert str(os.getpid()) not in locked.value.why
        assert "another process" in locked.value.why
        (tmp_path / "onecard.lock.json").write_text("{")
        with pytest.raises(Locked), Workspace(tmp_path).lock():
            pass
        assert holder.poll() is None


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["receive", "王小明.xlsx"], "onecard receive"),
        (["王小明"], "onecard"),
        (["--home=/data/wang.xiaoming"], "onecard"),
        ([], "onecard"),
    ],
)
def test_the_holder_file_names_no_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: str) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/onecard", *arguments])
    with Workspace(tmp_path).lock():
        assert json.loads((tmp_path / "onecard.lock.json").read_text())["command"] == command


def test_create_makes_every_folder_and_closes_the_vault(tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "home").create().create()
    folders = (ws.inbox, ws.landing, ws.vault, ws.lake, ws.quarantine, ws.releases, ws.runs, ws.dagster_home)
    assert all(folder.is_dir() for folder in folders)
    assert stat.S_IMODE(ws.vault.stat().st_mode) == 0o700
    assert ws.current == ws.releases / "current"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    write_json_atomic(path, {"b": 1, "a": "安定区"})
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, b"half")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["manifest.json"]


def test_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    write_json_atomic(tmp_path / "a", {"b": 1, "a": 2})
    write_json_atomic(tmp_path / "b", {"a": 2, "b": 1})
    assert sha256_file(tmp_path / "a") == sha256_file(tmp_path / "b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_settings_come_from_the_environment_and_errors_hide_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONECARD_WORKERS", "4")
    assert Settings.load().workers == 4
    assert Settings.load(workers=3).workers == 3
    monkeypatch.setenv("ONECARD_WORKERS", "s3cret")
    monkeypatch.setenv("ONECARD_DUCKDB_MEMORY_LIMIT", "much")
    with pytest.raises(ConfigError) as refused:
        Settings.load()
    assert refused.value.where == "ONECARD_DUCKDB_MEMORY_LIMIT, ONECARD_WORKERS"
    assert "s3cret" not in str(refused.value)


def test_the_vault_key_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONECARD_VAULT_KEY", "a2V5")
    assert "a2V5" not in repr(Settings.load())


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, OnecardError)]


@pytest.mark.parametrize("kind", KINDS)
def test_errors_cross_a_process_border_and_read_in_four_lines(kind: type[OnecardError]) -> None:
    error = pickle.loads(pickle.dumps(kind(code="OC-IN-003", what="甲 a", where="乙 b", why="丙 c", remedy="丁 d")))  # noqa: S301
    assert type(error) is kind
    assert str(error).splitlines()[0] == "OC-IN-003 甲 a"
    assert [line.split(": ")[1] for line in str(error).splitlines()[1:]] == ["乙 b", "丙 c", "丁 d"]


def test_exit_codes_are_what_the_documents_say() -> None:
    codes = {kind.__name__: kind.exit_code for kind in KINDS}
    assert codes == {
        "OnecardError": 70,
        "InputRefused": 65,
        "NotFound": 66,
        "InternalFault": 70,
        "Locked": 75,
        "GateRefused": 76,
        "ConfigError": 78,
    }
