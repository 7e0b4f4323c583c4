"""Commands that change a workspace: simulate, receive, run."""

import datetime as dt
from pathlib import Path

import click

import simulation
from ingestion import receiving
from onecard.store.releases import current_release
from onecard_app.answers import status as summary
from onecard_app.cli import status_tables
from onecard_app.cli.app import Door, cli, json_option, pass_door
from onecard_app.cli.output import TerminalProgress
from orchestration import progress


@cli.command(
    epilog="""
\b
例 examples
  onecard simulate demo-city                     两县三个月，账目干净 two counties, three months, clean
  onecard simulate demo-city --plant --seed 7    植入已知问题及其答案 with known problems and their answers
  onecard simulate big --size county             约 150 万条回盘 about 1.5 million bank rows
"""
)
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--size", type=click.Choice(["tiny", "county", "city"]), default="tiny", show_default=True)
@click.option("--rows", type=click.IntRange(min=1), help="回盘行数，超出三种规模时用 bank rows, beyond the sizes")
@click.option("--seed", type=int, default=1, show_default=True, help="同一种子得同样的字节 same seed, same bytes")
@click.option("--plant", is_flag=True, help="植入已知问题 plant known problems, the truth beside them")
@json_option
@pass_door
def simulate(door: Door, out: Path, size: str, rows: int | None, seed: int, plant: bool) -> None:
    """模拟一座城市的真实样式文件 make a city whose files look like the real ones.

    Files go to OUT/inbox, the planted truth to OUT/truth (the pipeline never reads it).
    """
    made = simulation.simulate(out, size=size, seed=seed, plant=plant, rows=rows)
    if door.out.result(made.as_dict()):
        return
    door.out.table(
        f"模拟城市 simulated city: {out}",
        ["来源 source", "文件 files", "行 rows"],
        [[name, f"{figures['files']:,}", f"{figures['rows']:,}"] for name, figures in made.sources.items()],
        {1, 2},
    )
    if made.planted:
        planted = ", ".join(f"{rule} ×{count}" for rule, count in sorted(made.planted.items()))
        door.out.say(f"植入问题的证据行 planted, 行 rows of evidence: {planted}")
        door.out.say("[dim]几行合成一件疑点，运行后列的是件数 several rows make one finding; a run counts findings[/]")
    door.out.say(f"建议的业务日期 business date to use: [bold]{made.business_date}[/]")


@cli.command(
    epilog="""
\b
例 examples
  onecard receive 安定区2018年3月农村低保发放清册.xlsx
  onecard receive demo-city/inbox/*
  onecard receive 台账.xlsx --source budget_allocations --sender 621102 --period 201803
"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="来源，缺省按文件名和表头辨认 source; by file name and header when left out")
@click.option("--sender", help="发送方区划代码或银行代码 sender: division or bank code")
@click.option("--period", help="所属期 period: yyyymm or yyyy")
@click.option("--received-at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]), help="收到时间(北京时间) received at, Shanghai time")
@json_option
@pass_door
def receive(
    door: Door, files: tuple[Path, ...], source: str | None, sender: str | None, period: str | None, received_at: dt.datetime | None
) -> None:
    """收件 take files into the workspace; the same bytes twice are nothing new.

    A deliveries.csv among FILES states facts (source, sender, period, received_at) about the others. Without --received-at a file
    is received now, and a run for an earlier day does not know it.
    """
    from orchestration.runs import SHANGHAI

    moment = received_at.replace(tzinfo=SHANGHAI) if received_at else None
    door.ws.create()
    fault: receiving.PartlyReceived | None = None
    with door.ws.lock():
        try:
            received = receiving.receive(
                door.ws, door.settings, list(files), source=source, sender=sender, period=period, received_at=moment
            )
        except receiving.PartlyReceived as partly:
            received, fault = partly.received, partly
    if fault is not None and (door.out.as_json or not received):
        raise fault
    if door.out.result([item.as_dict() for item in received]):
        return
    new, reopened = sum(item.is_new for item in received), sum(item.is_reopened for item in received)
    door.out.say(f"收到 received {len(received)}: 新 new {new}, 重新受理 reopened {reopened}, 已有 known {len(received) - new - reopened}")
    if fault is not None:
        raise fault
    door.out.say(f"下一步 next: {door.command} run", markup=False)


@cli.command(
    epilog="""
\b
例 examples
  onecard run                           业务日期为今天(上海) for today in Shanghai
  onecard run --as-of 2018-06-30        只看到这一天为止收到的文件 only what was received by that day
"""
)
@click.option("--as-of", default="", help="业务日期 business date, YYYY-MM-DD [today in Asia/Shanghai]")
@json_option
@pass_door
def run(door: Door, as_of: str) -> None:
    """从收件箱到发布，一次跑完 inbox to published, reconciled release, in one go.

    Exit 0: published. 75: another run is at work. 76: the gate refused (the refused release is kept to look at).
    """
    from orchestration.execute import run_nightly
    from orchestration.runs import business_date

    business_date(as_of)  # a mistyped date is said before anything starts
    door.ws.create()
    with door.ws.lock():
        pass  # says who holds it before the slow start, the run takes it for good
    with progress.listening(TerminalProgress(door.out)):
        outcome = run_nightly(door.ws, as_of)
    path = Path(str(outcome["path"]))
    content = summary.answer(door.ws, path)
    if not door.out.result(content):
        status_tables.show(door.out, content)
        if not content["is_current"] and (current := current_release(door.ws)):
            door.out.say(
                f"current 仍是 still is {current.name}：业务日期更晚，读者所见不变 its business date is later, readers see what they saw"
            )
