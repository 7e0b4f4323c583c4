"""Answers of people to what a delivery is to the ones before it: each is an event, appended and never changed; reasons are sealed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from onecard.store.decisions import LONGEST_REASON, Faults, append, decided, digest
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.language import Text

ANSWERS = ("restatement", "supplement", "part")
TABLE = "delivery_answers"
_FAULTS = Faults("OC-DLV-001", Text("认定未记录", "the answer was not recorded"))


@dataclass(frozen=True)
class Answer:
    """One answer as it lies in the lake."""

    delivery_key: int
    answer: str
    reviewer: str
    decided_at: dt.datetime
    reason_sealed: str


def decide(ws: Workspace, vault: Vault, delivery_key: int, *, answer: str, reviewer: str, reason: str, decided_at: dt.datetime) -> Answer:
    """Append an answer; a reason need not be given. The caller holds the workspace's lock.

    Raises InputRefused for an answer that is none, an overlong reason, an empty or overlong reviewer, or a moment without a time zone.
    """
    reason = reason.strip()
    if answer not in ANSWERS:
        why = Text("只能是 supplement、restatement、part 之一", "it must be supplement, restatement or part")
        raise _FAULTS.refused("--as", why, "supplement | restatement | part")
    if len(reason) > LONGEST_REASON:
        why = Text(f"理由超过 {LONGEST_REASON} 字", f"the reason is longer than {LONGEST_REASON} characters")
        raise _FAULTS.refused("--reason", why, Text("写得短些", "make it shorter"))
    given = Answer(delivery_key, answer, _FAULTS.who(reviewer), _FAULTS.when(decided_at), vault.seal_text(reason))
    append(ws, TABLE, vars(given))
    return given


def history(ws: Workspace, delivery_key: int | None = None) -> list[Answer]:
    """All answers, or those about a delivery, in the order in which they were given."""
    given = (Answer(**row) for row in decided(ws, TABLE))
    return sorted((answer for answer in given if delivery_key in (None, answer.delivery_key)), key=_order)


def _order(given: Answer) -> tuple[Any, ...]:
    return given.decided_at, given.delivery_key, given.reviewer, given.answer


def fingerprint(ws: Workspace) -> str:
    """12 hex digits over every answer, whenever it was given: it says what a file always was, so a past day honours it, too."""
    return digest(_order(given) for given in history(ws))
