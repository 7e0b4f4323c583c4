"""`onecard diff`: what changed between two releases."""

import click

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command


@onecard_command(
    Text(
        "两个发布之间变了什么：文件、发放、资金、疑点，因为哪些文件",
        "What changed from one release to another, and by which files.",
    ),
    examples=(
        ("onecard diff 2018-03-31 current", Text("两个发布，写出编号开头即可", "Two releases; the beginning of an id will do.")),
        (
            "onecard diff 2018-03-31 current --json | jq '.findings[] | select(.change == \"opened\")'",
            Text("新增的疑点，给程序用", "Findings that were opened, for programs."),
        ),
    ),
)
@click.argument("before")
@click.argument("after")
def command(app: AppContext, before: str, after: str) -> None:
    from onecard_app.answers import diff
    from onecard_app.answers.release_selection import choose_release
    from onecard_app.cli.views import diff as view

    content = diff.compare(choose_release(app.ws, before), choose_release(app.ws, after))
    if not app.out.result(content):
        view.show(app.out, content)
