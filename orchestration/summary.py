"""What a person wants to know of a release at a glance: rows, money per level, findings per suite, and where it lies."""

from pathlib import Path
from typing import Any

import ingestion
from expectations.report_data import LEVELS, SOURCES, read_figures
from onecard import releases
from onecard.money import format_yuan
from onecard.release_checks import DATABASE
from onecard.rules import rules
from onecard.workspace import Workspace
from orchestration.cli.output import Output

MONEY = (
    ("in_fen", "收入\nin"),
    ("passed_down_fen", "下达\npassed down"),
    ("paid_fen", "拨付\npaid"),
    ("other_fen", "其他支出\nother"),
    ("balance_fen", "结存\nresting"),
)


def read(path: Path) -> dict[str, Any]:
    """The figures of a release folder; all money in fen. Raises NotFound when there is no such folder, InputRefused when it is damaged."""
    manifest = releases.stated_facts(path)
    with releases.read_release(path) as con:
        findings = con.execute(
            "select suite, rule_code, count(*), coalesce(sum(amount_fen), 0)::bigint from mart_finding group by all order by all"
        ).fetchall()
        stated = con.execute("select coalesce(sum(abs(difference_fen)), 0)::bigint, count(*) from mart_conservation").fetchall()[0]
    figures = read_figures(path.resolve() / DATABASE)
    return {
        "release": manifest["release_id"],
        "path": str(path.resolve()),
        "report": str(path.resolve() / "report.html"),
        "business_date": manifest["business_date"],
        "code_version": manifest["code_version"],
        "published": manifest["verdict"]["publishable"],
        "sources": [_source(row) for row in figures.sources or []],
        "levels": [_level(name, figures.levels[name]) for name in LEVELS if figures.levels and name in figures.levels],
        "joints": {"checked": stated[1], "difference_fen": stated[0]},
        "findings": [{"suite": suite, "rule": rule, "findings": count, "fen": fen} for suite, rule, count, fen in findings],
    }


def set_aside_notice(counts: dict[str, int]) -> str:
    """One line about files that are not in the figures; empty when there are none."""
    held, refused = counts["held_back"], counts["refused"]
    return f"⚠ {held} 份暂缓 held back, {refused} 份被拒 refused: onecard quarantine" if held or refused else ""


def _source(row: dict[str, Any]) -> dict[str, Any]:
    names = ("source", "deliveries", "rows_total", "rows_header", "rows_landed", "rows_quarantined", "landed_fen", "quarantined_fen")
    return {name: row[name] for name in names}


def _level(name: str, row: dict[str, Any]) -> dict[str, Any]:
    other = row["clawback_out_fen"] + row["diverted_fen"]
    return {"level": name, "other_fen": other, **{key: row[key] for key, _ in MONEY if key in row}, "overdrawn_fen": row["overdrawn_fen"]}


def answer(ws: Workspace, path: Path) -> dict[str, Any]:
    """The figures of a release, whether it is what readers see, and what of the workspace's files is in no release."""
    current = releases.current_release(ws)
    is_current = current is not None and current.resolve() == path.resolve()
    return read(path) | {"is_current": is_current, "set_aside": ingestion.set_aside(ws)}


def show(out: Output, content: dict[str, Any]) -> None:
    """Print the figures as tables."""
    out.table(
        "行 rows: 文件 = 表头 + 入湖 + 隔离  file = header + landed + quarantined",
        ["来源 source", "文件\nfiles", "行\nrows", "表头\nheader", "入湖\nlanded", "隔离\nquarantined", ""],
        [
            [
                SOURCES.get(row["source"], (row["source"], ""))[0],
                *(f"{row[name]:,}" for name in ("deliveries", "rows_total", "rows_header", "rows_landed", "rows_quarantined")),
                "✓" if row["rows_total"] == row["rows_header"] + row["rows_landed"] + row["rows_quarantined"] else "✗",
            ]
            for row in content["sources"]
        ],
        {1, 2, 3, 4, 5},
    )
    out.table(
        "资金(元) money in yuan: 收入 = 支出 + 结存  in = out + resting",
        ["级次 level", *(title for _, title in MONEY), ""],
        [
            [" ".join(LEVELS[row["level"]]), *(format_yuan(row[name]) for name, _ in MONEY), "✓" if _closes(row) else "✗"]
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
