"""dbt: from the lake to staging, intermediate, marts and findings, in the private scratch database of the run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, dbt_assets

from onecard.store.lake import attach
from onecard.words.errors import InternalFault
from onecard.words.language import Text
from onecard.words.safe_errors import guarded
from onecard.words.system_faults import errno_in, fault_of
from orchestration import progress
from orchestration.asset_metadata import metadata, scratch_figures
from orchestration.dbt import OnecardDbtTranslator, manifest, variables
from orchestration.resources import OnecardRun
from orchestration.runs import environment


@dbt_assets(manifest=manifest(), dagster_dbt_translator=OnecardDbtTranslator(), name="dbt")
def dbt_models(context: dg.AssetExecutionContext, onecard: OnecardRun, dbt: DbtCliResource) -> Iterator[Any]:
    with progress.stage("transform") as stage:
        events, run = _build(context, onecard, dbt)
        figures = scratch_figures(onecard.folder.scratch_db) if run.is_successful() else {}
        tests = data_tests(onecard.folder.scratch_db) if run.is_successful() else {}
        failed = [f"{name} ({failures})" for name, failures in tests.items() if failures] or _failed_nodes(run)
        stage.result = Text(f"{len(figures)} 张表", f"{len(figures)} tables")
    for event in events:
        name = _model_of(event)
        if isinstance(event, dg.Output) and name in figures:
            yield event.with_metadata({**(event.metadata or {}), **metadata(figures[name])})
        else:
            yield event
    for check in sorted(context.selected_asset_check_keys, key=lambda check: check.name):
        if check.name in tests:
            failures = tests[check.name]
            yield dg.AssetCheckResult(
                asset_key=check.asset_key, check_name=check.name, passed=failures == 0, metadata={"failures": failures}
            )
    if failed or not run.is_successful():
        if (number := _machine_errno(run)) is not None:
            raise fault_of(number, onecard.ws.home)
        log = onecard.folder.dbt_target / "dbt.log"
        raise InternalFault(
            code="OC-DBT-002",
            what=Text("建模未完成", "the dbt build did not succeed"),
            where="; ".join(failed) or str(onecard.folder.dbt_target),
            why=Text("上列模型或检验出错，未发布任何内容", "the models or tests named above failed; nothing was published"),
            remedy=Text(f"查看日志 {log}", f"see the log {log}"),
        )


def _build(context: dg.AssetExecutionContext, onecard: OnecardRun, dbt: DbtCliResource) -> tuple[list[Any], Any]:
    """Run dbt over the lake in a fresh scratch database; its events and the finished invocation."""
    folder, settings = onecard.folder, onecard.settings
    with guarded("attach lake"):
        folder.scratch_db.unlink(missing_ok=True)
        # dbt is a process of its own: this connection must be closed before it starts.
        with duckdb.connect(str(folder.scratch_db)) as con:
            attach(con, onecard.ws)
    with environment(
        ONECARD_SCRATCH_DB=str(folder.scratch_db),
        ONECARD_DUCKDB_THREADS=str(settings.duckdb_threads),
        ONECARD_DUCKDB_MEMORY_LIMIT=settings.duckdb_memory_limit,
        DBT_LOG_PATH=str(folder.dbt_target),
        # Writing each statement that dbt sends cost a quarter of its time; what failed and its SQL stand in log and target all the same.
        DBT_LOG_LEVEL_FILE="info",
    ):
        run = dbt.cli(
            ["build", "--exclude-resource-types", "unit_test", "test", "--vars", variables(onecard.business_date.isoformat())],
            context=context,
            raise_on_error=False,
            target_path=folder.dbt_target,
        )
        return list(run.stream()), run


def data_tests(scratch_db: Path) -> dict[str, int]:
    """How many rows fail each data test, by its name (macros/data_tests.sql)."""
    with duckdb.connect(str(scratch_db), read_only=True) as con:
        return dict(con.execute("select test, failures from data_tests order by test").fetchall())


def _failed_nodes(run: Any) -> list[str]:
    try:
        results = run.get_artifact("run_results.json")["results"]
    except Exception:
        return []
    return [f"{item['unique_id']} ({item['status']})" for item in results if item["status"] in ("error", "fail")]


def _machine_errno(run: Any) -> int | None:
    """What of the machine a failed model speaks of: a full disk shows itself here first, where DuckDB spills."""
    try:
        told = [str(item["message"]) for item in run.get_artifact("run_results.json")["results"] if item["status"] == "error"]
    except Exception:
        return None
    return next((number for text in told if (number := errno_in(text)) is not None), None)


def _model_of(event: Any) -> str | None:
    if not isinstance(event, dg.Output):
        return None
    unique_id = (event.metadata or {}).get("unique_id")
    value = getattr(unique_id, "value", unique_id)
    return str(value).split(".")[-1] if value else None
