"""The differences of two releases as tables for the terminal."""

from onecard.catalogue.rules import rules
from onecard.catalogue.titles import CHANGES, LEVELS, MONEY, PLACES, both
from onecard.words.money import format_yuan
from onecard_app.answers.diff import LEVEL_MONEY, Row
from onecard_app.answers.trace import programme_name
from onecard_app.cli.output import Output

# Files shown one by one; JSON holds all.
SHOWN = 15


def show(out: Output, content: Row) -> None:
    """Print the differences."""
    sides = [content[side] for side in ("before", "after")]
    out.say(" → ".join(f"[bold]{side['release_id']}[/] ({side['business_date']})" for side in sides))
    if not content["same_code"]:
        versions = " → ".join(side["code_version"] for side in sides)
        out.say(f"[yellow]![/] 程序版本不同，差异可能由程序引起 the code differs, too: {versions}")
    if not content["same_keys"]:
        out.say("[yellow]![/] 保险库钥匙不同，人和疑点无法逐条对应 other vault keys: persons and findings cannot be matched")
    out.say("")
    _files(out, content["deliveries"])
    _table(
        out,
        "发放 payments: 新增、消失、更正 added, gone, corrected (元 yuan)",
        ["项目 programme", "月份\nmonth", "新增\nadded", "消失\ngone", "更正\ncorrected", "应发\nentitled", "实发\ncredited"],
        [
            [programme_name(row["programme_code"]), row["payroll_month"], *(f"{row[name]:,}" for name in ("added", "gone", "corrected")),
             _signed(row["entitled_moved_fen"]), _signed(row["credited_moved_fen"])]
            for row in content["payments"]
        ],
    )  # fmt: skip
    _table(
        out,
        "各级资金的变动 money moved per level (元 yuan)",
        ["级次 level", *(MONEY[name].spoken("both", "\n") for name in LEVEL_MONEY)],
        [
            [both(LEVELS, row["level"]), *(_signed(row[name.replace("_fen", "_moved_fen")]) for name in LEVEL_MONEY)]
            for row in sorted(
                content["levels"], key=lambda row: list(LEVELS).index(row["level"]) if row["level"] in LEVELS else len(LEVELS)
            )
        ],
    )
    if content["resting"] is None:
        out.say("[dim]停在何处:较早的发布没有资金追踪 money at rest: one of them holds no trace[/]\n")
    else:
        _table(
            out,
            "未到卡的钱 money at rest (元 yuan)",
            ["停在哪里 place", "之前\nbefore", "之后\nafter", "变动\nmoved"],
            [
                [both(PLACES, row["place"]), *(format_yuan(row[f"resting_{side}_fen"]) for side in ("before", "after")),
                 _signed(row["resting_moved_fen"])]
                for row in content["resting"]
            ],
        )  # fmt: skip
    _findings(out, content["rules"])


def _files(out: Output, rows: list[Row]) -> None:
    counts = {change: [row for row in rows if row["change"] == change] for change in CHANGES}
    _table(
        out,
        "文件 files",
        ["变化 change", "文件\nfiles", "行\nrows", "金额(元)\nyuan"],
        [
            [str(CHANGES[change]), f"{len(some):,}", f"{sum(row['rows_landed'] for row in some):,}",
             format_yuan(sum(row["landed_fen"] or 0 for row in some))]
            for change, some in counts.items() if some
        ],
    )  # fmt: skip
    replaced = [row for row in rows if row["replaced_by"]]
    if replaced:
        out.table(
            "被更正的文件 files that were corrected",
            ["文件 file", "由 by", "行\nrows", "金额变动\nyuan moved"],
            [
                [row["file_name"], row["replaced_by"], f"{row['rows_landed']:,} → {row['replaced_by_rows_landed']:,}",
                 _signed((row["replaced_by_landed_fen"] or 0) - (row["landed_fen"] or 0))]
                for row in replaced[:SHOWN]
            ],
            {2, 3},
        )  # fmt: skip
        if len(replaced) > SHOWN:
            out.say(f"[dim]… 另有 {len(replaced) - SHOWN:,} 个 more: --json[/]\n")


def _findings(out: Output, rows: list[Row]) -> None:
    known = rules()
    _table(
        out,
        "疑点 findings: 之前 + 新增 − 消除 = 之后  before + opened − cleared = after",
        ["规则 rule", "之前\nbefore", "新增\nopened", "消除\ncleared", "金额变\nchanged", "之后\nafter", "金额变动(元)\nyuan moved"],
        [
            [f"{row['rule_code']} {known[row['rule_code']].title_zh if row['rule_code'] in known else ''}",
             *(f"{row[name]:,}" for name in ("cases_before", "opened", "cleared", "changed", "cases_after")),
             _signed(row["amount_after_fen"] - row["amount_before_fen"])]
            for row in rows
        ],
    )  # fmt: skip
    if rows:
        out.say("[dim]逐条 one by one: --json | jq .findings[/]")


def _table(out: Output, title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A table whose first column is text and all others numbers; nothing changed is said, too."""
    if rows:
        out.table(title, columns, rows, set(range(1, len(columns))))
    else:
        out.say(f"[bold]{title.split('  ')[0]}[/]\n没有变化 no change\n")


def _signed(fen: int) -> str:
    return "0.00" if fen == 0 else ("+" if fen > 0 else "") + format_yuan(fen)
