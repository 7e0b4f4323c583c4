"""The figures of a release as tables for the terminal."""

from typing import Any

from ingestion.quarantine import set_aside_notice
from onecard.catalogue.rules import rules
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import LEVELS, title
from onecard.catalogue.titles import MONEY as TITLES
from onecard.words.money import format_yuan
from onecard_app.answers.status import MONEY
from onecard_app.cli.output import Output


def show(out: Output, content: dict[str, Any]) -> None:
    """Print the figures as tables."""
    out.table(
        "行 rows: 文件 = 表头 + 入湖 + 隔离  file = header + landed + quarantined",
        ["来源 source", "文件\nfiles", "行\nrows", "表头\nheader", "入湖\nlanded", "隔离\nquarantined", ""],
        [
            [
                title(source_titles(), row["source"]).zh,
                *(f"{row[name]:,}" for name in ("deliveries", "rows_total", "rows_header", "rows_landed", "rows_quarantined")),
                "✓" if row["rows_total"] == row["rows_header"] + row["rows_landed"] + row["rows_quarantined"] else "✗",
            ]
            for row in content["sources"]
        ],
        {1, 2, 3, 4, 5},
    )
    out.table(
        "资金(元) money in yuan: 收入 = 支出 + 结余  in = out + balance",
        ["级次 level", *(TITLES[name].spoken("both", "\n") for name in MONEY), ""],
        [
            [str(title(LEVELS, row["level"])), *(format_yuan(row[name]) for name in MONEY), "✓" if _closes(row) else "✗"]
            for row in content["levels"]
        ],
        {1, 2, 3, 4, 5},
    )
    known = rules()
    out.table(
        "疑点 findings (线索，人核实后才是问题 leads until a person confirms them)",
        ["套件 suite", "规则 rule", "件\nfindings", "金额(元)\nyuan"],
        [
            [row["suite"], f"{row['rule']} {known[row['rule']].title_zh if row['rule'] in known else ''}", f"{row['findings']:,}",
             format_yuan(row["fen"])]
            for row in content["findings"]
        ] or [["—", "没有疑点 none", "0", "0.00"]],
        {2, 3},
    )  # fmt: skip
    joints = content["joints"]
    out.say(f"勾稽 joints J1–J6, J8: {joints['checked']} 项 checked, 差额 difference {format_yuan(joints['difference_fen'])} 元 yuan")
    if told := set_aside_notice(content["set_aside"]):
        out.say(f"[yellow]{told}[/]")
    out.say(f"业务日期 business date {content['business_date']}   发布 release [bold]{content['release']}[/]")
    out.say(f"所在 lies in  {content['path']}")
    out.say(f"报告 report   {content['report']}")


def _closes(row: dict[str, Any]) -> bool:
    return bool(row["in_fen"] == row["passed_down_fen"] + row["paid_fen"] + row["other_fen"] + row["balance_fen"])
