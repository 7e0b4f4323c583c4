"""Inbox to landing to lake: every delivered row lands or is quarantined, in one transaction per run."""

from collections.abc import Iterator

import dagster as dg
import duckdb

import ingestion
from ingestion.lake import attach
from orchestration import progress
from orchestration.faults import guarded
from orchestration.figures import metadata, relation_figures
from orchestration.resources import OnecardRun

OWNERS = ["team:data-engineering"]
LAKE_TABLES = {
    "budget_allocations": "四级财政指标文明细 · allocation documents of four levels of government, one row per line",
    "treasury_payments": "县级国库集中支付凭证 · payments of the county treasuries to the agent banks",
    "payment_rolls": "发放清册 · who is to be paid how much for which month",
    "beneficiary_registers": "救助对象花名册 · who is entitled, from when to when",
    "bank_batches": "代发银行回盘明细 · each line of a batch, credited or failed",
    "bank_batch_controls": "代发批次首尾记录 · header and trailer of each batch",
    "card_accounts": "一卡通账户清单 · the cards and who holds them",
    "deliveries": "送达登记 · one row per delivered file with its row ledger",
    "delivery_sheets": "工作表名 · sheet names of delivered workbooks",
    "persons": "人员(假名) · pseudonym, mask and validity of every ID",
    "names": "姓名(假名) · pseudonym and mask of every name",
    "cards": "卡号(假名) · pseudonym and last four digits of every card",
    "name_comparisons": "姓名比对 · graded comparison of names that met on one ID or card",
}


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
        for table, description in LAKE_TABLES.items()
    ],
)
def lake(context: dg.AssetExecutionContext, onecard: OnecardRun) -> Iterator[dg.MaterializeResult]:
    with progress.stage("ingest") as stage, guarded("ingest"):
        summary = ingestion.ingest(onecard.ws, onecard.settings, progress=stage.say)
        onecard.folder.save(onecard.folder.intake, summary.as_dict())
        figures = {}
        with duckdb.connect() as con:
            attach(con, onecard.ws)
            for table in LAKE_TABLES:
                figures[table] = relation_figures(con, f"lake.{table}")
        stage.result = f"{summary.files} 个文件 files, {len(summary.refused)} 个被拒 refused"
    for table in LAKE_TABLES:
        yield dg.MaterializeResult(asset_key=["lake", table], metadata=metadata(figures[table]))
