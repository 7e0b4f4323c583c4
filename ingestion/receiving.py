"""Receiving: a file becomes a delivery, its bytes sealed in landing, its facts beside them; the same bytes twice are nothing new."""

import csv
import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.vault import Vault
from onecard.errors import InputRefused
from onecard.files import sha256_file, write_json_atomic
from onecard.settings import Settings
from onecard.workspace import Workspace

FACTS_FILE = "deliveries.csv"
# A file whose size or time still moves is being copied; two looks this far apart (seconds) tell.
SETTLE_SECONDS = 0.2
_MASK = (1 << 63) - 1


@dataclass(frozen=True)
class Delivery:
    """Facts of a delivered file; `key` is the first 63 bits of its sha256. `received_at` is ISO 8601 in UTC."""

    key: int
    sha256: str
    file_name: str
    size_bytes: int
    received_at: str
    source: str | None = None
    sender: str | None = None
    period: str | None = None

    @property
    def hex(self) -> str:
        return f"{self.key:016x}"


@dataclass(frozen=True)
class Received:
    """What `receive` did with one file."""

    delivery: Delivery
    is_new: bool

    def as_dict(self) -> dict[str, object]:
        return asdict(self.delivery) | {"is_new": self.is_new}


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

    Raises InputRefused when a path is missing or is no file; nothing is received then.
    """
    ws.create()
    files = sorted({path for path in paths if path.name != FACTS_FILE})
    for path in files:
        if not path.is_file():
            raise InputRefused(
                code="OC-IN-002",
                what="找不到文件 no such file",
                where=str(path),
                why="路径不存在或不是文件 the path does not exist or is no file",
                remedy="核对路径 check the path",
            )
    given = {name: value for name, value in (("source", source), ("sender", sender), ("period", period)) if value}
    if received_at is not None:
        given["received_at"] = _utc(received_at)
    vault = Vault(ws, settings)
    facts = {folder: _stated_facts(folder / FACTS_FILE) for folder in {path.parent for path in files}}
    return [_receive_one(ws, vault, path, facts[path.parent].get(path.name, {}) | given) for path in files]


def receive_inbox(ws: Workspace, settings: Settings) -> list[Received]:
    """Receive every settled file of the inbox and remove it there; files still being written wait for the next run."""
    ws.create()
    before = _snapshot(ws.inbox)
    if not before:
        return []
    time.sleep(SETTLE_SECONDS)
    settled = [path for path, state in _snapshot(ws.inbox).items() if before.get(path) == state]
    received = receive(ws, settings, settled)
    for path in settled:
        path.unlink()
    for leftover in ws.inbox.rglob(FACTS_FILE):
        if not any(path.is_file() and path.name != FACTS_FILE for path in leftover.parent.iterdir()):
            leftover.unlink()
    return received


def landed(ws: Workspace) -> list[Delivery]:
    """All deliveries in landing, by key."""
    return [Delivery(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(ws.landing.glob("*.json"))]


def sealed_path(ws: Workspace, delivery: Delivery) -> Path:
    return ws.landing / f"{delivery.hex}.bin"


def _receive_one(ws: Workspace, vault: Vault, path: Path, facts: dict[str, str]) -> Received:
    sha256 = sha256_file(path)
    key = int(sha256[:16], 16) & _MASK
    record = ws.landing / f"{key:016x}.json"
    if record.exists():
        return Received(Delivery(**json.loads(record.read_text(encoding="utf-8"))), False)
    delivery = Delivery(key, sha256, path.name, path.stat().st_size, _utc(dt.datetime.now(dt.UTC)))
    delivery = Delivery(**(asdict(delivery) | facts))
    vault.seal(path, sealed_path(ws, delivery))
    # The record is written last: a delivery exists when it does.
    write_json_atomic(record, asdict(delivery))
    return Received(delivery, True)


def _stated_facts(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    stated = {}
    for number, row in enumerate(rows, start=2):
        facts = {name: row[name].strip() for name in ("source", "sender", "period", "received_at") if (row.get(name) or "").strip()}
        if "received_at" in facts:
            facts["received_at"] = _parse_moment(facts["received_at"], f"{path.name}:{number}")
        stated[(row.get("file") or "").strip()] = facts
    return stated


def _parse_moment(text: str, where: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputRefused(
            code="OC-IN-003",
            what="收到时间无法识别 received_at not understood",
            where=where,
            why="不是带时区的 ISO 8601 时间 not an ISO 8601 time with a zone",
            remedy="写成 2018-03-05T08:00:00+08:00 write it like this",
        )
    return _utc(moment)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _snapshot(inbox: Path) -> dict[Path, tuple[int, int]]:
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in inbox.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name != FACTS_FILE
    }


def delivery_key(data: bytes) -> int:
    """Key of the given bytes, as `receive` makes it."""
    return int(hashlib.sha256(data).hexdigest()[:16], 16) & _MASK
