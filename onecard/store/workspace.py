"""A workspace: the folder where deliveries, lake, vault and releases of one city live, and its one-writer lock."""

import datetime as dt
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from onecard.store.files import write_json_atomic
from onecard.words.errors import Locked
from onecard.words.language import Text

# How often, and how many seconds apart, to look for the name of a holder that has only just taken the lock.
HOLDER_LOOKS = 6
HOLDER_PAUSE = 0.05


class Workspace:
    """Paths of a workspace (`--home`); see docs/architecture.md for what lies where."""

    def __init__(self, home: Path | str) -> None:
        self.home = Path(home)
        self.inbox = self.home / "inbox"
        self.landing = self.home / "landing"
        self.vault = self.home / "vault"
        self.lake = self.home / "lake"
        self.quarantine = self.home / "quarantine"
        self.releases = self.home / "releases"
        self.current = self.releases / "current"
        self.runs = self.home / "runs"
        self.dagster_home = self.runs / "dagster"
        self._lock_file = self.home / "onecard.lock"
        self._holder_file = self.home / "onecard.lock.json"

    def create(self) -> "Workspace":
        """Make the folders that are missing; the vault is closed to other users."""
        for folder in (self.inbox, self.landing, self.vault, self.lake, self.quarantine, self.releases, self.runs, self.dagster_home):
            folder.mkdir(parents=True, exist_ok=True)
        self.vault.chmod(0o700)
        return self

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the workspace for writing; re-entrant within a thread.

        The kernel's lock decides, so a killed holder blocks nobody; the file beside it only says who to ask.
        A forked child shares its parent's lock: start children by spawn or exec, or a killed parent's orphan keeps it.
        Raises Locked (exit 75) at once when somebody else holds it.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self._lock_file.resolve()), timeout=0, is_singleton=True)
        try:
            lock.acquire()
        except Timeout:
            held = None
        else:
            held = lock
        if held is None:
            raise self._held_elsewhere()
        try:
            if held.lock_counter == 1:
                write_json_atomic(self._holder_file, _who())
            yield
        finally:
            if held.lock_counter == 1:
                self._holder_file.unlink(missing_ok=True)
            held.release()

    def _held_elsewhere(self) -> Locked:
        holder = self._holder()
        who = Text("另一进程", "another process")
        if holder is not None:
            process, started = f"pid {holder['pid']}@{holder['host']}, {holder['command']}", holder["started"]
            who = Text(f"{process}，始于 {started}", f"{process}, since {started}")
        return Locked(
            code="OC-LOCK-001",
            what=Text("工作区正被使用", "the workspace is in use"),
            where=str(self.home),
            why=Text("占用者：", "held by ") + who,
            remedy=Text("等它结束后重试", "wait for it to end and try again"),
        )

    def _holder(self) -> dict[str, Any] | None:
        """Who wrote the holder file, if that process still lives; a killed one's file is no evidence."""
        for _ in range(HOLDER_LOOKS):
            try:
                holder = json.loads(self._holder_file.read_text(encoding="utf-8"))
                if _lives(holder):
                    return {key: holder[key] for key in ("pid", "host", "command", "started")}
            except (OSError, ValueError, KeyError, TypeError):
                pass
            # The holder has just taken the lock and is about to write its name.
            time.sleep(HOLDER_PAUSE)
        return None


def _who() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "birth": _birth(os.getpid()),
        "host": socket.gethostname(),
        # The command's name only: arguments may be file names, and those may name people.
        "command": " ".join([Path(sys.argv[0]).name, *(word for word in sys.argv[1:2] if word.isascii() and word.isalpha())]),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }


def _birth(pid: int) -> str | None:
    """Start time of a process in clock ticks since boot, so that a reused pid is not taken for the old process; None if unknown."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _lives(holder: dict[str, Any]) -> bool:
    """Whether the process named in a holder file still runs; another machine's is believed."""
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return bool(holder["birth"] == _birth(holder["pid"]))
