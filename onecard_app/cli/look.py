"""Commands that only look: status, quarantine, explain, verify, doctor."""

from typing import Any

import click

from ingestion.quarantine import quarantine_report
from onecard.catalogue.rules import find_rule, rules
from onecard.store import releases
from onecard.words.errors import ConfigError, InputRefused
from onecard.words.money import format_yuan
from onecard_app.answers import status as summary
from onecard_app.answers.release_selection import choose_release
from onecard_app.cli import status_tables
from onecard_app.cli.app import Door, cli, json_option, pass_door


@cli.command(epilog="\b\n例 examples\n  onecard status\n  onecard status --json | jq .findings")
@click.option("--release", "release_id", help="某一发布，缺省为 current a release, `current` when left out")
@json_option
@pass_door
def status(door: Door, release_id: str | None) -> None:
    """当前发布的行数、资金、疑点 rows, money and findings of the current release."""
    path = choose_release(door.ws, release_id)
    content = summary.answer(door.ws, path)
    if not door.out.result(content):
        status_tables.show(door.out, content)


@cli.command(epilog="\b\n例 examples\n  onecard quarantine\n  onecard quarantine --json")
@json_option
@pass_door
def quarantine(door: Door) -> None:
    """被隔离的行和被拒的文件，及原因与办法 quarantined rows and refused files, why, and what to do."""
    report = quarantine_report(door.ws)
    if door.out.result(report):
        return
    door.out.table(
        "被拒的文件 refused files",
        ["文件 file", "原因 reason", "细节 detail", "办法 remedy"],
        [[item["file"], f"{item['why']} ({item['code']})", item["detail"], item["remedy"]] for item in report["files"]],
    )
    door.out.table(
        "隔离的行 quarantined rows",
        ["文件 file", "首行\nfirst", "字段 field", "原因、办法 reason, remedy", "行\nrows", "金额(元)\nyuan"],
        [
            [
                item["file"],
                item["first_row"],
                item["field"] or "—",
                f"{item['why']} ({item['reason']})\n→ {item['remedy']}",
                f"{item['rows']:,}",
                _known_yuan(item),
            ]
            for item in report["rows"]
        ],
        {1, 4, 5},
    )


def _known_yuan(item: dict[str, Any]) -> str:
    """The money of quarantined rows; — stands for what could not be read."""
    unknown = item["fen_unknown_rows"]
    if unknown == item["rows"]:
        return "—"
    return format_yuan(item["fen"]) + (f"\n+ {unknown:,} × —" if unknown else "")


@cli.command(epilog="\b\n例 examples\n  onecard explain            列出全部规则 list all rules\n  onecard explain FS02")
@click.argument("rule", required=False)
@json_option
@pass_door
def explain(door: Door, rule: str | None) -> None:
    """一条规则:查什么、依据、阈值、谁处理、何时会误报 a rule: what it checks, law, threshold, handler, false alarms."""
    known = rules()
    if rule is None:
        listing = [known[code].model_dump() for code in sorted(known)]
        if not door.out.result(listing):
            door.out.table(
                "规则 rules",
                ["代码 code", "名称 title", "级别 severity", "套件 suite"],
                [[item["code"], f"{item['title_zh']} {item['title_en']}", item["severity"], item["suite"]] for item in listing],
            )
        return
    found = find_rule(rule)
    if door.out.result(found.model_dump()):
        return
    facts = found.model_dump() | {"threshold": found.threshold_text}
    door.out.say(f"[bold]{found.code} {found.title_zh}[/]  {found.title_en}")
    labels = [
        ("查什么 what", "description"),
        ("治理重点 seed", "seed_phrase"),
        ("依据 legal basis", "legal_basis"),
        ("依据可信度 confidence", "basis_confidence"),
        ("阈值 threshold", "threshold"),
        ("级别 severity", "severity"),
        ("套件 suite", "suite"),
        ("处理 handler", "handler"),
        ("可能误报", "false_alarms_zh"),
        ("false alarms", "false_alarms_en"),
    ]
    door.out.table("", ["", ""], [[label, facts[name]] for label, name in labels])


@cli.command(epilog="\b\n例 examples\n  onecard verify\n  onecard verify 2018-06-30-0123456789ab")
@click.argument("release_id", required=False)
@json_option
@pass_door
def verify(door: Door, release_id: str | None) -> None:
    """核对发布:每个文件的哈希、行数、金额与勾稽 check every hash, count, sum and joint of a release against its manifest."""
    path = choose_release(door.ws, release_id)
    problems = releases.verify_release(path)
    if not door.out.result({"release": path.name, "sound": not problems, "problems": problems}):
        for problem in problems:
            door.out.say(f"[red]✗[/] {problem}")
        if not problems:
            door.out.say(f"[green]✓[/] {path.name}: 完好 sound")
    if problems:
        raise InputRefused(
            code="OC-REL-002",
            what="发布与清单不符 the release does not match its manifest",
            where=str(path),
            why=f"{len(problems)} 处不符 differences",
            remedy="不要使用;重新 onecard run do not use it; run again",
        )


@cli.command(epilog="\b\n例 examples\n  onecard doctor\n  onecard doctor --json")
@json_option
@pass_door
def doctor(door: Door) -> None:
    """体检:机器和工作区 look at machine and workspace and say what would go wrong."""
    from onecard_app.operations.doctor import examine

    looks = examine(door.ws, door.settings)
    if not door.out.result([look.as_dict() for look in looks]):
        marks = {"ok": "✓", "warn": "!", "fail": "✗"}
        door.out.table(
            "体检 doctor",
            ["", "项目 item", "情况 detail", "办法 remedy"],
            [[marks[look.state], look.name, look.detail, look.remedy] for look in looks],
        )
    failed = [look for look in looks if look.state == "fail"]
    if failed:
        raise ConfigError(
            code="OC-DOC-001",
            what="体检未通过 the examination failed",
            where=", ".join(look.name for look in failed),
            why="; ".join(look.detail for look in failed),
            remedy="; ".join(look.remedy for look in failed if look.remedy) or "见上表 see the table",
        )
