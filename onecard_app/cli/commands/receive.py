"""`onecard receive`: take files into the workspace."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command, option

if TYPE_CHECKING:
    from ingestion.receiving import PartlyReceived


@onecard_command(
    Text("把文件收进工作区；同样的字节再来一次不算新件", "Take files into the workspace; the same bytes twice are nothing new."),
    notes=(
        Text(
            "FILES 中的 deliveries.csv 说明其他文件的来源、发送方、所属期和收到时间。不写 --received-at，收到时间就是此刻，更早业务日期的运行看不到它。",
            "A deliveries.csv among FILES states facts (source, sender, period, received_at) about the others. Without --received-at a "
            "file is received now, and a run for an earlier day does not know it.",
        ),
    ),
    examples=(
        ("onecard receive 安定区2018年3月农村低保发放清册.xlsx", Text("一个文件", "One file.")),
        ("onecard receive demo-city/inbox/*", Text("许多文件", "Many files.")),
        (
            "onecard receive 台账.xlsx --source budget_allocations --sender 621102 --period 201803",
            Text("文件名看不出来源时，写明", "State what the file's name does not tell."),
        ),
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--source", help=Text("来源，缺省按文件名和表头辨认", "source; by file name and header when left out"))
@option("--sender", help=Text("发送方：区划代码或银行代码", "sender: division or bank code"))
@option("--period", help=Text("所属期：yyyymm 或 yyyy", "period: yyyymm or yyyy"))
@option(
    "--received-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help=Text("收到时间（北京时间）", "when it was received, Shanghai time"),
)
def command(
    app: AppContext, files: tuple[Path, ...], source: str | None, sender: str | None, period: str | None, received_at: dt.datetime | None
) -> None:
    from ingestion import receiving
    from onecard.words.months import SHANGHAI

    moment = received_at.replace(tzinfo=SHANGHAI) if received_at else None
    app.ws.create()
    fault: PartlyReceived | None = None
    with app.ws.lock():
        try:
            received = receiving.receive(app.ws, app.settings, list(files), source=source, sender=sender, period=period, received_at=moment)
        except receiving.PartlyReceived as partly:
            received, fault = partly.received, partly
    if fault is not None and (app.out.as_json or not received):
        raise fault
    if app.out.result([item.as_dict() for item in received]):
        return
    new, again = sum(item.is_new for item in received), sum(item.is_reopened for item in received)
    known = len(received) - new - again
    app.out.say(
        Text(
            f"收到 {len(received)}：新 {new}，重新受理 {again}，已有 {known}",
            f"received {len(received)}: new {new}, re-queued {again}, known {known}",
        )
    )
    if fault is not None:
        raise fault
    app.out.fact(Text("下一步", "next"), f"{app.command} run", markup=False)
