"""`onecard quarantine`: rejected files and quarantined rows, why, and what to do."""

from typing import Any

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command


@onecard_command(
    Text("被隔离的行和被拒的文件，及原因与办法", "Quarantined rows and rejected files, why, and what to do."),
    examples=(
        ("onecard quarantine", Text("列出全部", "List all.")),
        ("onecard quarantine --json", Text("给程序用", "For programs.")),
    ),
)
def command(app: AppContext) -> None:
    from ingestion.quarantine import quarantine_report

    report = quarantine_report(app.ws)
    if app.out.result(report):
        return
    app.out.table(
        Text("被拒的文件", "rejected files"),
        [Text("文件", "file"), Text("原因", "reason"), Text("细节", "detail"), Text("办法", "remedy")],
        [[item["file"], app.out.words(item["why"]) + f" ({item['code']})", item["detail"], item["remedy"]] for item in report["files"]],
    )
    app.out.table(
        Text("隔离的行", "quarantined rows"),
        [
            Text("文件", "file"), Text("首行", "first"), Text("字段", "field"), Text("原因、办法", "reason, remedy"), Text("行", "rows"),
            Text("金额（元）", "yuan"),
        ],
        [
            [
                item["file"],
                item["first_row"],
                app.out.words(item["column"]) or "—",
                f"{app.out.words(item['why'])} ({item['reason']})\n→ {app.out.words(item['remedy'])}",
                f"{item['rows']:,}",
                _known_yuan(item),
            ]
            for item in report["rows"]
        ],
        {1, 4, 5},
    )  # fmt: skip


def _known_yuan(item: dict[str, Any]) -> str:
    """The money of quarantined rows; — stands for what could not be read."""
    from onecard.words.money import format_yuan

    unknown = item["fen_unknown_rows"]
    if unknown == item["rows"]:
        return "—"
    return format_yuan(item["fen"]) + (f"\n+ {unknown:,} × —" if unknown else "")
