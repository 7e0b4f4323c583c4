"""Inbox to landing to lake: every delivered row lands or is quarantined, in one transaction per run."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg
import duckdb

from ingestion import pipeline, quarantine, receiving
from onecard.catalogue.lake_tables import modelled_tables
from onecard.store.lake import Lake, attach, delivered_keys, read
from onecard.store.landing import landed
from onecard.words.errors import InputRefused
from onecard.words.language import Text
from onecard.words.months import SHANGHAI
from onecard.words.safe_errors import guarded
from orchestration import progress
from orchestration.asset_metadata import metadata, relation_figures
from orchestration.resources import OnecardRun
from orchestration.runs import end_of_day

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
        received = receiving.receive_inbox(onecard.ws, onecard.settings)
        new = sum(item.is_new for item in received)
        stage.result = Text(f"新文件 {new} 个", f"new files: {new}")
    return dg.MaterializeResult(metadata={"files": len(received), "new": new})


@dg.multi_asset(
    name="lake",
    specs=[
        dg.AssetSpec(
            key=["lake", name],
            deps=[landing],
            group_name="lake",
            owners=OWNERS,
            kinds={"deltalake", "arrow"},
            tags={"onecard/personal_data": "pseudonyms"},
            description=table.description,
        )
        for name, table in modelled_tables().items()
    ],
)
def lake(context: dg.AssetExecutionContext, onecard: OnecardRun) -> Iterator[dg.MaterializeResult]:
    with guarded("received by the day"):
        _check_received(onecard)
    with guarded("version of the lake"):
        if Lake(onecard.ws).is_outdated():
            files = len(delivered_keys(onecard.ws))
            progress.notice(
                Text(
                    f"! 读法已更新，{files} 份文件从原件重新读取",
                    f"! files are read by newer rules: {files} are read again from their originals",
                )
            )
    with progress.stage("ingest") as stage, guarded("ingest"):
        summary = pipeline.ingest(onecard.ws, onecard.settings, progress=stage.say)
        onecard.folder.save(onecard.folder.intake, summary.as_dict())
        figures = {}
        with duckdb.connect() as con:
            attach(con, onecard.ws)
            for table in modelled_tables():
                figures[table] = relation_figures(con, f"lake.{table}")
        files, refused = summary.files, len(summary.refused)
        stage.result = Text(f"文件 {files} 个，被拒 {refused} 个", f"files: {files}, rejected: {refused}")
    with guarded("known by the day"):
        notices = [_later_than(onecard), quarantine.set_aside_notice(quarantine.set_aside(onecard.ws))]
    for text in filter(None, notices):
        progress.notice(text)
        context.log.warning(str(text))
    for table in modelled_tables():
        yield dg.MaterializeResult(asset_key=["lake", table], metadata=metadata(figures[table]))


def _check_received(onecard: OnecardRun) -> None:
    """Before anything is read: raises InputRefused when nothing had been received by the business date."""
    end, day = end_of_day(onecard.business_date), onecard.business_date.isoformat()
    moments = sorted(dt.datetime.fromisoformat(delivery.received_at) for delivery in landed(onecard.ws))
    if not moments:
        raise InputRefused(
            code="OC-RUN-003",
            what=Text("还没有收到任何文件", "no file has been received yet"),
            where=f"--as-of {day}",
            why=Text("收件箱和落地区都是空的，或收件箱中的文件暂缓", "inbox and landing are empty, or the files in the inbox are on hold"),
            remedy=Text(
                "onecard receive 收文件；onecard quarantine 看暂缓的文件",
                "receive files with onecard receive; onecard quarantine shows what is on hold",
            ),
        )
    if moments[0] < end:
        return
    first = moments[0].astimezone(SHANGHAI)
    remedy = f"onecard run --as-of {first:%Y-%m-%d}" + Text("，或更晚的日期", ", or a later date")
    if not delivered_keys(onecard.ws):
        remedy += Text(
            "；或重新 receive 同样的文件，用 --received-at 或 deliveries.csv 写明实际收到时间",
            "; or receive the same files again, stating with --received-at or deliveries.csv when they were actually received",
        )
    raise InputRefused(
        code="OC-RUN-002",
        what=Text("截至业务日期没有收到任何文件", "no file was received by the business date"),
        where=f"--as-of {day}",
        why=Text(
            f"已收的 {len(moments)} 份文件都在之后收到，最早 {first:%Y-%m-%d %H:%M}（北京时间）",
            f"all that were received ({len(moments)}) came later, the first at {first:%Y-%m-%d %H:%M} (Shanghai time)",
        ),
        remedy=remedy,
    )


def _later_than(onecard: OnecardRun) -> Text:
    """What to say of files that came after the business date. Raises InputRefused when the lake holds no other."""
    end, day = end_of_day(onecard.business_date), onecard.business_date.isoformat()
    moments = read(onecard.ws, "deliveries", ["received_at"])["received_at"].to_pylist()
    later = sum(moment >= end for moment in moments)
    if later == len(moments):
        refused = quarantine.set_aside(onecard.ws)["refused"]
        raise InputRefused(
            code="OC-RUN-004",
            what=Text("截至业务日期收到的文件全部被拒", "every file received by the business date was rejected"),
            where=f"--as-of {day}",
            why=Text(f"被拒 {refused} 份，之后收到 {later} 份", f"{refused} rejected, {later} received later"),
            remedy=Text("onecard quarantine 列出原因和办法", "onecard quarantine shows why and what to do"),
        )
    if not later:
        return Text("", "")
    return Text(
        f"! {later} 份文件在业务日期（{day}）之后收到，不计入",
        f"! received after the business date ({day}) and not counted: {later}",
    )
