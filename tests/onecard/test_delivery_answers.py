"""Answers to what a delivery is: appended, checked, in order, and part of what a release is called."""

import datetime as dt
from pathlib import Path

import pytest

from onecard.store import answers
from onecard.store.lake import read
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused

DAY = dt.datetime(2018, 4, 20, 10, 0, 0, 7, dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").create()


@pytest.fixture
def vault(ws: Workspace) -> Vault:
    return Vault(ws, Settings.load(home=ws.home))


def _answer(ws: Workspace, vault: Vault, key: int = 7, answer: str = "supplement", days: int = 0, **more: str) -> answers.Answer:
    given = {"reviewer": "复核员", "reason": "电话核实"} | more
    with ws.lock():
        return answers.decide(ws, vault, key, answer=answer, decided_at=DAY + dt.timedelta(days), **given)


def test_answers_are_events_in_order_with_sealed_reasons(ws: Workspace, vault: Vault) -> None:
    later = _answer(ws, vault, answer="restatement", days=1, reason="")
    first = _answer(ws, vault, reviewer=" 复核 员 ")
    other = _answer(ws, vault, key=8, answer="part")
    assert answers.history(ws) == [first, other, later] and answers.history(ws, 7) == [first, later]
    assert first.reviewer == "复核 员" and first.decided_at == dt.datetime(2018, 4, 20, 2, tzinfo=dt.UTC)
    assert vault.unseal_text(first.reason_sealed) == "电话核实" and "核实" not in first.reason_sealed
    assert sorted(read(ws, "delivery_answers", ["delivery_key"])["delivery_key"].to_pylist()) == [7, 7, 8]


def test_the_fingerprint_is_of_every_answer_whenever_it_was_given(ws: Workspace, vault: Vault) -> None:
    empty = answers.fingerprint(ws)
    _answer(ws, vault, days=2)
    known = answers.fingerprint(ws)
    assert known != empty and answers.fingerprint(ws) == known
    _answer(ws, vault, days=4)
    assert answers.fingerprint(ws) != known


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"answer": "whole"}, "--as"), ({"reviewer": " "}, "--by"), ({"reviewer": "x" * 65}, "--by"), ({"reason": "x" * 2001}, "--reason")],
)
def test_what_cannot_be_an_answer_is_not_recorded(ws: Workspace, vault: Vault, wrong: dict[str, str], where: str) -> None:
    with pytest.raises(InputRefused) as told:
        _answer(ws, vault, **wrong)
    assert (told.value.code, told.value.where) == ("OC-DLV-001", where)
    with pytest.raises(InputRefused), ws.lock():
        answers.decide(ws, vault, 7, answer="part", reviewer="复核员", reason="", decided_at=DAY.replace(tzinfo=None))
    assert answers.history(ws) == []
