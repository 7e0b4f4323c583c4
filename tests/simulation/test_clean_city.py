"""The clean tiny city: same seed same bytes, valid people, and files that an independent reader understands."""

import csv
import datetime as dt
import hashlib
import itertools
from collections import Counter
from pathlib import Path

import office_files
import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import rules_of_persons
from office_files import Office, fen

from onecard.words.bank_card import card_status_array
from onecard.words.errors import InputRefused
from onecard.words.national_id import id_status_array
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
    for path in sorted(city.inbox.glob("RCU_*_回盘*.txt")):
        lines = [line.split("|") for line in path.read_bytes().decode("gb18030").splitlines()]
        head, rows, tail = lines[0], lines[1:-1], lines[-1]
        total = sum(int(row[5].replace(".", "")) for row in rows)
        good = [row for row in rows if row[7] == "成功"]
        assert int(head[8]) == len(rows) == int(tail[1]) and len(good) == int(tail[3])
        assert int(head[9].replace(".", "")) == total == int(tail[2].replace(".", ""))
    for path in sorted(city.inbox.glob("ABC_*_回盘*.txt")):
        records = path.read_bytes().split(b"\r\n")[:-1]
        assert {len(record) for record in records[1:-1]} == {219}
        assert sum(int(record[106:120]) for record in records[1:-1]) == int(records[-1][9:25]) == int(records[0][121:137])


def test_a_roll_reads_the_same_in_another_reader(city: SimulationSummary) -> None:
    """openpyxl sees in each roll as many persons (households, where members have rows) as the banks' rows of that month and programme."""
    rolls = sorted(city.inbox.glob("*3月*发放清册*.xlsx"))
    assert len(rolls) == 18, "one with a supplement, one by six townships"
    found: dict[str, list[str]] = {path.name: [] for path in rolls}
    for path in rolls:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows(values_only=True):
                found[path.name] += [card for card in map(office_files.plain, row) if card[:6] in ("623065", "622848", "621098")]
    of_members = "通渭县2018年3月农村低保发放清册.xlsx"
    assert len(set(found[of_members])) < len(found[of_members])
    total = sum(len(set(cards) if name == of_members else cards) for name, cards in found.items())
    originals = [path for path in city.inbox.glob("*_6211??201803???00_回盘*") if "失败明细" not in path.name]
    rows = sum(len(path.read_bytes().splitlines()) - (1 if path.suffix == ".csv" else 2) for path in originals)
    assert total == rows > 600


def test_vouchers_equal_batches(city: SimulationSummary) -> None:
    with (city.inbox / "通渭县国库集中支付明细_201803.csv").open(encoding="gb18030") as file:
        paid = [(row["批次号"], row["金额(元)"].replace(",", "")) for row in csv.DictReader(file)]
    vouchers = {batch: amount for batch, amount in paid if not amount.startswith("-")}  # returns come back as negative rows
    paths = list(city.inbox.glob("RCU_621121201803??100_回盘.txt"))
    assert len(paths) == 6
    heads = [path.read_bytes().decode("gb18030").split("\n")[0].split("|") for path in paths]
    held = {head[2]: fen(head[9]) for head in heads}
    for batches, amount in vouchers.items():
        if set(batches.split("、")) <= held.keys():
            assert fen(amount) == sum(held.pop(number) for number in batches.split("、"))
    assert held == {} and sum("、" in batches for batches in vouchers) >= 3


def test_canaries_stand_in_register_roll_and_bank_file(tmp_path: Path) -> None:
    canary = Canary("欧阳金丝雀", "62110219700101001X", "6230659999999999993", "13900001111")
    made = simulate(tmp_path, rows=1_300, canaries=[canary])
    bank = b"".join(path.read_bytes() for path in made.inbox.glob("*_回盘*"))
    assert canary.name.encode("gb18030") in bank and canary.id_no.encode() in bank and canary.card_no.encode() in bank
    for name in ("安定区2018年1月农村低保发放清册.xlsx", "安定区救助对象花名册_201801.xlsx"):
        cells = {cell for sheet in openpyxl.load_workbook(made.inbox / name) for row in sheet.iter_rows(values_only=True) for cell in row}
        assert {canary.name, canary.id_no} <= cells


def test_an_unknown_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        simulate(tmp_path, size="huge")


@pytest.fixture(scope="module")
def office(city: SimulationSummary) -> Office:
    return office_files.read(city.inbox)


def test_registers_state_sex_and_birth_of_the_number_where_the_clerk_keeps_columns_for_them(office: Office) -> None:
    stated = [row for row in office.registers if row.born]
    assert {row.county for row in stated} == {"621102"} and len(stated) > 1_000
    assert all(f"{row.born:%Y%m%d}" == row.id[6:14] and (row.sex == "男") == (int(row.id[16]) % 2 == 1) for row in stated)
    assert {len(row.sex) for row in office.registers if not row.born} == {0}


