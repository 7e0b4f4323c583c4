"""Runs suites through Great Expectations over a finished database and says what came out, errors apart from data."""

import datetime as dt
import decimal
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from expectations.engine import RESULT_FORMAT, datasource, great_expectations
from expectations.results import CheckResult, Status, SuiteResult
from expectations.suite_catalogue import Check, Suite, suite_catalogue, with_dates
from onecard.catalogue.severity import IN_GREAT_EXPECTATIONS
from onecard.words.errors import NotFound
from onecard.words.language import Text, Words

# What may be quoted of an error: names from our own SQL. Everything else could hold a value of a row.
_NAMES_ONLY = [
    re.compile(r"Table with name (\w+) does not exist"),
    re.compile(r'The column "(\w+)" in BatchData does not exist'),
    re.compile(r'Referenced column "(\w+)" not found'),
    re.compile(r'Could not find table with name: "?(\w+)"?'),
]
_KIND = re.compile(r"\(?(?:_?duckdb\.)?(\w+(?:Exception|Error))\b")


def run_suites(
    database: Path,
    business_date: dt.date,
    *,
    suites: Iterable[str] | None = None,
    catalogue: Iterable[Suite] | None = None,
    threads: int = 2,
) -> list[SuiteResult]:
    """Evaluate suites (all of the catalogue, or those named) over the DuckDB file `database`, read-only.

    Never raises for what it meets in the data: an expectation that cannot be evaluated has status `error`. Nothing may hold the
    file open for writing meanwhile. Raises NotFound for a suite that does not exist or a missing file.
    """
    if not database.is_file():
        raise _unknown(database.name, Text("没有这个数据库文件", "no such database file"))
    known = list(suite_catalogue() if catalogue is None else catalogue)
    if suites is not None:
        wanted = list(suites)
        if missing := sorted(set(wanted) - {suite.name for suite in known}):
            raise _unknown(", ".join(missing), Text("没有这个校验套件", "no such suite"))
        known = [suite for suite in known if suite.name in wanted]
    with datasource(database, threads) as source:
        outcomes = [_run_suite(source, suite, business_date) for suite in known]
    with _connection(database, threads) as con:
        cases, not_judged = _cases(con), _not_judged(con)
        return [_result(con, suite, outcome, business_date, cases, not_judged) for suite, outcome in zip(known, outcomes, strict=True)]


def _unknown(where: str, what: Text) -> NotFound:
    why = Text("名称或路径有误", "the name or the path is wrong")
    return NotFound(code="OC-GX-002", what=what, where=where, why=why, remedy=Text("检查拼写", "check the spelling"))


def _connection(database: Path, threads: int) -> duckdb.DuckDBPyConnection:
    from expectations import dialect

    con = duckdb.connect(**dialect.connect_args(database, threads))
    con.execute(dialect.IN_SHANGHAI)
    return con


# --- evaluation -------------------------------------------------------------------------------------------------------

Outcome = tuple[Status, int | str | None, Words]


def _run_suite(source: Any, suite: Suite, business_date: dt.date) -> dict[str, Outcome]:
    """Outcome of each check by name. Checks over one relation are validated together: Great Expectations bundles their queries."""
    by_place: dict[tuple[str | None, str | None], list[Check]] = {}
    for check in suite.checks:
        by_place.setdefault((check.table, check.query), []).append(check)
    outcomes: dict[str, Outcome] = {}
    for number, checks in enumerate(by_place.values()):
        outcomes |= _run_place(source, f"{suite.name}_{number}", checks, business_date)
    return outcomes


def _run_place(source: Any, name: str, checks: list[Check], business_date: dt.date) -> dict[str, Outcome]:
    gx = great_expectations()
    outcomes: dict[str, Outcome] = {}
    expectations = []
    for check in checks:
        try:
            expectations.append(_expectation(check, business_date))
        except Exception as error:
            outcomes[check.name] = ("error", None, _without_values(error))
    if not expectations:
        return outcomes
    try:
        batch = _batch(source, name, checks[0], business_date)
        results = batch.validate(gx.ExpectationSuite(name=name, expectations=expectations), result_format=RESULT_FORMAT).results
    except Exception as error:
        return outcomes | {check.name: ("error", None, _without_values(error)) for check in checks if check.name not in outcomes}
    answered = {result.expectation_config.meta["onecard"]: _outcome(result) for result in results}
    for check in checks:
        if check.name not in outcomes:
            status, observed, note = answered.get(check.name, ("error", None, Text("没有结果", "no result")))
            outcomes[check.name] = ("found" if status == "failed" and check.rule else status, observed, note)
    return outcomes


