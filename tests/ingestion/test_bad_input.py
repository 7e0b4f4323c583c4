"""Input as an adversary, or a bad day, sends it: file or row is set aside with its reason, the rest goes on, nothing is lost."""

import datetime as dt
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
import sent
from outcome import Outcome, read

from ingestion import pipeline, quarantine, receiving
from onecard.catalogue.quarantine_reasons import Reason
from onecard.store.lake import read as lake_rows
from onecard.store.landing import delivery_key
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused

BANK, CSV, ROLL = "RCU_B001_回盘.txt", "PSBC_P001_回盘.csv", sent.ROLL_NAME
REGISTER, TREASURY, BUDGET = "安定区救助对象花名册_201803.csv", "安定区国库集中支付明细_201803.csv", "定西市财政局台账_201803.xlsx"
CARDS = "RCU_一卡通账户清单_201803.csv"
ROWS = [sent.roll_row(seq) for seq in range(1, 4)]
LINES = [sent.line(seq) for seq in range(1, 4)]
ESCAPED = "/var/tmp/escaped.txt"  # noqa: S108  nothing is written there, which is what is tested
UNTITLED = (["安定区2018年3月农村低保金发放清册"],)


def csv(*rows: str, head: str = sent.CSV_HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


def bank(*changes: tuple[str, str]) -> str:
    """A good bank file with words replaced in its first or last record."""
    text = sent.pipe(LINES)
    for old, new in changes:
        text = text.replace(old, new, 1)
    return text


def dimension(xml: bytes, stated: bytes) -> bytes:
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + stated + b'"', xml)


def without(header: str) -> tuple[str, ...]:
    return tuple(name for name in sent.ROLL_HEADERS if name != header)


def renamed(old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in sent.ROLL_HEADERS)


