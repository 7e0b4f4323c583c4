"""`onecard explain`: one rule, or the list of all."""

from typing import TYPE_CHECKING

import click

from onecard.words.language import Text, parted
from onecard_app.cli.context import AppContext, onecard_command

if TYPE_CHECKING:
    from onecard.catalogue.rules import Rule


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
        every = [known for _, known in sorted(rules().items())]
        if not app.out.result([known.model_dump() for known in every]):
            _list(app, every)
        return
    found = find_rule(rule)
    if not app.out.result(found.model_dump()):
        _explain(app, found)


def _list(app: AppContext, every: "list[Rule]") -> None:
    from expectations.suite_catalogue import suite_titles
    from onecard.catalogue.severity import TITLES

    suites = suite_titles()
    app.out.table(
        Text("规则", "Rules"),
        [Text("代码", "code"), Text("名称", "title"), Text("级别", "severity"), Text("套件", "suite")],
        [[rule.code, rule.title, TITLES[rule.severity], suites.get(rule.suite, rule.suite)] for rule in every],
        codes={0},
    )


def _explain(app: AppContext, rule: "Rule") -> None:
    from expectations.suite_catalogue import suite_titles
    from onecard.catalogue.rules import CONFIDENCE
    from onecard.catalogue.severity import TITLES

    app.out.say(f"[bold]{rule.code}[/] {app.out.words(rule.title)}")
    app.out.table(
        "",
        ["", ""],
        [
            [Text("查什么", "what it checks"), app.out.words(parted(rule.description), "\n")],
            [Text("治理重点", "directive"), rule.seed_phrase],
            [Text("依据", "legal basis"), rule.legal_basis],
            [Text("依据可信度", "confidence in the legal basis"), CONFIDENCE[rule.basis_confidence]],
            [Text("阈值", "threshold"), rule.thresholds],
            [Text("以何为据", "what it rests on"), app.out.words(rule.grounds, "\n")],
            [Text("级别", "severity"), TITLES[rule.severity]],
            [Text("套件", "suite"), suite_titles().get(rule.suite, rule.suite)],
            [Text("处理", "handler"), parted(rule.handler)],
            [Text("可能误报", "false alarms"), app.out.words(Text(rule.false_alarms_zh, rule.false_alarms_en), "\n")],
        ],
    )
