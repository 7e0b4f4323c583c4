"""`onecard verify`: a release held against its manifest."""

import click

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command


@onecard_command(
    Text(
        "按清单核对一个发布：每个文件的哈希、行数、金额与勾稽",
        "Check every hash, count, sum and joint of a release against its manifest.",
    ),
    examples=(
        ("onecard verify", Text("当前发布", "The current release.")),
        ("onecard verify 2018-06-30-0123456789ab", Text("某一发布", "One release.")),
    ),
)
@click.argument("release_id", required=False)
def command(app: AppContext, release_id: str | None) -> None:
    from onecard.store.releases import verify_release
    from onecard.words.errors import InputRefused
    from onecard_app.answers.release_selection import choose_release

    path = choose_release(app.ws, release_id)
    problems = verify_release(path)
    if not app.out.result({"release": path.name, "sound": not problems, "problems": problems}):
        for problem in problems:
            app.out.say(f"[red]✗[/] {app.out.words(problem)}")
        if not problems:
            app.out.say(f"[green]✓[/] {path.name}: " + app.out.words(Text("完好", "sound")))
    if problems:
        raise InputRefused(
            code="OC-REL-002",
            what=Text("发布与清单不符", "the release does not match its manifest"),
            where=str(path),
            why=Text(f"{len(problems)} 处不符", f"{len(problems)} differences"),
            remedy=Text("不要使用；重新 onecard run", "do not use it; onecard run again"),
        )