# file name, content, reason, words its detail must say
FILES: dict[str, tuple[str, Callable[[], bytes | str], str, str]] = {
    "zip bomb": (ROLL, hostile.zip_bomb, "zip_bomb", "sharedStrings"),
    "two thousand parts": (ROLL, hostile.many_parts, "zip_bomb", "entries"),
    "far cell": (ROLL, hostile.far_cell, "far_cell", "1048576"),
    "far cell in a near row": (ROLL, hostile.hidden_far_cell, "far_cell", "1048576"),
    "far cell in prefixed XML": (ROLL, hostile.prefixed_far_cell, "far_cell", "1048576"),
    "billion laughs": (ROLL, hostile.billion_laughs, "dtd_in_xml", "sharedStrings"),
    "truncated": (ROLL, lambda: hostile.good_roll()[:3000], "unreadable_workbook", ""),
    "truncated by one byte in the middle": (ROLL, lambda: hostile.good_roll()[:200] + hostile.good_roll()[201:], "unreadable_workbook", ""),
    "password": (ROLL, hostile.protected, "password_protected", ""),
    "zip with a password": (ROLL, hostile.encrypted_zip, "password_protected", ""),
    "xls renamed": (ROLL, hostile.legacy, "legacy_workbook", ""),
    "text renamed": (ROLL, lambda: csv(sent.csv_line(1)), "unreadable_workbook", ""),
    "two parts of one name": (
        ROLL,
        lambda: hostile.with_part(hostile.good_roll(), hostile.SHEET, b"<worksheet/>"),
        "unreadable_workbook",
        "同名",
    ),
    "exotic compression": (
        ROLL,
        lambda: hostile.with_part(hostile.good_roll(), "xl/media/1", b"x" * 99, zipfile.ZIP_LZMA),
        "unreadable_workbook",
        "compression",
    ),
    "xml in UTF-16": (
        ROLL,
        lambda: hostile.patched(hostile.good_roll(), hostile.STRINGS, lambda xml: xml.decode().encode("utf-16")),
        "unreadable_workbook",
        "UTF-16",
    ),
    "table in a hidden sheet": (
        ROLL,
        lambda: hostile.hidden_sheet([["单位:元"], list(sent.ROLL_HEADERS), *ROWS]),
        "hidden_sheet",
        "Sheet2",
    ),
    "sheet that is no table": (ROLL, lambda: sent.workbook({"凤翔镇": [["会议通知"], ["各乡镇:"]]}), "header_not_found", "凤翔镇"),
    "empty workbook": (ROLL, lambda: sent.workbook({"凤翔镇": []}), "empty_file", ""),
    "workbook of blanks": (ROLL, lambda: sent.workbook({"凤翔镇": [["", " "], []]}), "header_not_found", ""),
    "header and no row": (ROLL, lambda: sent.roll([]), "no_rows", ""),
    "csv header and no row": (CARDS, lambda: "卡号,户名,证件号码,状态\n", "no_rows", ""),
    "batch without lines": (BANK, lambda: sent.pipe([]), "no_rows", ""),
    "empty file": (BANK, lambda: b"", "empty_file", ""),
    "blank lines": (CSV, lambda: "\n \n\t\r\n\r\n", "empty_file", ""),
    "zeros": (CSV, lambda: bytes(5000), "empty_file", ""),
    "unit unstated": (ROLL, lambda: sent.roll(ROWS, above=UNTITLED), "unit_not_stated", "发放金额"),
    "unit of another kind": (ROLL, lambda: sent.roll(ROWS, above=(["单位:千元"],)), "unit_not_stated", "发放金额"),
    "unit in the name of a county": (ROLL, lambda: sent.roll(ROWS, above=(["填报单位:元谋县民政局"],)), "unit_not_stated", "发放金额"),
    "two units": (ROLL, lambda: sent.roll(ROWS, renamed("发放金额", "发放金额(万元)")), "unit_contradicts", "万元、元"),
    "two units in one header": (ROLL, lambda: sent.roll(ROWS, renamed("发放金额", "发放金额(元/万元)"), UNTITLED), "unit_contradicts", ""),
    "key column missing": (ROLL, lambda: sent.roll(ROWS, without("身份证号")), "missing_column", "身份证号"),
    "one header twice": (ROLL, lambda: sent.roll(ROWS, renamed("备注", "发放金额")), "ambiguous_column", "发放金额"),
    "unrecognisable table": (CSV, lambda: "甲,乙\n1,2\n", "header_not_found", ""),
    "unknown source": ("情况说明.txt", lambda: "各乡镇:请于月底前报送。\n", "unknown_source", ""),
    "unknown source, workbook": ("汇总.xlsx", lambda: hostile.good_roll(6), "unknown_source", ""),
    "unknown sender": (ROLL.replace("安定区", "无名区"), lambda: hostile.good_roll(7), "unknown_sender", ""),
    "unknown programme": (ROLL.replace("农村低保", "高龄津贴"), lambda: hostile.good_roll(8), "unknown_file_programme", ""),
    "month 13 in the name": (ROLL.replace("3月", "13月"), lambda: hostile.good_roll(9), "unknown_period", ""),
    "trailer one fen wrong": (BANK, lambda: sent.pipe(LINES, total="450.01"), "control_total_mismatch", "45001 ≠ 45000"),
    "header says another count": (BANK, lambda: sent.pipe(LINES, count=4), "control_total_mismatch", "4 ≠ 3"),
    "header and trailer disagree": (BANK, lambda: bank(("T|3|450.00", "T|3|450.01")), "control_total_mismatch", "differ"),
    "trailer cut off": (BANK, lambda: sent.pipe(LINES).rsplit("\n", 2)[0] + "\n", "control_total_mismatch", "missing"),
    "count beyond all numbers": (BANK, lambda: bank(("|3|450.00|3|", "|3|450.00|99999999999|")), "control_total_mismatch", ""),
    "batch of an unknown county": (BANK, lambda: bank(("|621102|", "|999999|")), "batch_not_understood", "区划"),
    "batch of an unknown programme": (BANK, lambda: bank(("|农村低保|2018", "|高龄津贴|2018")), "batch_not_understood", "项目"),
    "batch of month 13": (BANK, lambda: bank(("|201803|", "|201813|")), "batch_not_understood", "月份"),
    "two batches in one file": (CSV, lambda: csv(sent.csv_line(1), sent.csv_line(2, batch="P002")), "several_batches", "batch_no"),
    "workbook for a return file": (BANK, lambda: hostile.good_roll(10), "header_not_found", "文本"),
    "more money than there is": (
        CSV,
        lambda: csv(*(sent.csv_line(seq).replace("150.00", "9999999999999.99") for seq in range(1, 9300))),
        "implausible_total",
        "",
    ),
}  # fmt: skip


