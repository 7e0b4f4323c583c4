"""Seeing a pair in clear: first a record in `vault/audit.jsonl`, on the disk and holding nothing in clear, then the names and numbers.

Each line of the file carries the SHA-256 of the line before it, so a line that was changed or taken out shows.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.sources import name_person_pairs
from onecard.store.files import fsync_dir
from onecard.store.lake import read
from onecard.store.vault import Vault
from onecard.store.verdicts import Pair, check_reason
from onecard.store.workspace import Workspace
from onecard.words.errors import InternalFault
from onecard.words.language import Text

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


@dataclass(frozen=True)
class InClear:
    """One side of a pair as it was delivered: the number and every name met with it, or the one name that is the side."""

    id_number: str
    names: tuple[str, ...]


def unlock(
    ws: Workspace, vault: Vault, pair: Pair, *, at: dt.datetime, by: str, login: str, release: str, reason: str
) -> tuple[InClear, InClear]:
    """Both sides in clear, after the record of it is on the disk: the one way in which clear values are asked for.

    Raises InputRefused without a reason, OSError when the record cannot be written; nothing is read then.
    """
    check_reason(reason)
    what = "|".join(str(part) for part in (pair.subject, pair.person_key, pair.key_a, pair.key_b) if part is not None)
    _note(ws, vault, at=at, by=by, login=login, what=what, release=release, reason=reason.strip())
    if pair.subject == "name":
        number = _clear(vault, "person", {pair.person_key or 0})[pair.person_key or 0]
        names = _clear(vault, "name", {pair.key_a, pair.key_b})
        return InClear(number, (names[pair.key_a],)), InClear(number, (names[pair.key_b],))
    numbers = _clear(vault, "person", {pair.key_a, pair.key_b})
    met = _names_met(ws, (pair.key_a, pair.key_b))
    names = _clear(vault, "name", {name for found in met.values() for name in found})
    a, b = (InClear(numbers[key], tuple(sorted(names[name] for name in met[key]))) for key in (pair.key_a, pair.key_b))
    return a, b


def _clear(vault: Vault, domain: str, keys: set[int]) -> dict[int, str]:
    values, known = vault.known_values(domain)
    wanted = pc.is_in(known, value_set=pa.array(sorted(keys), pa.int64()))
    found = dict(zip(known.filter(wanted).to_pylist(), values.filter(wanted).to_pylist(), strict=True))
    if keys - found.keys():
        raise InternalFault(
            code="OC-VLT-004",
            what=Text("保险库里没有这个假名", "the vault does not hold this pseudonym"),
            where=domain,
            why=Text("发布与保险库不属于同一密钥或同一工作区", "the release and the vault belong to different keys or workspaces"),
            remedy=Text("使用该发布所在的工作区和密钥", "use the workspace and the key of that release"),
        )
    return found


def _names_met(ws: Workspace, persons: tuple[int, int]) -> dict[int, set[int]]:
    met: dict[int, set[int]] = {person: set() for person in persons}
    wanted = pa.array(persons, pa.int64())
    for table, owner, name in name_person_pairs():
        rows = read(ws, table, [owner, name])
        rows = rows.filter(pc.is_in(rows[owner], value_set=wanted)).drop_null()
        for person, key in zip(rows[owner].to_pylist(), rows[name].to_pylist(), strict=True):
            met[person].add(key)
    return met


def _note(ws: Workspace, vault: Vault, *, at: dt.datetime, by: str, login: str, what: str, release: str, reason: str) -> None:
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
        line = json.dumps(asdict(record), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        whole = line if not before or before.endswith(b"\n") else b"\n" + line
        while whole:
            whole = whole[os.write(handle, whole) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    fsync_dir(ws.vault)


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
