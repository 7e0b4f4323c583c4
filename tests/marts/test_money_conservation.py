"""Money only moves: whatever offices, treasury and banks do, the marts hold every fen once, as a small ledger in Python has it."""

from collections import Counter

import compiled
from histories import BUSINESS_DATE, Lake, histories
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# What the account is held against. The findings, two thirds of the models, are built beside it over every third history.
ASKED = ["mart_conservation", "mart_fund_position", "mart_payment", "mart_batch_match", "int_failed_lines"]


def ledger(lake: Lake) -> Counter[tuple[str, str, str]]:
    """Fen by (government, pool, in or out): the account of a clerk who adds up rows."""
    account: Counter[tuple[str, str, str]] = Counter()
    for row in lake["budget_allocations"]:
        side = "in" if row["kind"] in ("received", "own", "carry_in", "clawback_in") else "out"
        account[row["reporter_division"], row["pool_code"], side] += row["amount_fen"]
    for row in lake["treasury_payments"]:
        account[row["payer_division"], row["pool_code"], "out" if row["amount_fen"] > 0 else "in"] += abs(row["amount_fen"])
    return account


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.sampled_from((ASKED, ASKED, None)))
def test_every_fen_is_in_exactly_one_place(lake: Lake, only: list[str] | None) -> None:
    con = compiled.build(lake, BUSINESS_DATE, only=only)
    assert con.execute("select joint, scope, difference_fen from mart_conservation where difference_fen <> 0").fetchall() == []

    account = ledger(lake)
    position = """
        select division, pool_code, sum(in_fen)::bigint, sum(out_fen)::bigint, sum(balance_fen)::bigint
        from mart_fund_position group by all
    """
    marts: Counter[tuple[str, str, str]] = Counter()
    for division, pool, came, went, rests in con.execute(position).fetchall():
        marts[division, pool, "in"] += came
        marts[division, pool, "out"] += went
        assert rests == came - went
    assert +marts == +account

    credited = sum(line["amount_fen"] for line in lake["bank_batches"] if line["status"] == "success")
    entitled = sum(row["amount_fen"] for row in lake["payment_rolls"])
    assert con.execute(
        "select coalesce(sum(entitled_fen), 0)::bigint, coalesce(sum(credited_fen), 0)::bigint from mart_payment"
    ).fetchall() == [(entitled, credited)]
    kinds = {(row["bank_code"], row["batch_no"]): row["batch_kind"] for row in lake["bank_batch_controls"]}
    failed = sum(
        line["amount_fen"]
        for line in lake["bank_batches"]
        if line["status"] == "failed" and kinds[line["bank_code"], line["batch_no"]] == "original"
    )
    assert con.execute("select coalesce(sum(amount_fen), 0)::bigint from int_failed_lines").fetchall() == [(failed,)]
    vouchers = sum(row["amount_fen"] for row in lake["treasury_payments"] if row["amount_fen"] > 0 and row["payee_kind"] == "agent_bank")
    assert con.execute("select coalesce(sum(voucher_fen), 0)::bigint from mart_batch_match").fetchall() == [(vouchers,)]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_what_rests_is_what_came_and_did_not_leave(lake: Lake) -> None:
    """Each inflow is spent and resting in parts that add up to it; a pool that gave more than it had rests nothing."""
    con = compiled.build(lake, BUSINESS_DATE, only=["int_pool_rests"])
    parts = "select sheet_no, row_no, sum(rested_fen)::bigint from int_pool_rests group by all"
    inflows = {(row["sheet_no"], row["row_no"]): row["amount_fen"] for row in lake["budget_allocations"]
               if row["kind"] in ("received", "own", "carry_in", "clawback_in")}  # fmt: skip
    inflows |= {(row["sheet_no"], row["row_no"]): -row["amount_fen"] for row in lake["treasury_payments"] if row["amount_fen"] < 0}
    assert {(sheet, row): fen for sheet, row, fen in con.execute(parts).fetchall()} == inflows