def content_of(case: str) -> bytes:
    data = FILES[case][1]()
    return data if isinstance(data, bytes) else data.encode("gb18030")


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_refused_and_says_why(case: str) -> None:
    name, _, reason, words = FILES[case]
    outcome = read(name, content_of(case))
    assert (outcome.refused, outcome.landed, outcome.quarantined) == (reason, {}, [])
    assert words in outcome.detail
    assert not re.search(r"\d{15}", str(outcome.detail))


def assert_taken(outcome: Outcome, landed: int, reasons: list[str] | None = None) -> None:
    assert outcome.refused is None, (outcome.refused, outcome.detail)
    facts = outcome.facts
    assert facts["rows_total"] == facts["rows_header"] + facts["rows_landed"] + facts["rows_quarantined"]
    assert (facts["rows_landed"], outcome.reasons) == (landed, reasons or [])
    assert len(outcome.raw) == len(outcome.quarantined)


TAKEN: dict[str, tuple[str, Callable[[], bytes | str]]] = {
    "wrong <dimension>": (
        ROLL,
        lambda: hostile.patched(
            hostile.good_roll(), hostile.SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml)
        ),
    ),
    "<dimension> of a whole sheet": (
        ROLL,
        lambda: hostile.patched(hostile.good_roll(), hostile.SHEET, lambda xml: dimension(xml, b"A1:XFD1048576")),
    ),
    "sizes of a gigabyte claimed": (ROLL, hostile.claims_a_gigabyte),
    "some other part": (ROLL, lambda: hostile.with_part(hostile.good_roll(), "docProps/custom.txt", b"x")),
    "zip entry that climbs out": (ROLL, lambda: hostile.with_part(hostile.good_roll(), "../../escaped.txt", b"x")),
    "zip entry with an absolute path": (ROLL, lambda: hostile.with_part(hostile.good_roll(), ESCAPED, b"x")),
    "extra column": (ROLL, lambda: sent.roll([[*row, "x"] for row in ROWS], (*sent.ROLL_HEADERS, "经办人电话"))),
    "应发 and 实发": (ROLL, lambda: sent.roll([[*row, 999] for row in ROWS], (*sent.ROLL_HEADERS, "应发金额"))),
    "standards in another unit than the amounts": (ROLL, lambda: sent.roll(ROWS, renamed("月标准", "月标准(分)"))),
    "mixed newlines": (CSV, lambda: "\r\n".join([sent.CSV_HEAD, sent.csv_line(1)]) + "\r" + sent.csv_line(2) + "\n\n" + sent.csv_line(3)),
    "CR only": (CSV, lambda: csv(*map(sent.csv_line, range(1, 4))).replace("\n", "\r")),
    "commas in quotes": (CSV, lambda: csv(*(sent.csv_line(seq).replace("农村低保金", '"农村低保金,3月"') for seq in range(1, 4)))),
    "tabs in UTF-16": (CSV, lambda: csv(*map(sent.csv_line, range(1, 4))).replace(",", "\t").encode("utf-16")),
    "empty fields behind every row": (CSV, lambda: csv(*(sent.csv_line(seq) + "," * seq for seq in range(1, 4)))),
    "semicolons": (CSV, lambda: csv(*map(sent.csv_line, range(1, 4))).replace(",", ";")),
    "full-width amounts": (CSV, lambda: csv(*(sent.csv_line(seq).replace("150.00", "１５０．００") for seq in range(1, 4)))),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_strange_file_is_read_as_it_means(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name, make = TAKEN[case]
    outcome = read(name, make())
    assert_taken(outcome, 3)
    assert outcome.facts["landed_fen"] == 45000
    assert not list(tmp_path.parent.rglob("escaped.txt")) and not Path(ESCAPED).exists()


def test_a_workbook_with_macros_is_read_and_nothing_in_it_runs() -> None:
    assert_taken(read(ROLL, hostile.macro()), 1)


def test_a_hidden_list_of_choices_is_no_data() -> None:
    outcome = read(ROLL, hostile.hidden_sheet([["本人"], ["配偶"]]))
    assert_taken(outcome, 1)
    assert outcome.facts["rows_header"] == 4


def test_a_value_merged_over_a_household_holds_for_each_member_but_money_is_not_multiplied() -> None:
    rows = [sent.roll_row(seq) for seq in range(1, 4)]
    for row in rows[1:]:
        row[1:5] = ["", "", "", ""]
    rows[2][11] = ""
    outcome = read(ROLL, hostile.merged_rows(("B4:B6", "D4:D6", "E4:E6", "L5:L6"), rows))
    assert_taken(outcome, 2, ["missing_required"])
    assert outcome.column("payment_rolls", "head_person_key") == [sent.id_number(1)] * 2
    assert outcome.column("payment_rolls", "township") == ["凤翔镇"] * 2
    assert outcome.quarantined[0]["field"] == "amount_fen"


def test_an_amount_merged_over_a_household_is_there_once_and_members_are_known() -> None:
    rows = [sent.roll_row(seq) for seq in range(1, 4)]
    for row in rows[1:]:
        row[1:5] = ["", "", "", ""]
        row[9] = row[11] = ""
    outcome = read(ROLL, hostile.merged_rows(("D4:D6", "E4:E6", "J4:J6", "L4:L6"), rows))
    assert_taken(outcome, 3)
    assert outcome.column("payment_rolls", "amount_fen") == [15000, 0, 0]
    assert outcome.column("payment_rolls", "household_size") == [1, None, None]
    assert outcome.column("payment_rolls", "head_person_key") == [sent.id_number(1)] * 3


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", [BANK, CSV])
def test_an_encoding_that_nobody_declared_is_found(encoding: str, name: str) -> None:
    text = sent.pipe(LINES) if name == BANK else csv(*map(sent.csv_line, range(1, 4)))
    outcome = read(name, text, encoding)
    assert_taken(outcome, 3)
    assert outcome.column("bank_batches", "name_key") == [sent.name(seq) for seq in range(1, 4)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_a_text_cut_inside_a_character_loses_that_line_only(encoding: str) -> None:
    raw = csv(*map(sent.csv_line, range(1, 4))).rstrip("\n").encode(encoding)[:-1]
    assert_taken(read(CSV, raw), 2, ["undecodable"])


def changed(column: int, value: str) -> str:
    """The second bank line with one field replaced."""
    fields = sent.line(2).split("|")
    fields[column] = value
    return "|".join(fields)


AMOUNT, WHEN, CARD, PERSON, STATUS = 5, 6, 4, 3, 7


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (changed(AMOUNT, "-150.00"), "negative_amount"),
        (changed(AMOUNT, "150.005"), "bad_amount"),
        (changed(AMOUNT, "1e5"), "bad_amount"),
        (changed(AMOUNT, "9" * 30), "bad_amount"),
        (changed(AMOUNT, "92233720368547758.08"), "bad_amount"),
        (changed(AMOUNT, "150万元"), "bad_amount"),
        (changed(AMOUNT, "NaN"), "bad_amount"),
        (changed(AMOUNT, "1,50.00"), "bad_amount"),
        (changed(AMOUNT, ""), "missing_required"),
        (changed(WHEN, "20180231101500"), "bad_date"),
        (changed(WHEN, "20181301101500"), "bad_date"),
        (changed(WHEN, "20180309251500"), "bad_date"),
        (changed(WHEN, "00000000000000"), "bad_date"),
        (changed(PERSON, "6.20102E+17"), "numeric_identifier"),
        (changed(PERSON, "620102199001010000.0"), "numeric_identifier"),
        (changed(CARD, "6.23E+18"), "numeric_identifier"),
        (changed(CARD, "62306A0000000000001"), "number_with_letters"),
        (changed(STATUS, "已受理"), "unknown_word"),
        (sent.line(2).replace("|", "\x00|", 1), "nul_byte"),
        (sent.line(2) + "|多一列", "wrong_field_count"),
        ("D|2|" + "长" * 200_000, "wrong_field_count"),
        ("X" + sent.line(2)[1:], "unknown_record"),
    ],
)
def test_a_bad_bank_line_is_set_aside_alone(line: str, reason: str) -> None:
    total = "150.00" if reason == "negative_amount" else "450.00"
    outcome = read(BANK, sent.pipe(LINES, total=total).replace(sent.line(2), line))
    assert_taken(outcome, 2, [reason])
    assert outcome.quarantined[0]["row_no"] == 3
    assert len(str(outcome.raw[0]["raw"])) <= 2000


