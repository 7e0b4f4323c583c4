"""What people decide is an event with who, when and why: checked, appended under the workspace's lock, and never changed."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onecard.store.lake import LAKE_TABLES, Lake, read
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused
from onecard.words.language import Text, Words

# Who decided is shown beside what was decided: a name or a login, no essay.
LONGEST_REVIEWER = 64
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Faults:
    """How a decision of one kind that cannot be is told: `code` and `what` of every fault of it."""

    code: str
    what: Text

    def refused(self, where: str, why: Text, remedy: Words) -> InputRefused:
        return InputRefused(code=self.code, what=self.what, where=where, why=why, remedy=remedy)

    def who(self, reviewer: str) -> str:
        """Who decided, in one line. Raises InputRefused when it is empty or overlong."""
        reviewer = " ".join(reviewer.split())
        if not reviewer or len(reviewer) > LONGEST_REVIEWER or not reviewer.isprintable():
            why = Text("复核人为空或过长", "the reviewer is missing or too long")
            raise self.refused("--by", why, Text("写复核人的姓名或工号", "give a name or a staff number"))
        return reviewer

    def when(self, decided_at: dt.datetime) -> dt.datetime:
        """When it was decided, in UTC to the second. Raises InputRefused for a moment without a time zone."""
        if decided_at.tzinfo is None:
            example = "2018-04-20T10:00:00+08:00"
            why = Text("时间没有时区", "the time has no time zone")
            raise self.refused("--at", why, Text(f"例如 {example}", f"for example {example}"))
        return decided_at.astimezone(dt.UTC).replace(microsecond=0)


def append(ws: Workspace, table: str, row: dict[str, Any]) -> None:
    """Append one decision to its table of the lake. The caller holds the workspace's lock."""
    lake = Lake(ws)
    lake.begin()
    lake.append(table, pa.Table.from_pylist([row], LAKE_TABLES[table]))
    lake.commit()


def decided(ws: Workspace, table: str) -> list[dict[str, Any]]:
    """All decisions of a table, in the lake's order."""
    rows: list[dict[str, Any]] = read(ws, table, LAKE_TABLES[table].names).to_pylist()
    return rows


def digest(known: Iterable[Iterable[Any]]) -> str:
    """12 hex digits over decisions in order, each as the values by which it can decide a release's bytes.

    Sealed reasons belong to none of these: they are in no mart, and sealing one text twice gives two ciphertexts.
    """
    texts = [[*map(str, event)] for event in known]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()[:12]
