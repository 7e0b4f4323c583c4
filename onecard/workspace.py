"""A workspace: the folder where deliveries, lake, vault and releases of one city live, and its one-writer lock."""

import datetime as dt
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from onecard.errors import Locked
from onecard.files import write_json_atomic


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
        for folder in (self.inbox, self.landing, self.lake, self.quarantine, self.releases, self.runs):
            folder.mkdir(parents=True, exist_ok=True)
        self.vault.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the workspace for writing; re-entrant within a process.

        The kernel's lock decides, so a killed holder blocks nobody; the file beside it only says who to ask.
        Raises Locked (exit 75) at once when another process holds it.
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
        try:
            holder = json.loads(self._holder_file.read_text(encoding="utf-8"))
            who = f"pid {holder['pid']}@{holder['host']}, {holder['command']}, 自 since {holder['since']}"
        except (OSError, ValueError, KeyError):
            who = "另一进程 another process"
        return Locked(
            code="OC-LOCK-001",
            what="工作区正被使用 the workspace is in use",
            where=str(self.home),
            why=f"持有者 held by {who}",
            remedy="等它结束后重试 wait for it to end and try again",
        )


def _who() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]),
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
