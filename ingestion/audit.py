"""Who saw whom in clear: an append-only file in the vault, written and on the disk before anything is shown, holding nothing in clear.

Each line carries the SHA-256 of the line before it, so a line that was changed or taken out shows.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from typing import Any

from ingestion.vault import Vault
from onecard.files import fsync_dir
from onecard.workspace import Workspace

FILE = "audit.jsonl"
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Unlocking:
    """One line of the file. `reason_sealed` opens with the vault's key alone: people write names into reasons."""

    at: str
    by: str
    login: str
    what: str
    release: str
    reason_sealed: str
    previous: str


def note_unlocking(ws: Workspace, vault: Vault, *, at: dt.datetime, by: str, login: str, what: str, release: str, reason: str) -> Unlocking:
    """Append the record and return only when it is on the disk. `what` names a pair by its keys.

    A line that a crash left unfinished stays as it is; the next one begins on a line of its own.
    """
    path = ws.vault / FILE
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # Two reviewers at two terminals: one after the other, or both would follow the same line.
        fcntl.flock(handle, fcntl.LOCK_EX)
        before = path.read_bytes()
        record = Unlocking(
            at=at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            by=by,
            login=login,
            what=what,
            release=release,
            reason_sealed=vault.seal_text(reason),
            previous=_last(before),
        )
        line = json.dumps(record.__dict__, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        whole = line if not before or before.endswith(b"\n") else b"\n" + line
        while whole:
            whole = whole[os.write(handle, whole) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    fsync_dir(ws.vault)
    return record


def unlockings(ws: Workspace) -> tuple[list[Unlocking], list[int]]:
    """All records, and the numbers of the lines that do not follow from the line before (1-based): changed, taken out, unfinished."""
    path = ws.vault / FILE
    records, broken, previous = [], [], BEGINNING
    for number, line in enumerate(_lines(path.read_bytes() if path.exists() else b""), start=1):
        record = _read(line)
        if record is None or record.previous != previous:
            broken.append(number)
        if record is not None:
            records.append(record)
        previous = hashlib.sha256(line).hexdigest()
    return records, broken


def _read(line: bytes) -> Unlocking | None:
    try:
        content: dict[str, Any] = json.loads(line)
        return Unlocking(**content)
    except (ValueError, TypeError):
        return None


def _lines(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line]


def _last(content: bytes) -> str:
    lines = _lines(content)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else BEGINNING


__all__ = ["FILE", "Unlocking", "note_unlocking", "unlockings"]
