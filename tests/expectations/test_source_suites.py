"""Suites of sources: the plain expectations that follow from a contract, and that none of the peculiar ones was lost."""

import pytest

from expectations.source_suites import source_suite
from expectations.suite_catalogue import Suite, suite_catalogue
from onecard.catalogue.sources import load_contracts

PLAIN = {
    "landed_rows_counted": ("high", True),
    "landed_fen_counted": ("high", True),
    "deliveries_fresh": ("warning", False),
    "delivered_on_time": ("warning", False),
    "mostly_landed": ("medium", False),
}
# Days within which a file must have come, whether money is counted, and what is peculiar with its severity.
SUITES = {
    "source_budget_allocations": (400, True, "doc_no_present high, amount_positive high, kind_known high, pool_known high, "
        "fund_source_known medium, year_plausible medium, issued_not_in_future medium, issuer_known high, receiver_known high, "
        "reporter_known high"),
    "source_treasury_payments": (62, True, "voucher_present high, payer_present high, payee_kind_known high, amount_not_zero medium, "
        "paid_not_in_future medium"),
    "source_payment_rolls": (62, True, "person_mostly_present medium, programme_present high, amount_not_negative medium, "
        "month_plausible medium, household_size_plausible warning"),
    "source_beneficiary_registers": (62, False, "person_present medium, household_present medium, programme_present high, "
        "start_plausible medium, approved_not_in_future medium"),
    "source_bank_batches": (62, True, "batch_present high, status_known high, failure_code_known medium, amount_positive medium, "
        "credited_not_in_future medium, card_mostly_present warning"),
    "source_card_accounts": (100, False, "card_present high, account_status_known medium, opened_not_in_future medium"),
    "source_card_withdrawals": (100, False, "card_present high, amount_positive medium, not_in_future medium"),
    "source_deaths": (100, False, "died_not_in_future medium, registered_after_death medium"),
    "source_staff_relatives": (400, False, "staff_present high, filing_known medium"),
}  # fmt: skip


def _suites() -> dict[str, Suite]:
    return {suite.name: suite for suite in suite_catalogue() if suite.kind == "source"}


@pytest.mark.parametrize("name", SUITES)
def test_no_check_of_a_source_was_lost(name: str) -> None:
    days, money, peculiar = SUITES[name]
    plain = {check: given for check, given in PLAIN.items() if money or check != "landed_fen_counted"}
    expected = [(check, *given) for check, given in plain.items()]
    expected += [(check, severity, False) for check, severity in (item.split() for item in peculiar.split(", "))]
    suite = _suites()[name]
    assert [(check.name, check.severity, check.blocking) for check in suite.checks] == expected
    fresh = next(check for check in suite.checks if check.name == "deliveries_fresh")
    assert fresh.args["min_value"] == f"{{business_date-{days} days}}" and str(days) in fresh.title_zh


def test_sources_come_in_the_order_of_the_moneys_way() -> None:
    assert [name for name in _suites() if name in SUITES] == list(SUITES)


def test_money_counted_is_that_of_the_lake() -> None:
    check = next(check for check in _suites()["source_bank_batches"].checks if check.name == "landed_fen_counted")
    assert check.query == (
        "select coalesce(deliveries.landed_fen, 0) as landed_fen, coalesce(counted.fen_counted, 0) as fen_counted "
        "from stg_deliveries as deliveries left join (select delivery_key, sum(amount_fen)::bigint as fen_counted "
        "from lake.bank_batches group by delivery_key) as counted on deliveries.delivery_key = counted.delivery_key "
        "where deliveries.source = 'bank_batches'"
    )
    assert check.fen == "sum(abs(landed_fen - fen_counted))"


def test_checks_of_a_contract_are_of_its_rows_in_force() -> None:
    contract = load_contracts()["deaths"]
    own = Suite.model_validate(source_suite(contract)).checks[-1]
    assert (own.name, own.table) == ("registered_after_death", "stg_deaths")
    asked = contract.model_copy(update={"checks": ({**contract.checks[0], "query": "select died_on from stg_deaths"},)})
    assert Suite.model_validate(source_suite(asked)).checks[-1].relation == "stg_deaths"
