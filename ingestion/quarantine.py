"""What was set aside: refused files with what, where, why and what to do; quarantined rows by file and reason, never their content."""

import datetime as dt
import json
from typing import Any

from ingestion.lake import read
from ingestion.parsing import Message
from ingestion.reasons import reason_of
from onecard.files import write_json_atomic
from onecard.workspace import Workspace


def note_refusal(ws: Workspace, message: Message) -> dict[str, str]:
    """Write down a refused file; its bytes stay in landing."""
    facts = message.facts or {}
    reason = reason_of(facts["reason"])
    record = {
        "delivery_key": message.delivery.hex,
        "file": message.delivery.file_name,
        "sha256": message.delivery.sha256,
        "received_at": message.delivery.received_at,
        "code": reason.value,
        "detail": facts.get("detail", ""),
        "why": f"{reason.zh} {reason.en}",
        "remedy": reason.remedy,
    }
    write_json_atomic(ws.quarantine / "files" / f"{message.delivery.hex}.json", record)
    return record


def refused_files(ws: Workspace) -> list[dict[str, str]]:
    """Records of all refused files, by file name."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in (ws.quarantine / "files").glob("*.json")]
    return sorted(records, key=lambda record: (record["file"], record["delivery_key"]))


def refused_keys(ws: Workspace) -> set[int]:
    """Keys of the deliveries that were refused; the same bytes would be refused again."""
    return {int(path.stem, 16) for path in (ws.quarantine / "files").glob("*.json")}


def quarantine_report(ws: Workspace, until: dt.datetime | None = None) -> dict[str, list[dict[str, Any]]]:
    """`files`: refused files. `rows`: per file and reason the count of rows, their fen and the first row numbers.

    Only of deliveries received before `until`, when given.
    """
    deliveries = read(ws, "deliveries", ["delivery_key", "file_name", "received_at"]).to_pylist()
    names = {row["delivery_key"]: row["file_name"] for row in deliveries if until is None or row["received_at"] < until}
    table = read(ws, "quarantine_rows", ["delivery_key", "sheet_no", "row_no", "reason", "field", "amount_fen"])
    grouped = table.group_by(["delivery_key", "reason", "field"]).aggregate([("row_no", "count"), ("row_no", "min"), ("amount_fen", "sum")])
    rows = [
        {
            "file": names[row["delivery_key"]],
            "reason": row["reason"],
            "field": row["field"],
            "rows": row["row_no_count"],
            "first_row": row["row_no_min"],
            "fen": row["amount_fen_sum"] or 0,
            "why": f"{reason_of(row['reason']).zh} {reason_of(row['reason']).en}",
            "remedy": reason_of(row["reason"]).remedy,
        }
        for row in grouped.to_pylist()
        if row["delivery_key"] in names
    ]
    files = [item for item in refused_files(ws) if until is None or dt.datetime.fromisoformat(item["received_at"]) < until]
    return {"files": files, "rows": sorted(rows, key=lambda row: (row["file"], row["reason"], row["field"]))}


__all__ = ["note_refusal", "quarantine_report", "refused_files", "refused_keys"]
