"""Verdicts of people on doubtful pairs: each is an event, appended under the workspace's lock and never changed; reasons are sealed."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onecard.store.lake import LAKE_TABLES, Lake, read
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused
from onecard.words.language import Text, Words

VERDICTS = ("same", "different", "unsure")
SUBJECTS = ("name", "person")
# A reviewer is shown beside every verdict: a name or a login, no essay.
LONGEST_REVIEWER = 64
LONGEST_REASON = 2000


@dataclass(frozen=True, order=True)
class Pair:
    """Two names of one person (`person_key` says whose), or two persons; key_a < key_b."""

    subject: str
    person_key: int | None
    key_a: int
    key_b: int

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS or self.key_a >= self.key_b or (self.subject == "name") != (self.person_key is not None):
            raise ValueError("a pair is two names of a person, or two persons, the lesser key first")


@dataclass(frozen=True)
class Event:
    """One verdict as it lies in the lake."""

    pair: Pair
    verdict: str
    reviewer: str
    decided_at: dt.datetime
    reason_sealed: str


def decide(ws: Workspace, vault: Vault, pair: Pair, *, verdict: str, reviewer: str, reason: str, decided_at: dt.datetime) -> Event:
    """Append a verdict. The caller holds the workspace's lock.

    Raises InputRefused for a verdict that is none, an empty or overlong reason or reviewer, or a moment without a time zone.
    """
    reviewer, reason = " ".join(reviewer.split()), reason.strip()
    if verdict not in VERDICTS:
        why = Text("只能是 same、different、unsure 之一", "it must be same, different or unsure")
        raise _refused("--verdict", why, "same | different | unsure")
    check_reason(reason)
    if not reviewer or len(reviewer) > LONGEST_REVIEWER or not reviewer.isprintable():
        why = Text("复核人为空或过长", "the reviewer is missing or too long")
        raise _refused("--by", why, Text("写复核人的姓名或工号", "give a name or a staff number"))
    if decided_at.tzinfo is None:
        example = "2018-04-20T10:00:00+08:00"
        raise _refused("--at", Text("时间没有时区", "the time has no time zone"), Text(f"例如 {example}", f"for example {example}"))
    event = Event(pair, verdict, reviewer, decided_at.astimezone(dt.UTC).replace(microsecond=0), vault.seal_text(reason))
    row = {
        "subject": pair.subject,
        "person_key": pair.person_key,
        "key_a": pair.key_a,
        "key_b": pair.key_b,
        "verdict": verdict,
        "reviewer": reviewer,
        "decided_at": event.decided_at,
        "reason_sealed": event.reason_sealed,
    }
    lake = Lake(ws)
    lake.begin()
    lake.append("verdicts", pa.Table.from_pylist([row], LAKE_TABLES["verdicts"]))
    lake.commit()
    return event


def check_reason(reason: str) -> None:
    """Raises InputRefused when a reason says nothing or is a document of its own."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InputRefused(
            code="OC-REV-009",
            what=Text("没有理由，未做任何事", "no reason was given; nothing was done"),
            where="--reason",
            why=Text(f"理由为空，或超过 {LONGEST_REASON} 字", f"the reason is empty, or longer than {LONGEST_REASON} characters"),
            remedy=Text(
                '写明依据，例如 --reason "核对户口簿原件"', 'state it, for example --reason "checked against the household register"'
            ),
        )


def history(ws: Workspace, pair: Pair | None = None) -> list[Event]:
    """All verdicts, or those on a pair, in the order in which they were made."""
    rows = read(ws, "verdicts", LAKE_TABLES["verdicts"].names).to_pylist()
    events = [
        Event(
            Pair(row["subject"], row["person_key"], row["key_a"], row["key_b"]),
            *(row[name] for name in ("verdict", "reviewer", "decided_at", "reason_sealed")),
        )
        for row in rows
    ]
    return sorted((event for event in events if pair in (None, event.pair)), key=_order)


def _order(event: Event) -> tuple[Any, ...]:
    pair = event.pair
    return event.decided_at, pair.subject, pair.person_key or 0, pair.key_a, pair.key_b, event.reviewer, event.verdict


def fingerprint(ws: Workspace, until: dt.datetime) -> str:
    """12 hex digits over every verdict made before a moment: what of them can decide a release's bytes.

    Sealed reasons are left out: they are in no mart, and sealing one text twice gives two ciphertexts.
    """
    known = [[*map(str, _order(event))] for event in history(ws) if event.decided_at < until]
    return hashlib.sha256(json.dumps(known, ensure_ascii=False).encode()).hexdigest()[:12]


def _refused(where: str, why: Text, remedy: Words) -> InputRefused:
    what = Text("结论未记录", "the verdict was not recorded")
    return InputRefused(code="OC-REV-001", what=what, where=where, why=why, remedy=remedy)
