"""Suites over a small city: a lead is a lead, a fault is a fault, and a technical error is neither."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import small_city
from small_city import BUSINESS_DATE, RULES, build, plant

from expectations.results import CheckResult, SuiteResult, verdict
from expectations.runner import run_suites
from expectations.suite_catalogue import Check, Suite, suite_catalogue
from onecard.words.errors import ConfigError, InternalFault, NotFound

CATALOGUE = suite_catalogue(known_rules=RULES)


def run(path: Path, *names: str) -> dict[str, CheckResult]:
    results = run_suites(path, BUSINESS_DATE, suites=names or None, catalogue=CATALOGUE, threads=1)
    return {f"{suite.name}.{check.name}": check for suite in results for check in suite.checks}


def not_passed(results: list[SuiteResult]) -> dict[str, str]:
    return {f"{suite.name}.{check.name}": check.status for suite in results for check in suite.checks if not check.passed}


def alone(check: str) -> Suite:
    """The suite of the joints with one of its checks, which is evaluated as it is among all of them, only sooner."""
    suite = next(suite for suite in CATALOGUE if suite.name == "conservation")
    return suite.model_copy(update={"checks": tuple(known for known in suite.checks if known.name == check)})


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("city") / "scratch.duckdb")


def test_a_clean_city_passes_everything(clean: Path) -> None:
    results = run_suites(clean, BUSINESS_DATE, catalogue=CATALOGUE)
    assert [(suite.name, check.name, check.note) for suite in results for check in suite.checks if not check.passed] == []
    assert verdict(results).publishable
    assert sum(len(suite.checks) for suite in results) > 90


def test_the_file_is_closed_afterwards_and_nothing_else_written(clean: Path) -> None:
    run(clean, "delays")
    with duckdb.connect(str(clean)) as con:  # fails while a read-only connection of this process is open
        assert con.execute("select count(*) from mart_payment").fetchall() == [(3,)]
    assert sorted(path.name for path in clean.parent.iterdir()) == [clean.name]


def test_a_finding_is_found_counted_and_never_refuses(tmp_path: Path) -> None:
    spoil = plant("EN01", "finding_en01_short", "张某某", 700, rows=2) + plant("EN01", "finding_en01_short", "李某某", 300)
    path = build(tmp_path / "s.duckdb", *spoil)
    results = run_suites(path, BUSINESS_DATE, catalogue=CATALOGUE)
    found = {check.name: check for suite in results for check in suite.checks if check.status != "passed"}
    assert list(found) == ["finding_en01_short"]
    check = found["finding_en01_short"]
    assert (check.status, check.observed, check.cases, check.fen, check.severity) == ("found", 3, 2, 1000, "high")
    assert verdict(results).publishable


def test_one_fen_refuses(tmp_path: Path) -> None:
    path = build(
        tmp_path / "s.duckdb", "update mart_conservation set right_fen = right_fen - 1, difference_fen = 1 where scope = 'credited'"
    )
    results = run_suites(path, BUSINESS_DATE, suites=["conservation"], catalogue=CATALOGUE)
    failed = [check for check in results[0].checks if not check.passed]
    assert [(check.name, check.status, check.fen) for check in failed] == [("j5_payroll", "failed", 1)]
    given = verdict(results)
    assert not given.publishable
    assert "J5" in given.reasons[0].zh


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        ("delete from mart_conservation where joint = 'J4'", "joints_all_present"),
        ("delete from mart_conservation", "joints_all_present"),
        ("update mart_conservation set difference_fen = null where joint = 'J2'", "joints_complete"),
        ("update mart_delivery set rows_quarantined = 1 where delivery_key = 5", "row_ledger_closed"),
        ("insert into mart_payment select * from mart_payment limit 1", "payment_once"),
        ("insert into mart_household select * from mart_household limit 1", "household_once"),
        ("insert into mart_fund_position select * from mart_fund_position", "fund_position_once"),
        ("insert into mart_document_match select * from mart_document_match", "document_line_once"),
        ("insert into mart_batch_match select * from mart_batch_match", "batch_once"),
        ("insert into mart_delivery select * from mart_delivery limit 1", "delivery_once"),
        ("update mart_conservation set difference_fen = 1 where scope = 'each inflow'", "j8_trace"),
        ("delete from mart_conservation where joint = 'J8'", "joints_all_present"),
        ("insert into mart_trace select * from mart_trace", "trace_once"),
        ("insert into mart_credit_origin select * from mart_credit_origin limit 1", "credit_origin_once"),
        ("update mart_credit_origin set amount_fen = 0 where row_no = 2", "credit_origin_positive"),
        ("insert into mart_stranded select * from mart_stranded", "stranded_once"),
        ("insert into mart_flow select * from mart_flow", "flow_once"),
        ("insert into mart_speed select * from mart_speed", "speed_once"),
        ("insert into mart_payment_document select * from mart_payment_document", "payment_document_once"),
        ("insert into mart_document_reach select * from mart_document_reach", "document_reach_once"),
        ("update mart_document_reach set at_most_fen = 89999", "document_reach_in_range"),
        ("update mart_trace set source_kind = 'strange'", "trace_source_known"),
        ("update mart_trace set method = 'strange'", "trace_method_known"),
        ("update mart_stranded set source_kind = 'strange'", "stranded_source_known"),
        ("update mart_stranded set place = 'strange'", "stranded_place_known"),
        ("update mart_stranded set age_band = 'strange'", "stranded_age_known"),
        ("update mart_payment set id_masked = '620102199001011234' where person_key = 104", "ids_masked"),
        ("update mart_payment set card_masked = '6230651234567890123' where person_key = 104", "cards_masked"),
        ("update mart_payment set name_masked = '王小明' where person_key = 104", "names_masked"),
        ("insert into mart_finding (finding_id, rule_code) values ('EN01:x', 'EN01')", "findings_have_evidence"),
        ("insert into mart_finding (finding_id, rule_code) values ('ZZ99:x', 'ZZ99')", "findings_have_rules"),
        ("update mart_fund_position set balance_fen = balance_fen + 1", "position_balances"),
        ("update mart_fund_position set level = 'village'", "fund_position_levels"),
        ("update mart_payment set status = 'strange'", "payment_status_known"),
        ("update mart_payment set card_holder = 'strange' where person_key = 104", "card_holder_known"),
        ("update mart_payment set programme_code = null where person_key = 104", "programme_present"),
    ],
)
def test_every_blocking_check_can_fail(tmp_path: Path, spoil: str, check: str) -> None:
    results = run_suites(build(tmp_path / "s.duckdb", spoil), BUSINESS_DATE, catalogue=[alone(check)], threads=1)
    assert [(item.name, item.status) for item in results[0].checks] == [(check, "failed")]
    assert not verdict(results).publishable


def test_rows_and_fen_missing_from_the_lake_refuse(tmp_path: Path) -> None:
    path = build(tmp_path / "s.duckdb", "delete from lake_rows where delivery_key = 5 and row_no = 4")
    results = run_suites(path, BUSINESS_DATE, suites=["source_bank_batches", "conservation"], catalogue=CATALOGUE)
    assert {name: status for name, status in not_passed(results).items() if name.startswith("source_")} == {
        "source_bank_batches.landed_rows_counted": "failed",
        "source_bank_batches.landed_fen_counted": "failed",
    }
    assert not verdict(results).publishable


def test_stale_and_future_data_warn_and_do_not_refuse(tmp_path: Path) -> None:
    path = build(
        tmp_path / "s.duckdb",
        "update stg_deliveries set received_at = timestamptz '2018-01-02 00:00:00+00' where source = 'payment_rolls'",
        "update stg_bank_batches set credited_on = date '2018-07-01' where row_no = 2",
    )
    results = run_suites(path, BUSINESS_DATE, catalogue=CATALOGUE)
    assert not_passed(results) == {
        "source_payment_rolls.deliveries_fresh": "failed",
        "source_bank_batches.credited_not_in_future": "failed",
    }
    assert verdict(results).publishable
    assert len(verdict(results).warnings) == 2


@pytest.mark.parametrize(
    ("spoil", "suite", "check", "named"),
    [
        ("drop table finding_en01_short", "entitlement", "finding_en01_short", ""),
        ("drop table mart_conservation", "conservation", "j1_level", "mart_conservation"),
        ("alter table mart_conservation drop column difference_fen", "conservation", "j5_payroll", "difference_fen"),
        ("alter table mart_payment drop column days_late", "delays", "days_late_in_range", "days_late"),
        ("alter table mart_payment alter entitled_fen type varchar using '王小明'", "entitlement", "entitled_not_negative", ""),
    ],
)
def test_a_technical_error_is_an_error(tmp_path: Path, spoil: str, suite: str, check: str, named: str) -> None:
    found = run(build(tmp_path / "s.duckdb", spoil), suite)[f"{suite}.{check}"]
    assert (found.status, found.cases, found.fen) == ("error", None, None)
    assert found.note
    assert named in found.note
    assert "王小明" not in found.note


def test_a_technical_error_refuses_only_where_something_blocks(tmp_path: Path) -> None:
    path = build(tmp_path / "s.duckdb", "drop table finding_en01_short", "alter table mart_payment drop column days_late")
    results = run_suites(path, BUSINESS_DATE, catalogue=CATALOGUE)
    given = verdict(results)
    assert given.publishable
    assert {reason.check for reason in given.warnings} == {"finding_en01_short", "days_late_in_range"}
    broken = run_suites(build(path, "drop table mart_rule"), BUSINESS_DATE, catalogue=CATALOGUE)
    assert not verdict(broken).publishable


def test_an_unknown_expectation_is_an_error_not_a_finding(clean: Path) -> None:
    check = Check(name="odd", title_zh="无", title_en="odd", table="mart_rule", expect="expect_the_unexpected", blocking=True)
    suite = Suite(name="odd", title_zh="无", title_en="odd", kind="gate", checks=(check,))
    results = run_suites(clean, BUSINESS_DATE, catalogue=[suite])
    assert results[0].checks[0].status == "error"
    assert not verdict(results).publishable


def test_no_checks_no_release() -> None:
    assert not verdict([]).publishable


def test_results_survive_json(clean: Path) -> None:
    import json

    results = run_suites(clean, BUSINESS_DATE, suites=["delays", "conservation"], catalogue=CATALOGUE)
    again = [SuiteResult.from_dict(json.loads(json.dumps(result.as_dict()))) for result in results]
    assert again == results


def test_unknown_suite_and_missing_file_are_said_plainly(clean: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        run_suites(clean, BUSINESS_DATE, suites=["no_such_suite"], catalogue=CATALOGUE)
    with pytest.raises(NotFound):
        run_suites(tmp_path / "none.duckdb", BUSINESS_DATE)
    (tmp_path / "broken.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(InternalFault):
        run_suites(tmp_path / "broken.duckdb", BUSINESS_DATE, catalogue=CATALOGUE)


def test_a_suite_no_file_describes_arises_from_its_rules(clean: Path) -> None:
    rules = {"XX01": small_city.rule("XX01", "finding_en01_short", "brand_new")}
    new = next(suite for suite in suite_catalogue(known_rules=rules) if suite.name == "brand_new")
    assert [check.rule for check in new.checks] == ["XX01"]
    assert run_suites(clean, BUSINESS_DATE, catalogue=[new])[0].checks[0].passed
    assert "policy" not in {suite.name for suite in CATALOGUE}, "a suite without checks is not shown"
    policy = suite_catalogue(known_rules={"PO01": small_city.rule("PO01", "finding_po01_notice", "policy")})
    assert "政策执行" in {suite.title_zh for suite in policy}


def test_a_wrong_suite_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text("name: odd\ntitle_zh: 无\ntitle_en: odd\nkind: strange\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        suite_catalogue(tmp_path, {})
    assert "odd.yml" in refused.value.where


def test_the_plain_dialect_still_needs_ours(clean: Path) -> None:
    """The reason for expectations/dialect.py: should this fail one day, the dialect can go."""
    from expectations.engine import great_expectations

    gx = great_expectations()
    source = gx.get_context(mode="ephemeral").data_sources.add_sql("plain", connection_string=f"duckdb:///{clean}", create_temp_table=False)
    batch = source.add_table_asset("rules", table_name="mart_rule").add_batch_definition_whole_table("all").get_batch()
    result = batch.validate(gx.expectations.ExpectTableRowCountToEqual(value=2))
    source.get_execution_engine().close()
    source.get_engine().dispose()
    assert not result.success
    assert "list index out of range" in str(result.exception_info)


def test_the_context_does_not_write_itself_down(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """See expectations/engine.py: the way in which it would is Great Expectations' own, and may change with a version."""
    from great_expectations.data_context.store import DataContextStore

    written = []
    monkeypatch.setattr(DataContextStore, "serialize", lambda store, value: written.append(value) or "")
    run(clean, "delays")
    assert len(written) <= 1  # when it is made


def test_import_does_not_end_the_process() -> None:
    """pyspark's Connect client ends a `python -c` with exit code 0 while it is imported; see expectations/engine.py."""
    code = "from expectations.engine import great_expectations as g; g(); print('alive')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "alive", done.stderr


def test_nothing_is_written_outside_and_nothing_is_sent(clean: Path, tmp_path: Path) -> None:
    """Great Expectations in a fresh home without a network: no file appears, no socket is opened."""
    code = """
import socket, sys, datetime as dt
from pathlib import Path
def refuse(*args, **kwargs):
    raise SystemExit("a socket was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from expectations.runner import run_suites
from expectations.suite_catalogue import suite_catalogue
results = run_suites(Path(sys.argv[1]), dt.date(2018, 6, 30), catalogue=suite_catalogue(known_rules={}))
print(sum(len(suite.checks) for suite in results))
"""
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(clean)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 90
    assert list(tmp_path.rglob("*")) == []
