"""What is not in the figures: rejected files with what, where, why and what to do; quarantined rows by file and reason, never content."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ingestion.inbox import HeldBack, held_back
from onecard.catalogue.quarantine_reasons import Reason, reason_of
from onecard.catalogue.shown_names import shown_name
from onecard.catalogue.sources import column_words
from onecard.store.files import write_json_atomic
from onecard.store.lake import read
from onecard.store.landing import Delivery, refusal_path
from onecard.store.refusals import records
from onecard.store.release_identity import code_version
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.language import Text, restored, stored

# What a record says of a refused file besides the reason, as far as it could be recognised.
RECOGNISED = ("source", "sender_division", "sender_bank", "programme_code", "period", "month", "scope", "batch_no")


def reader_version(settings: Settings) -> str:
    """What a refusal depends on besides the bytes and their facts: our code and contracts, and the limits of a parser."""
    return f"{code_version()} {settings.parser_memory_bytes} {settings.parser_seconds}"


def note_refusal(ws: Workspace, delivery: Delivery, facts: Mapping[str, Any], reader: str) -> dict[str, Any]:
    """Write down a refused file, with its `reason`, `detail` and what was recognised of it (`facts`); its bytes stay in landing.

    `why` and `remedy` are for whoever opens the record itself: `refused_files` looks them up by `code`.
    """
    reason = reason_of(facts["reason"])
    record = {
        "delivery_key": delivery.hex,
        "sha256": delivery.sha256,
        "received_at": delivery.received_at,
        "reader": reader,
        "file": delivery.file_name,
        "code": reason.value,
        "detail": stored(facts.get("detail", "")),
        "why": str(reason.why),
        "remedy": str(reason.remedy),
        **{name: facts.get(name) for name in RECOGNISED},
    }
    write_json_atomic(refusal_path(ws, delivery), record)
    return record


def refused_files(ws: Workspace) -> list[dict[str, Any]]:
    """Records of all refused files, by file name; `detail`, `why` and `remedy` in words."""
    return sorted(map(_in_words, records(ws)), key=lambda record: (record["file"], record["delivery_key"]))


def _in_words(record: dict[str, Any]) -> dict[str, Any]:
    """A record with the words of its reason; where an older version of us gave a reason that is no more, with its own."""
    known = next((reason for reason in Reason if reason.code == record["code"]), None)
    words = {"why": known.why, "remedy": known.remedy} if known else {}
    return {**record, "detail": restored(record["detail"]), **words}


def refused_keys(ws: Workspace, reader: str) -> set[int]:
    """Keys of the deliveries that this version of us refused; an older version's refusals are tried again."""
    return {int(record["delivery_key"], 16) for record in refused_files(ws) if record["reader"] == reader}


def forget_refusals(ws: Workspace, accepted: set[int]) -> None:
    """Drop the refusals of deliveries that are in the lake by now."""
    for path in (ws.quarantine / "files").glob("*.json"):
        if int(path.stem, 16) in accepted:
            path.unlink()


def set_aside(ws: Workspace) -> dict[str, int]:
    """How many things wait in the inbox and cannot be received, and how many files are refused."""
    return {"held_back": len(held_back(ws)), "refused": len(refused_files(ws))}


def quarantine_report(ws: Workspace, until: dt.datetime | None = None) -> dict[str, list[dict[str, Any]]]:
    """`files`: refused files. `rows`: per file, reason and field (`column`: its words) the count of rows, their fen, the first row number.

    Both with `why` and `remedy` in words.

    Only of deliveries received before `until`, when given; else `files` ends with what lies in the inbox and cannot be received.
    """
    deliveries = read(ws, "deliveries", ["delivery_key", "file_name", "received_at"]).to_pylist()
    names = {row["delivery_key"]: row["file_name"] for row in deliveries if until is None or row["received_at"] < until}
    table = read(ws, "quarantine_rows", ["delivery_key", "source", "row_no", "reason", "field", "amount_fen"])
    grouped = table.group_by(["delivery_key", "source", "reason", "field"]).aggregate(
        [("row_no", "count"), ("row_no", "min"), ("amount_fen", "sum"), ("amount_fen", "count")]
    )
    rows = [
        {
            "file": names[row["delivery_key"]],
            "reason": row["reason"],
            "field": row["field"],
            "column": column_words(row["source"], row["field"]),
            "rows": row["row_no_count"],
            "first_row": row["row_no_min"],
            "fen": row["amount_fen_sum"] or 0,
            "fen_unknown_rows": row["row_no_count"] - row["amount_fen_count"],
            "why": reason_of(row["reason"]).why,
            "remedy": reason_of(row["reason"]).remedy,
        }
        for row in grouped.to_pylist()
        if row["delivery_key"] in names
    ]
    files = [item for item in refused_files(ws) if until is None or dt.datetime.fromisoformat(item["received_at"]) < until]
    if until is None:
        files += map(_waiting, held_back(ws))
    return {"files": files, "rows": sorted(rows, key=lambda row: (row["file"], row["reason"], row["field"]))}


def _waiting(item: HeldBack) -> dict[str, Any]:
    """What lies in the inbox and cannot be received, as a record of `files`."""
    reason = item.reason
    facts = {"delivery_key": "", "file": shown_name(item.path.name), "code": reason.value}
    return {**facts, "detail": item.detail, "why": reason.why, "remedy": reason.remedy}


def set_aside_notice(counts: dict[str, int]) -> Text:
    """One line about files that are not in the figures; empty when there are none."""
    held, refused = counts["held_back"], counts["refused"]
    if not held and not refused:
        return Text("", "")
    return Text(
        f"⚠ 未计入的文件：暂缓 {held} 份，被拒 {refused} 份；见 onecard quarantine",
        f"⚠ files not counted: {held} on hold, {refused} rejected; see onecard quarantine",
    )
