"""The figures of a release as tables for the terminal."""

from itertools import groupby
from typing import Any

from expectations.suite_catalogue import suite_titles
from ingestion.quarantine import set_aside_notice
from onecard.catalogue.rules import rules
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import COMPLETENESS, GAPS, LEVELS, title
from onecard.catalogue.titles import MONEY as TITLES
from onecard.words.language import Text, Words, joined
from onecard.words.money import format_yuan
from onecard_app.answers.names import bank_name, programme_name
from onecard_app.answers.status import MONEY
from onecard_app.cli.output import Output
from onecard_app.cli.views.deliveries import show_open

# Gaps listed one by one; all of them are in the JSON.
_SHOWN = 20


def show(out: Output, content: dict[str, Any]) -> None:
    """Print the figures as tables."""
    _rows(out, content["sources"])
    _money(out, content["levels"])
    _findings(out, content["findings"])
    _not_judged(out, content["not_judged"])
    _incomplete(out, content["incomplete"], content["expected"])
    joints = content["joints"]
    checked, difference = f"{joints['checked']:,}", format_yuan(joints["difference_fen"])
    out.say(
        Text(
            f"勾稽 J1–J6、J8：核对 {checked} 项，差额 {difference} 元",
            f"joints J1–J6, J8: {checked} checked, difference {difference} yuan",
        )
    )
    if told := set_aside_notice(content["set_aside"]):
        out.say(f"[yellow]{out.words(told)}[/]")
    show_open(out, content["questions"])
    out.fact(Text("业务日期", "business date"), content["business_date"])
    out.fact(Text("发布", "release"), f"[bold]{content['release']}[/]")
    out.fact(Text("位置", "folder"), content["path"], markup=False)
    out.fact(Text("报告", "report"), content["report"], markup=False)


def _rows(out: Output, sources: list[dict[str, Any]]) -> None:
    names = ("deliveries", "rows_total", "rows_header", "rows_landed", "rows_quarantined")
    out.table(
        Text("行数：文件 = 表头 + 入湖 + 隔离", "Rows: file = header + landed + quarantined"),
        [
            Text("来源", "source"), Text("文件", "files"), Text("行", "rows"), Text("表头", "header"), Text("入湖", "landed"),
            Text("隔离", "quarantined"), "",
        ],
        [
            [title(source_titles(), row["source"]), *(f"{row[name]:,}" for name in names),
             "✓" if row["rows_total"] == row["rows_header"] + row["rows_landed"] + row["rows_quarantined"] else "✗"]
            for row in sources
        ],
        {1, 2, 3, 4, 5},
    )  # fmt: skip


def _money(out: Output, levels: list[dict[str, Any]]) -> None:
    out.table(
        Text("资金（元，各年合计，结转只算一次）：收入 = 支出 + 结余", "Money (yuan, all years, carried over once): in = out + balance"),
        [Text("级次", "level"), *(TITLES[name] for name in MONEY), ""],
        [[title(LEVELS, row["level"]), *(format_yuan(row[name]) for name in MONEY), "✓" if _closes(row) else "✗"] for row in levels],
        {1, 2, 3, 4, 5},
    )


def _findings(out: Output, findings: list[dict[str, Any]]) -> None:
    """Rules below the title of their suite."""
    known, suites = rules(), suite_titles()
    rows: list[list[Any]] = []
    for suite, of_suite in groupby(findings, key=lambda row: row["suite"]):
        rows.append(["", suites.get(suite, suite), "", ""])
        for row in of_suite:
            title_of_rule = known[row["rule"]].title if row["rule"] in known else ""
            rows.append([row["rule"], title_of_rule, f"{row['findings']:,}", format_yuan(row["fen"])])
    out.table(
        Text("疑点（线索，人核实后才是问题）", "Findings (leads until a person confirms them)"),
        [Text("规则", "rule"), Text("套件、名称", "suite, title"), Text("件", "findings"), Text("金额（元）", "yuan")],
        rows or [["—", Text("没有疑点", "none"), "0", "0.00"]],
        {2, 3},
        {0},
    )


def _not_judged(out: Output, rows: list[dict[str, Any]]) -> None:
    """What rules could not judge, and for want of what."""
    if not rows:
        return
    out.table(
        Text("未判定（缺所依据的文件，不是疑点）", "Not judged for want of a file (no findings)"),
        [Text("规则", "rule"), Text("缺什么", "missing evidence"), Text("件", "cases"), Text("金额（元）", "yuan")],
        [
            [
                row["rule_code"],
                title(source_titles(), row["source"]) + Text("：", ": ") + title(GAPS, row["cause"]),
                "?" if row["cases"] is None else f"{row['cases']:,}",
                "" if row["fen"] is None else format_yuan(row["fen"]),
            ]
            for row in rows
        ],
        {2, 3},
        {0},
    )


def _incomplete(out: Output, rows: list[dict[str, Any]], expected: int | None) -> None:
    """What was expected and did not come, or not whole: from whom, of what, and since when it is due."""
    if not rows:
        if expected:
            out.say(Text(f"报送完整性：{expected:,} 项全部完整", f"completeness: all {expected:,} expected deliveries are whole"))
        return
    out.table(
        Text("报送完整性：缺口", "Completeness: what is missing"),
        [
            Text("来源", "source"), Text("单位", "sender"), Text("项目", "programme"), Text("月份", "month"), Text("状态", "state"),
            Text("逾期", "overdue"),
        ],
        [
            [
                title(source_titles(), row["source"]),
                _sender(row),
                programme_name(row["programme_code"]) if row["programme_code"] else "",
                row["month"] or "",
                title(COMPLETENESS, row["state"]),
                _overdue(row),
            ]
            for row in rows[:_SHOWN]
        ],
    )  # fmt: skip
    if len(rows) > _SHOWN:
        more = len(rows) - _SHOWN
        out.say(Text(f"另有 {more:,} 项：--json，或 mart_completeness", f"{more:,} more: --json, or mart_completeness"))


def _sender(row: dict[str, Any]) -> Words:
    bank = bank_name(row["bank_code"]) if row["bank_code"] else ""
    return joined(" ", filter(None, (row["division_name"], bank)))


def _overdue(row: dict[str, Any]) -> Words:
    """How late it is; nothing where it is not, or where no day is known by which it should come."""
    days = row["days_late"]
    return Text(f"{days:,} 天", f"{days:,} {'day' if days == 1 else 'days'}") if days else ""


def _closes(row: dict[str, Any]) -> bool:
    return bool(row["in_fen"] == row["passed_down_fen"] + row["paid_fen"] + row["other_fen"] + row["balance_fen"])
