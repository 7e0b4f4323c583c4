"""The differences of two releases as tables for the terminal."""

from typing import Any

from onecard.catalogue.quarantine_reasons import reason_of
from onecard.catalogue.rules import rules
from onecard.catalogue.titles import CHANGES, LEVELS, MONEY, PLACES, REFUSALS, title
from onecard.words.language import Text, Words
from onecard.words.money import format_yuan
from onecard_app.answers.diff import LEVEL_MONEY, Row
from onecard_app.cli.output import Output

# Files shown one by one; JSON holds all.
SHOWN = 15


def show(out: Output, content: Row) -> None:
    """Print the differences."""
    sides = [content[side] for side in ("before", "after")]
    out.say(" → ".join(f"[bold]{side['release_id']}[/] ({side['business_date']})" for side in sides))
    if not content["same_code"]:
        out.warn(Text("程序版本不同，差异可能由程序引起", "the code differs, which may be why the figures do"))
        out.say("  " + " → ".join(side["code_version"] for side in sides))
    if not content["same_keys"]:
        out.warn(Text("保险库密钥不同，人和疑点无法逐条对应", "the vault keys differ: persons and findings cannot be matched"))
    out.say("")
    _files(out, content["deliveries"])
    _refused(out, content["refused"])
    _payments(out, content["payments"])
    _levels(out, content["levels"])
    if content["resting"] is None:
        out.note(Text("未到卡的钱：较早的发布没有资金追踪", "money not on cards: one of the releases holds no trace"))
        out.say("")
    else:
        _resting(out, content["resting"])
    _findings(out, content["rules"])


def _files(out: Output, rows: list[Row]) -> None:
    counts = {change: [row for row in rows if row["change"] == change] for change in CHANGES}
    _table(
        out,
        Text("文件", "Files"),
        [Text("变化", "change"), Text("文件", "files"), Text("行", "rows"), Text("金额（元）", "yuan")],
        [
            [CHANGES[change], f"{len(some):,}", f"{sum(row['rows_landed'] for row in some):,}",
             format_yuan(sum(row["landed_fen"] or 0 for row in some))]
            for change, some in counts.items() if some
        ],
    )  # fmt: skip
    replaced = [row for row in rows if row["replaced_by"]]
    if replaced:
        out.table(
            Text("被更正的文件", "Files that were corrected"),
            [Text("文件", "file"), Text("更正文件", "corrected by"), Text("行", "rows"), Text("金额变动（元）", "yuan moved")],
            [
                [row["file_name"], row["replaced_by"], f"{row['rows_landed']:,} → {row['replaced_by_rows_landed']:,}",
                 _signed((row["replaced_by_landed_fen"] or 0) - (row["landed_fen"] or 0))]
                for row in replaced[:SHOWN]
            ],
            {2, 3},
        )  # fmt: skip
        if len(replaced) > SHOWN:
            more = f"{len(replaced) - SHOWN:,}"
            out.note(Text(f"… 另有 {more} 份：--json", f"… {more} more: --json"))
            out.say("")


def _refused(out: Output, rows: list[Row]) -> None:
    if not rows:
        return
    out.table(
        Text("被拒的文件", "Rejected files"),
        [Text("变化", "change"), Text("文件", "file"), Text("原因", "reason")],
        [[REFUSALS[row["change"]], row["file_name"] or "—", reason_of(row["reason"]).why] for row in rows[:SHOWN]],
    )
    if len(rows) > SHOWN:
        more = f"{len(rows) - SHOWN:,}"
        out.note(Text(f"… 另有 {more} 份：--json", f"… {more} more: --json"))
        out.say("")


def _payments(out: Output, rows: list[Row]) -> None:
    _table(
        out,
        Text("发放（元）：新增、消失、更正", "Payments (yuan): added, gone, corrected"),
        [
            Text("项目", "programme"), Text("月份", "month"), Text("新增", "added"), Text("消失", "gone"), Text("更正", "corrected"),
            MONEY["entitled_fen"], MONEY["credited_fen"],
        ],
        [
            [row["programme_name"], row["payroll_month"], *(f"{row[name]:,}" for name in ("added", "gone", "corrected")),
             _signed(row["entitled_moved_fen"]), _signed(row["credited_moved_fen"])]
            for row in rows
        ],
    )  # fmt: skip


def _levels(out: Output, rows: list[Row]) -> None:
    order = list(LEVELS)
    _table(
        out,
        Text("各级资金的变动（元）", "Money moved, by level (yuan)"),
        [Text("级次", "level"), *(MONEY[name] for name in LEVEL_MONEY)],
        [
            [title(LEVELS, row["level"]), *(_signed(row[name.replace("_fen", "_moved_fen")]) for name in LEVEL_MONEY)]
            for row in sorted(rows, key=lambda row: order.index(row["level"]) if row["level"] in order else len(order))
        ],
    )


def _resting(out: Output, rows: list[Row]) -> None:
    _table(
        out,
        Text("未到卡的钱（元）", "Money not on cards (yuan)"),
        [Text("停在哪里", "place"), Text("之前", "before"), Text("之后", "after"), Text("变动", "moved")],
        [
            [title(PLACES, row["place"]), *(format_yuan(row[f"resting_{side}_fen"]) for side in ("before", "after")),
             _signed(row["resting_moved_fen"])]
            for row in rows
        ],
    )  # fmt: skip


def _findings(out: Output, rows: list[Row]) -> None:
    known = rules()
    counts = ("cases_before", "opened", "cleared", "changed", "cases_after")
    _table(
        out,
        Text("疑点：之前 + 新增 − 消除 = 之后", "Findings: before + opened − cleared = after"),
        [
            Text("规则", "rule"), Text("名称", "title"), Text("之前", "before"), Text("新增", "opened"), Text("消除", "cleared"),
            Text("金额变", "amount changed"), Text("之后", "after"), Text("金额变动（元）", "yuan moved"),
        ],
        [
            [row["rule_code"], known[row["rule_code"]].title if row["rule_code"] in known else "", *(f"{row[name]:,}" for name in counts),
             _signed(row["amount_after_fen"] - row["amount_before_fen"])]
            for row in rows
        ],
        texts=2,
    )  # fmt: skip
    if rows:
        out.note(Text("逐条：--json | jq .findings", "one by one: --json | jq .findings"))


def _table(out: Output, heading: Words, columns: list[Words], rows: list[list[Any]], texts: int = 1) -> None:
    """A table whose first columns are `texts` and all others numbers; nothing changed is said, too."""
    if rows:
        out.table(heading, columns, rows, set(range(texts, len(columns))), {0} if texts > 1 else set())
    else:
        out.say(f"[bold]{out.words(heading)}[/]")
        out.say(Text("没有变化", "no change"))
        out.say("")


def _signed(fen: int) -> str:
    return "0.00" if fen == 0 else ("+" if fen > 0 else "") + format_yuan(fen)
