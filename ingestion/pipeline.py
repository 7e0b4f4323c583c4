"""Ingestion of everything that is landed and not yet in the lake, as one transaction."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from ingestion.entity_links import note_links
from ingestion.identification import recognised
from ingestion.keying import Keyring, compare_new_names, keyed
from ingestion.parsing import RAW, Message, parse_all, places
from ingestion.quarantine import forget_refusals, note_refusal, reader_version, refused_keys
from onecard.store.lake import LAKE_TABLES, Lake, delivered_keys
from onecard.store.landing import Delivery, landed, original_name, sealed_path
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InternalFault, OnecardError
from onecard.words.language import Text
from onecard.words.system_faults import machine_fault

# Rows held per table before they are keyed and written: bounds memory, keeps files of the lake few, and values are looked up
# among all that are known some times a night, not for each file (which was half of this process's time at 500 files).
FLUSH_ROWS = 500_000
Progress = Callable[[str], None]


@dataclass
class IngestSummary:
    """What one ingestion did: per source files and rows (total = header + landed + quarantined) and fen; refused files."""

    sources: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    files: int = 0
    names_compared: int = 0
    links_noted: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class _Buffers:
    """Rows per table, in clear, on their way through the keyring to the lake; the text of quarantined ones to the vault."""

    def __init__(self, lake: Lake, vault: Vault, keyring: Keyring) -> None:
        self._lake, self._vault, self._keyring = lake, vault, keyring
        self._parts: dict[str, list[pa.Table]] = {}
        self._sizes: dict[str, int] = {}

    def add(self, table: str, rows: pa.Table) -> None:
        self._parts.setdefault(table, []).append(rows)
        self._sizes[table] = self._sizes.get(table, 0) + rows.num_rows
        if self._sizes[table] >= FLUSH_ROWS:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = pa.concat_tables(self._parts.pop(table))
        if table == RAW:
            self._vault.write(RAW, rows)
        else:
            self._lake.append(table, keyed(rows, table, self._keyring))
        self._sizes[table] = 0

    def flush_all(self) -> None:
        for table in sorted(self._parts):
            self._flush(table)


def ingest(ws: Workspace, settings: Settings, progress: Progress | None = None) -> IngestSummary:
    """Bring every landed delivery that is neither in the lake nor refused into it, or set it aside. The caller holds the workspace lock.

    A refused delivery is tried again when our code, contracts or limits have changed, or when it was received again; every delivery is
    read anew when the lake is another version's.
    Raises ConfigError for a full or read-only disk, InternalFault for a fault of ours, without the words of the error: they could
    quote a person's record.
    """
    try:
        return _ingest(ws, settings, progress)
    except OnecardError:
        raise
    except Exception as error:
        if (fault := machine_fault(error, ws.home)) is not None:
            raise fault from None
        why = error.strerror if isinstance(error, OSError) else None
        raise InternalFault(
            code="OC-IN-005",
            what=Text("入湖中断；已写入的部分下次运行时撤回", "ingestion aborted; the next run rolls back what it wrote"),
            where=places(error),
            why=f"{type(error).__name__} {why or ''}".strip(),
            remedy=Text("检查磁盘后重试；仍失败请报告以上内容", "check the disk and try again; if it fails again, report the lines above"),
        ) from None


def _ingest(ws: Workspace, settings: Settings, progress: Progress | None) -> IngestSummary:
    lake, summary = Lake(ws), IngestSummary()
    lake.recover()
    anew = lake.is_outdated()
    accepted: set[int] = set() if anew else delivered_keys(ws)
    forget_refusals(ws, accepted)
    reader = reader_version(settings)
    done = accepted | refused_keys(ws, reader)
    pending = [delivery for delivery in landed(ws) if delivery.key not in done]
    if not pending:
        return summary
    vault = Vault(ws, settings)
    keyring = Keyring(vault, anew)
    lake.begin()
    if anew:
        lake.empty(RAW)
    buffers = _Buffers(lake, vault, keyring)
    refused: list[Message] = []
    # Large files first, so that the last worker does not end alone with the largest.
    pending.sort(key=lambda delivery: (-delivery.size_bytes, delivery.key))

    def content(delivery: Delivery) -> tuple[str, Iterator[bytes]]:
        return original_name(vault, delivery), vault.chunks(sealed_path(ws, delivery))

    for message in parse_all(pending, content, settings):
        delivery = message.delivery
        if message.table is not None:
            key = pa.repeat(pa.scalar(delivery.key, pa.int64()), message.table.num_rows)
            buffers.add(message.name, message.table.add_column(0, "delivery_key", key))
        else:
            summary.files += 1
            if message.kind == "refused":
                refused.append(message)
            else:
                _note_delivery(summary, buffers, message)
                accepted.add(delivery.key)
            if progress:
                progress(f"{summary.files}/{len(pending)} {delivery.file_name}")
    buffers.flush_all()
    keyring.store(lake)
    summary.names_compared = compare_new_names(ws, vault, lake)
    summary.links_noted = note_links(ws, keyring, lake)
    for message in refused:
        summary.refused.append(note_refusal(ws, message.delivery, _recognised(vault, message), reader))
    lake.note_version()
    lake.commit()
    forget_refusals(ws, accepted)
    return summary


def _recognised(vault: Vault, message: Message) -> dict[str, Any]:
    """Facts of a refused file; where its process died, what its name says of it."""
    facts = message.facts or {}
    return facts if "source" in facts else recognised(message.delivery, original_name(vault, message.delivery)) | facts


def _note_delivery(summary: IngestSummary, buffers: _Buffers, message: Message) -> None:
    delivery, facts = message.delivery, dict(message.facts or {})
    sheets = facts.pop("sheets")
    figures = summary.sources.setdefault(facts["source"], dict.fromkeys(["files", *_FIGURES], 0))
    figures["files"] += 1
    for name in _FIGURES:
        figures[name] += facts[name]
    row = facts | {
        "delivery_key": delivery.key,
        "file_name": delivery.file_name,
        "sha256": delivery.sha256,
        "size_bytes": delivery.size_bytes,
        "received_at": dt.datetime.fromisoformat(delivery.received_at),
    }
    buffers.add("deliveries", pa.Table.from_pylist([row], LAKE_TABLES["deliveries"]))
    named = [{"delivery_key": delivery.key, "sheet_no": number, "sheet_name": name} for number, name in sheets]
    buffers.add("delivery_sheets", pa.Table.from_pylist(named, LAKE_TABLES["delivery_sheets"]))


_FIGURES = ("rows_total", "rows_header", "rows_landed", "rows_quarantined", "landed_fen", "quarantined_fen", "unreadable_fen_rows")

__all__ = ["Delivery", "IngestSummary", "ingest"]
