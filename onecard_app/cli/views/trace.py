"""The answer of a trace as a tree for the terminal."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from onecard.catalogue.rules import rules
from onecard.catalogue.titles import HELD, LEVELS, MONEY, OUTFLOWS, PLACES, SOURCE_KINDS, SPENT_EARLY, STOPS, both
from onecard.words.money import format_yuan
from onecard_app.answers import trace as tracing
from onecard_app.answers import trace_workbook
from onecard_app.answers.trace import Answer, Row, programme_name
from onecard_app.cli.output import Output

# Branches of one node shown in a terminal; JSON and the workbook hold all.
SHOWN = 40
KEYS = {"person": "人 person", "household": "户 household"}


def show(out: Output, answer: Answer, xlsx: Path | None) -> None:
    """Print the tree, and below it what holds for its sums and where to read on."""
    out.console.print(tree(answer))
    _below(out, answer, xlsx)


def tree(answer: Answer) -> Tree:
    """The answer as a tree: what the money is, then where it arrived and rests, or where it came from."""
    root = Tree(_line(f"[bold]{escape(_title(answer))}[/]", answer.total_fen), guide_style="dim")
    kind = answer.question["kind"]
    if kind == "document":
        _add(root, answer.document, _sent_line)
        credited = root.add(_line(f"[bold]到卡 credited[/]  {_heads(answer)}", answer.credited_fen))
        _by_county(credited, answer.reached)
        _rests(root, answer)
        if any(row["source_doc_no"] != answer.question["doc_no"] for row in answer.sources):
            _from(root, answer.sources)
    elif kind == "place":
        if answer.sources:
            _from(root, answer.sources)
        if answer.reached or not answer.passed_down:
            credited = root.add(_line(f"[bold]到卡 credited[/]  {_heads(answer)}", answer.credited_fen))
            _by_county(credited, answer.reached)
        _rests(root, answer)
        if answer.passed_down:
            passed_down = root.add(_line("[bold]下达 passed down[/]", sum(row["sent_fen"] for row in answer.passed_down)))
            _add(passed_down, answer.passed_down, _passed_line)
        if answer.positions:
            _add(root.add("[bold]资金池收支 pools: in = out + balance[/]"), answer.positions, _position_line)
    else:
        _by_credit(root, answer.credits)
    return root


def _title(answer: Answer) -> str:
    question, kind = answer.question, answer.question["kind"]
    if kind == "document":
        return str(question["doc_no"])
    if kind == "place":
        county = tracing.place_name(question["division"]) if question["division"] else None
        programme = programme_name(question["programme_code"]) if question["programme_code"] else None
        return " ".join(str(part) for part in (county, programme, question["payroll_month"]) if part is not None)
    who = answer.credits[0]
    asked = f"入账 credit  {question['credit']}" if kind == "credit" else f"{KEYS[kind]}  {question[f'{kind}_key']}"
    return "  ".join(str(part) for part in (asked, who["division_name"], who["township"], who["village"]) if part)


def _heads(answer: Answer) -> str:
    return f"[dim]{answer.cards:,} 卡 cards, {answer.persons:,} 人 persons, {answer.households:,} 户 households[/]"


def _by_county(branch: Tree, reached: list[Row]) -> None:
    """County, then programme, then month."""
    for division, of_county in _grouped(reached, "division").items():
        county = branch.add(_line(escape(str(of_county[0]["division_name"] or division)), _sum(of_county)))
        for code, of_programme in _grouped(of_county, "programme_code").items():
            if len(of_programme) == 1:
                county.add(_reached_line(of_programme[0], programme_name(code) + " "))
            else:
                _add(county.add(_line(programme_name(code), _sum(of_programme))), of_programme, _reached_line)


def _by_credit(root: Tree, shares: list[Row]) -> None:
    """Each credit with the documents its fen came from."""
    credits: dict[tuple[Any, ...], list[Row]] = {}
    for row in shares:
        credits.setdefault((row["delivery_key"], row["sheet_no"], row["row_no"]), []).append(row)

    def one(branch: Tree, parts: list[Row]) -> None:
        first = parts[0]
        owner = " ".join(str(first[name]) for name in ("name_masked", "card_masked") if first[name])
        what = f"{programme_name(first['programme_code'])} {first['payroll_month']}  {escape(owner)}"
        line = f"{first['credited_on']}  {first['bank_code']}/{first['batch_no']}/{first['seq_no']}  {_row(first)}"
        credit = branch.add(_line(f"{what}\n[dim]{escape(line)}[/]", sum(part["amount_fen"] for part in parts)))
        for part in parts:
            part = part | {"days": {stop: _span(part, stop) for stop in STOPS}, "fen": part["amount_fen"]}
            credit.add(_source_line(part))

    _add_each(root, list(credits.values()), one)


def _from(root: Tree, sources: list[Row]) -> None:
    branch = root.add(_line("[bold]谁的钱 whose money[/]", _sum(sources)))
    _add(branch, sources, _source_line)


def _rests(root: Tree, answer: Answer) -> None:
    resting = root.add(_line("[bold]未到卡 not on cards[/]", answer.resting_fen))
    _add(resting, sorted(answer.resting, key=lambda row: -row["fen"]), _rest_line)


def _passed_line(row: Row) -> Table:
    said = f"→ {escape(row['receiver_name'] or row['receiver_division'] or '—')} {row['fiscal_year']}"
    if row["sent_fen"] != row["received_fen"]:
        said += f"\n[yellow]发 sent {format_yuan(row['sent_fen'])} ≠ 收 received {format_yuan(row['received_fen'])}[/]"
    return _line(said, row["sent_fen"])


def _position_line(row: Row) -> Table:
    """`收入 in 5,000.00 = 下达下级 4,000.00 + 结余 1,000.00`, parts of nothing left out."""
    out = [name for name in OUTFLOWS if row[name]]
    parts = " + ".join(f"{MONEY[name]} {format_yuan(row[name])}" for name in (*out, "balance_fen"))
    held = [f"{MONEY[name]} {format_yuan(row[name])}" for name in HELD if row[name]]
    said = f"{escape(row['pool_name'] or row['pool_code'])} {row['fiscal_year']}  [dim]{MONEY['in_fen']} = {parts}{_joined(held)}[/]"
    return _line(said, row["in_fen"])


def _joined(parts: list[str]) -> str:
    return f"；其中 of it: {', '.join(parts)}" if parts else ""


def _sent_line(row: Row) -> Table:
    issued = f"发文 issued {row['issued_on'] or '—'}，收文 received {row['received_on'] or '—'}"
    said = f"{escape(row['issuer_name'] or '—')} → {escape(row['receiver_name'] or '—')}  [dim]{issued}[/]"
    if row["sent_fen"] != row["received_fen"]:
        said += f"\n[yellow]发 sent {format_yuan(row['sent_fen'])} ≠ 收 received {format_yuan(row['received_fen'])}[/]"
    return _line(said, row["fen"])


def _reached_line(row: Row, programme: str = "") -> Table:
    said = f"{programme}{row['payroll_month']}  [dim]{row['cards']:,} 卡 {row['persons']:,} 人 {row['households']:,} 户[/]{_overdrawn(row)}"
    return _line(f"{said}\n[dim]{_days(row['days'])}[/]", row["fen"])


def _rest_line(row: Row) -> Table:
    where = " ".join(escape(str(row[name])) for name in ("division_name", "reference", "batch_no") if row[name])
    since = f"自 since {row['since']}，{row['days']} 天 days" if row["since"] else "日期不详 no date"
    return _line(f"{both(PLACES, row['place'])}\n{where}  [dim]{since}  {row['rule_code'] or ''}[/]", row["fen"])


def _source_line(row: Row) -> Table:
    began = f"{escape(row['source_doc_no'] or '—')}  [dim]{both(SOURCE_KINDS, row['source_kind'])}, {both(LEVELS, row['source_level'])}[/]"
    downs = [row[f"{level}_doc_no"] for level in ("province", "city", "county")]
    way = [escape(doc) for doc in dict.fromkeys(downs) if doc and doc != row["source_doc_no"]]
    way += [f"凭证 voucher {escape(row['voucher_no'])}"] if row.get("voucher_no") else []
    days = _days(row["days"])
    lines = (began + _overdrawn(row), f"→ {' → '.join(way)}" if way else "", f"[dim]{days}[/]" if days else "")
    return _line("\n".join(line for line in lines if line), row["fen"])


def _overdrawn(row: Row) -> str:
    return f"  [yellow]{SPENT_EARLY}[/]" if row["is_overdrawn"] else ""


def _days(spans: dict[str, list[int] | None]) -> str:
    """`停留 days 省 3 → 市 5 → 县 12–40 → 银行 1，全程 21–49`."""
    texts = dict(zip(STOPS, trace_workbook.days(spans), strict=True))
    way = " → ".join(f"{STOPS[stop].zh} {text}" for stop, text in texts.items() if text is not None and stop != "in_all")
    whole = f"，全程 {texts['in_all']}" if texts["in_all"] is not None else ""
    return f"天数 days {way}{whole}" if way else ""


def _span(row: Row, stop: str) -> list[int] | None:
    value = row["days_in_all" if stop == "in_all" else f"days_at_{stop}"]
    return None if value is None else [value, value]


def _row(row: Row) -> str:
    return f"{row['file_name']}:{row['row_no']}" if row["sheet_no"] == 1 else f"{row['file_name']}:{row['sheet_no']}:{row['row_no']}"


def _below(out: Output, answer: Answer, xlsx: Path | None) -> None:
    """What holds for the sums above, and where to read on."""
    total, credited, resting = (format_yuan(fen) for fen in (answer.total_fen, answer.credited_fen, answer.resting_fen))
    sums = f"{total} = 到卡 credited {credited} + 未到卡 resting {resting}"
    if answer.closes:
        out.say(f"\n[green]✓[/] {sums} 元 yuan")
    else:
        told = f"另表所记 stated {format_yuan(answer.stated_fen or 0)}，差额 difference {format_yuan(answer.difference_fen)} 元 yuan"
        out.say(f"\n[red]✗[/] {sums}；{told}")
    if answer.overdrawn_fen:
        codes = ", ".join(code for code, rule in rules().items() if rule.means_spent_early)
        out.say(f"[yellow]![/] 其中 of this {SPENT_EARLY}: {format_yuan(answer.overdrawn_fen)} 元 yuan ({codes})")
    question = answer.question
    if question["kind"] == "place" and (question["programme_code"] or question["payroll_month"]):
        where = f"--county {tracing.place_name(question['division'])}" if question["division"] else "--county 县区 COUNTY"
        out.say(f"[dim]资金池里的钱不分项目和月份 money in pools has no programme or month: onecard trace {where}[/]")
    out.say(f"发布 release {answer.release}   业务日期 business date {answer.business_date}")
    if xlsx is not None:
        out.say(f"工作簿 workbook {xlsx}  明细 shares listed {len(answer.credits):,} / {answer.credits_in_all:,}")
    elif answer.passed_down and not answer.credits_in_all:
        out.say("[dim]到卡的钱按县问 what reached cards is asked by county: onecard trace --county 县区 COUNTY[/]")
    elif answer.question["kind"] in ("document", "place"):
        out.say(f"[dim]逐笔到卡 credit by credit ({answer.credits_in_all:,}): --xlsx FILE 或 or --json[/]")


def _grouped(rows: Iterable[Row], name: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return groups


def _sum(rows: Iterable[Row]) -> int:
    return sum(row["fen"] for row in rows)


def _add(branch: Tree, rows: list[Row], line: Callable[[Row], Table]) -> None:
    _add_each(branch, rows, lambda above, row: above.add(line(row)))


def _add_each(branch: Tree, items: list[Any], add: Callable[[Tree, Any], Any]) -> None:
    """Add a branch for each item, the first ones of very many, and say so."""
    for item in items[:SHOWN]:
        add(branch, item)
    if len(items) > SHOWN:
        branch.add(f"[dim]… 另有 {len(items) - SHOWN:,} 项 more: --json, --xlsx[/]")


def _line(text: str, fen: int) -> Table:
    """A label with its amount at the right edge, whatever the depth of its branch."""
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(text, format_yuan(fen))
    return line
