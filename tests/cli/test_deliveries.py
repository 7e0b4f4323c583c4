"""`onecard deliveries`: what became of every file of a release, what is asked about those that are held, and answers."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import warm

from onecard.store import answers, releases
from onecard.store.landing import key_of
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused, NotFound
from onecard_app.answers import deliveries

DAY = dt.date(2018, 6, 30)
MAIN, MORE, HELD, OLD = ("3a" * 8, "3b" * 8, "4c0123456789abcd", "5d" * 8)
QUESTION = "少了 40 行中的 30 行：更正还是补充？ · 30 of 40 rows are gone; restatement or supplement?"
REFUSED_SHA = "6e" * 32


def _key(code: str) -> int:
    return int(code, 16)


def _database(path: Path, columns: bool = True) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("""
            create table mart_delivery (delivery_key bigint, source varchar, sender_division varchar, sender_bank varchar, period varchar,
                scope varchar, file_name varchar, sha256 varchar, received_at timestamptz, state varchar, question varchar,
                compared_with bigint, rows_landed bigint, rows_in_force bigint, rows_quarantined bigint, landed_fen bigint);
        """)
        common = "payment_rolls", "621102", None, "201803", "payment_rolls|621102|rural_dibao|201803"
        at = dt.datetime(2018, 4, 2, tzinfo=dt.UTC)
        for code, file, state, question, other, rows, in_force in (
            (MAIN, "安定区2018年3月农村低保发放清册.xlsx", "in_force", None, None, 40, 38),
            (MORE, "安定区2018年3月农村低保发放清册（补充）.xlsx", "in_force", None, None, 2, 2),
            (OLD, "安定区2018年3月农村低保发放清册_旧.xlsx", "superseded", None, MAIN, 40, 0),
            (HELD, "安定区2018年3月农村低保发放清册_3.xlsx", "held", QUESTION, MAIN, 10, 0),
        ):
            row = [_key(code), *common, file, code * 4, at, state, question, _key(other) if other else None, rows, in_force, 0, rows * 100]
            con.execute(f"insert into mart_delivery values ({', '.join('?' * len(row))})", row)
        # What else `status` asks of a release.
        con.execute("""
            create table mart_finding (suite varchar, rule_code varchar, amount_fen bigint);
            create table mart_conservation (joint varchar, scope varchar, difference_fen bigint);
        """)
        if not columns:
            con.execute("alter table mart_delivery drop column state")
    return path


def _publish(ws: Workspace, folder: Path, columns: bool = True) -> Path:
    refused = {"sha256": REFUSED_SHA, "refused": "encrypted_workbook", "file": "临洮县2018年3月农村低保发放清册.xls", "month": 201803,
               "source": "payment_rolls", "sender_division": "621124", "received_at": "2018-04-03T00:00:00+00:00"}  # fmt: skip
    facts: dict[str, Any] = {
        "business_date": DAY.isoformat(), "code_version": "1+a", "inputs": [{"sha256": MAIN * 4}, refused], "settings": {},
        "verdict": {"publishable": True, "reasons": []},
    }  # fmt: skip
    release_id = releases.make_release_id(DAY, inputs=facts["inputs"], code_version="1+a", settings={})
    database = _database(folder / "scratch.duckdb", columns)
    marts = [("mart_delivery", ["delivery_key"]), ("mart_finding", ["suite"]), ("mart_conservation", ["joint"])]
    releases.write_release(
        ws, database, release_id=release_id, manifest_facts=facts, marts=marts, extra_files={"report.html": b"<html></html>"}
    )
    return releases.publish(ws, release_id)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").create()


@pytest.fixture
def release(ws: Workspace, tmp_path: Path) -> Path:
    return _publish(ws, tmp_path)


def _call(ws: Workspace, *arguments: str, lang: str = "en", columns: str = "80") -> subprocess.CompletedProcess[str]:
    return warm.run(["--home", str(ws.home), "--lang", lang, *arguments], {"COLUMNS": columns, "PATH": os.defpath})


def test_files_are_listed_with_their_state(ws: Workspace, release: Path) -> None:
    rows = deliveries.with_latest(deliveries.deliveries(release), [])
    assert [(row["code"], row["state"]) for row in rows] == [
        (HELD[:12], "held"), (deliveries.code_of(key_of(REFUSED_SHA)), "refused"),
        (MAIN[:12], "in_force"), (MORE[:12], "in_force"), (OLD[:12], "superseded"),
    ]  # fmt: skip
    held, refused, main = rows[:3]
    assert (held["question"], held["compared_with_file"]) == (QUESTION, "安定区2018年3月农村低保发放清册.xlsx")
    assert (refused["sender"], refused["reason"], refused["rows_landed"]) == ("临洮县", "encrypted_workbook", None)
    assert (main["rows_landed"], main["rows_in_force"]) == (40, 38)
    assert [deliveries.is_open(row) for row in rows] == [True, False, False, False, False]
    assert [row["code"] for row in deliveries.questions(release)] == [HELD[:12]]


@pytest.mark.parametrize("text", [HELD, HELD[:4], HELD[:12].upper(), str(_key(HELD)), "安定区2018年3月农村低保发放清册_3.xlsx"])
def test_a_file_is_found_by_whatever_names_it(release: Path, text: str) -> None:
    assert deliveries.find(release, text)["delivery_key"] == _key(HELD)


def test_a_file_that_is_not_clear_is_not_guessed(release: Path) -> None:
    for text in ("4c0", "ffff", deliveries.code_of(key_of(REFUSED_SHA))):
        with pytest.raises(NotFound):
            deliveries.find(release, text)
    with duckdb.connect(str(release.resolve() / "onecard.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from mart_delivery").fetchall() == [(4,)]


def test_two_files_that_begin_alike_are_told_apart_by_more_digits(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "MORE", MAIN[:8] + "ffffffff")
    path = _publish(ws, tmp_path)
    with pytest.raises(InputRefused):
        deliveries.find(path, MAIN[:8])
    assert deliveries.find(path, MAIN[:9])["code"] == MAIN[:12]


def test_a_release_of_an_older_program_says_so_and_asks_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = _publish(ws, tmp_path, columns=False)
    assert deliveries.questions(path) == []
    done = _call(ws, "deliveries")
    assert done.returncode == 66 and "OC-DLV-002" in done.stderr and "onecard run --as-of 2018-06-30" in done.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_and_its_questions_fit_a_terminal(ws: Workspace, release: Path, lang: str) -> None:
    from rich.cells import cell_len

    shown = _call(ws, "deliveries", lang=lang)
    assert shown.returncode == 0 and shown.stderr == ""
    assert HELD[:12] in shown.stdout and MAIN[:12] in shown.stdout
    asked = {"zh": "更正还是补充", "en": "restatement or supplement"}
    assert asked[lang] in "".join(shown.stdout.split("\n")).replace("  ", " ")
    assert asked["en" if lang == "zh" else "zh"] not in shown.stdout
    typed = f"onecard deliveries answer {HELD[:12]} --as supplement|restatement|part"
    assert typed in shown.stdout and max(map(cell_len, shown.stdout.splitlines())) <= 80
    only = _call(ws, "deliveries", "--questions", lang=lang).stdout
    assert HELD[:12] in only and MAIN[:12] not in only


def test_programs_get_everything_with_keys_as_text(ws: Workspace, release: Path) -> None:
    told = json.loads(_call(ws, "deliveries", "--json").stdout)
    assert len(told) == 5 and told[0]["delivery_key"] == str(_key(HELD)) and told[0]["compared_with"] == str(_key(MAIN))
    assert told[0]["is_open"] is True and told[0]["received_at"] == "2018-04-02T00:00:00+00:00" == told[2]["received_at"]
    assert [row["state"] for row in json.loads(_call(ws, "deliveries", "--questions", "--json").stdout)] == ["held"]


def test_an_answer_is_kept_with_who_and_when(ws: Workspace, release: Path) -> None:
    arguments = ["--as", "supplement", "--by", "王科长", "--reason", "电话核实", "--at", "2018-07-02T09:00:00"]
    told = json.loads(_call(ws, "deliveries", "answer", HELD[:6], *arguments, "--json").stdout)
    assert told == {
        "schema_version": 1, "code": HELD[:12], "delivery_key": str(_key(HELD)), "file_name": "安定区2018年3月农村低保发放清册_3.xlsx",
        "answer": "supplement", "reviewer": "王科长", "decided_at": "2018-07-02T01:00:00+00:00",
    }  # fmt: skip
    [given] = answers.history(ws)
    assert (given.delivery_key, given.answer, given.reviewer) == (_key(HELD), "supplement", "王科长")
    assert Vault(ws, Settings.load(home=ws.home)).unseal_text(given.reason_sealed) == "电话核实"
    # It waits no more, and says who answered; the next run takes it into the figures.
    [row] = json.loads(_call(ws, "deliveries", "--questions", "--json").stdout)
    assert (row["is_open"], row["answer"], row["answered_by"], row["answered_at"]) == (False, "supplement", "王科长", told["decided_at"])
    shown = _call(ws, "deliveries", "--questions").stdout
    assert "supplement" in shown and "王科长" in shown and "--as" not in shown
    again = _call(ws, "deliveries", "answer", HELD, "--as", "restatement", "--at", "2018-07-03")
    assert again.returncode == 0 and HELD[:12] in again.stdout and "onecard --home" in again.stdout
    assert [given.answer for given in answers.history(ws)] == ["supplement", "restatement"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["answer"], 2, "deliveries answer CODE"),
        (["answer", HELD], 2, "deliveries answer CODE"),
        (["ask", HELD, "--as", "part"], 2, "deliveries answer CODE"),
        (["--as", "part"], 2, "deliveries answer CODE"),
        (["--by", "王科长"], 2, "--by"),
        (["answer", HELD, "--as", "part", "--questions"], 2, "--questions"),
        (["answer", HELD, "--as", "whole"], 2, "restatement"),
        (["answer", "ffff", "--as", "part"], 66, "OC-DLV-004"),
        (["answer", HELD, "--as", "part", "--by", " "], 65, "OC-DLV-001"),
        (["answer", HELD, "--as", "part", "--at", "2999-01-01"], 65, "OC-DLV-005"),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_is_kept(
    ws: Workspace, release: Path, arguments: list[str], code: int, says: str
) -> None:
    done = _call(ws, "deliveries", *arguments)
    assert done.returncode == code and says in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert answers.history(ws) == []


def test_status_names_what_waits_and_what_to_type(ws: Workspace, release: Path) -> None:
    told = json.loads(_call(ws, "status", "--json").stdout)
    assert [row["code"] for row in told["questions"]] == [HELD[:12]] and told["questions"][0]["question"] == QUESTION
    assert f"onecard deliveries answer {HELD[:12]} --as supplement|restatement|part" in _call(ws, "status").stdout
    _call(ws, "deliveries", "answer", HELD, "--as", "part", "--by", "王科长")
    assert json.loads(_call(ws, "status", "--json").stdout)["questions"] == []
    assert "deliveries answer" not in _call(ws, "status").stdout
