"""Totals, captions and footers are no data; what they state is held against the rows, to the fen."""

import pytest
import sent
from outcome import Outcome, read

WIDTH = len(sent.ROLL_HEADERS)
AMOUNT = sent.ROLL_HEADERS.index("发放金额")


def line(*cells: tuple[int, object]) -> list[object]:
    """A row with these cells by place, empty elsewhere."""
    row: list[object] = [""] * WIDTH
    for place, cell in cells:
        row[place] = cell
    return row


def total(label: str, fen: int, place: int = 0) -> list[object]:
    return line((place, label), (AMOUNT, fen / 100))


def village(seq: int, name: str) -> list[object]:
    row = sent.roll_row(seq)
    row[2] = name
    return row


def of_roll(*rows: list[object], above: tuple[list[object], ...] | None = None) -> Outcome:
    outcome = read(sent.ROLL_NAME, sent.roll(list(rows), above=above))
    assert outcome.refused is None, outcome.detail
    return outcome


ROWS = [sent.roll_row(seq) for seq in (1, 2, 3)]
A, B, C = village(1, "星光村"), village(2, "星光村"), village(3, "红旗村")
NO_NUMBER = [*ROWS[2][:4], "", ROWS[2][5], "", *ROWS[2][7:]]
NO_AMOUNT = [*ROWS[2][:AMOUNT], "待定", *ROWS[2][AMOUNT + 1 :]]
SHOWN = {
    "no total": (ROWS, "none", None, None),
    "a grand total": ([*ROWS, total("合计", 45000)], "agree", None, 45000),
    "spaced, in the third column": ([*ROWS, total("总  计", 45000, 2)], "agree", None, 45000),
    "in two cells": ([*ROWS, line((0, "合"), (1, "计"), (AMOUNT, 450))], "agree", None, 45000),
    "above its rows": ([total("合计", 45000), *ROWS], "agree", None, 45000),
    "one fen more": ([*ROWS, total("合计", 45001)], "contradict", None, 45001),
    "a row deleted": ([*ROWS[:2], total("共计", 45000)], "contradict", None, 45000),
    "quarantined rows count": ([*ROWS[:2], NO_NUMBER, total("合计", 45000)], "agree", None, 45000),
    "an unreadable amount leaves it open": ([*ROWS[:2], NO_AMOUNT, total("合计", 45000)], "none", None, 45000),
    "villages": ([A, B, total("星光村小计", 30000), C, total("红旗村小计", 15000), total("合计", 45000)], "agree", None, 45000),
    "a village that is wrong": (
        [A, B, total("星光村小计", 30100), C, total("红旗村小计", 15000), total("合计", 45000)], "contradict", None, 45000,
    ),
    "a village's total above its rows": ([total("星光村小计", 30000), A, B, total("红旗村小计", 15000), C], "agree", None, None),
    "villages out of order, summed below": ([A, C, B, total("星光村小计", 30000), total("红旗村小计", 15000)], "agree", None, None),
    "a total for each block": ([A, B, total("合计", 30000), C, total("合计", 15000)], "agree", None, None),
    "pages": ([A, total("本页小计", 15000), B, C, total("本页小计", 30000), total("累计", 999900)], "agree", None, None),
    "a page that is wrong": ([A, total("本页合计", 15000), B, C, total("本页合计", 30001)], "contradict", None, None),
    "words alone": ([*ROWS, line((0, "合计：共3户，金额450.00元"))], "agree", 3, 45000),
    "words that miscount": ([*ROWS, line((0, "合计：共4户，金额450.00元"))], "contradict", 4, 45000),
    "persons may be members": ([*ROWS, line((0, "合计"), (1, "3户7人"), (AMOUNT, 450))], "agree", 3, 45000),
    "a caption that counts": ([line((0, "一、星光村（共2户）")), A, B, line((0, "二、红旗村")), C], "agree", None, None),
    "a footer": ([*ROWS, line((0, "以上共3笔，合计450元"), (5, "制表人：王某"))], "agree", 3, 45000),
    "a standard is no total": ([*ROWS, line((0, "注：补助标准共分四档，一类每月300元"))], "none", None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_what_a_file_states_is_held_against_its_rows(case: str) -> None:
    rows, state, count, fen = SHOWN[case]
    facts = of_roll(*rows).facts
    assert (facts["totals_state"], facts["stated_rows"], facts["stated_fen"]) == (state, count, fen)
    assert facts["rows_total"] == 3 + len(rows)


def test_a_title_states_a_total() -> None:
    title = (["安定区2018年3月农村低保金发放清册"], ["共3户，合计450.00元，单位:元"])
    facts = of_roll(*ROWS, above=title).facts
    assert (facts["totals_state"], facts["stated_rows"], facts["stated_fen"]) == ("agree", 3, 45000)


FURNITURE = {
    "subtotal by place": total("星光村小计", 45000),
    "subtotal in the column of names": total("小 计", 45000, 3),
    "signatures over the columns of numbers": line((0, "填表人：李某"), (3, "审核人："), (6, "填表日期：20180305")),
    "signatures without a colon": line((0, "制表人"), (3, "审核人")),
    "a caption": line((0, "一、小泉咀村")),
    "a caption among the names": line((3, "小泉咀村（共3户）")),
    "prefilled with a number and zero": line((0, 7), (AMOUNT, 0)),
    "prefilled with place, month and a dash": line((0, 7), (1, "凤翔镇"), (AMOUNT, "-"), (12, "201803")),
    "the title again": line((0, "安定区2018年3月农村低保金发放清册")),
    "the end": line((2, "以下空白")),
}
DATA = {
    "money without a name": line((0, 7), (AMOUNT, 300)),
    "a name without a number": line((0, 7), (5, "王建国"), (AMOUNT, 0)),
    "a person whose remark speaks of a total": [*NO_NUMBER[:6], sent.id_number(9), *NO_NUMBER[7:16], "合计2人"],
    "an amount that cannot be read": line((0, 7), (AMOUNT, "待定")),
}


@pytest.mark.parametrize("case", FURNITURE)
def test_rows_that_are_no_data_are_header_rows(case: str) -> None:
    outcome = of_roll(*ROWS, FURNITURE[case])
    assert (outcome.facts["rows_header"], outcome.facts["rows_landed"], outcome.quarantined) == (4, 3, [])


@pytest.mark.parametrize("case", DATA)
def test_rows_that_say_something_are_never_dropped(case: str) -> None:
    assert len(of_roll(*ROWS, DATA[case]).quarantined) == 1


def _sheets(*totals: int) -> Outcome:
    sheets = {
        f"表{place}": [["单位:元"], list(sent.ROLL_HEADERS), sent.roll_row(place), total("合计", fen)]
        for place, fen in enumerate(totals, 1)
    }
    return read(sent.ROLL_NAME, sent.workbook(sheets))


@pytest.mark.parametrize(
    ("totals", "state", "fen"),
    [((15000, 15000), "agree", 30000), ((15000, 30000), "agree", 45000), ((15000, 15100), "contradict", 30100)],
)
def test_a_total_speaks_of_its_sheet_or_of_all_up_to_it(totals: tuple[int, int], state: str, fen: int) -> None:
    facts = _sheets(*totals).facts
    assert (facts["totals_state"], facts["stated_fen"]) == (state, fen)


def test_totals_of_text_files() -> None:
    head = "乡镇,村,户主姓名,户主身份证号,姓名,身份证号,发放金额(元),所属月份,银行账号"
    rows = [
        f"凤翔镇,星光村,{sent.name(i)},{sent.id_number(i)},{sent.name(i)},{sent.id_number(i)},150.00,201803,{sent.card_number(i)}"
        for i in (1, 2)
    ]
    for last, state in (("合计,,,,,,300.00,,", "agree"), ("合计,300.00", "agree"), ("合计,,,,,,300.01,,", "contradict")):
        outcome = read(sent.ROLL_NAME.replace("xlsx", "csv"), "\n".join([head, *rows, last]))
        assert (outcome.facts["totals_state"], outcome.facts["rows_quarantined"]) == (state, 0), last
    facts = read("RCU_B001_回盘.txt", sent.pipe([sent.line(1), sent.line(2)])).facts
    assert (facts["totals_state"], facts["stated_rows"], facts["stated_fen"]) == ("agree", 2, 30000)


def test_a_sheet_for_each_programme() -> None:
    heads = ["户主姓名", "户主身份证号", "姓名", "身份证号", "享受起始"]
    who = [sent.name(1), sent.id_number(1), sent.name(1), sent.id_number(1), "201604"]
    for sheets in (
        {"甲": [["安定区特困人员救助供养对象花名册"], heads, who], "乙": [["安定区农村低保对象花名册"], heads, who]},
        {"特困人员救助供养": [heads, who], "农村低保": [heads, who]},
    ):
        outcome = read("安定区救助对象花名册_201803.xlsx", sent.workbook(sheets))
        assert outcome.column("beneficiary_registers", "programme_code") == ["tekun", "rural_dibao"]
    assert read("安定区救助对象花名册_201803.xlsx", sent.workbook({"甲": [heads, who]})).refused == "missing_column"
    roll = {
        title: [[f"{title}发放清册"], ["单位:元"], list(sent.ROLL_HEADERS), sent.roll_row(place)]
        for place, title in enumerate(("特困人员救助供养", "农村低保"), 1)
    }
    outcome = read("安定区2018年3月社会救助资金发放清册.xlsx", sent.workbook(roll))
    assert outcome.column("payment_rolls", "programme_code") == ["tekun", "rural_dibao"]


GROUPS = {
    "cards": (
        ["", "", ""],
        ["户主姓名", "户主身份证号", "姓名", "身份证号", "金额(元)", "所属月份"],
        "一卡通信息",
        ["开户银行", "账号", "持卡人"],
    ),
    "plain cards": (
        [""],
        ["户主姓名", "户主身份证号", "姓名", "身份证号", "金额(元)", "所属月份"],
        "社保卡",
        ["开户行", "银行卡号", "户名"],
    ),
}


@pytest.mark.parametrize("case", GROUPS)
def test_a_group_over_headers_leaves_them_their_names(case: str) -> None:
    _, plain, group, below = GROUPS[case]
    person = [sent.name(1), sent.id_number(1), sent.name(1), sent.id_number(1), 150, "201803", "农信社", sent.card_number(1), sent.name(1)]
    rows = [[*plain, group, "", ""], [*[""] * len(plain), *below], person]
    outcome = read(sent.ROLL_NAME, sent.workbook({"表": rows}))
    assert outcome.column("payment_rolls", "card_key") == [sent.card_number(1)]
    assert (outcome.column("payment_rolls", "bank_name"), outcome.facts["rows_quarantined"]) == (["农信社"], 0)


def test_a_group_that_names_another_person_gives_nobody_their_number() -> None:
    top = ["户主信息", "", "救助对象姓名", "领款人身份证号码", "金额(元)", "所属月份", "代领人信息", ""]
    below = ["姓名", "身份证号", "", "", "", "", "姓名", "身份证号"]
    person = [sent.name(1), sent.id_number(1), sent.name(2), sent.id_number(2), 150, "201803", sent.name(3), sent.id_number(3)]
    outcome = read(sent.ROLL_NAME, sent.workbook({"表": [top, below, person]}))
    assert outcome.column("payment_rolls", "head_person_key") == [sent.id_number(1)]
    assert outcome.column("payment_rolls", "person_key") == [sent.id_number(2)]


OFFICES = {
    "漳县公安局死亡人员名单_201802.csv": ("621125", "public_security"),
    "漳县公安局武阳派出所死亡人员名单_201802.csv": ("621125", "public_security:武阳派出所"),
    "定西市公安局安定分局死亡人员名单_201802.csv": ("621102", "public_security"),
    "漳县民政局死亡人员信息_201802.csv": ("621125", "civil_affairs"),
    "漳县殡仪馆死亡人员信息_201802.csv": ("621125", "civil_affairs"),
    "漳县残联死亡人员信息_201802.csv": ("621125", "disabled_federation"),
    "漳县财政局死亡人员信息_201802.csv": ("621125", "finance"),
    "漳县武阳镇人民政府死亡人员信息_201802.csv": ("621125", "township:武阳镇"),
    "漳县死亡人员信息_201802_武阳镇.csv": ("621125", "township:武阳镇"),
    "漳县死亡人员信息_201802.csv": ("621125", None),
}


@pytest.mark.parametrize("file", OFFICES)
def test_an_office_sends_for_its_division(file: str) -> None:
    outcome = read(file, f"姓名,身份证号,死亡日期\n{sent.name(1)},{sent.id_number(1)},2018-02-06")
    assert (outcome.facts["sender_division"], outcome.facts["office"]) == OFFICES[file]


def test_the_line_above_a_table_names_the_office() -> None:
    outcome = of_roll(*ROWS, above=(["安定区2018年3月农村低保金发放清册"], ["填报单位：安定区民政局", "单位:元"]))
    assert outcome.facts["office"] == "civil_affairs"
