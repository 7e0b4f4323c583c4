"""The clean tiny city: same seed same bytes, valid people, and files that an independent reader understands."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from onecard.bank_card import card_status_array
from onecard.errors import InputRefused
from onecard.national_id import id_status_array
from simulation import Canary, SimulationSummary, simulate


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return simulate(tmp_path_factory.mktemp("city"), rows=2_400, seed=3)


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_gives_same_bytes_and_another_seed_does_not(city: SimulationSummary, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", rows=2_400, seed=3)
    assert _digests(again.out) == _digests(city.out)
    other = simulate(tmp_path / "other", rows=2_400, seed=4)
    assert _digests(other.inbox) != _digests(city.inbox)


def test_everybody_has_a_valid_number_and_card(city: SimulationSummary) -> None:
    values = pq.read_table(city.out / "truth" / "persons.parquet")
    ids = values.filter(pc.equal(values["kind"], "id"))["value"].combine_chunks()
    cards = values.filter(pc.equal(values["kind"], "card"))["value"].combine_chunks()
    assert len(ids.unique()) == len(ids) and len(cards.unique()) == len(cards)
    assert set(id_status_array(ids).to_pylist()) == {"valid", "valid_15"}
    assert set(card_status_array(cards).to_pylist()) == {"ok"}


def test_every_file_is_named_in_deliveries_and_nothing_else(city: SimulationSummary) -> None:
    with (city.inbox / "deliveries.csv").open(encoding="utf-8") as file:
        named = [row["file"] for row in csv.DictReader(file)]
    assert sorted(named) == sorted(path.name for path in city.inbox.iterdir() if path.name != "deliveries.csv")
    assert len(named) == city.files


def test_control_records_of_every_return_file_agree_with_its_rows(city: SimulationSummary) -> None:
    for path in sorted(city.inbox.glob("RCU_*_回盘.txt")):
        lines = [line.split("|") for line in path.read_bytes().decode("gb18030").splitlines()]
        head, rows, tail = lines[0], lines[1:-1], lines[-1]
        total = sum(int(row[5].replace(".", "")) for row in rows)
        good = [row for row in rows if row[7] == "成功"]
        assert int(head[8]) == len(rows) == int(tail[1]) and len(good) == int(tail[3])
        assert int(head[9].replace(".", "")) == total == int(tail[2].replace(".", ""))
    for path in sorted(city.inbox.glob("ABC_*_回盘.txt")):
        records = path.read_bytes().split(b"\r\n")[:-1]
        assert {len(record) for record in records[1:-1]} == {219}
        assert sum(int(record[106:120]) for record in records[1:-1]) == int(records[-1][9:25]) == int(records[0][121:137])


def test_a_roll_reads_the_same_in_another_reader(city: SimulationSummary) -> None:
    """openpyxl sees in each roll as many persons as the banks' rows of that month and programme."""
    rolls = sorted(city.inbox.glob("*3月*发放清册.xlsx"))
    assert len(rolls) == 12
    found: Counter[str] = Counter()
    for path in rolls:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows(values_only=True):
                found[path.name] += sum(isinstance(cell, str) and cell[:6] in ("623065", "622848", "621098") for cell in row)
    total = sum(found.values())
    originals = list(city.inbox.glob("*_6211??201803???00_回盘.*"))
    rows = sum(len(path.read_bytes().splitlines()) - (1 if path.suffix == ".csv" else 2) for path in originals)
    assert total == rows > 600


def test_vouchers_equal_batches(city: SimulationSummary) -> None:
    with (city.inbox / "通渭县国库集中支付明细_201803.csv").open(encoding="gb18030") as file:
        paid = [(row["批次号"], row["金额(元)"].replace(",", "")) for row in csv.DictReader(file)]
    vouchers = {batch: amount for batch, amount in paid if not amount.startswith("-")}  # returns come back as negative rows
    paths = list(city.inbox.glob("RCU_621121201803??100_回盘.txt"))
    assert len(paths) == 6
    for path in paths:
        head = path.read_bytes().decode("gb18030").split("\n")[0].split("|")
        assert vouchers[head[2]] == head[9]


def test_canaries_stand_in_register_roll_and_bank_file(tmp_path: Path) -> None:
    canary = Canary("欧阳金丝雀", "62110219700101001X", "6230659999999999993", "13900001111")
    made = simulate(tmp_path, rows=1_300, canaries=[canary])
    bank = b"".join(path.read_bytes() for path in made.inbox.glob("*_回盘.*"))
    assert canary.name.encode("gb18030") in bank and canary.id_no.encode() in bank and canary.card_no.encode() in bank
    for name in ("安定区2018年1月农村低保发放清册.xlsx", "安定区救助对象花名册_201801.xlsx"):
        cells = {cell for sheet in openpyxl.load_workbook(made.inbox / name) for row in sheet.iter_rows(values_only=True) for cell in row}
        assert {canary.name, canary.id_no} <= cells


def test_an_unknown_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        simulate(tmp_path, size="huge")