def test_full_width_figures_and_zero_are_what_they_are() -> None:
    lines = [sent.line(1), changed(AMOUNT, "0.00")]
    outcome = read(BANK, sent.pipe(lines).replace(sent.line(1), sent.line(1).replace("150.00", "１５０．００")))
    assert_taken(outcome, 2)
    assert outcome.column("bank_batches", "amount_fen") == [15000, 0]


@pytest.mark.parametrize(
    ("column", "cell", "reason", "field"),
    [
        (11, "=1+1", "formula_cell", "amount_fen"),
        (6, "=1+1", "formula_cell", "person_key"),
        (6, 6.20102e17, "numeric_identifier", "person_key"),
        (14, 6230650000000000001, "numeric_identifier", "card_key"),
        (11, -150, "negative_amount", "amount_fen"),
        (11, 150.005, "bad_amount", "amount_fen"),
        (11, "壹佰伍拾元", "bad_amount", "amount_fen"),
        (12, "201813", "bad_month", "payroll_month"),
        (12, "二〇一八年三月", "bad_month", "payroll_month"),
        (2, "620102199001011234", "identifier_in_text", "village"),
        (7, "139 0000 1111", "identifier_in_text", "relation"),
    ],
)
def test_a_bad_cell_sets_its_row_aside(column: int, cell: object, reason: str, field: str) -> None:
    rows = [sent.roll_row(seq) for seq in range(1, 4)]
    rows[1][column] = cell
    outcome = read(ROLL, sent.roll(rows))
    assert_taken(outcome, 2, [reason])
    assert (outcome.quarantined[0]["field"], outcome.quarantined[0]["row_no"]) == (field, 5)


