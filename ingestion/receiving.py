"""Receiving: a file becomes a delivery, its bytes sealed in landing, its facts beside them; the same bytes twice are nothing new."""

import datetime as dt
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.delivery_facts import FACTS_FILE, checked, read_facts, utc
from ingestion.inbox import held_back, snapshot, state, stated_facts
from onecard.catalogue.shown_names import readable, shown_name, shown_path
from onecard.catalogue.sources import load_contracts
from onecard.store.files import sha256_file, write_json_atomic
from onecard.store.lake import delivered_keys
from onecard.store.landing import Delivery, key_of, original_name, record_path, recorded, refusal_path, sealed_path
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused
from onecard.words.language import SEMICOLON, Text, joined

# A file whose size or time still moves is being copied; two looks this far apart (seconds) tell.
SETTLE_SECONDS = 0.2


@dataclass(frozen=True)
class Received:
    """What `receive` did with one file; a refused delivery that came again is open again."""

    delivery: Delivery
    is_new: bool
    is_reopened: bool = False

    def as_dict(self) -> dict[str, object]:
        facts = asdict(self.delivery) | {"is_new": self.is_new, "is_reopened": self.is_reopened}
        del facts["sealed_name"]
        return facts


class PartlyReceived(InputRefused):
    """Some of the files given could not be received; the others (`received`) were."""

    def __init__(self, received: list[Received], faults: list[InputRefused]) -> None:
        first = faults[0]
        alone = len(faults) == 1
        more = Text(f"；其余 {len(received)} 个已收", f"; received all the same: {len(received)}") if received else Text("", "")
        super().__init__(
            code=first.code if len({fault.code for fault in faults}) == 1 else "OC-IN-002",
            what=first.what if alone else Text(f"{len(faults)} 个文件无法收取", f"{len(faults)} files cannot be received"),
            where=joined(SEMICOLON, dict.fromkeys(fault.where for fault in faults)),
            why=joined(SEMICOLON, dict.fromkeys(fault.why for fault in faults)) + more,
            remedy=joined(SEMICOLON, dict.fromkeys(fault.remedy for fault in faults)),
        )
        self.received = received
        self.answer = {"received": [item.as_dict() for item in received]}


def receive(
    ws: Workspace,
    settings: Settings,
    paths: Iterable[Path],
    *,
    source: str | None = None,
    sender: str | None = None,
    period: str | None = None,
    received_at: dt.datetime | None = None,
) -> list[Received]:
    """Copy files into landing. A `deliveries.csv` among them, or in their folder, states facts about the others.

    Raises InputRefused when what the options state is not understood; nothing is received then. Raises PartlyReceived, naming every
    one, when paths are missing, are no files or cannot be read, or when `deliveries.csv` says of them what is not understood; all
    others have been received then.
    """
    ws.create()
    files = sorted({path for path in paths if path.name != FACTS_FILE})
    given = {name: value for name, value in (("source", source), ("sender", sender), ("period", period)) if value}
    given = checked(given, " ".join(f"--{name}" for name in given))
    if received_at is not None:
        given["received_at"] = utc(received_at)
    vault = Vault(ws, settings)
    stated = {folder: read_facts(folder / FACTS_FILE) for folder in {path.parent for path in files}}
    received: list[Received] = []
    faults: list[InputRefused] = []
    for path in files:
        try:
            _check_file(path)
            received.append(_receive_one(ws, vault, path, stated[path.parent].of(path.name) | given))
        except InputRefused as fault:
            faults.append(fault)
    if faults:
        raise PartlyReceived(received, faults)
    return received


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise _no_file(path, Text("路径不存在，或不是文件", "the path does not exist, or is not a file"))
    if not os.access(path, os.R_OK):
        raise _no_file(path, Text("没有读取权限", "no permission to read it"))


def receive_inbox(ws: Workspace, settings: Settings) -> list[Received]:
    """Receive every settled file of the inbox and remove it there.

    Files still being written wait for the next run; links, pipes, unreadable files and files about which
    `deliveries.csv` says what is not understood stay and are named by `held_back`.
    """
    ws.create()
    before = snapshot(ws.inbox)
    if not before:
        return []
    time.sleep(SETTLE_SECONDS)
    settled = {path: seen for path, seen in snapshot(ws.inbox).items() if before.get(path) == seen}
    held = {item.path for item in held_back(ws)}
    vault = Vault(ws, settings)
    stated = stated_facts(settled)
    received = []
    for path in sorted(set(settled) - held):
        # One file's trouble (it vanished, or changed under our eyes) is not another's.
        with suppress(OSError, InputRefused):
            received.append(_receive_one(ws, vault, path, stated[path.parent].of(path.name)))
            if state(path) == settled[path]:
                path.unlink()
    for leftover in ws.inbox.rglob(FACTS_FILE):
        if leftover.is_file() and not any(path.name != FACTS_FILE and not path.is_dir() for path in leftover.parent.iterdir()):
            leftover.unlink()
    return received


def _receive_one(ws: Workspace, vault: Vault, path: Path, facts: dict[str, str]) -> Received:
    sha256 = sha256_file(path)
    key = key_of(sha256)
    record = record_path(ws, key)
    named = {"file_name": shown_name(path.name), "sealed_name": vault.seal_text(path.name)}
    if record.exists():
        return _known(ws, vault, recorded(record), path.name, named, facts)
    delivery = Delivery(key, sha256, size_bytes=path.stat().st_size, received_at=utc(dt.datetime.now(dt.UTC)), **named)
    delivery = Delivery(**(asdict(delivery) | facts))
    if vault.seal(path, sealed_path(ws, delivery)) != sha256:
        sealed_path(ws, delivery).unlink()
        raise _no_file(path, Text("文件在读取时被改动", "the file changed while it was being read"))
    # The record is written last: a delivery exists when it does.
    write_json_atomic(record, asdict(delivery))
    return Received(delivery, True)


def _known(ws: Workspace, vault: Vault, delivery: Delivery, name: str, named: dict[str, str], facts: dict[str, str]) -> Received:
    """The same bytes again. While they are refused, or in no lake yet, the facts given now replace the old ones, and they are tried again.

    The time of receipt stays the first one unless another is stated: the bytes did come then.
    """
    refusal = refusal_path(ws, delivery)
    waits = bool(facts) and delivery.key not in delivered_keys(ws)
    unplaced = delivery.source is None and not _is_agreed(original_name(vault, delivery))
    if not refusal.exists() and not waits and not (unplaced and (_is_agreed(name) or facts)):
        return Received(delivery, False)
    new = (named if unplaced or _is_agreed(name) else {}) | facts
    delivery = Delivery(**(asdict(delivery) | new))
    write_json_atomic(record_path(ws, delivery.key), asdict(delivery))
    was_refused = refusal.exists()
    refusal.unlink(missing_ok=True)
    return Received(delivery, False, was_refused)


def _is_agreed(name: str) -> bool:
    return any(contract.match_file(readable(name)) is not None for contract in load_contracts().values())


def _no_file(path: Path, why: Text) -> InputRefused:
    return InputRefused(
        code="OC-IN-002",
        what=Text("文件无法收取", "the file cannot be received"),
        where=shown_path(path),
        why=why,
        remedy=Text("核对路径和权限", "check path and permissions"),
    )
