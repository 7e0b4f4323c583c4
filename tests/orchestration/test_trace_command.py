"""Where a document's money is and whose money a credit was: sums that close, good answers to bad questions, a workbook that reads back."""

import dataclasses
import json
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import nightly
import openpyxl
import pytest

from onecard.catalogue.titles import MONEY, SPENT_EARLY
from onecard.words.errors import InputRefused, NotFound
from onecard.words.money import format_yuan
from onecard_app.answers import doc_numbers, trace

pytestmark = pytest.mark.xdist_group("trace")

DOCUMENT = "定财社〔2018〕5号"
COUNTY, PROGRAMME, MONTH = "安定区", "农村低保", 201803


@pytest.fixture(scope="module")
def release(published_home: Path) -> Path:
    return (published_home / "releases" / "current").resolve()


@pytest.fixture(scope="module")
def marts(release: Path) -> dict[str, list[dict[str, Any]]]:
    """Whole marts as Python rows, from the Parquet files: the hand sums below share no SQL with the command."""
    read: dict[str, list[dict[str, Any]]] = {}
    for mart in ("mart_trace", "mart_credit_origin", "mart_stranded", "mart_document_match", "mart_payment", "mart_fund_position"):
        table = duckdb.sql(f"from read_parquet('{release / mart}.parquet')")
        names = list(table.columns)
        read[mart] = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
    return read


def _of_document(row: dict[str, Any], doc_no: str) -> bool:
    return doc_no in (row["source_doc_no"], row["province_doc_no"], row["city_doc_no"], row["county_doc_no"])


def _documents(marts: dict[str, list[dict[str, Any]]]) -> set[str]:
    named = {row[f"{level}_doc_no"] for row in marts["mart_trace"] for level in ("source", "province", "city", "county")}
    return {doc_no for doc_no in named if doc_no}


def test_every_document_closes_to_the_fen(release: Path, marts: dict[str, list[dict[str, Any]]]) -> None:
    pieces = {row["trace_no"]: row for row in marts["mart_trace"]}
    documents = _documents(marts)
    assert len(documents) > 30
    for doc_no in sorted(documents):
        answer = trace.by_document(release, doc_no)
        by_hand = [row for row in marts["mart_credit_origin"] if _of_document(pieces[row["trace_no"]], doc_no)]
        assert answer.credited_fen == sum(row["amount_fen"] for row in by_hand), doc_no
        reached: dict[Any, int] = defaultdict(int)
        for row in by_hand:
            reached[row["division"], row["programme_code"], row["payroll_month"]] += row["amount_fen"]
        assert {(row["division"], row["programme_code"], row["payroll_month"]): row["fen"] for row in answer.reached} == reached, doc_no
        resting: dict[str, int] = defaultdict(int)
        for row in marts["mart_stranded"]:
            if _of_document(row, doc_no) or (row["place"] in ("in_transit", "not_reporting") and row["reference"] == doc_no):
                resting[row["place"]] += row["resting_fen"]
        shown: dict[str, int] = defaultdict(int)
        for row in answer.resting:
            shown[row["place"]] += row["fen"]
        assert shown == resting and answer.resting_fen == sum(resting.values()), doc_no
        lines = [row for row in marts["mart_document_match"] if row["doc_no"] == doc_no]
        if lines:
            assert answer.stated_fen == answer.total_fen == sum(max(row["sent_fen"], row["received_fen"]) for row in lines), doc_no
        assert answer.closes, doc_no
        # Money credited to no card at all (CD04) is no card.
        assert (answer.cards, answer.persons) == tuple(len({row[key] for row in by_hand} - {None}) for key in ("card_key", "person_key"))


def test_own_appropriations_add_up_to_what_governments_report(release: Path, marts: dict[str, list[dict[str, Any]]]) -> None:
    own = {
        row["source_doc_no"]: row["source_division"]
        for row in [*marts["mart_trace"], *marts["mart_stranded"]]
        if row["source_kind"] == "own"
    }
    traced: dict[str, int] = defaultdict(int)
    for doc_no, division in own.items():
        traced[division] += trace.by_document(release, doc_no).total_fen
    reported: dict[str, int] = defaultdict(int)
    for row in marts["mart_fund_position"]:
        reported[row["division"]] += row["own_fen"]
    assert traced == {division: fen for division, fen in reported.items() if fen}