def _expectation(check: Check, business_date: dt.date) -> Any:
    from great_expectations.expectations.registry import get_expectation_impl

    implementation = get_expectation_impl(check.expect)
    args = with_dates(check.args, business_date)
    return implementation(**args, meta={"onecard": check.name}, severity=IN_GREAT_EXPECTATIONS[check.severity])


def _batch(source: Any, name: str, check: Check, business_date: dt.date) -> Any:
    if check.table:
        asset = source.add_table_asset(name, table_name=check.table)
        return asset.add_batch_definition_whole_table(name).get_batch()
    asset = source.add_query_asset(name, query=with_dates(check.query, business_date))
    return asset.add_batch_definition_whole_table(name).get_batch()


def _outcome(result: Any) -> Outcome:
    """Status, observed figure and note of one validation result; `exception_info` is read before `success` is believed."""
    problem = _raised(result.exception_info or {})
    if problem is not None:
        return "error", None, _without_values(problem)
    content: Mapping[str, Any] = result.result or {}
    if "unexpected_count" in content:
        observed = _figure(content["unexpected_count"])
    elif "observed_value" in content:
        observed = _figure(content["observed_value"])
    elif not result.success:
        # Failed without having looked: that is no statement about the data.
        return "error", None, Text("没有观测值", "nothing was observed")
    else:
        observed = None
    return ("passed" if result.success else "failed"), observed, ""


def _raised(info: Mapping[str, Any]) -> str | None:
    """The message of an exception in `exception_info`, which is one record or one per metric; None if nothing was raised."""
    records = [info] if "raised_exception" in info else [record for record in info.values() if isinstance(record, Mapping)]
    raised = [record for record in records if record.get("raised_exception")]
    return " ".join(str(record.get("exception_message") or "exception") for record in raised) if raised else None


def _figure(value: Any) -> int | str | None:
    """A count, a sum or a day as plain data; lists and texts stay out, they could hold values of rows."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, decimal.Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return None


def _without_values(error: object) -> str:
    """What kind of error it was and which relation or column it names; never the message itself."""
    text = str(error)
    names = next((match[1] for pattern in _NAMES_ONLY if (match := pattern.search(text))), None)
    kind = _KIND.search(text)
    label = kind[1] if kind else type(error).__name__ if isinstance(error, BaseException) else "Error"
    return f"{label}: {names}" if names else label


# --- figures and results ----------------------------------------------------------------------------------------------


def _cases(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Findings and their fen per rule, from mart_finding (where each finding counts once, however many rows prove it)."""
    try:
        rows = con.execute("select rule_code, count(*), coalesce(sum(amount_fen), 0) from mart_finding group by rule_code").fetchall()
    except duckdb.Error:
        return {}
    return {code: (int(count), int(fen)) for code, count, fen in rows}


def _not_judged(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Cases per rule that rest on what was not read, from mart_not_judged."""
    try:
        rows = con.execute("select rule_code, sum(cases) from mart_not_judged where cases is not null group by rule_code").fetchall()
    except duckdb.Error:
        return {}
    return {code: int(count) for code, count in rows}


def _result(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    outcomes: Mapping[str, Outcome],
    day: dt.date,
    cases: Mapping[str, tuple[int, int]],
    not_judged: Mapping[str, int],
) -> SuiteResult:
    checks = []
    for check in suite.checks:
        status, observed, note = outcomes[check.name]
        count, fen = None, None
        if check.rule and status in ("passed", "found"):
            count, fen = cases.get(check.rule, (0, 0))
        elif status == "failed" and check.fen:
            fen = _fen(con, check, day)
        checks.append(
            CheckResult(
                name=check.name,
                title_zh=check.title_zh,
                title_en=check.title_en,
                expectation=check.expect,
                relation=check.relation,
                severity=check.severity,
                blocking=check.blocking,
                status=status,
                observed=observed,
                cases=count,
                not_judged=not_judged.get(check.rule, 0) if check.rule else None,
                fen=fen,
                note=note,
                rule=check.rule,
            )
        )
    return SuiteResult(suite.name, suite.title_zh, suite.title_en, suite.kind, tuple(checks))


def _fen(con: duckdb.DuckDBPyConnection, check: Check, day: dt.date) -> int | None:
    place = check.table or f"({with_dates(check.query, day)})"
    try:
        rows = con.execute(f"select cast({check.fen} as hugeint) from {place}").fetchall()
    except duckdb.Error:
        return None
    return int(rows[0][0]) if rows and rows[0][0] is not None else None
