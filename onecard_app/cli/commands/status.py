"""`onecard status`: rows, money and findings of a release."""

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command, option

RELEASE = Text("某一发布，缺省为 current", "a release or the beginning of its id; `current` when left out")


@onecard_command(
    Text("一个发布的行数、资金、疑点", "Rows, money and findings of a release."),
    examples=(
        ("onecard status", Text("当前发布", "The current release.")),
        ("onecard status --json | jq .findings", Text("给程序用", "For programs.")),
    ),
)
@option("--release", "release_id", help=RELEASE)
def command(app: AppContext, release_id: str | None) -> None:
    from onecard_app.answers import status
    from onecard_app.answers.release_selection import choose_release
    from onecard_app.cli.views import status as view

    content = status.answer(app.ws, choose_release(app.ws, release_id))
    if not app.out.result(content):
        view.show(app.out, content)
