"""The unit tests of dbt: what the reconciling models make of a handful of rows."""

from collections import Counter

import pytest
from city import Built

pytestmark = pytest.mark.xdist_group("dbt")

# Models with rules of their own in them; the others rename, count or join.
RECONCILING = {
    "stg_known_deliveries",
    "int_line_rolls",
    "int_credit_lines",
    "int_joint_rolls",
    "int_failed_lines",
    "int_pool_rests",
    "mart_fund_position",
    "mart_document_match",
    "mart_batch_match",
    "mart_payment",
    "mart_household",
    "mart_conservation",
}


def test_every_unit_test_ran_and_passed(built: Built) -> None:
    declared = built.manifest["unit_tests"]
    ran = {result["unique_id"]: result["status"] for result in built.results if result["unique_id"].startswith("unit_test.")}
    assert ran.keys() == declared.keys()
    assert set(ran.values()) == {"pass"}
    assert {test["model"] for test in declared.values()} >= RECONCILING


def test_an_empty_lake_builds_and_its_tests_pass(built: Built) -> None:
    kinds = Counter(result["unique_id"].split(".")[0] for result in built.results)
    assert {"seed", "model", "test", "unit_test"} <= kinds.keys()
    assert {result["status"] for result in built.results} == {"success", "pass"}
