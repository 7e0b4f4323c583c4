"""Records of rejected files, one JSON file each: why, and what could be recognised of them; models read them, too."""

import datetime as dt
import json
from typing import Any

from onecard.store.workspace import Workspace

# How a record calls what the relation calls by another name.
_IN_RECORDS = {"file_name": "file", "reason": "code"}


def records(ws: Workspace) -> list[dict[str, Any]]:
    """Records of all rejected files as they lie there, by key."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ws.quarantine / "files").glob("*.json"))]


def as_row(record: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """A record as a row of `refusals`; null where a record of an older version of us says nothing."""
    row = {column: record.get(_IN_RECORDS.get(column, column)) for column in columns}
    return row | {"delivery_key": int(record["delivery_key"], 16), "received_at": dt.datetime.fromisoformat(record["received_at"])}