def test_a_credit_is_led_back_by_line_file_and_fingerprint(
    published_home: Path, release: Path, marts: dict[str, list[dict[str, Any]]]
) -> None:
    shares: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in marts["mart_credit_origin"]:
        shares[row["bank_code"], row["batch_no"], row["seq_no"], row["delivery_key"], row["sheet_no"], row["row_no"]].append(row)
    (bank, batch, seq, delivery, sheet, row_no), parts = max(shares.items(), key=lambda item: (len(item[1]), str(item[0])))
    assert len(parts) > 1  # a credit of several documents
    pieces = {row["trace_no"]: row for row in marts["mart_trace"]}
    path = ("source_kind", *(f"{level}_doc_no" for level in ("source", "province", "city", "county")))
    # Two pieces may have come the same way, by two vouchers or on two days.
    ways = {tuple(pieces[part["trace_no"]][name] for name in path) for part in parts}
    with duckdb.connect(str(release / "onecard.duckdb"), read_only=True) as con:
        name, sha256 = con.execute("select file_name, sha256 from mart_delivery where delivery_key = ?", [delivery]).fetchall()[0]
    asked = (
        f"{bank}/{batch}/{seq}",
        f"{name}:{row_no}",
        f"{name}:{sheet}:{row_no}",
        f"some/folder/{name}:{row_no}",
        f"{sha256[:12]}:{row_no}",
    )
    told = [nightly.called(published_home, "trace", "--credit", asked[0])] + [
        trace.by_credit(release, text).as_dict() for text in asked[1:]
    ]
    for answer in told:
        assert answer["credited_fen"] == sum(part["amount_fen"] for part in parts)
        assert {(row["source_doc_no"], row["amount_fen"]) for row in answer["credits"]} == {
            (row["source_doc_no"], row["amount_fen"]) for row in parts
        }
        assert answer["closes"] and len(answer["sources"]) == len(ways)


def test_people_and_places_get_what_payments_say(published_home: Path, release: Path, marts: dict[str, list[dict[str, Any]]]) -> None:
    paid: dict[int, int] = defaultdict(int)
    months: dict[int, set[int]] = defaultdict(set)
    # A row per member and one credit for all: whoever asks for one of them asks for the credit.
    credits: dict[tuple[Any, ...], int] = defaultdict(int)
    credits_of: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for row in marts["mart_payment"]:
        payee = row["person_key"] if row["paid_with_key"] is None else row["paid_with_key"]
        credit = (row["division"], row["programme_code"], row["payroll_month"], payee)
        credits[credit] += row["credited_fen"]
        credits_of[row["person_key"]].add(credit)
        if row["household_key"] is not None:
            paid[row["household_key"]] += row["credited_fen"]
            if row["credited_fen"]:
                months[row["household_key"]].add(row["payroll_month"])
    household = min(key for key, paid_months in months.items() if len(paid_months) == 3)
    person = min(row["person_key"] for row in marts["mart_payment"] if row["household_key"] == household)
    joint = [row for row in marts["mart_payment"] if row["paid_with_key"] is not None and row["credited_fen"]]
    member, payee = min((row["person_key"], row["paid_with_key"]) for row in joint)
    whole = {key: sum(credits[credit] for credit in credits_of[key]) for key in (person, member, payee)}
    assert whole[member] > sum(row["credited_fen"] for row in marts["mart_payment"] if row["person_key"] == member)
    asked = [("household", household, paid[household]), *(("person", key, fen) for key, fen in whole.items())]
    for name, key, fen in asked:
        answer = nightly.called(published_home, "trace", f"--{name}", str(key))
        assert answer["credited_fen"] == answer["stated_fen"] == answer["total_fen"] == fen and answer["closes"]
        assert answer["question"][f"{name}_key"] == str(key)  # 63 bits survive JSON
    here = [
        row for row in marts["mart_payment"]
        if (row["division_name"], row["programme_code"], row["payroll_month"]) == (COUNTY, "rural_dibao", MONTH)
    ]  # fmt: skip
    for county, programme in ((COUNTY, PROGRAMME), ("621102", "rural_dibao")):
        place = trace.by_place(release, county, programme, MONTH)
        assert place.closes and place.credited_fen == sum(row["credited_fen"] for row in here)
    everything = [trace.by_place(release, None, row["programme_code"], None).credited_fen for row in trace.seed_rows("programmes")]
    assert sum(everything) == sum(row["amount_fen"] for row in marts["mart_credit_origin"])


