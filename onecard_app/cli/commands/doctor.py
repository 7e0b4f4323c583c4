"""`onecard doctor`: look at machine and workspace before a night finds out."""

from onecard.words.language import Text, joined
from onecard_app.cli.context import AppContext, onecard_command


@onecard_command(
    Text("体检：机器和工作区会在哪里出错", "Look at machine and workspace and say what would go wrong."),
    examples=(
        ("onecard doctor", Text("列出各项", "List every look.")),
        ("onecard doctor --json", Text("给程序用", "For programs.")),
    ),
)
def command(app: AppContext) -> None:
    from onecard.words.errors import ConfigError
    from onecard_app.operations.doctor import examine

    looks = examine(app.ws, app.settings)
    if not app.out.result([look.as_dict() for look in looks]):
        marks = {"ok": "✓", "warn": "!", "fail": "✗"}
        app.out.table(
            Text("体检", "doctor"),
            ["", Text("项目", "item"), Text("情况", "detail"), Text("办法", "remedy")],
            [[marks[look.state], look.name, look.detail, look.remedy] for look in looks],
        )
    failed = [look for look in looks if look.state == "fail"]
    if failed:
        raise ConfigError(
            code="OC-DOC-001",
            what=Text("体检未通过", "the examination failed"),
            where=joined(", ", (look.name for look in failed)),
            why=joined("; ", (look.detail for look in failed)),
            remedy=joined("; ", (look.remedy for look in failed if look.remedy)) or Text("见上表", "see the table"),
        )
