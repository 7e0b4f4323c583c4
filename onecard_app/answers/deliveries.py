"""Files as a release knows them: in force, superseded, held as a question, rejected; which file a person means; what was answered since."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from onecard.store import releases
from onecard.store.answers import Answer
from onecard.store.landing import key_of
from onecard.store.query_rows import records
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text
from onecard_app.answers.names import bank_name, division_name
from onecard_app.answers.release_selection import run_again

Row = dict[str, Any]

HELD, REFUSED = "held", "refused"
SHORTEST_CODE = 4
_CODE_LENGTH = 12
_FACTS = ("source", "sender_division", "sender_bank", "period", "scope", "file_name", "sha256")
# What nobody knows of a rejected file.
_UNKNOWN = ("question", "compared_with", "compared_with_file", "rows_landed", "rows_in_force", "rows_quarantined", "landed_fen")
_RANK = "case state when 'held' then 1 when 'in_force' then 3 else 4 end"
_QUERY = f"""
    select
        asked.delivery_key, {", ".join(f"asked.{name}" for name in _FACTS)}, asked.received_at, asked.state, asked.question,
        asked.compared_with, other.file_name as compared_with_file, asked.rows_landed, asked.rows_in_force, asked.rows_quarantined,
        asked.landed_fen
    from mart_delivery as asked
    left join mart_delivery as other on asked.compared_with = other.delivery_key
    order by {_RANK.replace("state", "asked.state")}, asked.source, asked.period, asked.file_name, asked.delivery_key
"""


def code_of(delivery_key: int) -> str:
    """What a person types to name a delivery: the beginning of its fingerprint, the same in every release."""
    return f"{delivery_key:016x}"[:_CODE_LENGTH]


def deliveries(path: Path) -> list[Row]:
    """Files of a release: those held as a question first, then rejected ones, then the others by source and period.

    Raises NotFound when an older version made the release.
    """
    with releases.read_release(path) as con:
        if not _knows_states(con):
            raise NotFound(
                code="OC-DLV-002",
                what=Text("这个发布没有文件的状态", "the release does not say what became of its files"),
                where=path.name,
                why=Text("由较早的程序生成", "an older version of the program made it"),
                remedy=run_again(path),
            )
        known = [_named(row) | {"reason": None} for row in records(con, _QUERY)]
    held = [row for row in known if row["state"] == HELD]
    return held + _refused(path) + [row for row in known if row["state"] != HELD]


def questions(path: Path) -> list[Row]:
    """Files of a release that are held as a question; none where an older version made it."""
    with releases.read_release(path) as con:
        return [_named(row) for row in records(con, _QUERY) if row["state"] == HELD] if _knows_states(con) else []


def _knows_states(con: duckdb.DuckDBPyConnection) -> bool:
    columns = con.execute("select column_name from duckdb_columns() where table_name = 'mart_delivery'").fetchall()
    return {("state",), ("question",), ("compared_with",), ("rows_in_force",)} <= set(columns)


def _refused(path: Path) -> list[Row]:
    """Files that were rejected when the release was made, with what was recognised of them."""
    stated = [item for item in releases.stated_facts(path)["inputs"] if "refused" in item]
    empty = dict.fromkeys(_UNKNOWN)
    rows = [
        _named(
            {"delivery_key": key_of(item["sha256"])}
            | {name: item.get(name) for name in _FACTS}
            | {"file_name": item.get("file"), "received_at": item.get("received_at"), "state": REFUSED, "reason": item["refused"], **empty}
        )
        for item in stated
    ]
    return sorted(rows, key=lambda row: (row["source"] or "", row["file_name"] or "", row["delivery_key"]))


def _named(row: Row) -> Row:
    """A row with the code to type and the sender's name."""
    sender = bank_name(row["sender_bank"]) if row["sender_bank"] else division_name(row["sender_division"])
    return {"code": code_of(row["delivery_key"]), "sender": sender} | row


def find(path: Path, text: str) -> Row:
    """The file a person means: its code, the unique beginning of it, its key, or its name. Raises NotFound or InputRefused."""
    rows = [row for row in deliveries(path) if row["state"] != REFUSED]
    fits = [row for row in rows if text in (str(row["delivery_key"]), row["file_name"])]
    if not fits and len(text) >= SHORTEST_CODE and re.fullmatch(r"[0-9a-fA-F]+", text):
        fits = [row for row in rows if f"{row['delivery_key']:016x}".startswith(text.lower())]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise InputRefused(
            code="OC-DLV-003",
            what=Text("不止一个文件符合", "several files fit"),
            where=text,
            why=Text(f"{len(fits)} 个文件符合", f"{len(fits)} files fit"),
            remedy=Text("写出编号的更多位", "give more of the code"),
        )
    raise NotFound(
        code="OC-DLV-004",
        what=Text("没有这个文件", "no such file"),
        where=text,
        why=Text("该发布中没有这个编号，或文件被拒", "no file of the release has this code, or it was rejected"),
        remedy=Text("列出：", "list them: ") + "onecard deliveries",
    )


def with_latest(rows: list[Row], given: Iterable[Answer]) -> list[Row]:
    """The rows with what was last answered about each (`answer`, `answered_by`, `answered_at`; null where nobody did)."""
    latest: dict[int, Answer] = {}
    for answer in given:
        before = latest.get(answer.delivery_key)
        # In one second the first in order of reviewers holds, as in the models.
        if before is None or answer.decided_at > before.decided_at:
            latest[answer.delivery_key] = answer
    return [row | _answered(latest.get(row["delivery_key"])) for row in rows]


def _answered(answer: Answer | None) -> Row:
    if answer is None:
        return {"answer": None, "answered_by": None, "answered_at": None}
    return {"answer": answer.answer, "answered_by": answer.reviewer, "answered_at": answer.decided_at}


def is_open(row: Row) -> bool:
    """Whether a file waits for an answer: it is held, and nobody has answered."""
    return row["state"] == HELD and row["answer"] is None