def test_a_county_tells_what_rests_in_its_pools_and_at_its_banks(release: Path, marts: dict[str, list[dict[str, Any]]]) -> None:
    answer = trace.by_place(release, COUNTY, None, None)
    credited = sum(row["credited_fen"] for row in marts["mart_payment"] if row["division_name"] == COUNTY)
    resting = [row for row in marts["mart_stranded"] if row["division"] == "621102"]
    assert {row["place"] for row in resting} > {"bank_failed", "bank_no_batch", "in_transit"}
    assert (answer.credited_fen, answer.resting_fen) == (credited, sum(row["resting_fen"] for row in resting))
    assert sum(row["fen"] for row in answer.resting) == answer.resting_fen and answer.stated_fen == answer.total_fen and answer.closes
    positions = [row for row in marts["mart_fund_position"] if row["division"] == "621102"]
    assert [row["in_fen"] for row in answer.positions] == [
        row["in_fen"] for row in sorted(positions, key=lambda row: row["fund_position_id"])
    ]
    # By programme and month, what lies at the banks is told by its batches; together it is all that lies there.
    by_programme = 0
    for row in trace.seed_rows("programmes"):
        part = trace.by_place(release, COUNTY, row["programme_code"], None)
        assert part.closes and all(rest["place"].startswith("bank_") for rest in part.resting)
        by_programme += part.resting_fen
    assert by_programme == sum(row["resting_fen"] for row in resting if row["place"].startswith("bank_")) > 0


def test_a_place_above_the_counties_tells_what_rests_and_what_it_passed_down(
    published_home: Path, release: Path, marts: dict[str, list[dict[str, Any]]]
) -> None:
    for name, code in (("定西市", "621100"), ("甘肃省", "620000"), ("620000", "620000")):
        answer = trace.by_place(release, name, None, None)
        assert (
            answer.resting_fen == answer.total_fen == sum(row["resting_fen"] for row in marts["mart_stranded"] if row["division"] == code)
        )
        passed_down = sum(row["passed_down_fen"] for row in marts["mart_fund_position"] if row["division"] == code)
        assert sum(row["sent_fen"] for row in answer.passed_down) == passed_down > 0
        assert answer.credited_fen == 0 and answer.resting_fen > 0 and answer.closes
        said = nightly.call(published_home, "trace", "--county", name).stdout
        assert format_yuan(answer.resting_fen) in said and format_yuan(passed_down) in said and str(MONEY["passed_down_fen"]) in said


def test_a_pool_that_does_not_close_is_told(release: Path) -> None:
    answer = trace.by_place(release, "定西市", None, None)
    for wrong in ("in_fen", "balance_fen", "resting_fen"):
        broken = [row | {wrong: row[wrong] + 1} for row in answer.positions]
        assert not dataclasses.replace(answer, positions=broken).closes


def test_a_bank_may_be_written_in_small_letters_or_by_name(release: Path) -> None:
    asked = [trace.by_credit(release, f"{bank}/62110220180101200/3").credits for bank in ("ABC", "abc", "农行", "中国农业银行")]
    assert asked[0] and all(credits == asked[0] for credits in asked)


def test_a_failed_line_says_that_it_failed(release: Path) -> None:
    with duckdb.connect(str(release / "onecard.duckdb"), read_only=True) as con:
        lines = con.execute(
            "select file_name, row_no from mart_finding_evidence where rule_code in ('FS04', 'ID07') and evidence_role = 'primary'"
        ).fetchall()
    assert lines
    for name, row in lines:
        with pytest.raises(NotFound, match=r"(?s)入账失败.*--month"):
            trace.by_credit(release, f"{name}:{row}")


def test_a_superseded_or_unreadable_file_says_which(release: Path, tmp_path: Path) -> None:
    """What the city of the tests has no file for is written into a copy of its release."""
    changed = tmp_path / "changed"
    shutil.copytree(release, changed)
    (changed / "onecard.duckdb").chmod(0o644)
    name, row = "RCU_62110220180101100_回盘.txt", 4
    credit = trace.by_credit(release, f"{name}:{row}").credits[0]
    with duckdb.connect(str(changed / "onecard.duckdb")) as con:
        con.execute("delete from mart_credit_origin where delivery_key = ? and row_no = ?", [credit["delivery_key"], row])
        aside = "update mart_delivery set rows_landed = rows_landed - 1, rows_quarantined = 1 where file_name = ?"
        con.execute(aside, [name])
        [(landed, credited)] = con.execute(
            "select any_value(rows_landed), (select count(distinct row_no) from mart_credit_origin where delivery_key = $key) "
            "from mart_delivery where delivery_key = $key",
            {"key": credit["delivery_key"]},
        ).fetchall()
    with pytest.raises(NotFound, match="could not be read" if landed == credited else "failed or was quarantined"):
        trace.by_credit(changed, f"{name}:{row}")
    with duckdb.connect(str(changed / "onecard.duckdb")) as con:
        con.execute(
            "insert into mart_delivery select * replace (delivery_key + 1 as delivery_key, 'new.txt' as file_name) "
            "from mart_delivery where file_name = ?",
            [name],
        )
        con.execute("update mart_delivery set is_in_force = false where file_name = ?", [name])
    with pytest.raises(NotFound, match=r"(?s)已被取代.*new\.txt"):
        trace.by_credit(changed, f"{name}:{row}")


