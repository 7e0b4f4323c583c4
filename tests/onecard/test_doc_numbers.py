"""One spelling of document numbers, made when a file is received."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.conform import conform
from ingestion.sheet_rows import SheetRows
from onecard.catalogue.sources import load_contracts
from onecard.words.doc_numbers import BRACKETS, CLOSING, OPENING, one_spelling

# As they are typed: a number in its parts, any bracket, any space, signs that nobody sees.
WIDE = {"[": "［", "]": "］", "(": "（", ")": "）", "{": "｛", "}": "｝", "<": "＜", ">": "＞"}
TYPED = st.text(st.sampled_from([*"甘财社预〔〕0123456789号 　", *BRACKETS, *WIDE.values()]), max_size=30)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


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
@given(ANY | TYPED)
def test_a_spelled_number_stays(text: str) -> None:
    spelled = one_spelling(text)
    assert one_spelling(spelled) == spelled


def test_every_bracket_is_the_one_of_documents() -> None:
    assert {one_spelling(bracket) for bracket in [*BRACKETS, *WIDE.values()]} == {OPENING, CLOSING}


def test_numbers_of_documents_are_spelled_when_a_file_is_received() -> None:
    contract = load_contracts()["budget_allocations"]
    names = [column.name for column in contract.columns]
    stated = {"doc_no": ["甘財社[2018]5号", "\u200b", None], "parent_doc_no": ["财社(2018) 1号", "", None]}
    columns = {name: pa.array(stated.get(name, [None] * 3), pa.string()) for name in names}
    columns["receiver_name"] = pa.array(["定西市财政局"] * 3, pa.string())
    done = conform(SheetRows(1, "", np.arange(1, 4, dtype=np.int32), columns, 0, {}), contract)
    assert done.columns["doc_no"].to_pylist() == ["甘财社〔2018〕5号", None, None]
    assert done.columns["parent_doc_no"].to_pylist() == ["财社〔2018〕1号", None, None]
