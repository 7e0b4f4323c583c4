"""Of a rejected file everything is known that its name and as much of it as was read can tell; models read it as a relation."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import hostile
import pytest
from sent import ROLL_NAME, id_number, line, pipe, put, roll, roll_row

from ingestion import parsing
from ingestion.identification import recognised
from ingestion.pipeline import ingest
from ingestion.receiving import receive
from onecard.catalogue.sources import load_contracts
from onecard.store.lake import attach, refused
from onecard.store.landing import Delivery
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace

ROLL = {"source": "payment_rolls", "sender_division": "621102", "month": 201803, "programme_code": "rural_dibao"}
SCOPE = {"scope": "payment_rolls|621102|rural_dibao|201803"}


def _known(name: str, **stated: str) -> dict[str, Any]:
    delivery = Delivery(1, "ab" * 32, name, 1, "2018-03-10T00:00:00+00:00", **stated)
    return {key: value for key, value in recognised(delivery, name).items() if value is not None and key != "period"}


@pytest.mark.parametrize("ending", [".xls", ".XLSX", ".et", ".wps", ".ods", ".xlsx.zip", "", "（补充）.xls"])
def test_a_name_is_known_without_an_extension_that_we_take(ending: str) -> None:
    assert _known(f"安定区2018年3月农村低保发放清册{ending}") == ROLL | SCOPE


def test_what_the_name_leaves_open_is_not_guessed() -> None:
    county = {"source": "payment_rolls", "sender_division": "621102", "month": 201803}
    assert _known("安定区2018年3月发放清册.zip") == county
    assert _known("随便.xls") == {}
    assert _known("随便.xls", source="deaths", sender="621102", period="201802") == {
        "source": "deaths", "sender_division": "621102", "month": 201802, "scope": "deaths|621102|201802",
    }  # fmt: skip
    # An office that nobody knows is of a place all the same; a bank is none.
    assert _known("安定区某某办公室死亡人员名单_201802.xls")["sender_division"] == "621102"
    assert "sender_bank" not in _known("XYZ_B1_回盘.txt")
    assert _known(f"RCU_{id_number(1)}_回盘.TXT") == {"source": "bank_batches", "sender_bank": "RCU"}, "that is a person's number"
    assert _known("RCU_B1_回盘.TXT") == {"source": "bank_batches", "sender_bank": "RCU", "batch_no": "B1", "scope": "bank_batches|RCU|B1"}


def test_every_pattern_is_known_without_its_extension() -> None:
    """What `name_patterns` takes away is all that speaks of the extension."""
    for contract in load_contracts().values():
        for whole, name in zip(contract.file_patterns, contract.name_patterns, strict=True):
            assert whole.startswith(name) and name != whole
            assert not any(word in name for word in ("xlsx", "csv", "txt", "$"))


@pytest.mark.parametrize("stated", [{}, {"source": "payment_rolls", "sender": "621102", "period": "201803"}])
@pytest.mark.parametrize("ending", [".xls", ".et"])
def test_a_roll_in_a_format_not_taken_says_so_and_which_roll_it_is(
    ws: Workspace, config: Settings, tmp_path: Path, stated: dict[str, str], ending: str
) -> None:
    row = _refused(ws, config, tmp_path / "in", f"安定区2018年3月农村低保发放清册{ending}", hostile.legacy(), **stated)
    assert {name: row[name] for name in ROLL | SCOPE} == ROLL | SCOPE
    assert row["reason"] == "legacy_workbook"


def _refused(ws: Workspace, config: Settings, folder: Path, file: str, content: str | bytes, **facts: str) -> dict[str, Any]:
    moment = dt.datetime(2018, 3, 10, tzinfo=dt.UTC)
    receive(ws, config, [put(folder, file, content)], received_at=moment, **facts)
    ingest(ws, config)
    [row] = refused(ws).to_pylist()
    return row


def test_a_batch_whose_totals_contradict_says_what_its_header_said(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    row = _refused(ws, config, tmp_path / "in", "RCU_B001_回盘.txt", pipe([line(1)], total="1.00"))
    assert (row["source"], row["sender_bank"], row["sender_division"], row["batch_no"]) == ("bank_batches", "RCU", None, "B001")
    assert (row["programme_code"], row["month"], row["scope"]) == ("rural_dibao", 201803, "bank_batches|RCU|B001")
    assert row["reason"] == "control_total_mismatch"
    assert row["received_at"] == dt.datetime(2018, 3, 10, tzinfo=dt.UTC)


def test_a_file_whose_reader_died_is_known_by_its_name(
    ws: Workspace, config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(deliveries: list[Delivery], *_: object) -> Any:
        for delivery in deliveries:
            yield parsing.Message("refused", delivery, facts={"reason": "parser_crash"})

    monkeypatch.setattr("ingestion.pipeline.parse_all", dies)
    row = _refused(ws, config, tmp_path / "in", ROLL_NAME, roll([roll_row(1)]))
    assert {name: row[name] for name in ROLL | SCOPE} == ROLL | SCOPE


def test_models_read_what_was_set_aside(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    with duckdb.connect() as con:
        attach(con, ws)
        columns = con.execute("select column_name, column_type from (describe lake.refusals)").fetchall()
        assert columns == [
            ("delivery_key", "BIGINT"), *((name, "VARCHAR") for name in ("source", "sender_division", "sender_bank", "programme_code")),
            ("month", "INTEGER"), *((name, "VARCHAR") for name in ("batch_no", "scope", "file_name", "sha256")),
            ("received_at", "TIMESTAMP WITH TIME ZONE"), ("reason", "VARCHAR"),
        ]  # fmt: skip
        assert con.execute("select * from lake.refusals").fetchall() == []
        assert con.execute("select delivery_key, source, reason, field, amount_fen from lake.quarantine_rows").fetchall() == []
    lost = roll_row(2)
    lost[6] = 6.20102e17
    put(tmp_path / "in", ROLL_NAME, roll([roll_row(1), lost]))
    put(tmp_path / "in", ROLL_NAME.replace(".xlsx", ".xls"), b"\xd0\xcf\x11\xe0nothing")
    receive(ws, config, sorted((tmp_path / "in").iterdir()))
    ingest(ws, config)
    with duckdb.connect() as con:
        attach(con, ws)
        attach(con, ws)
        rows = con.execute("select source, sender_division, programme_code, month, scope, reason from lake.refusals").fetchall()
        assert [row[:5] for row in rows] == [("payment_rolls", "621102", "rural_dibao", 201803, SCOPE["scope"])]
        rows = con.execute("select source, reason, field, amount_fen from lake.quarantine_rows").fetchall()
        assert rows == [("payment_rolls", "numeric_identifier", "person_key", 15000)]


def test_a_record_of_an_older_version_is_a_row_of_nulls(ws: Workspace) -> None:
    record = {
        "delivery_key": f"{7:016x}",
        "sha256": "ab",
        "received_at": "2018-03-10T00:00:00+00:00",
        "reader": "old",
        "file": "a",
        "code": "b",
    }
    (ws.quarantine / "files").mkdir(exist_ok=True)
    (ws.quarantine / "files" / f"{7:016x}.json").write_text(json.dumps(record), encoding="utf-8")
    [row] = refused(ws).to_pylist()
    assert (row["delivery_key"], row["file_name"], row["reason"], row["source"], row["month"]) == (7, "a", "b", None, None)
