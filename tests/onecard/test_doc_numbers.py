"""One spelling of document numbers, in Python when a file is received and in SQL for lakes of before."""

import re

import duckdb
import jinja2
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.conform import conform
from ingestion.sheet_rows import SheetRows
from onecard.catalogue.sources import load_contracts
from onecard.words.doc_numbers import BRACKETS, CLOSING, OPENING, one_spelling
from onecard.words.reference_data import shipped

MACRO = re.search(r"\{% macro tidy_doc_no.*?endmacro %\}", shipped("dbt_project", "macros", "money.sql").read_text(encoding="utf-8"), re.S)
assert MACRO is not None
TIDY = str(jinja2.Environment(autoescape=False).from_string(MACRO[0]).module.tidy_doc_no("number")).strip()  # type: ignore[attr-defined]
CON = duckdb.connect(config={"threads": 1})
# As they are typed: a number in its parts, any bracket, any space, signs that nobody sees.
WIDE = {"[": "［", "]": "］", "(": "（", ")": "）", "{": "｛", "}": "｝", "<": "＜", ">": "＞"}
TYPED = st.text(st.sampled_from([*"甘财社预〔〕0123456789号 　", *BRACKETS, *WIDE.values()]), max_size=30)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


def by_sql(*numbers: str) -> list[str]:
    return [row[0] for row in CON.execute(f"select {TIDY} from (select unnest(?) as number)", [list(numbers)]).fetchall()]


@pytest.mark.parametrize(
    "typed",
    [
        "甘财社〔2018〕12号",
        "甘财社[2018]12号",
        "甘财社［2018］12号",
        "甘财社（2018） 12 号",
        "甘财社【２０１８】１２号",
        "甘財社〖2018〗12號",
        "甘财社﹝2018﹞12号",
        "甘财社《2018》12\u200b号",
        "\ufeff甘财社 〔2018〕\t12号",
    ],
)
def test_however_it_is_typed_it_is_one_number(typed: str) -> None:
    assert one_spelling(typed) == "甘财社〔2018〕12号"


@settings(deadline=None)
@given(st.lists(ANY | TYPED, min_size=1, max_size=20))
def test_sql_leaves_what_python_spelled(texts: list[str]) -> None:
    spelled = [one_spelling(text) for text in texts]
    assert by_sql(*spelled) == spelled
    assert [one_spelling(text) for text in spelled] == spelled


@settings(deadline=None)
@given(st.lists(TYPED, min_size=1, max_size=20))
def test_both_agree_on_brackets_and_spaces(texts: list[str]) -> None:
    assert by_sql(*texts) == [one_spelling(text) for text in texts]


def test_sql_knows_every_bracket_of_python() -> None:
    every = [*BRACKETS, *WIDE.values()]
    assert by_sql(*every) == [one_spelling(bracket) for bracket in every]
    assert set(by_sql(*every)) == {OPENING, CLOSING}


def test_numbers_of_documents_are_spelled_when_a_file_is_received() -> None:
    contract = load_contracts()["budget_allocations"]
    names = [column.name for column in contract.columns]
    stated = {"doc_no": ["甘財社[2018]5号", "\u200b", None], "parent_doc_no": ["财社(2018) 1号", "", None]}
    columns = {name: pa.array(stated.get(name, [None] * 3), pa.string()) for name in names}
    columns["receiver_name"] = pa.array(["定西市财政局"] * 3, pa.string())
    done = conform(SheetRows(1, "", np.arange(1, 4, dtype=np.int32), columns, 0, {}), contract)
    assert done.columns["doc_no"].to_pylist() == ["甘财社〔2018〕5号", None, None]
    assert done.columns["parent_doc_no"].to_pylist() == ["财社〔2018〕1号", None, None]
