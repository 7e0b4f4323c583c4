"""No name, ID, card or phone is found anywhere under a workspace but in the vault and the sealed files, whatever went wrong."""

import json
import traceback
from pathlib import Path
from typing import Any

import duckdb
import hostile
import pyarrow as pa
import pytest
import sent
from scan import found_in_text, scan

from ingestion import parsing, pipeline, quarantine, receiving
from onecard.store.lake import attach
from onecard.store.landing import Delivery, landed, original_name
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.errors import InternalFault

NAME, OTHER = "欧阳金丝雀", "慕容画眉"
PERSON, CARD, PHONE = sent.id_number(77), sent.card_number(77), "13909321122"
OLD_ID = PERSON[:6] + PERSON[8:17]
NEEDLES = [NAME, OTHER, PERSON, OLD_ID, CARD, PHONE, "金丝雀"]
REMARK = f"{NAME}本人{PERSON}，电话{PHONE}，卡{CARD}"


def line(seq: int, **changes: str) -> str:
    fields = {"name": NAME, "person": PERSON, "card": CARD, "amount": "150.00", "text": REMARK.replace("|", ""), "memo": REMARK} | changes
    amount_to_status = f"{fields['amount']}|20180309101500|失败|01"
    return f"D|{seq}|{fields['name']}|{fields['person']}|{fields['card']}|{amount_to_status}|{fields['text']}|{fields['memo']}"


def roll_row(seq: int, **changes: object) -> list[object]:
    row = dict(zip(sent.ROLL_HEADERS, sent.roll_row(seq), strict=True))
    row |= {"户主姓名": NAME, "户主身份证号": PERSON, "领款人": OTHER, "身份证号": OLD_ID, "银行账号": CARD, "账户名": NAME, "备注": REMARK}
    return list((row | changes).values())