def test_the_files_of_a_batch_in_parts_tell_of_their_own_lines(release: Path, tmp_path: Path) -> None:
    """The first line of the second file fails in a copy of the release: its number and its row say so, and the row above it is no line."""
    changed = tmp_path / "changed"
    shutil.copytree(release, changed)
    (changed / "onecard.duckdb").chmod(0o644)
    with duckdb.connect(str(changed / "onecard.duckdb")) as con:
        sha256, row, batch, seq = con.execute(
            "select files.sha256, row_no, batch_no, seq_no from mart_credit_origin inner join mart_delivery as files using (delivery_key) "
            "where files.file_name like 'ABC%第2部分.txt' order by batch_no, seq_no limit 1"
        ).fetchall()[0]
        assert row < seq
        con.execute("delete from mart_credit_origin where bank_code = 'ABC' and batch_no = ? and seq_no = ?", [batch, seq])
    for asked in (f"ABC/{batch}/{seq}", f"{sha256}:{row}"):
        with pytest.raises(NotFound, match="could not credit this line"):
            trace.by_credit(changed, asked)
    with pytest.raises(NotFound, match="control"):
        trace.by_credit(changed, f"{sha256}:{row - 1}")
    assert trace.by_credit(changed, f"ABC/{batch}/{seq + 1}").credits


SCHEMA = """
    schema_version
    release business_date question stated_fen total_fen credited_fen resting_fen overdrawn_fen difference_fen closes cards persons
    households document reach naming sources reached resting positions passed_down credits credits_in_all
"""
LISTS = {
    "document": "issuer_division issuer_name receiver_division receiver_name issued_on received_on sent_fen received_fen fen",
    "sources": "source_kind source_doc_no source_level source_division source_on province_doc_no city_doc_no county_doc_no "
    "credited_fen specific_fen resting_fen fen is_overdrawn days",
    "reach": "division division_name pool_code fiscal_year doc_no inflow_fen named_fen named_credited_fen credited_fen at_least_fen "
    "at_most_fen",
    "naming": "division division_name voucher_no paid_on doc_no received_doc_no stated_fen asked_fen drawn_fen short_fen status",
    "reached": "division division_name programme_code programme_name payroll_month fen credits cards persons households "
    "first_credited_on last_credited_on is_overdrawn days",
    "positions": "pool_code pool_name fiscal_year received_fen own_fen carry_in_fen clawback_in_fen returned_fen in_fen passed_down_fen "
    "clawback_out_fen paid_fen diverted_fen out_fen balance_fen resting_fen carried_on_fen overdrawn_fen credited_fen held_by_bank_fen",
    "passed_down": "receiver_division receiver_name fiscal_year sent_fen received_fen last_received_on",
    "resting": "place division division_name level pool_code fiscal_year bank_code bank_name batch_no reference since days age_band "
    "rule_code fen",
}


def test_the_json_has_the_same_shape_for_every_question(published_home: Path) -> None:
    questions = (
        ["--doc", DOCUMENT],
        ["--county", COUNTY, "--programme", PROGRAMME],
        ["--credit", "ABC/62110220180101200/3"],
        ["--county", "定西市"],
    )
    for question in questions:
        answer = nightly.called(published_home, "trace", *question)
        assert set(answer) == set(SCHEMA.split())
        for name, columns in LISTS.items():
            assert all(set(row) == set(columns.split()) for row in answer[name]), name
        for row in (*answer["sources"], *answer["reached"]):
            assert set(row["days"]) == {"central", "province", "city", "county", "bank", "in_all"}
    assert (
        nightly.call(published_home, "trace", *questions[0], "--json").stdout
        == nightly.call(published_home, "trace", *questions[0], "--json").stdout
    )