def test_money_stops_with_the_month_of_a_death(office: Office) -> None:
    """But for a death of the month before, registered in time and after the money was on the card."""
    months: dict[str, list[office_files.Line]] = {}
    for line in office.lines:
        months.setdefault(line.id, []).append(line)
    listed = {row.id for row in office.registers}
    paid = [row for row in office.deaths if row.id in months]
    for row in paid:
        for line in months[row.id]:
            in_time = (row.registered - row.died).days <= 30 and line.day <= row.registered
            assert line.month <= f"{row.died:%Y%m}" or in_time
    assert paid, "of those who were paid, some die"
    assert any(row.id in listed and row.id not in months for row in office.deaths), "members of households die"
    assert any(row.id not in listed for row in office.deaths), "strangers die"
    assert all(row.died <= row.registered and f"{row.registered:%Y%m}" == row.month for row in office.deaths)
    dead = {row.id: row.died for row in office.deaths}
    holders = office.holders
    assert all(row.at.date() <= dead.get(holders[row.card], dt.date.max) for row in office.withdrawals), "the dead draw no money"


def test_some_deaths_are_registered_late_and_some_after_the_next_month_was_paid(tmp_path: Path) -> None:
    made = office_files.read(simulate(tmp_path, rows=100_000, seed=2).inbox)
    assert any((row.registered - row.died).days > 30 for row in made.deaths)
    dead = {row.id: f"{row.died:%Y%m}" for row in made.deaths}
    assert any(line.month > dead.get(line.id, "999912") for line in made.lines), "in good faith"
    for rule in (rules_of_persons.en07, rules_of_persons.en08, rules_of_persons.en10, rules_of_persons.cd07):
        assert rule(made) == set()
    machines = [row for row in made.withdrawals if row.channel == "ATM"]
    assert len(machines) > 1_000
    machines.sort(key=lambda row: (row.bank, row.terminal, row.at))
    for _, rows in itertools.groupby(machines, key=lambda row: (row.bank, row.terminal)):
        times = [row.at for row in rows]
        assert all(after - before > dt.timedelta(seconds=120) for before, after in itertools.pairwise(times))


def test_nobody_draws_more_than_was_credited_before(office: Office) -> None:
    credited: dict[tuple[str, str], list[office_files.Line]] = {}
    for line in office.lines:
        if line.ok:
            credited.setdefault((line.card, f"{line.day:%Y%m}"), []).append(line)
    drawn: Counter[tuple[str, str]] = Counter()
    for row in office.withdrawals:
        month = (row.card, f"{row.at:%Y%m}")
        drawn[month] += row.fen
        assert row.fen > 0 and f"{row.at:%Y%m}" in row.place[0] and all(line.day < row.at.date() for line in credited[month])
        assert row.channel != "ATM" or row.fen % 10_000 == 0, "machines have notes of 100 yuan"
    assert all(fen <= sum(line.fen for line in credited[month]) for month, fen in drawn.items())
    assert {row.channel for row in office.withdrawals} == {"柜面", "ATM", "助农点", "POS"}
    assert len({(row.bank, row.number) for row in office.withdrawals}) == len(office.withdrawals)
    assert {row.bank for row in office.withdrawals} == {"RCU", "ABC", "PSBC"}


def test_whoever_opens_a_card_or_draws_for_another_is_a_proxy_or_of_the_household(office: Office) -> None:
    proxies = {(row.id, row.proxy) for row in office.registers}
    heads = {row.id: row.head for row in office.registers}
    errands = [(office.holders[row.card], row.agent) for row in office.withdrawals if row.agent]
    opened = [(row.id, row.agent) for row in office.cards if row.agent]
    for holder, agent in errands + opened:
        assert (holder, agent) in proxies or heads[holder] == heads[agent]
    assert any(pair in proxies for pair in opened) and any(pair not in proxies for pair in opened)
    assert any(pair in proxies for pair in errands) and any(pair not in proxies for pair in errands)
    assert max(Counter(agent for _, agent in opened).values()) < 10


def test_staff_name_their_relatives_and_file_those_who_receive(office: Office) -> None:
    paid = {line.id for line in office.lines}
    assert {row.county for row in office.staff} == {"621102", "621121"}
    assert {row.position for row in office.staff if row.id in paid} == {"公益性岗位保洁员"}, "other staff receive nothing"
    receiving = [row for row in office.staff if row.relative in paid]
    assert len(receiving) >= 4 and {row.filed for row in receiving} == {"是"}
    assert {row.filed for row in office.staff if row.relative and row.relative not in paid} == {"是", "否"}
    assert any(not row.relative for row in office.staff), "some have nobody to name"
    for row in office.staff:
        if row.relation in ("父亲", "母亲"):
            assert int(row.relative[6:10]) < int(row.id[6:10]) - 15
        assert row.relation != "父亲" or int(row.relative[16]) % 2 == 1


def test_the_earlier_card_list_is_another_file_than_the_last(city: SimulationSummary) -> None:
    for bank, branch in (("RCU", ""), ("ABC", ""), ("PSBC", "_安定区支行"), ("PSBC", "_通渭县支行")):
        first, last = ((city.inbox / f"{bank}_一卡通账户清单_{month}{branch}.csv").read_bytes() for month in ("201801", "201803"))
        assert first != last and len(first.splitlines()) == len(last.splitlines())
