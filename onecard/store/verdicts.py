"""Verdicts of people on doubtful pairs: each is an event, appended under the workspace's lock and never changed; reasons are sealed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from onecard.store.decisions import LONGEST_REASON, Faults, append, decided, digest
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused
from onecard.words.language import Text

VERDICTS = ("same", "different", "unsure")
SUBJECTS = ("name", "person")
_FAULTS = Faults("OC-REV-001", Text("结论未记录", "the verdict was not recorded"))


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
    reason = reason.strip()
    if verdict not in VERDICTS:
        why = Text("只能是 same、different、unsure 之一", "it must be same, different or unsure")
        raise _FAULTS.refused("--verdict", why, "same | different | unsure")
    check_reason(reason)
    event = Event(pair, verdict, _FAULTS.who(reviewer), _FAULTS.when(decided_at), vault.seal_text(reason))
    row = {
        "subject": pair.subject,
        "person_key": pair.person_key,
        "key_a": pair.key_a,
        "key_b": pair.key_b,
        "verdict": verdict,
        "reviewer": event.reviewer,
        "decided_at": event.decided_at,
        "reason_sealed": event.reason_sealed,
    }
    append(ws, "verdicts", row)
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
    events = [
        Event(
            Pair(row["subject"], row["person_key"], row["key_a"], row["key_b"]),
            *(row[name] for name in ("verdict", "reviewer", "decided_at", "reason_sealed")),
        )
        for row in decided(ws, "verdicts")
    ]
    return sorted((event for event in events if pair in (None, event.pair)), key=_order)


def _order(event: Event) -> tuple[Any, ...]:
    pair = event.pair
    return event.decided_at, pair.subject, pair.person_key or 0, pair.key_a, pair.key_b, event.reviewer, event.verdict


def fingerprint(ws: Workspace, until: dt.datetime) -> str:
    """12 hex digits over every verdict made before a moment: what of them can decide a release's bytes."""
    return digest(_order(event) for event in history(ws) if event.decided_at < until)
