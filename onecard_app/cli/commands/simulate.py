"""`onecard simulate`: make a city whose files look like the real ones."""

from pathlib import Path

import click

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command, option


@onecard_command(
    Text("造一座城市，文件样式如真实报送", "Make a city whose files look like the real ones."),
    notes=(
        Text(
            "文件写到 OUT/inbox，植入问题的答案写到 OUT/truth（流程从不读取）。",
            "Files go to OUT/inbox, the planted truth to OUT/truth (the pipeline never reads it).",
        ),
    ),
    examples=(
        ("onecard simulate demo-city", Text("两县三个月，账目干净", "Two counties, three months, clean.")),
        ("onecard simulate demo-city --plant --seed 7", Text("植入已知问题及其答案", "With known problems and their answers.")),
        ("onecard simulate big --size county", Text("约 150 万条回盘", "About 1.5 million bank rows.")),
    ),
)
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@option("--size", type=click.Choice(["tiny", "county", "city"]), default="tiny", show_default=True, help=Text("规模", "size of the city"))
@option("--rows", type=click.IntRange(min=1), help=Text("回盘行数，三种规模不合用时", "bank rows, when none of the sizes fits"))
@option("--seed", type=int, default=1, show_default=True, help=Text("同一种子得同样的字节", "same seed, same bytes"))
@option("--plant", is_flag=True, help=Text("植入已知问题，答案另存", "plant known problems, the truth beside them"))
def command(app: AppContext, out: Path, size: str, rows: int | None, seed: int, plant: bool) -> None:
    import simulation

    made = simulation.simulate(out, size=size, seed=seed, plant=plant, rows=rows)
    if app.out.result(made.as_dict()):
        return
    app.out.table(
        f"{app.out.words(Text('模拟城市', 'simulated city'))}: {out}",
        [Text("来源", "source"), Text("文件", "files"), Text("行", "rows")],
        [[name, f"{figures['files']:,}", f"{figures['rows']:,}"] for name, figures in made.sources.items()],
        {1, 2},
    )
    if made.planted:
        planted = ", ".join(f"{rule} ×{count}" for rule, count in sorted(made.planted.items()))
        app.out.fact(Text("植入问题的证据行", "planted, rows of evidence"), planted)
        more = Text("几行合成一件疑点，运行后列的是件数", "several rows make one finding; a run counts findings")
        app.out.say(f"[dim]{app.out.words(more)}[/]")
    app.out.fact(Text("建议的业务日期", "business date to use"), f"[bold]{made.business_date}[/]")