def test_a_row_with_money_that_lacks_its_key_is_no_footer() -> None:
    rows = [sent.roll_row(seq) for seq in range(1, 4)]
    rows[1] = ["", "", "", "", "", "", "", "", "", "", "", 150, "", "", "", "", "说明:补发"]
    rows[2] = ["合计", *rows[2][1:]]
    outcome = read(ROLL, sent.roll(rows, renamed("备注", "开户行")))
    assert "missing_required" in outcome.reasons
    assert outcome.facts["rows_header"] == 3


def test_unknown_programme_and_division_in_a_row() -> None:
    head = "户主姓名,户主身份证号,姓名,身份证号,救助类别,享受起始\n"
    person = f"{sent.name(1)},{sent.id_number(1)},{sent.name(1)},{sent.id_number(1)}"
    outcome = read(REGISTER, f"{head}{person},农村低保,201801\n{person},高龄津贴,201801\n{person},农村低保,201813\n")
    assert_taken(outcome, 1, ["unknown_programme", "bad_month"])
    headers = ["指标文号", "发文单位", "接收单位", "资金名称", "预算年度", "金额(万元)", "发文日期"]
    row = ["定财社〔2018〕1号", "定西市财政局", "安定区财政局", "困难群众救助补助资金", 2018, 1, "2018-03-05"]
    rows = [row, [*row[:1], "无名市财政局", *row[2:]], [*row[:2], "无名区财政局", *row[3:]], [*row[:3], "教育经费", *row[4:]]]
    outcome = read(BUDGET, sent.workbook({"台账": [headers, *rows]}))
    assert_taken(outcome, 1, ["unknown_division", "unknown_division", "unknown_fund"])


@pytest.mark.parametrize(
    ("rows", "landed", "reasons"),
    [
        ([sent.csv_line(1).replace("农村低保金", '"农村低保金'), sent.csv_line(2)], 1, ["bad_quotes"]),
        ([sent.csv_line(1).replace("农村低保金", '"农村\n\n低保金"'), sent.csv_line(2)], 2, []),
        ([sent.csv_line(1).replace("农村低保金", '"农村'), sent.csv_line(2), sent.csv_line(3) + '"'], 2, ["bad_quotes"]),
        ([sent.csv_line(1) + ",x", sent.csv_line(2)], 1, ["wrong_field_count"]),
        ([sent.csv_line(1)[:40], sent.csv_line(2)], 1, ["wrong_field_count"]),
        ([sent.csv_line(1).replace("P001", "\x00P001"), sent.csv_line(2)], 1, ["nul_byte"]),
        (['"' + "长" * 200_000 + '"' + ",x" * 15, sent.csv_line(2)], 1, ["bad_quotes"]),
    ],
)
def test_csv_with_quotes_and_breaks_where_none_belong(rows: list[str], landed: int, reasons: list[str]) -> None:
    outcome = read(CSV, csv(*rows))
    assert_taken(outcome, landed, reasons)


# What follows goes the whole way: inbox, landing, child processes, lake, report.

MOMENT = dt.datetime(2018, 3, 10, tzinfo=dt.UTC)


