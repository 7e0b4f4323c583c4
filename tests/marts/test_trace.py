"""Every fen of every credit leads back to its root, as plain loops over the same rows find it; and forward, none is lost."""

import random
from collections import Counter, defaultdict
from typing import Any

import compiled
import pytest
from fifo_oracle import Oracle
from histories import BUSINESS_DATE, Lake, histories
from hypothesis import HealthCheck, given, settings
from voucher_oracle import Share, shares

from onecard.store.lake import MODELLED_TABLES

CREDITS = """
    select credits.sheet_no, credits.row_no, pieces.root_kind, pieces.root_sheet_no, pieces.root_row_no, sum(credits.amount_fen)::bigint
    from mart_credit_origin as credits inner join int_trace_origins as pieces on credits.trace_no = pieces.piece_no
    group by all
"""
KEYS = {
    "mart_trace": "trace_no",
    "mart_credit_origin": "delivery_key, sheet_no, row_no, trace_no",
    "mart_stranded": "stranded_id",
    "mart_flow": "flow_id",
    "mart_speed": "speed_id",
    "mart_payment_document": "payment_document_id",
    "mart_document_reach": "document_reach_id",
}
# Findings are built over the same histories where every fen is counted (test_money_conservation).
ASKED = (*KEYS, "mart_conservation", "int_failed_lines", "int_vouchers")
BY_AMOUNT = """
    select sheet_no, row_no, bank_code, batch_no, amount_fen from int_vouchers where matched_by = 'amount'
    order by sheet_no, row_no, from_fen
"""
PIECES = """
    select sheet_no, row_no, bank_code, coalesce(batch_no, stated_batch_no), amount_fen, from_fen from int_bank_payments
    where coalesce(batch_no, stated_batch_no) is not null and matched_by is distinct from 'amount' order by sheet_no, row_no, from_fen
"""
PAIRS = """
    select sheet_no, row_no, reissue_sheet_no, reissue_row_no from int_failed_lines where reissue_row_no is not null
"""


def traced(con: Any) -> dict[Any, Counter[Any]]:
    found: dict[Any, Counter[Any]] = defaultdict(Counter)
    for sheet, row, kind, root_sheet, root_row, fen in con.execute(CREDITS).fetchall():
        found[sheet, row][kind, None if root_row is None else (root_sheet, root_row)] += fen
    return dict(found)


def by_amount(con: Any) -> dict[tuple[int, int], list[Share]]:
    """Shares of vouchers without a number, as the models match them."""
    found: dict[tuple[int, int], list[Share]] = defaultdict(list)
    for sheet, row, bank, batch, fen in con.execute(BY_AMOUNT).fetchall():
        found[sheet, row].append((bank, batch, fen))
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_what_names_several_batches_is_cut_as_a_clerk_cuts_it(lake: Lake) -> None:
    con = compiled.build(lake, BUSINESS_DATE, only=["int_bank_payments"])
    found: dict[tuple[int, int], list[Share]] = defaultdict(list)
    for sheet, row, bank, batch, fen, at in con.execute(PIECES).fetchall():
        assert at == sum(part for *_, part in found[sheet, row])
        found[sheet, row].append((bank, batch, fen))
    assert found == shares(lake)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_the_trace_is_the_one_that_plain_loops_find(lake: Lake) -> None:
    con = compiled.build(lake, BUSINESS_DATE, only=ASKED)
    pairs = {(a, b): (c, d) for a, b, c, d in con.execute(PAIRS).fetchall()}
    oracle = Oracle(lake, pairs, shares(lake) | by_amount(con))
    expected = {(line["sheet_no"], line["row_no"]): oracle.origin_of(line) for line in lake["bank_batches"] if line["status"] == "success"}
    found = traced(con)
    assert {line: sum(roots.values()) for line, roots in found.items()} == {line: sum(roots.values()) for line, roots in expected.items()}
    for mart, key in KEYS.items():
        assert con.execute(f"select {key}, count(*) from {mart} group by all having count(*) > 1").fetchall() == [], mart
    beyond = "select * from mart_document_reach where credited_fen not between at_least_fen and at_most_fen or at_most_fen > inflow_fen"
    assert con.execute(beyond).fetchall() == []
    # Money running in a circle is cut off by both, but not after the same number of rounds.
    straight = {line for line, roots in found.items() if not any(kind == "circular" for kind, _ in roots)}
    assert {line: found[line] for line in straight} == {line: expected[line] for line in straight}
    assert con.execute("select joint, scope, difference_fen from mart_conservation where difference_fen <> 0").fetchall() == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_the_order_in_which_rows_arrive_does_not_matter(lake: Lake) -> None:
    shuffled = {table: random.Random(7).sample(rows, len(rows)) for table, rows in lake.items()}
    one, other = (compiled.build(rows, BUSINESS_DATE, only=KEYS) for rows in (lake, shuffled))
    for mart in KEYS:
        query = f"select * from {mart} order by all"
        assert one.execute(query).fetchall() == other.execute(query).fetchall(), mart


