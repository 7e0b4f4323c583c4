"""Receiving: a file becomes a delivery, its bytes sealed in landing, its facts beside them; the same bytes twice are nothing new."""

import datetime as dt
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.contracts import load_contracts
from ingestion.labels import readable, shown_name, shown_path
from ingestion.lake import delivered_keys
from ingestion.reasons import Reason
from ingestion.stated import FACTS_FILE, FactsFile, checked, read_facts, utc
from ingestion.vault import Vault
from onecard.errors import InputRefused
from onecard.files import sha256_file, write_json_atomic
from onecard.settings import Settings
from onecard.workspace import Workspace

# A file whose size or time still moves is being copied; two looks this far apart (seconds) tell.
SETTLE_SECONDS = 0.2
_MASK = (1 << 63) - 1


@dataclass(frozen=True)
class Delivery:
    """Facts of a delivered file; `key` is the first 63 bits of its sha256. `received_at` is ISO 8601 in UTC.

    `file_name` is the name as it may be shown; the name as it was is in `sealed_name`, for the vault's key.
    """

    key: int
    sha256: str
    file_name: str
    size_bytes: int
    received_at: str
    source: str | None = None
    sender: str | None = None
    period: str | None = None
    sealed_name: str = ""

    @property
    def hex(self) -> str:
        return f"{self.key:016x}"


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


@dataclass(frozen=True)
class HeldBack:
    """A thing in the inbox that is not received, and why."""

    path: Path
    reason: Reason
    detail: str = ""