def numbered(name: str, number: int) -> str:
    """The name with a suffix that its contract allows, so that many cases can lie in one inbox."""
    if name in (BANK, CSV):
        return name.replace("001_", f"{number + 100}_")
    stem, dot, ending = name.rpartition(".")
    return f"{stem}_{number}{dot}{ending}"


def lie_in_inbox(ws: Workspace) -> dict[str, str]:
    """Every bad file of this page and two good ones in the inbox; expected reason by file name."""
    expected = {}
    for number, case in enumerate(FILES):
        name = numbered(FILES[case][0], number)
        sent.put(ws.inbox, name, content_of(case))
        expected[name] = FILES[case][2]
    # The same bytes are one delivery: only one of several cases with equal content is known afterwards.
    sent.put(ws.inbox / "二科", "RCU_B001_回盘.txt", sent.pipe(LINES))
    sent.put(ws.inbox, sent.ROLL_NAME, hostile.good_roll(5))
    return expected


def test_a_whole_inbox_of_bad_files_beside_two_good_ones(ws: Workspace, config: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    expected = lie_in_inbox(ws)
    contents = {name: delivery_key((ws.inbox / name).read_bytes()) for name in expected}
    received = receiving.receive_inbox(ws, config)
    assert not list(ws.inbox.rglob("*.*"))
    summary = pipeline.ingest(ws, config)
    report = quarantine.quarantine_report(ws)
    refused = {item["file"]: item["code"] for item in report["files"]}
    distinct = {key: name for name, key in reversed(contents.items())}
    assert len(summary.refused) == len(distinct) == len(refused)
    shown = {item.delivery.key: item.delivery.file_name for item in received}
    for key, name in distinct.items():
        assert refused[shown[key]] == expected[name], name
        assert (ws.landing / f"{key:016x}.bin").exists()
    for item in report["files"]:
        assert item["file"] and item["why"] and item["remedy"] and item["code"] in {reason.value for reason in Reason}
    assert {name: figures["rows_landed"] for name, figures in summary.sources.items()} == {"bank_batches": 3, "payment_rolls": 5}
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and sent.id_number(1) not in out + err
    # The same code would refuse them again: nothing to do.
    assert pipeline.ingest(ws, config).files == 0


def test_a_reader_that_eats_memory_is_only_that_files_loss(ws: Workspace, config: Settings) -> None:
    config = config.model_copy(update={"parser_memory_bytes": 512 << 20})
    sent.put(ws.inbox, "RCU_B002_回盘.txt", hostile.starving())
    sent.put(ws.inbox, BANK, sent.pipe(LINES))
    receiving.receive_inbox(ws, config)
    summary = pipeline.ingest(ws, config)
    assert [item["code"] for item in summary.refused] == ["parser_limit"]
    assert summary.sources["bank_batches"]["rows_landed"] == 3
    # Higher limits are a reason to try again.
    again = pipeline.ingest(ws, config.model_copy(update={"parser_memory_bytes": 600 << 20}))
    assert again.files == 1


def test_links_pipes_and_folders_in_the_inbox(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    secret = sent.put(tmp_path, "RCU_B009_回盘.txt", sent.pipe(LINES, "B009"))
    (ws.inbox / "RCU_B009_回盘.txt").symlink_to(secret)
    (ws.inbox / "外部").symlink_to(tmp_path)
    os.mkfifo(ws.inbox / "RCU_B010_回盘.txt")
    (ws.inbox / "安定区2018年3月农村低保发放清册.xlsx").mkdir()
    sent.put(ws.inbox / "安定区2018年3月农村低保发放清册.xlsx", BANK, sent.pipe(LINES))
    sent.put(ws.inbox, ".half.txt", "copying")
    received = receiving.receive_inbox(ws, config)
    assert [item.delivery.file_name for item in received] == [BANK]
    held = {item["file"]: item for item in quarantine.quarantine_report(ws)["files"]}
    assert {item["code"] for item in held.values()} == {"not_a_file"}
    assert set(held) == {"RCU_B009_回盘.txt", "RCU_B010_回盘.txt", "*"}
    assert secret.exists() and (ws.inbox / ".half.txt").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_waits_and_is_named(ws: Workspace, config: Settings) -> None:
    path = sent.put(ws.inbox, BANK, sent.pipe(LINES))
    path.chmod(0)
    assert receiving.receive_inbox(ws, config) == []
    assert [item["code"] for item in quarantine.quarantine_report(ws)["files"]] == ["not_readable"]
    with pytest.raises(InputRefused, match="权限"):
        receiving.receive(ws, config, [path])


@pytest.mark.parametrize(
    "name",
    [
        "安定区2018年3月农村低保发放清册\n第二行.xlsx",
        "安定区2018年3月农村低保发放清册" + "长" * 60 + ".xlsx",
        "安定区２０１８年３月农村低保发放清册.xlsx",
        "安定区2018年3月农村低保发放清册\u202excod.xlsx",
        os.fsdecode(b"\xb0\xb2.xlsx"),
        "'; drop table.xlsx",
    ],
)
def test_any_file_name_is_received_once_and_shown_on_one_line(name: str, ws: Workspace, config: Settings) -> None:
    (ws.inbox / name).write_bytes(hostile.good_roll())
    (received,) = receiving.receive_inbox(ws, config)
    summary = pipeline.ingest(ws, config)
    shown = received.delivery.file_name
    assert summary.files == 1 and shown.isprintable() and len(shown) <= 120
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("name,source\nRCU_B001_回盘.txt,bank_batches\n", "表头"),
        ("file,sauce\nRCU_B001_回盘.txt,bank_batches\n", "表头"),
        (b"\xff\xff\xff\x00", "表头"),
        ("file,source\n回盘,x".encode("gb18030")[:-4] + b"\xff", "CSV"),
        ('file,source\n"RCU_B001_回盘.txt,bank_batches\n', "CSV"),
        ("file,source\nRCU_B001_回盘.txt,bank_batch\n", "unknown source"),
        ("file,sender\nRCU_B001_回盘.txt,无名区\n", "unknown sender"),
        ("file,period\nRCU_B001_回盘.txt,201813\n", "period"),
        ("file,received_at\nRCU_B001_回盘.txt,2018-03-05\n", "ISO 8601"),
        ("file,received_at\nRCU_B001_回盘.txt,昨天\n", "ISO 8601"),
        ("file,period\nRCU_B001_回盘.txt,201803,多余\n", "more fields"),
        ("file,period\nRCU_B001_回盘.txt,201803\nRCU_B001_回盘.txt,201804\n", "two different"),
    ],
)
def test_a_deliveries_csv_that_is_not_understood_holds_back_what_it_speaks_of(
    stated: str | bytes, words: str, ws: Workspace, config: Settings
) -> None:
    path = sent.put(ws.inbox, BANK, sent.pipe(LINES))
    sent.put(ws.inbox, "deliveries.csv", stated, "utf-8")
    sent.put(ws.inbox / "另一科", "RCU_B002_回盘.txt", sent.pipe(LINES[:2], "B002"))
    assert [item.delivery.file_name for item in receiving.receive_inbox(ws, config)] == ["RCU_B002_回盘.txt"]
    (held,) = quarantine.quarantine_report(ws)["files"]
    assert (held["file"], held["code"]) == (BANK, "bad_facts")
    assert words in held["detail"] and "deliveries.csv" in held["detail"]
    with pytest.raises(InputRefused):
        receiving.receive(ws, config, [path])
    sent.put(ws.inbox, "deliveries.csv", "file,period\nRCU_B001_回盘.txt,201803\n", "gb18030")
    assert [item.delivery.period for item in receiving.receive_inbox(ws, config)] == ["201803"]
    assert not list(ws.inbox.glob("*.*"))