def write_all(folder: Path) -> None:
    """Every source with the canary in every place that people put such things, in good rows, bad rows and refused files."""
    bank = [line(1), line(2, amount="壹佰"), line(3) + f"|{NAME}", line(4, person="6.2E+17"), line(5, name=""), line(6, memo=NAME)]
    sent.put(folder, f"RCU_B001_回盘_{NAME}{PHONE}.txt", sent.pipe(bank, total="900.00"))
    rolls = [roll_row(1), roll_row(2, 村=PERSON), roll_row(3, 发放金额=NAME), roll_row(4, 与户主关系=PHONE), roll_row(5, 所属月份=CARD)]
    sheets = {NAME: [[f"制表人{NAME}"], ["单位:元"], list(sent.ROLL_HEADERS), *rolls]}
    sent.put(folder, f"安定区2018年3月农村低保发放清册_{NAME}{PERSON}.xlsx", sent.workbook(sheets))
    people = "户主姓名,户主身份证号,姓名,身份证号,救助类别,享受起始,监护人,监护人身份证号,联系电话"
    member = f"{NAME},{PERSON},{OTHER},{OLD_ID}"
    sent.put(
        folder,
        "安定区救助对象花名册_201803.csv",
        f"{people}\n{member},农村低保,201801,{NAME},{PERSON},{PHONE}\n{member},{NAME},201801,,,\n{member},农村低保,{PHONE},,,\n",
    )
    sent.put(
        folder,
        "RCU_一卡通账户清单_201803.csv",
        f"卡号,户名,证件号码,开户日期,开户网点,代办人姓名,代办人证件号,状态,预留手机号\n{CARD},{NAME},{PERSON},2018-01-05,凤翔分社,{OTHER},{OLD_ID},正常,{PHONE}\n"
        f"{CARD},{NAME},{PERSON},2018-01-05,{CARD},,,正常,\n{CARD},{NAME},{PERSON},{NAME},凤翔分社,,,正常,\n",
    )
    sent.put(
        folder,
        "安定区国库集中支付明细_201803.csv",
        f"支付凭证号,收款人,收款账号,用途,金额(元),支付日期\nP001,{NAME},{CARD},农村低保金{REMARK.replace(',', '')},150.00,2018-03-05\n"
        f"P002,民政局{NAME},{CARD},{NAME},{NAME},2018-03-05\n",
    )
    documents = ["指标文号", "发文单位", "接收单位", "资金名称", "预算年度", "金额(万元)", "发文日期", "备注"]
    row = ["定财社〔2018〕1号", "定西市财政局", "安定区财政局", "困难群众救助补助资金", 2018, 1, "2018-03-05", REMARK]
    sent.put(folder, "定西市财政局台账_201803.xlsx", sent.workbook({"台账": [documents, row, [*row[:1], NAME, *row[2:]]]}))
    # Refused for one reason or another, with the canary in whatever the reason could quote.
    sent.put(folder, f"{NAME}{PERSON}.xlsx", sent.workbook({PERSON: [[NAME, REMARK]]}))
    sent.put(folder, f"{NAME}2018年3月农村低保发放清册.xlsx", sent.workbook({PERSON: [[NAME, REMARK, 1]]}))
    sent.put(folder, f"安定区2018年3月{NAME}发放清册.xlsx", sent.workbook({PERSON: [["单位:元"], list(sent.ROLL_HEADERS), roll_row(1)]}))
    header = [name if name != "备注" else f"{NAME}(元)" for name in sent.ROLL_HEADERS]
    for number, rows in enumerate(
        (
            [header, roll_row(1)],
            [[f"填报单位:{NAME}"], [name for name in sent.ROLL_HEADERS if name != "身份证号"], roll_row(1)],
            [["单位:元"], [*sent.ROLL_HEADERS[:-1], "账户名"], roll_row(1)],
            [[NAME, REMARK]],
        )
    ):
        sent.put(folder, f"安定区2018年4月农村低保发放清册_{number}.xlsx", sent.workbook({NAME: rows}))
    bomb = hostile.with_part(hostile.good_roll(4), f"xl/media/{NAME}{PERSON}.png", b" " * (100 << 20))
    sent.put(folder, "安定区2018年5月农村低保发放清册.xlsx", bomb)
    sent.put(folder, "安定区2018年6月农村低保发放清册.xlsx", hostile.hidden_far_cell())
    sent.put(folder, "RCU_B002_回盘.txt", sent.pipe([line(1)], batch=NAME, total=NAME))
    sent.put(folder, "RCU_B003_回盘.txt", sent.pipe([line(1)]).replace("农村低保|2018", f"{NAME}|2018"))
    sent.put(folder, f"PSBC_{PERSON}_回盘.csv", sent.CSV_HEAD + "\n" + sent.csv_line(1).replace("P001", NAME) + "\n" + sent.csv_line(2))
    sent.put(folder, f"{PHONE}.txt", REMARK)


def sealed(path: Path) -> bool:
    return path.parts[0] == "vault" or (path.parts[0] == "landing" and path.suffix == ".bin")


