"""Landing: every delivered file under its key, its bytes sealed, the facts of the delivery beside them; nothing there ever changes."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from onecard.store.vault import Vault
from onecard.store.workspace import Workspace

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


def landed(ws: Workspace) -> list[Delivery]:
    """All deliveries in landing, by key."""
    return [recorded(path) for path in sorted(ws.landing.glob("*.json"))]


def sealed_path(ws: Workspace, delivery: Delivery) -> Path:
    return ws.landing / f"{delivery.hex}.bin"


def refusal_path(ws: Workspace, delivery: Delivery) -> Path:
    """Where it is written why a delivery was refused."""
    return ws.quarantine / "files" / f"{delivery.hex}.json"


def original_name(vault: Vault, delivery: Delivery) -> str:
    """The name of the delivered file as it was; it may name a person."""
    return vault.unseal_text(delivery.sealed_name) if delivery.sealed_name else delivery.file_name


def record_path(ws: Workspace, key: int) -> Path:
    """Where the facts of a delivery lie; written last, so a delivery exists when this file does."""
    return ws.landing / f"{key:016x}.json"


def recorded(path: Path) -> Delivery:
    """The delivery whose facts lie at a path."""
    return Delivery(**json.loads(path.read_text(encoding="utf-8")))


def key_of(sha256: str) -> int:
    """The key of a delivery: the first 63 bits of the SHA-256 of its bytes, given in hexadecimal."""
    return int(sha256[:16], 16) & _MASK


def delivery_key(data: bytes) -> int:
    """Key of the given bytes, as `receive` makes it."""
    return key_of(hashlib.sha256(data).hexdigest())
