"""Inbox to landing to lake: every delivered row lands or is quarantined, in one transaction per run."""

from collections.abc import Iterator

import dagster as dg
import duckdb

import ingestion
from ingestion.lake import attach
from orchestration import progress
from orchestration.dbt import lake_tables
from orchestration.faults import guarded
from orchestration.figures import metadata, relation_figures
from orchestration.resources import OnecardRun

OWNERS = ["team:data-engineering"]


@dg.asset(
    key=["intake", "landing"],
    group_name="intake",
    owners=OWNERS,
    kinds={"file"},
    tags={"onecard/personal_data": "encrypted"},
    description="收件箱 → 登记入库 · files of the inbox, encrypted, never changed, known by their sha256",
)
def landing(onecard: OnecardRun) -> dg.MaterializeResult:
    with progress.stage("receive") as stage, guarded("receive"):
        received = ingestion.receive_inbox(onecard.ws, onecard.settings)
        stage.result = f"{sum(item.is_new for item in received)} 个新文件 new files"
    return dg.MaterializeResult(metadata={"files": len(received), "new": sum(1 for item in received if item.is_new)})


@dg.multi_asset(
    name="lake",
    specs=[
        dg.AssetSpec(
            key=["lake", table],
            deps=[landing],
            group_name="lake",
            owners=OWNERS,
            kinds={"deltalake", "arrow"},
            tags={"onecard/personal_data": "pseudonyms"},
            description=description,
        )
        for table, description in lake_tables().items()
    ],
)
def lake(context: dg.AssetExecutionContext, onecard: OnecardRun) -> Iterator[dg.MaterializeResult]:
    with progress.stage("ingest") as stage, guarded("ingest"):
        summary = ingestion.ingest(onecard.ws, onecard.settings, progress=stage.say)
        onecard.folder.save(onecard.folder.intake, summary.as_dict())
        figures = {}
        with duckdb.connect() as con:
            attach(con, onecard.ws)
            for table in lake_tables():
                figures[table] = relation_figures(con, f"lake.{table}")
        stage.result = f"{summary.files} 个文件 files, {len(summary.refused)} 个被拒 refused"
    for table in lake_tables():
        yield dg.MaterializeResult(asset_key=["lake", table], metadata=metadata(figures[table]))
