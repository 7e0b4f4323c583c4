"""Money: what offices write, to the fen, and nothing that is not money."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.words import money
from onecard.words.money import MoneyError, format_wan, format_yuan, parse_fen, parse_fen_array


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [
        ("312.50", "元", 31250),
        ("¥1,234.50", "元", 123450),
        ("１２３．５", "元", 12350),
        (" 1 200 元 ", "元", 120000),
        ("1,200.00", "万元", 1_200_000_000),
        ("12.000001", "万元", 12_000_001),
        ("(300.00)", "元", -30000),
        ("-5", "元", -500),
        ("00000000031250", "分", 31250),
        ("0.10", "元", 10),
        ("¥ -5.00", "元", -500),
        ("-¥5.00", "元", -500),
        ("－５", "元", -500),
        ("(300.00元)", "元", -30000),
        ("1,200\u00a0元", "元", 120000),
        ("人民币 1,200.00 元", "元", 120000),
        ("3.5万", "万元", 3_500_000),
        ("500分", "分", 500),
        ("-0.00", "元", 0),
        ("12.3400", "元", 1234),
        ("10,000,000,000,000.00", "元", 10**15),
    ],
)
def test_amounts_as_offices_write_them(text: str, unit: str, fen: int) -> None:
    assert parse_fen(text, unit) == fen
    assert parse_fen_array(pa.array([text]), unit).to_pylist() == [fen]


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("12.345", "元", "finer_than_fen"),
        ("1.5", "分", "finer_than_fen"),
        ("1E+5", "元", "not_a_number"),
        ("", "元", "empty"),
        ("1,23", "元", "not_a_number"),
        ("12万元", "元", "unit_contradicts"),
        ("12元", "万元", "unit_contradicts"),
        ("三百", "元", "not_a_number"),
        ("99999999999999", "元", "too_large"),
        ("--5", "元", "not_a_number"),
        ("(-5)", "元", "not_a_number"),  # minus twice: which did they mean?
        ("1¥2", "元", "not_a_number"),
        ("12 34", "元", "not_a_number"),  # two figures in one cell
        ("5元元", "元", "not_a_number"),
        ("5.", "元", "not_a_number"),
        (".5", "元", "not_a_number"),
        ("1.2.3", "元", "not_a_number"),
        ("-", "元", "not_a_number"),
        ("1,234,56", "元", "not_a_number"),
        ("0x10", "元", "not_a_number"),
        ("٣", "元", "not_a_number"),  # a digit to Python, not to a treasurer
        ("9" * 5000, "元", "not_a_number"),
        ("10000000000000.01", "元", "too_large"),
        ("0.0000001", "万元", "finer_than_fen"),
        ("　", "元", "empty"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, unit: str, reason: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_fen(text, unit)
    assert refused.value.reason == reason
    assert parse_fen_array(pa.array([text]), unit).to_pylist() == [None]


@given(st.integers(-(10**14), 10**14))
def test_formatting_and_parsing_are_inverse(fen: int) -> None:
    assert parse_fen(format_yuan(fen), "元") == fen
    assert parse_fen(format_wan(fen), "万元") == fen


AMOUNT_LIKE = st.text(st.sampled_from("0123456789.,-()¥元万 ０１．，٣"), max_size=18)


def alone(text: str | None, unit: str) -> int | None:
    if text is None:
        return None
    try:
        return parse_fen(text, unit)
    except MoneyError:
        return None


# Plain figures of every width up to and past what the path on bytes takes, with the point anywhere.
PLAIN_LIKE = st.from_regex(r"\A-?[0-9]{0,17}\.?[0-9]{0,8}\Z")
UNITS = st.sampled_from(["元", "万元", "分"])


@given(st.lists(AMOUNT_LIKE | PLAIN_LIKE | st.decimals(-(10**9), 10**9, places=2).map(str) | st.none(), max_size=30), UNITS)
def test_columns_agree_with_single_values(texts: list[str | None], unit: str) -> None:
    column = pa.array(texts, pa.string())
    expected = [alone(text, unit) for text in texts]
    assert parse_fen_array(column, unit).to_pylist() == expected
    assert parse_fen_array(column.slice(len(texts) // 2), unit).to_pylist() == expected[len(texts) // 2 :]
    assert parse_fen_array(pa.chunked_array([column, column]), unit).to_pylist() == expected * 2


def test_what_lies_under_a_null_is_no_money() -> None:
    full = pa.array(["1.00", "2.00"])
    holed = pa.StringArray.from_buffers(2, full.buffers()[1], full.buffers()[2], pa.py_buffer(b"\x01"), null_count=1)
    assert parse_fen_array(holed, "元").to_pylist() == [100, None]


def test_plain_figures_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money, "parse_fen", None)
    assert parse_fen_array(pa.array(["312.50", "-7", "0.1", "100000.00"]), "元").to_pylist() == [31250, -700, 10, 10_000_000]


def test_columns_longer_than_a_block_agree_with_single_values() -> None:
    texts = [f"{number % 977}.{number % 100:02d}" if number % 9 else f"{number:,}元" for number in range(70_000)]
    assert parse_fen_array(pa.array(texts), "元").to_pylist() == [alone(text, "元") for text in texts]


def test_a_refusal_does_not_quote_the_cell() -> None:
    with pytest.raises(MoneyError) as refused:
        parse_fen("62110219900101001X", "元")
    assert "6211" not in str(refused.value)


@given(st.decimals(0, 10**9, places=2))
def test_agrees_with_decimal_arithmetic(amount: Decimal) -> None:
    assert parse_fen(str(amount), "元") == int(amount * 100)
