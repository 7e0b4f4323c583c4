"""What is planted is found, to the row, and nothing else; a clean city has no findings."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from truth import PRIMARY, assert_told, planted_in

from onecard.catalogue.rules import rules

Build = Callable[[int, bool], tuple[duckdb.DuckDBPyConnection, Path]]
UNEQUAL = "select joint, scope, difference_fen from mart_conservation where difference_fen <> 0"


@pytest.mark.parametrize("seed", [pytest.param(4, marks=pytest.mark.xdist_group("city 4")), 5])
def test_rules_report_exactly_what_was_planted(built_city: Build, seed: int) -> None:
    con, city = built_city(seed, True)
    planted = planted_in(city)
    assert {rule for rule, *_ in planted} == set(rules())
    assert_told(con, planted)
    assert con.execute(UNEQUAL).fetchall() == []


def test_a_clean_city_has_no_findings(built_city: Build) -> None:
    con, _ = built_city(6, False)
    assert con.execute(PRIMARY).fetchall() == []
    assert con.execute("select count(*) from mart_finding").fetchall() == [(0,)]
    assert con.execute(UNEQUAL).fetchall() == []


@pytest.mark.xdist_group("city 4")
def test_every_finding_is_complete(built_city: Build) -> None:
    """Each has a place, a date or a money sum to go by, primary evidence, and one set of attributes."""
    con, _ = built_city(4, True)
    assert con.execute("select finding_id from mart_finding where division is null or case_count = 0").fetchall() == []
    assert con.execute("select finding_id from mart_finding where amount_fen < 0 or days < 0").fetchall() == []
    apart = "count(distinct (amount_fen, occurred_on, days, reason))"
    for rule in rules().values():
        constant = f"select finding_id from {rule.relation} group by finding_id having {apart} > 1"
        assert con.execute(constant).fetchall() == [], rule.code


@pytest.mark.xdist_group("city 4")
def test_what_a_finding_says_of_itself_belongs_together(built_city: Build) -> None:
    """Month and batch, township and village are those of one row, not of several."""
    con, _ = built_city(4, True)
    other_month = """
        select finding_id from mart_finding as findings
        inner join int_batches as batches on findings.bank_code = batches.bank_code and findings.batch_no = batches.batch_no
        where findings.rule_code <> 'FS03' and findings.payroll_month <> batches.payroll_month
    """
    assert con.execute(other_month).fetchall() == []
    nowhere = """
        select finding_id from mart_finding as findings
        where village is not null and not exists (
            select 1 from (
                select division, township, village from stg_payment_rolls
                union all select division, township, village from stg_beneficiary_registers
            ) as places
            where places.division = findings.division and places.township = findings.township and places.village = findings.village
        )
    """
    assert con.execute(nowhere).fetchall() == []
    assert con.execute("select count(*) > 20 from mart_finding where batch_no is not null and payroll_month is not null").fetchall() == [
        (True,)
    ]


@pytest.mark.xdist_group("city 4")
def test_members_paid_with_another_are_paid_in_their_household_by_nothing_of_their_own(built_city: Build) -> None:
    con, _ = built_city(4, True)
    [(members, households, sound)] = con.execute(
        """
        select count(*), count(distinct members.household_key), count(*) filter (
            where members.household_key = payees.household_key and members.credit_count = 0
                and payees.credit_count + payees.failed_count > 0 and payees.paid_with_key is null
                and members.card_key is not distinct from payees.card_key
        )
        from mart_payment as members
        left join mart_payment as payees
            on members.division = payees.division and members.programme_code = payees.programme_code
            and members.payroll_month = payees.payroll_month and members.paid_with_key = payees.person_key
        where members.paid_with_key is not null
        """
    ).fetchall()
    assert members == sound and members >= households > 20
