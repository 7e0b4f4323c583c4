"""Divisions, programmes, funds, memos, banks: the words of the trade, found when they are meant and never guessed."""

import datetime as dt

import pytest

from onecard.catalogue import seed_lookup as reference
from onecard.words.divisions import LEVELS, code_12, county_of, divisions, find_division, level, parent
from onecard.words.months import spoken_month


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("财政部", "100000"),
        ("甘肃省财政厅", "620000"),
        ("定西市财政局", "621100"),
        ("安定区财政局", "621102"),
        ("甘肃省定西市漳县", "621125"),
        ("621126", "621126"),
        ("621126101203", "621126"),
        ("６２１１２６", "621126"),
        ("中央", "100000"),
        ("定西", "621100"),
        ("定西市 安定区 民政局", "621102"),
        ("兰州市财政局国库支付中心", "620100"),
        ("通渭县人民政府", "621121"),
        ("临夏市财政局", "622901"),
        ("临夏州财政局", "622900"),
        ("临夏回族自治州", "622900"),
        ("临夏州临夏县", "622921"),
        ("东乡县", "622926"),
        ("积石山县民政局", "622927"),
        ("张家川", "620525"),
        ("成县", "621221"),
        ("华亭市财政局", "620881"),
    ],
)
def test_offices_are_governments(text: str, code: str) -> None:
    division = find_division(text)
    assert division is not None
    assert division.code == code


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "某某县财政局",
        "临夏",  # the city, the county or the prefecture
        "大成县财政局",  # ends in the name of another county
        "兰州市安定区",  # no district of Lanzhou
        "620824x",
        "华亭县",  # a city since 2018
        "629999",
    ],
)
def test_unknown_place_is_not_guessed(text: str | None) -> None:
    assert find_division(text) is None


def test_a_dissolved_county_is_found_in_its_years() -> None:
    division = find_division("华亭县财政局", year=2017)
    assert division is not None
    assert division.code == "620824"
    assert find_division("华亭市", year=2017) is None


def test_levels_and_parents_of_codes() -> None:
    assert [level(code) for code in ("100000", "620000", "621100", "621102", "621102101", "621102101000", "621102101203", "999999")] == [
        "central",
        "province",
        "city",
        "county",
        "township",
        "township",
        "village",
        None,
    ]
    chain = ["621102101203"]
    while (above := parent(chain[-1])) is not None:
        chain.append(above)
    assert chain == ["621102101203", "621102101000", "621102", "621100", "620000", "100000"]
    assert code_12("621102") == "621102000000"
    assert county_of("621102101203") == "621102"


def test_reference_list_holds_together() -> None:
    known = divisions()
    assert [sum(division.level == rank and division.valid_to == 9999 for division in known.values()) for rank in LEVELS[:4]] == [
        1,
        1,
        14,
        86,
    ]
    for code, division in known.items():
        assert division.level in LEVELS
        if division.parent is not None:
            above = known[division.parent]
            assert LEVELS.index(above.level) + 1 == LEVELS.index(division.level)
            assert division.valid_from >= above.valid_from
            assert code.startswith(above.code.rstrip("0")) or above.code == "100000"


@pytest.mark.parametrize(
    ("text", "fund"),
    [
        ("2018年困难群众救助补助资金", ("relief", None)),
        ("困难群众 救助补助资金（第二批）", ("relief", None)),
        ("孤儿基本生活费", ("relief", "orphan")),
        ("残疾人两项补贴", ("disability", None)),
        ("困难残疾人生活补贴和重度残疾人护理补贴资金", ("disability", None)),
        ("重度残疾人护理补贴", ("disability", "disability_care")),
        ("化肥", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_funds(text: str | None, fund: tuple[str | None, str | None]) -> None:
    assert reference.find_fund(text) == fund


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("农村低保", "rural_dibao"),
        ("　农村 低保金 ", "rural_dibao"),
        ("2018年3月临时救助金发放", "temporary_relief"),
        ("重度残疾人护理补贴", "disability_care"),  # the longest alias, not 残疾人护理补贴 within it
        ("工资", None),
        (None, None),
    ],
)
def test_programmes(text: str | None, code: str | None) -> None:
    assert reference.find_programme(text) == code


def test_programmes_and_pools_hold_together() -> None:
    for code in reference.programmes():
        assert reference.pool_of(code, 2018) is not None
        assert reference.pool_of(code, 2018) == reference.pool_of(code)
    assert reference.pool_of("rural_dibao", 2010) is None
    assert reference.pool_of("no_programme") is None


@pytest.mark.parametrize(
    ("memo", "code"),
    [
        ("农村低保金", "rural_dibao"),
        ("2018年3月农村低保金", "rural_dibao"),
        ("农村低保金2018年03月", "rural_dibao"),
        ("3月农村低保金", "rural_dibao"),
        ("3月份农村低保金", "rural_dibao"),
        ("201803农村低保金", "rural_dibao"),
        ("农村低保金201803", "rural_dibao"),
        ("３月　农村低保金", "rural_dibao"),
        ("13月农村低保金", None),
        ("201813农村低保金", None),
        ("3月农村低保金4月", None),
        ("农村低保金王五", None),
        ("3月", None),
        ("工资", None),
        ("", None),
        (None, None),
    ],
)
def test_agreed_memos(memo: str | None, code: str | None) -> None:
    assert reference.agreed_memo_programme(memo) == code


def test_banks_and_their_batch_accounts() -> None:
    assert reference.find_bank("中国农业银行安定区支行") == "ABC"
    assert reference.find_bank("安定区农村信用社") == "RCU"
    assert reference.find_bank("中国农业发展银行") is None
    assert reference.agent_bank_account(" 2762 1102 0104 0000 082 ") == ("RCU", "621102")
    assert reference.agent_bank_account("6230650000000000001") is None
    assert reference.agent_bank_account(None) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3月特困供养金", 201803), ("2018年3月特困供养金", 201803), ("三月份农村低保", 201803), ("拨付12月低保金", 201712),
        ("十二月低保", 201712), ("2017年11月补发", 201711), ("1-3月低保", None), ("2月、3月低保", None), ("特困供养金", None),
        ("2018年3月5日拨付", None),
    ],
)  # fmt: skip
def test_the_month_a_purpose_names(text: str, month: int | None) -> None:
    assert spoken_month(text, dt.date(2018, 3, 2)) == month