@pytest.mark.parametrize(
    ("model", "spoil", "scopes"),
    [
        ("mart_credit_origin", "set amount_fen = amount_fen + 1 where row_no = 1", {"each credit", "shares"}),
        ("mart_credit_origin", "set amount_fen = amount_fen + case row_no when 1 then 1 else -1 end", {"each credit"}),
        ("int_trace_matches", "set upper_fen = upper_fen - 1 where is_resting", {"each inflow"}),
        ("mart_stranded", "set resting_fen = resting_fen - 1", {"roots"}),
        ("mart_trace", "set credited_fen = credited_fen + 1", {"roots"}),
    ],
)
def test_a_planted_fen_is_caught(model: str, spoil: str, scopes: set[str]) -> None:
    """The canary: a single fen too many or too few, and the joint of the trace no longer closes."""
    con = compiled.build(example(), BUSINESS_DATE)
    assert con.execute("select count(*) from mart_conservation where difference_fen <> 0").fetchall() == [(0,)]
    con.execute(f"update {model} {spoil}")
    con.execute("drop table mart_conservation")
    compiled.build_one(con, "mart_conservation", BUSINESS_DATE)
    assert {
        scope for (scope,) in con.execute("select scope from mart_conservation where difference_fen <> 0 and joint = 'J8'").fetchall()
    } == scopes


def example() -> Lake:
    """One county, one document, one batch of two."""
    day = BUSINESS_DATE.replace(year=2018, month=3, day=1)
    document = {"doc_no": "财〔2018〕1号", "pool_code": "relief", "fiscal_year": 2018, "issued_on": day, "amount_fen": 1000}
    lake: Lake = {table: [] for table in MODELLED_TABLES}
    lake["deliveries"] = [compiled.delivery()]
    lake["budget_allocations"] = [
        document
        | {
            "sheet_no": 1,
            "row_no": 1,
            "kind": "own",
            "issuer_division": "621102",
            "receiver_division": "621102",
            "reporter_division": "621102",
        }
    ]
    lake["bank_batch_controls"] = [
        {"sheet_no": 2, "row_no": 1, "bank_code": "RCU", "batch_no": "B1", "division": "621102", "programme_code": "tekun",
         "payroll_month": 201803, "batch_kind": "original", "header_count": 2, "header_fen": 700, "trailer_count": 2, "trailer_fen": 700}
    ]  # fmt: skip
    lake["bank_batches"] = [
        {"sheet_no": 3, "row_no": seq, "bank_code": "RCU", "batch_no": "B1", "seq_no": seq, "person_key": seq, "name_key": seq,
         "card_key": seq, "amount_fen": 350, "credited_on": day, "status": "success", "memo_programme": "tekun"}
        for seq in (1, 2)
    ]  # fmt: skip
    lake["treasury_payments"] = [
        {"sheet_no": 4, "row_no": 1, "voucher_no": "V1", "payer_division": "621102", "programme_code": "tekun", "pool_code": "relief",
         "payee_kind": "agent_bank", "payee_bank_code": "RCU", "amount_fen": 700, "paid_on": day, "batch_no": "B1", "payroll_month": 201803}
    ]  # fmt: skip
    return lake


@pytest.mark.parametrize("mart", ["mart_trace", "mart_stranded"])
def test_what_did_not_leave_is_shown_at_rest(mart: str) -> None:
    con = compiled.build(example(), BUSINESS_DATE)
    if mart == "mart_stranded":
        assert con.execute("select place, level, resting_fen, days, rule_code from mart_stranded").fetchall() == [
            ("pool", "county", 300, 670, "FS02")
        ]
    else:
        assert con.execute("select source_doc_no, amount_fen, credited_fen, days_at_county from mart_trace").fetchall() == [
            ("财〔2018〕1号", 700, 700, 0)
        ]