def test_the_tree_shows_sums_days_and_what_was_spent_before_it_came(published_home: Path, release: Path) -> None:
    answer = trace.by_document(release, DOCUMENT)
    said = nightly.call(published_home, "trace", "--doc", "定财社[2018] 5号").stdout
    for fen in (answer.total_fen, answer.credited_fen, answer.resting_fen, answer.overdrawn_fen, *(row["fen"] for row in answer.resting)):
        assert format_yuan(fen) in said
    for words in ("✓", "在途", "FS05", "全程", SPENT_EARLY.zh, "谁的钱", "发 sent", "通渭县", release.name):
        assert words in said, words
    assert all(word not in said for word in ("nan", "None", "Traceback"))


@pytest.mark.parametrize(
    "spelling",
    ["定财社〔2018〕5号", "定财社[2018]5号", "定财社（2018）5 号", " 定财社【2018】第５号", "定财社〔2018年〕05号", "定财社《2018》5"],
)
def test_spellings_of_one_document(spelling: str) -> None:
    known = ["定财社〔2018〕5号", "定财社〔2017〕5号", "财社〔2018〕5号", "定财社〔2018〕15号"]
    assert doc_numbers.find(spelling, known) == ["定财社〔2018〕5号"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("社15号", "定财社〔2018〕15号"),
        ("定財社〔2018〕15號", "定财社〔2018〕15号"),
        ("定财社15號", "定财社〔2018〕15号"),
        ("甘財社", "甘财社〔2018〕6号"),
    ],
)
def test_parts_of_an_issuer_and_traditional_characters(text: str, found: str) -> None:
    assert doc_numbers.find(text, ["定财社〔2018〕5号", "定财社〔2018〕15号", "甘财社〔2018〕6号"]) == [found]


def test_what_an_issuer_only_holds_is_not_taken_for_the_ministry() -> None:
    """财社〔2018〕15号 would be a document of the Ministry of Finance: 定财社〔2018〕15号 is another one."""
    with pytest.raises(NotFound, match="定财社〔2018〕15号"):
        doc_numbers.find("财社〔2018〕15号", ["定财社〔2018〕5号", "定财社〔2018〕15号"])
    with pytest.raises(InputRefused, match="2 份"):
        doc_numbers.find("社5号", ["定财社〔2018〕5号", "甘财社〔2018〕5号"])


def test_several_names_of_one_programme_are_offered_once() -> None:
    with pytest.raises(NotFound) as told:
        trace.find_programme("低保")
    assert told.value.remedy.en.count("rural_dibao") == 1


def test_two_spellings_in_the_release_are_one_document() -> None:
    assert doc_numbers.find("5号", ["定财社〔2018〕5号", "定财社[2018]5号"]) == ["定财社[2018]5号", "定财社〔2018〕5号"]


def test_a_part_of_a_number_will_do_when_it_is_clear() -> None:
    known = ["定财社〔2018〕17号", "定财社〔2018〕7号"]
    assert doc_numbers.find("17号", known) == ["定财社〔2018〕17号"]
    with pytest.raises(NotFound, match="OC-TRC-001"):
        doc_numbers.find("", known)
    with pytest.raises(InputRefused):
        doc_numbers.find("7号", [*known, "甘财社〔2018〕7号"])


