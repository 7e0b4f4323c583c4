"""Money: what offices write, to the fen, and nothing that is not money."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.money import MoneyError, format_wan, format_yuan, parse_fen, parse_fen_array


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


# U+066B and its like are digits to Python and no digits to a treasurer.
AMOUNT_LIKE = st.text(st.sampled_from("0123456789.,-()¥元万 ０１．，"), max_size=14)


@given(st.lists(AMOUNT_LIKE | st.decimals(-(10**9), 10**9, places=2).map(str), max_size=30), st.sampled_from(["元", "万元", "分"]))
def test_columns_agree_with_single_values(texts: list[str], unit: str) -> None:
    def alone(text: str) -> int | None:
        try:
            return parse_fen(text, unit)
        except MoneyError:
            return None

    assert parse_fen_array(pa.array(texts, pa.string()), unit).to_pylist() == [alone(text) for text in texts]


@given(st.decimals(0, 10**9, places=2))
def test_agrees_with_decimal_arithmetic(amount: Decimal) -> None:
    assert parse_fen(str(amount), "元") == int(amount * 100)