class PartlyReceived(InputRefused):
    """Some of the files given could not be received; the others (`received`) were."""

    def __init__(self, received: list[Received], faults: list[InputRefused]) -> None:
        first = faults[0]
        alone = len(faults) == 1
        super().__init__(
            code=first.code if len({fault.code for fault in faults}) == 1 else "OC-IN-002",
            what=first.what if alone else f"{len(faults)} 个文件无法收取 files cannot be received",
            where="; ".join(dict.fromkeys(fault.where for fault in faults)),
            why="; ".join(dict.fromkeys(fault.why for fault in faults))
            + (f"；其余 {len(received)} 个已收 the others were received" * bool(received)),
            remedy="; ".join(dict.fromkeys(fault.remedy for fault in faults)),
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
        raise _no_file(path, "路径不存在或不是文件 the path does not exist or is no file")
    if not os.access(path, os.R_OK):
        raise _no_file(path, "没有读取权限 no permission to read it")


def receive_inbox(ws: Workspace, settings: Settings) -> list[Received]:
    """Receive every settled file of the inbox and remove it there.

    Files still being written wait for the next run; links, pipes, unreadable files and files about which
    `deliveries.csv` says what is not understood stay and are named by `held_back`.
    """
    ws.create()
    before = _snapshot(ws.inbox)
    if not before:
        return []
    time.sleep(SETTLE_SECONDS)
    settled = {path: state for path, state in _snapshot(ws.inbox).items() if before.get(path) == state}
    held = {item.path for item in held_back(ws)}
    vault = Vault(ws, settings)
    stated = _stated(settled)
    received = []
    for path in sorted(set(settled) - held):
        # One file's trouble (it vanished, or changed under our eyes) is not another's.
        with suppress(OSError, InputRefused):
            received.append(_receive_one(ws, vault, path, stated[path.parent].of(path.name)))
            if _state(path) == settled[path]:
                path.unlink()
    for leftover in ws.inbox.rglob(FACTS_FILE):
        if leftover.is_file() and not any(path.name != FACTS_FILE and not path.is_dir() for path in leftover.parent.iterdir()):
            leftover.unlink()
    return received


def held_back(ws: Workspace) -> list[HeldBack]:
    """What lies in the inbox and will not be received as it is."""
    held = []
    files = _snapshot(ws.inbox)
    for path in _entries(ws.inbox):
        if path in files and not os.access(path, os.R_OK):
            held.append(HeldBack(path, Reason.NOT_READABLE))
        elif path not in files:
            held.append(HeldBack(path, Reason.NOT_A_FILE))
    unreadable = {item.path for item in held}
    stated = _stated(files)
    for path in sorted(set(files) - unreadable):
        try:
            stated[path.parent].of(path.name)
        except InputRefused as fault:
            held.append(HeldBack(path, Reason.BAD_FACTS, f"{fault.where}: {fault.why}; {fault.remedy}"))
    return held


def waiting(ws: Workspace) -> dict[Path, tuple[int, int]]:
    """Files of the inbox that the next run receives, in order, with size and time of change (ns)."""
    held = {item.path for item in held_back(ws)}
    return {path: state for path, state in sorted(_snapshot(ws.inbox).items()) if path not in held}


def landed(ws: Workspace) -> list[Delivery]:
    """All deliveries in landing, by key."""
    return [_recorded(path) for path in sorted(ws.landing.glob("*.json"))]


def sealed_path(ws: Workspace, delivery: Delivery) -> Path:
    return ws.landing / f"{delivery.hex}.bin"


def refusal_path(ws: Workspace, delivery: Delivery) -> Path:
    """Where it is written why a delivery was refused."""
    return ws.quarantine / "files" / f"{delivery.hex}.json"


def original_name(vault: Vault, delivery: Delivery) -> str:
    """The name of the delivered file as it was; it may name a person."""
    return vault.unseal_text(delivery.sealed_name) if delivery.sealed_name else delivery.file_name


def _receive_one(ws: Workspace, vault: Vault, path: Path, facts: dict[str, str]) -> Received:
    sha256 = sha256_file(path)
    key = int(sha256[:16], 16) & _MASK
    record = ws.landing / f"{key:016x}.json"
    named = {"file_name": shown_name(path.name), "sealed_name": vault.seal_text(path.name)}
    if record.exists():
        return _known(ws, vault, _recorded(record), path.name, named, facts)
    delivery = Delivery(key, sha256, size_bytes=path.stat().st_size, received_at=utc(dt.datetime.now(dt.UTC)), **named)
    delivery = Delivery(**(asdict(delivery) | facts))
    if vault.seal(path, sealed_path(ws, delivery)) != sha256:
        sealed_path(ws, delivery).unlink()
        raise _no_file(path, "文件在读取时被改动 the file changed while it was read")
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
    write_json_atomic(ws.landing / f"{delivery.hex}.json", asdict(delivery))
    was_refused = refusal.exists()
    refusal.unlink(missing_ok=True)
    return Received(delivery, False, was_refused)


def _is_agreed(name: str) -> bool:
    return any(contract.match_file(readable(name)) is not None for contract in load_contracts().values())


def _recorded(path: Path) -> Delivery:
    return Delivery(**json.loads(path.read_text(encoding="utf-8")))


def _no_file(path: Path, why: str) -> InputRefused:
    return InputRefused(
        code="OC-IN-002",
        what="文件无法收取 the file cannot be received",
        where=shown_path(path),
        why=why,
        remedy="核对路径和权限 check path and permission",
    )


def _entries(inbox: Path) -> list[Path]:
    """Everything in the inbox but folders and the temporary files of copying and of office programs; links are not followed."""
    found = []
    for folder, folders, names in os.walk(inbox, followlinks=False):
        found += [Path(folder, name) for name in names if name != FACTS_FILE]
        found += [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def _snapshot(inbox: Path) -> dict[Path, tuple[int, int]]:
    states = {path: _state(path) for path in _entries(inbox)}
    return {path: state for path, state in states.items() if state is not None}


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a plain file; None for anything else."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _stated(files: Iterable[Path]) -> dict[Path, FactsFile]:
    return {folder: read_facts(folder / FACTS_FILE) for folder in {path.parent for path in files}}


def delivery_key(data: bytes) -> int:
    """Key of the given bytes, as `receive` makes it."""
    return int(hashlib.sha256(data).hexdigest()[:16], 16) & _MASK
