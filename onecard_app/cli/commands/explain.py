"""`onecard explain`: one rule, or the list of all."""

import click

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command


@onecard_command(
    Text("一条规则：查什么、依据、阈值、谁处理、何时会误报", "A rule: what it checks, law, threshold, handler, false alarms."),
    examples=(
        ("onecard explain", Text("列出全部规则", "List all rules.")),
        ("onecard explain FS02", Text("一条规则", "One rule.")),
    ),
)
@click.argument("rule", required=False)
def command(app: AppContext, rule: str | None) -> None:
    from onecard.catalogue.rules import find_rule, rules

    if rule is None:
        listing = [known.model_dump() for _, known in sorted(rules().items())]
        if not app.out.result(listing):
            app.out.table(
                Text("规则", "rules"),
                [Text("代码", "code"), Text("名称", "title"), Text("级别", "severity"), Text("套件", "suite")],
                [[item["code"], Text(item["title_zh"], item["title_en"]), item["severity"], item["suite"]] for item in listing],
            )
        return
    found = find_rule(rule)
    if app.out.result(found.model_dump()):
        return
    app.out.say(f"[bold]{found.code}[/] " + app.out.words(Text(found.title_zh, found.title_en)))
    facts = found.model_dump() | {"threshold": found.threshold_text}
    rows: list[list[object]] = [
        [label, facts[name]]
        for label, name in (
            (Text("查什么", "what"), "description"),
            (Text("治理重点", "directive"), "seed_phrase"),
            (Text("依据", "legal basis"), "legal_basis"),
            (Text("依据可信度", "confidence"), "basis_confidence"),
            (Text("阈值", "threshold"), "threshold"),
            (Text("级别", "severity"), "severity"),
            (Text("套件", "suite"), "suite"),
            (Text("处理", "handler"), "handler"),
        )
    ]
    if app.language != "en":
        rows.append(["可能误报", found.false_alarms_zh])
    if app.language != "zh":
        rows.append(["false alarms", found.false_alarms_en])
    app.out.table("", ["", ""], rows)
