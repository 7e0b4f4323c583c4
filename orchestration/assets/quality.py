"""Great Expectations over the lake and the marts: each suite an asset, each expectation an asset check with its severity."""

from collections.abc import Iterator

import dagster as dg

from expectations.results import SuiteResult
from expectations.runner import run_suites
from expectations.suite_catalogue import suite_catalogue
from onecard.words.language import Text
from onecard.words.safe_errors import guarded
from orchestration import progress
from orchestration.resources import OnecardRun

SEVERITY = {"found": dg.AssetCheckSeverity.WARN, "failed": dg.AssetCheckSeverity.ERROR, "error": dg.AssetCheckSeverity.ERROR}


def _key(suite: str) -> dg.AssetKey:
    return dg.AssetKey(["expectations", suite])


@dg.multi_asset(
    name="expectations",
    specs=[
        dg.AssetSpec(
            key=_key(suite.name),
            deps=[dg.AssetKey(["mart_conservation"]), dg.AssetKey(["mart_finding"]), dg.AssetKey(["mart_finding_evidence"])],
            group_name="expectations",
            owners=["team:audit"],
            kinds={"greatexpectations"},
            tags={"onecard/personal_data": "none"},
            description=f"{suite.title_zh} · {suite.title_en}",
        )
        for suite in suite_catalogue()
    ],
    check_specs=[
        dg.AssetCheckSpec(check.name, asset=_key(suite.name), description=f"{check.title_zh} · {check.title_en}")
        for suite in suite_catalogue()
        for check in suite.checks
    ],
)
def suites(context: dg.AssetExecutionContext, onecard: OnecardRun) -> Iterator[dg.MaterializeResult]:
    with progress.stage("expectations") as stage, guarded("expectations"):
        results = run_suites(onecard.folder.scratch_db, onecard.business_date)
        onecard.folder.save(onecard.folder.results, [result.as_dict() for result in results])
        found = sum(1 for result in results for check in result.checks if check.status == "found")
        count = sum(len(result.checks) for result in results)
        stage.result = Text(f"{count} 项检查，{found} 类有疑点", f"{count} checks, {found} with findings")
    for result in results:
        yield dg.MaterializeResult(asset_key=_key(result.name), check_results=_check_results(result))


def _check_results(result: SuiteResult) -> list[dg.AssetCheckResult]:
    return [
        dg.AssetCheckResult(
            asset_key=_key(result.name),
            check_name=check.name,
            passed=check.status == "passed",
            severity=SEVERITY.get(check.status, dg.AssetCheckSeverity.WARN),
            metadata={"status": check.status, "observed": check.observed, "fen": check.fen, "note": str(check.note)},
        )
        for check in result.checks
    ]
