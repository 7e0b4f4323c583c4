"""The gate and the release: what passes becomes current by one rename, what does not is kept to be looked at."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb

from expectations.report import render_report
from expectations.results import SuiteResult, Verdict, verdict
from expectations.suite_catalogue import suite_catalogue
from ingestion.quarantine import RECOGNISED, quarantine_report
from onecard.store import answers, releases, verdicts
from onecard.store.vault import Vault
from onecard.words.errors import GateRefused
from onecard.words.language import SEMICOLON, Text, joined
from onecard.words.safe_errors import guarded
from orchestration import progress
from orchestration.resources import OnecardRun
from orchestration.runs import end_of_day

INPUTS = "select delivery_key, sha256, file_name, source, period, received_at from mart_delivery order by delivery_key"
REFUSED = ("sha256", "file", "received_at", *RECOGNISED)
MARTS = "select table_name from duckdb_tables() where table_name like 'mart\\_%' escape '\\' order by table_name"


@dg.asset(
    key=["publish", "release"],
    deps=[dg.AssetKey(["expectations", suite.name]) for suite in suite_catalogue()],
    group_name="publish",
    owners=["team:data-engineering", "team:audit"],
    kinds={"duckdb", "parquet"},
    tags={"onecard/personal_data": "pseudonyms"},
    description="闸门与发布 · the gate's verdict, the release (Parquet, DuckDB, report, manifest) and the pointer `current`",
    check_specs=[
        dg.AssetCheckSpec(
            "release_verifies",
            asset=["publish", "release"],
            description="发布的文件、行数、金额与清单一致 · every file, count and sum of the release is the manifest's",
        )
    ],
)
def release(onecard: OnecardRun) -> Iterator[dg.MaterializeResult]:
    with progress.stage("release") as stage, guarded("release"):
        results = [SuiteResult.from_dict(item) for item in onecard.folder.load(onecard.folder.results)]
        decision = verdict(results)
        release_id, figures = _write(onecard, results, decision)
        if not decision.publishable:
            raise _refused(release_id, decision)
        # A release that does not verify after it was written raises there: what comes this far has passed.
        path = releases.publish(onecard.ws, release_id, verified=True)
        stage.result = release_id
    onecard.finish()
    yield dg.MaterializeResult(
        metadata={"release_id": release_id, "path": dg.MetadataValue.path(str(path)), **figures},
        check_results=[dg.AssetCheckResult(passed=True, check_name="release_verifies", severity=dg.AssetCheckSeverity.ERROR)],
    )


def _write(onecard: OnecardRun, results: list[SuiteResult], decision: Verdict) -> tuple[str, dict[str, int]]:
    """Write the release (refused or not); its id, and its rows and deliveries for the asset's metadata."""
    end = end_of_day(onecard.business_date)
    quarantine = quarantine_report(onecard.ws, until=end)
    inputs, marts = _scratch_facts(onecard)
    facts: dict[str, Any] = {
        "business_date": onecard.business_date.isoformat(),
        "code_version": releases.code_version(),
        # A rejected file decides rows, too: what was recognised of it says what is not judged.
        "inputs": inputs + [{"refused": item["code"]} | {name: item.get(name) for name in REFUSED} for item in quarantine["files"]],
        # Pseudonyms follow from the vault's key, so the same files under another key are another release.
        # What people decided by that day changes findings: other verdicts, another release.
        "settings": {
            "vault": Vault(onecard.ws, onecard.settings).fingerprint,
            "verdicts": verdicts.fingerprint(onecard.ws, end),
            "delivery_answers": answers.fingerprint(onecard.ws),
        },
        "verdict": decision.as_dict(),
    }
    release_id = releases.make_release_id(
        onecard.business_date, inputs=facts["inputs"], code_version=facts["code_version"], settings=facts["settings"]
    )
    report = render_report(
        onecard.folder.scratch_db,
        results,
        decision,
        release_id=release_id,
        business_date=onecard.business_date,
        code_version=facts["code_version"],
        quarantine=quarantine,
    )
    path = releases.write_release(
        onecard.ws,
        onecard.folder.scratch_db,
        release_id=release_id,
        manifest_facts=facts,
        # The first column of a mart is its key; later columns only break ties.
        marts=[(mart, []) for mart in marts],
        extra_files={"report.html": report},
    )
    rows = {f"{name}_rows": table["rows"] for name, table in releases.read_manifest(path)["tables"].items()}
    return release_id, {"deliveries": len(inputs), "dagster/row_count": sum(rows.values()), **rows}


def _scratch_facts(onecard: OnecardRun) -> tuple[list[dict[str, Any]], list[str]]:
    """The deliveries that were known on the business date, and the names of the marts."""
    with duckdb.connect(str(onecard.folder.scratch_db), read_only=True) as con:
        rows = con.execute(INPUTS).fetchall()
        marts = [row[0] for row in con.execute(MARTS).fetchall()]
    inputs = [
        {
            "delivery_key": key,
            "sha256": sha256,
            "file": file_name,
            "source": source,
            "period": period,
            "received_at": received_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        }
        for key, sha256, file_name, source, period, received_at in rows
    ]
    return inputs, marts


def _refused(release_id: str, decision: Verdict) -> GateRefused:
    return GateRefused(
        code="OC-GATE-001",
        what=Text("闸门拒绝发布", "the gate rejected the release"),
        where=f"releases/refused-{release_id}",
        why=joined(SEMICOLON, (Text(reason.zh, reason.en) for reason in decision.reasons)),
        remedy=Text("查看该目录下的 report.html；current 未变", "read report.html in that directory; `current` is unchanged"),
    )
