"""How much of a document reached cards: the range is the least and the most over every order in which a pool can be spent."""

import datetime as dt
from collections import Counter
from itertools import permutations
from typing import Any

import compiled
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

COUNTY, DAY = "621102", dt.date(2018, 3, 5)
# (fen, whether its credit reached a card, number of the document it names)
Payment = tuple[int, bool, int | None]
REACH = "select doc_no, at_least_fen, at_most_fen, credited_fen, named_credited_fen from mart_document_reach order by doc_no"
ASKED = "select voucher_no, doc_no, asked_fen, drawn_fen, short_fen, status from mart_payment_document order by voucher_no, position"


def city(documents: list[int], payments: list[Payment], named: list[dict[str, Any]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """A county with own documents D0, D1, …, and payments, each for a batch of one line."""
    lake: dict[str, list[dict[str, Any]]] = {"deliveries": [compiled.delivery()]}
    lake["budget_allocations"] = [
        {"sheet_no": 1, "row_no": at, "doc_no": f"D{at}", "kind": "own", "pool_code": "relief", "fiscal_year": 2018, "amount_fen": fen,
         "issued_on": DAY, "issuer_division": COUNTY, "receiver_division": COUNTY, "reporter_division": COUNTY}
        for at, fen in enumerate(documents)
    ]  # fmt: skip
    for table in ("treasury_payments", "bank_batch_controls", "bank_batches", "payment_documents"):
        lake[table] = []
    for at, (fen, reached, doc) in enumerate(payments):
        batch = {"bank_code": "RCU", "batch_no": f"B{at}"}
        lake["treasury_payments"].append(
            {"sheet_no": 2, "row_no": at, "voucher_no": f"V{at}", "payer_division": COUNTY, "programme_code": "tekun",
             "pool_code": "relief", "payee_kind": "agent_bank", "payee_bank_code": "RCU", "amount_fen": fen, "paid_on": DAY,
             "batch_no": f"B{at}", "payroll_month": 201803}
        )  # fmt: skip
        lake["bank_batch_controls"].append(
            {"sheet_no": 3, "row_no": at, **batch, "division": COUNTY, "programme_code": "tekun", "payroll_month": 201803,
             "batch_kind": "original"}
        )  # fmt: skip
        lake["bank_batches"].append(
            {"sheet_no": 4, "row_no": at, **batch, "seq_no": 1, "person_key": at, "name_key": at, "card_key": at, "amount_fen": fen,
             "credited_on": DAY, "status": "success" if reached else "failed", "memo_programme": "tekun"}
        )  # fmt: skip
        if doc is not None:
            lake["payment_documents"].append({"sheet_no": 2, "row_no": at, "position": 1, "doc_no": f"D{doc}", "in_order": f"D{doc}"})
    lake["payment_documents"] += named or []
    return lake


def on_cards(documents: list[int], payments: list[Payment]) -> list[Counter[int]]:
    """Fen of each document on cards, for every order of documents and of payments; what a payment names comes before."""
    left, loose, fixed = list(documents), [], Counter[int]()
    for fen, reached, doc in payments:
        part = min(fen, left[doc]) if doc is not None and doc < len(left) else 0
        if part:
            left[doc or 0] -= part
            fixed[doc or 0] += part if reached else 0
        loose.append((fen - part, reached))
    found = []
    for ins in permutations(range(len(documents))):
        for outs in permutations(loose):
            there = [doc for doc in ins for _ in range(left[doc])]
            spent = [reached for fen, reached in outs for _ in range(fen)]
            found.append(fixed + Counter(doc for doc, reached in zip(there, spent, strict=False) if reached))
    return found


SMALL = st.integers(1, 4)
PAYMENTS = st.lists(st.tuples(SMALL, st.booleans(), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SMALL, min_size=1, max_size=3), PAYMENTS)
def test_the_range_is_that_of_every_order(documents: list[int], payments: list[Payment]) -> None:
    con = compiled.build(city(documents, payments), only=["mart_document_reach"])
    orders = on_cards(documents, payments)
    expected = [(f"D{at}", min(order[at] for order in orders), max(order[at] for order in orders)) for at in range(len(documents))]
    found = con.execute(REACH).fetchall()
    assert [row[:3] for row in found] == expected
    assert all(least <= credited <= most for _, least, most, credited, _ in found)


def drawn(doc_no: str, position: int = 1, fen: int | None = None, in_order: str | None = None, row: int = 0) -> dict[str, Any]:
    return {"sheet_no": 2, "row_no": row, "position": position, "doc_no": doc_no, "stated_fen": fen, "in_order": in_order}


@pytest.mark.parametrize(
    ("named", "asked", "reach"),
    [
        # Without a word of the voucher: first in, first out, and at least what the others cannot have paid.
        ([], [], [("D0", 40, 100, 100, 0), ("D1", 0, 50, 20, 0), ("D2", 0, 30, 0, 0)]),
        (
            [drawn("D1", 1, 50), drawn("D2", 2, 30)],
            [("V0", "D1", 50, 50, 0, "drawn"), ("V0", "D2", 30, 30, 0, "drawn")],
            [("D0", 40, 40, 40, 0), ("D1", 50, 50, 50, 50), ("D2", 30, 30, 30, 30)],
        ),
        (
            [drawn("D2", 1, None, "D2、D1"), drawn("D1", 2, None, "D2、D1")],
            [("V0", "D2", 30, 30, 0, "drawn"), ("V0", "D1", 90, 50, 40, "used_up")],
            [("D0", 40, 40, 40, 0), ("D1", 50, 50, 50, 50), ("D2", 30, 30, 30, 30)],
        ),
        (
            [drawn("D9", 1, 20), drawn("D1", 2, None, "D1")],
            [("V0", "D9", 20, 0, 20, "not_received"), ("V0", "D1", 100, 50, 50, "used_up")],
            [("D0", 40, 70, 70, 0), ("D1", 50, 50, 50, 50), ("D2", 0, 30, 0, 0)],
        ),
    ],
)
def test_a_payment_draws_on_what_it_names_and_the_rest_is_first_in_first_out(
    named: list[dict[str, Any]], asked: list[Any], reach: list[Any]
) -> None:
    con = compiled.build(city([100, 50, 30], [(120, True, None)], named), only=["mart_document_reach", "mart_payment_document"])
    assert con.execute(ASKED).fetchall() == asked
    assert con.execute(REACH).fetchall() == reach


def test_two_payments_that_name_the_same_documents_take_turns() -> None:
    named = [drawn(name, at, None, "D0、D1", row) for row in (0, 1) for at, name in enumerate(("D0", "D1"), 1)]
    con = compiled.build(city([100, 50], [(60, True, None), (60, True, None)], named), only=["mart_payment_document"])
    assert con.execute("select voucher_no, doc_no, drawn_fen from mart_payment_document order by all").fetchall() == [
        ("V0", "D0", 60), ("V0", "D1", 0), ("V1", "D0", 40), ("V1", "D1", 20)
    ]  # fmt: skip


def test_a_payment_may_name_the_number_that_the_county_s_document_cites() -> None:
    lake = city([100, 50], [(60, True, None)], [drawn("上级1号", 1, 50)])
    lake["budget_allocations"][1] |= {"kind": "received", "issuer_division": "621100", "parent_doc_no": "上级1号"}
    con = compiled.build(lake, only=["mart_payment_document"])
    assert con.execute("select doc_no, received_doc_no, drawn_fen from mart_payment_document").fetchall() == [("上级1号", "D1", 50)]