def test_every_byte_of_a_workspace(ws: Workspace, config: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_all(tmp_path / "sent")
    assert {hit.needle for hit in scan(tmp_path / "sent", NEEDLES)} == set(NEEDLES), "the canary was not sent"
    said: list[str] = []
    received = receiving.receive(ws, config, list((tmp_path / "sent").iterdir()))
    limits = config.model_copy(update={"parser_memory_bytes": 512 << 20})
    summary = pipeline.ingest(ws, limits, progress=said.append)
    # It went all the way: landed, quarantined and refused.
    assert len(summary.refused) >= 10 and sum(figures["rows_quarantined"] for figures in summary.sources.values()) >= 10
    assert set(summary.sources) == {
        "bank_batches", "payment_rolls", "beneficiary_registers", "card_accounts", "treasury_payments", "budget_allocations",
    }  # fmt: skip
    known = {value for domain in ("person", "name", "card") for value in Vault(ws, config).known_values(domain)[0].to_pylist()}
    assert {NAME, OTHER, PERSON, CARD} <= known
    spoken = json.dumps(
        [summary.as_dict(), quarantine.quarantine_report(ws), [item.as_dict() for item in received], said],
        ensure_ascii=False,
        default=str,
    )
    assert found_in_text(spoken + "".join(capfd.readouterr()), NEEDLES) == []
    assert scan(ws.home, NEEDLES, skip=sealed) == []
    # The sealed part is sealed, too: only the key opens it, and with it a file's own name comes back.
    assert scan(ws.home, NEEDLES) == []
    assert f"{NAME}{PERSON}.xlsx" in {original_name(Vault(ws, config), delivery) for delivery in landed(ws)}
    # What DuckDB quotes in an error is a mask at most.
    with duckdb.connect() as con:
        attach(con, ws)
        for table, column in (
            ("names", "name_masked"),
            ("persons", "id_masked"),
            ("payment_rolls", "village"),
            ("bank_batches", "memo_scrubbed"),
        ):
            with pytest.raises(duckdb.Error) as error:
                con.execute(f"select cast({column} as date) from lake.{table}").fetchall()
            assert found_in_text(str(error.value), NEEDLES) == []


def failing(*_: Any, **__: Any) -> None:
    raise pa.ArrowInvalid(f"Failed to parse string: '{REMARK}' as a scalar of type int64")


@pytest.mark.parametrize(
    "stage",
    ["onecard.store.lake.Lake.append", "ingestion.pipeline.keyed", "ingestion.keying.compare_names", "ingestion.keying.Keyring.store"],
)
def test_an_error_of_ours_says_its_place_and_no_value(
    stage: str, ws: Workspace, config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(tmp_path / "sent")
    receiving.receive(ws, config, list((tmp_path / "sent").glob("RCU_B001*")) + list((tmp_path / "sent").glob("RCU_一卡通*")))
    if stage.endswith("compare_names"):
        # Two names on one card, so that there is something to compare.
        receiving.receive(ws, config, [sent.put(tmp_path / "more", "RCU_B009_回盘.txt", sent.pipe([line(1, name=OTHER)], total="150.00"))])
    monkeypatch.setattr(stage, failing)
    with pytest.raises(InternalFault) as fault:
        pipeline.ingest(ws, config)
    told = "".join(traceback.format_exception(fault.value))
    assert "OC-IN-005" in told and "ArrowInvalid" in told
    assert found_in_text(told, NEEDLES) == []
    monkeypatch.undo()
    assert pipeline.ingest(ws, config).sources["bank_batches"]["rows_landed"] > 0
    assert scan(ws.home, NEEDLES, skip=sealed) == []


class Pipe:
    """The child's end of the pipe to its parent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.chunks = [b"x", b""]

    def recv(self) -> str:
        return f"{NAME}.txt"

    def recv_bytes(self) -> bytes:
        return self.chunks.pop(0)

    def send(self, message: Any) -> None:
        self.sent.append(message)

    def close(self) -> None:
        pass


class Panic(BaseException):
    """What a Rust library raises."""


@pytest.mark.parametrize("error", [ValueError(REMARK), KeyError(PERSON), pa.ArrowInvalid(REMARK), Panic(REMARK), MemoryError(REMARK)])
def test_a_parser_that_fails_says_where_and_no_value(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object) -> None:
        raise error

    monkeypatch.setattr(parsing, "parse", parse)
    monkeypatch.setattr(parsing, "_confine", lambda memory, seconds: None)
    pipe = Pipe()
    parsing._child(pipe, Delivery(1, "0" * 64, "x.txt", 1, "2018-03-10T00:00:00+00:00"), 1, 1)  # type: ignore[arg-type]
    ((kind, _, _, facts),) = pipe.sent
    assert kind == "refused" and facts["reason"] in ("parser_crash", "parser_limit")
    assert found_in_text(repr(pipe.sent), NEEDLES) == []