@pytest.mark.parametrize(
    ("question", "exit_code", "words"),
    [
        (["--doc", "定财设〔2018〕5号"], 66, "定财社〔2018〕5号"),
        (["--doc", "定财社〔2016〕5号"], 66, "定财社〔2017〕5号, 定财社〔2018〕5号"),
        (["--doc", "〔2018〕5号"], 65, "甘财社〔2018〕5号"),
        (["--doc", "X"], 66, "OC-TRC-001"),
        (["--county", "安定市"], 66, "安定区 (621102)"),
        (["--county", "兰州市"], 66, "通渭县 (621121)"),
        (["--county", "定西市", "--programme", PROGRAMME], 65, "安定区, 通渭县"),
        (["--county", COUNTY, "--programme", "农村低宝"], 66, "农村低保 (rural_dibao)"),
        (["--county", COUNTY, "--month", "201813"], 2, "201813"),
        (["--doc", ""], 66, "--doc ''"),
        (["--doc", "社5号"], 65, "定财社〔2018〕5号, 甘财社〔2017〕5号"),
        (["--credit", "安定区2018年1月农村低保发放清册.xlsx:5"], 66, "--household"),
        (["--credit", "定西市财政局2018年困难群众救助和残疾人两项补贴资金指标文台账_201802.xlsx:9"], 66, "--doc"),
        (["--credit", "ABC/62110220180101200/0"], 66, "control"),
        (["--county", COUNTY, "--month", "201607"], 66, "201801"),
        (["--person", "5"], 66, "mart_payment"),
        (["--credit", "17"], 65, "BANK/BATCH/SEQ"),
        (["--credit", "ABC/62110220180101200/99999"], 66, "no such row"),
        (["--credit", "ABC/62110220180101209/1"], 66, "ABC/6211022018010120"),
        (["--credit", "RCU_62110220180101100_回盘.txt:1"], 66, "control"),
        (["--credit", "RCU_62110220180101100_回盘.txt:99999"], 66, "no such row"),
        (["--credit", "RCU_62110220180101109_回盘.txt:4"], 66, "RCU_62110220180101100_回盘.txt"),
        (["--doc", DOCUMENT, "--release", "2017"], 66, "OC-REL-001"),
        (["--doc", DOCUMENT, "--person", "5"], 2, "ask one thing"),
        ([], 2, "--doc"),
        (["--doc", DOCUMENT, "--xlsx", "/no/such/folder/x.xlsx"], 65, "OC-TRC-008"),
    ],
)
def test_bad_questions_get_good_answers(question: list[str], exit_code: int, words: str, published_home: Path) -> None:
    done = nightly.call(published_home, "trace", *question)
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert words in done.stderr.replace("\n", "") and "Traceback" not in done.stderr


def test_a_release_without_the_trace_says_so(release: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(release, old)
    (old / "onecard.duckdb").chmod(0o644)
    with duckdb.connect(str(old / "onecard.duckdb")) as con:
        con.execute("drop table mart_credit_origin")
    with pytest.raises(NotFound, match="OC-TRC-004"):
        trace.by_document(old, DOCUMENT)


def test_the_workbook_says_the_same_to_the_fen(published_home: Path, release: Path, tmp_path: Path) -> None:
    books = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for book in books:
        done = nightly.call(published_home, "trace", "--doc", DOCUMENT, "--xlsx", str(book))
        assert done.returncode == 0 and str(book.name) in done.stdout.replace("\n", "")
    assert books[0].read_bytes() == books[1].read_bytes()
    answer = trace.by_document(release, DOCUMENT)
    book = openpyxl.load_workbook(books[0])
    summary = {row[0].value.strip(): row[1].value for row in book["汇总 summary"].iter_rows() if row[0].value}
    assert summary["问题 question"] == DOCUMENT
    assert [_fen(summary[label]) for label in ("金额(元) amount, yuan", "到卡 credited", "未到卡 resting")] == [
        answer.total_fen, answer.credited_fen, answer.resting_fen,
    ]  # fmt: skip
    columns = {
        "来源 sources": ("金额(元)\nyuan", answer.sources),
        "到卡 credited": ("金额(元)\nyuan", answer.reached),
        "未到卡 resting": ("金额(元)\nyuan", answer.resting),
    }
    for name, (title, rows) in columns.items():
        assert _money(book[name], title) == [row["fen"] for row in rows] + [sum(row["fen"] for row in rows)], name
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            "landscape", 0, True,
        ), "printed, no column stands on a page of its own"  # fmt: skip
    credits = book["明细 credits"]
    assert _money(credits, "份额(元)\nshare, yuan") == [row["amount_fen"] for row in answer.credits] + [answer.credited_fen]
    assert credits.freeze_panes == "A2" and credits.auto_filter.ref
    for sheet in book:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" or cell.hyperlink for cell in row)
            assert all(cell.number_format.startswith("#,##0.00") for cell in row if isinstance(cell.value, float))


def test_names_and_numbers_stay_masked(published_home: Path, tmp_path: Path) -> None:
    nightly.call(published_home, "trace", "--county", COUNTY, "--xlsx", str(tmp_path / "x.xlsx"))
    said = json.dumps(nightly.called(published_home, "trace", "--county", COUNTY), ensure_ascii=False)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    said += " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    for canary in nightly.CANARIES:
        assert all(value not in said for value in canary.values)


def _money(sheet: Any, title: str) -> list[int]:
    """Fen of a column of yuan."""
    (column,) = [cell.column for cell in sheet[1] if cell.value == title]
    return [_fen(row[column - 1].value) for row in sheet.iter_rows(min_row=2) if isinstance(row[column - 1].value, int | float)]


def _fen(value: float) -> int:
    fen = Decimal(repr(value)).scaleb(2)
    assert fen == int(fen)
    return int(fen)