def test_a_deliveries_csv_of_excel_in_gb18030_is_read(ws: Workspace, config: Settings) -> None:
    sent.put(ws.inbox, "三月.xlsx", hostile.good_roll())
    sent.put(ws.inbox, "deliveries.csv", "file,source,sender,period\n三月.xlsx,payment_rolls,安定区,2018年3月\n", "gb18030")
    receiving.receive_inbox(ws, config)
    assert pipeline.ingest(ws, config).sources["payment_rolls"]["rows_landed"] == 3


def test_the_same_file_under_two_names_is_one_delivery(ws: Workspace, config: Settings) -> None:
    sent.put(ws.inbox, "a.xlsx", hostile.good_roll())
    sent.put(ws.inbox, ROLL, hostile.good_roll())
    sent.put(ws.inbox, "z.xlsx", hostile.good_roll())
    assert [item.is_new for item in receiving.receive_inbox(ws, config)] == [True, False, False]
    summary = pipeline.ingest(ws, config)
    # The name that says what the file is wins over those that do not.
    assert (summary.files, summary.sources["payment_rolls"]["rows_landed"]) == (1, 3)
    assert lake_rows(ws, "deliveries", ["file_name"])["file_name"].to_pylist() == [ROLL]


def test_a_refused_file_is_tried_again_once_somebody_says_what_it_is(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    path = sent.put(tmp_path, "三月.xlsx", hostile.good_roll())
    receiving.receive(ws, config, [path], received_at=MOMENT)
    assert [item["code"] for item in pipeline.ingest(ws, config).refused] == ["unknown_source"]
    (received,) = receiving.receive(ws, config, [path], source="payment_rolls", sender="621102", period="201803")
    assert (received.is_new, received.is_reopened) == (False, True)
    # The bytes came when they came.
    assert received.delivery.received_at == "2018-03-10T00:00:00+00:00"
    summary = pipeline.ingest(ws, config)
    assert summary.refused == [] and summary.sources["payment_rolls"]["rows_landed"] == 3
    assert quarantine.quarantine_report(ws)["files"] == []
    assert not receiving.receive(ws, config, [path])[0].is_reopened


def test_a_refused_file_is_tried_again_under_the_name_it_should_have_had(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    receiving.receive(ws, config, [sent.put(tmp_path, "三月.xlsx", hostile.good_roll())])
    pipeline.ingest(ws, config)
    receiving.receive(ws, config, [sent.put(tmp_path, ROLL, hostile.good_roll())])
    assert pipeline.ingest(ws, config).sources["payment_rolls"]["rows_landed"] == 3


def test_a_refused_file_is_tried_again_by_another_version(ws: Workspace, config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sent.put(ws.inbox, "三月.xlsx", hostile.good_roll())
    receiving.receive_inbox(ws, config)
    assert pipeline.ingest(ws, config).files == 1
    assert pipeline.ingest(ws, config).files == 0
    monkeypatch.setattr("ingestion.quarantine.code_version", lambda: "0.2.0+mended")
    assert pipeline.ingest(ws, config).files == 1
    assert pipeline.ingest(ws, config).files == 0


@pytest.mark.parametrize(
    ("facts", "words"), [({"source": "rolls"}, "payment_rolls"), ({"sender": "某地"}, "sender"), ({"period": "2018年13月"}, "period")]
)
def test_receive_does_not_take_facts_that_cannot_be(
    facts: dict[str, str], words: str, ws: Workspace, config: Settings, tmp_path: Path
) -> None:
    path = sent.put(tmp_path, "三月.xlsx", hostile.good_roll())
    with pytest.raises(InputRefused, match=words):
        receiving.receive(ws, config, [path], **facts)
    assert not list(ws.landing.iterdir())


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: os.mkfifo(path), lambda path: None])
def test_receive_of_no_file_takes_the_others(make: Callable[[Path], None], ws: Workspace, config: Settings, tmp_path: Path) -> None:
    good, bad = sent.put(tmp_path, BANK, sent.pipe(LINES)), tmp_path / "文件夹.xlsx"
    make(bad)
    with pytest.raises(receiving.PartlyReceived, match=r"文件\*\.xlsx") as told:
        receiving.receive(ws, config, [good, bad])
    assert [item.delivery.file_name for item in told.value.received] == [BANK]
    assert len(list(ws.landing.glob("*.bin"))) == 1


@pytest.mark.parametrize("word", ["长期", "长 期", "至今", "永久", "—", "——", "/", "-", "无", "9999-12-31", "9999年12月", "99991231"])
def test_an_entitlement_without_an_end_is_open(word: str) -> None:
    heads = ["户主姓名", "户主身份证号", "姓名", "身份证号", "享受起始", "享受终止", "审批日期"]
    who = [sent.name(1), sent.id_number(1), sent.name(1), sent.id_number(1), "201604"]
    outcome = read("安定区救助对象花名册_201803.xlsx", sent.workbook({"农村低保": [heads, [*who, word, "/"], [*who, "201812", ""]]}))
    assert outcome.reasons == []
    assert outcome.column("beneficiary_registers", "end_month") == [None, 201812]
    # What is not understood, and an end that must be said, are no open end.
    for start, end in (("201604", "停发"), ("201604", "长期停保"), ("/", ""), ("长期", "")):
        odd = read("安定区救助对象花名册_201803.xlsx", sent.workbook({"农村低保": [heads, [*who[:4], start, end, ""], [*who, "", ""]]}))
        assert odd.reasons == ["bad_month"]
