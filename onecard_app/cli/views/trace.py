"""The answer of a trace as a tree for the terminal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from onecard.catalogue.rules import rules
from onecard.catalogue.titles import DRAWN, HELD, LEVELS, METHODS, MONEY, OUTFLOWS, PLACES, SOURCE_KINDS, SPENT_EARLY, STOPS, title
from onecard.words.language import Text
from onecard.words.money import format_yuan
from onecard_app.answers.trace_answer import Answer, days_in_words
from onecard_app.cli.output import Output

Row = Mapping[str, Any]

# Branches of one node shown in a terminal; JSON and the workbook hold all.
SHOWN = 40
KINDS = {"credit": Text("入账", "credit"), "person": Text("人", "person"), "household": Text("户", "household")}
CREDITED, NOT_ON_CARDS = Text("到卡", "credited"), Text("未到卡", "not on cards")
SENT, RECEIVED = Text("发", "sent"), Text("收", "received")


def show(out: Output, answer: Answer, xlsx: Path | None) -> None:
    """Print the tree, and below it what holds for its sums and where to read on."""
    out.console.print(_Drawn(out, answer).tree())
    _sums(out, answer)
    _read_on(out, answer, xlsx)


class _Drawn:
    """Branches and lines of one answer in the reader's language."""

    def __init__(self, out: Output, answer: Answer) -> None:
        self._words, self._labelled, self._answer = out.words, out.labelled, answer
        self._comma = "，" if out.language == "zh" else ", "

    def tree(self) -> Tree:
        """What the money is, then where it arrived and rests, or where it came from."""
        answer = self._answer
        root = Tree(_line(f"[bold]{escape(self._title())}[/]", answer.total_fen), guide_style="dim")
        kind = answer.question["kind"]
        if kind == "document":
            _add(root, answer.document, self._way)
            self._by_county(root)
            self._reach(root)
            self._rests(root)
            if any(row["source_doc_no"] != answer.question["doc_no"] for row in answer.sources):
                self._from(root)
        elif kind == "place":
            if answer.sources:
                self._from(root)
            if answer.reached or not answer.passed_down:
                self._by_county(root)
            self._rests(root)
            if answer.passed_down:
                passed_down = root.add(_line(self._bold(MONEY["passed_down_fen"]), sum(row["sent_fen"] for row in answer.passed_down)))
                _add(passed_down, answer.passed_down, self._passed)
            if answer.positions:
                heading = Text("资金池收支：收入 = 支出 + 结余", "pools: in = out + balance")
                _add(root.add(self._bold(heading)), answer.positions, self._position)
        else:
            self._by_credit(root)
        return root

    def _bold(self, text: Text) -> str:
        return f"[bold]{escape(self._words(text))}[/]"

    def _title(self) -> str:
        question, kind = self._answer.question, self._answer.question["kind"]
        if kind == "document":
            return str(question["doc_no"])
        if kind == "place":
            names = (question[name] for name in ("division_name", "programme_name", "payroll_month"))
            return " ".join(self._words(name) for name in names if name is not None)
        who = self._answer.credits[0]
        asked = self._labelled(KINDS[kind], question["credit" if kind == "credit" else f"{kind}_key"])
        return "  ".join(str(part) for part in (asked, who["division_name"], who["township"], who["village"]) if part)

    def _heads(self, row: Row) -> str:
        """`3 卡，3 人，2 户`"""
        counts = (
            (row["cards"], "卡", "card", "cards"),
            (row["persons"], "人", "person", "persons"),
            (row["households"], "户", "household", "households"),
        )
        told = (f"{count:,} {self._words(Text(zh, one if count == 1 else many))}" for count, zh, one, many in counts)
        return f"[dim]{self._comma.join(told)}[/]"

    # --- branches ---------------------------------------------------------------------------------------------------------------------

    def _by_county(self, root: Tree) -> None:
        """County, then programme, then month."""
        answer = self._answer
        heads = self._heads({"cards": answer.cards, "persons": answer.persons, "households": answer.households})
        branch = root.add(_line(f"{self._bold(CREDITED)}  {heads}", answer.credited_fen))
        for division, of_county in _grouped(answer.reached, "division").items():
            county = branch.add(_line(escape(str(of_county[0]["division_name"] or division)), _sum(of_county)))
            for of_programme in _grouped(of_county, "programme_code").values():
                name = escape(self._words(of_programme[0]["programme_name"]))
                if len(of_programme) == 1:
                    county.add(self._reached(of_programme[0], f"{name} "))
                else:
                    _add(county.add(_line(name, _sum(of_programme))), of_programme, self._reached)

    def _reach(self, root: Tree) -> None:
        """How much of the document reached cards in any order, and the payments that name it."""
        answer = self._answer
        if answer.reach:
            heading = Text("不论先后，至少、至多到卡", "on cards in any order, at least and at most")
            _add(root.add(self._bold(heading)), answer.reach, self._range)
        if answer.naming:
            heading = Text("写明用它的凭证", "payments that name it")
            branch = root.add(_line(self._bold(heading), sum(row["drawn_fen"] for row in answer.naming)))
            _add(branch, answer.naming, self._named)

    def _by_credit(self, root: Tree) -> None:
        """Each credit with the documents its fen came from."""
        credits: dict[tuple[Any, ...], list[Row]] = {}
        for row in self._answer.credits:
            credits.setdefault((row["delivery_key"], row["sheet_no"], row["row_no"]), []).append(row)
        _add_each(root, list(credits.values()), self._credit)

    def _credit(self, branch: Tree, parts: list[Row]) -> None:
        first = parts[0]
        owner = " ".join(str(first[name]) for name in ("name_masked", "card_masked") if first[name])
        what = f"{escape(self._words(first['programme_name']))} {first['payroll_month']}  {escape(owner)}"
        line = f"{first['credited_on']}  {first['bank_code']}/{first['batch_no']}/{first['seq_no']}  {_place_in_file(first)}"
        credit = branch.add(_line(f"{what}\n[dim]{escape(line)}[/]", sum(part["amount_fen"] for part in parts)))
        for part in parts:
            credit.add(self._source({**part, "days": {stop: _one_day(part, stop) for stop in STOPS}, "fen": part["amount_fen"]}))

    def _from(self, root: Tree) -> None:
        branch = root.add(_line(self._bold(Text("谁的钱", "whose money")), _sum(self._answer.sources)))
        _add(branch, self._answer.sources, self._source)

    def _rests(self, root: Tree) -> None:
        branch = root.add(_line(self._bold(NOT_ON_CARDS), self._answer.resting_fen))
        _add(branch, sorted(self._answer.resting, key=lambda row: -row["fen"]), self._rest)

    # --- lines ------------------------------------------------------------------------------------------------------------------------

    def _range(self, row: Row) -> Table:
        """`安定区 2018，写明 20.00` over `至少 120.00，至多 200.00，按先进先出 150.00`"""
        named = f"{self._comma}{self._words(Text('写明', 'named'))} {format_yuan(row['named_fen'])}" if row["named_fen"] else ""
        parts = (
            (Text("至少", "at least"), row["at_least_fen"]),
            (Text("至多", "at most"), row["at_most_fen"]),
            (Text("追踪所得", "as traced"), row["credited_fen"]),
        )
        told = self._comma.join(f"{self._words(label)} {format_yuan(fen)}" for label, fen in parts)
        place = escape(row["division_name"] or row["division"])
        return _line(f"{place} {row['fiscal_year']}{named}\n[dim]{told}[/]", row["inflow_fen"])

    def _named(self, row: Row) -> Table:
        said = f"{escape(row['division_name'] or '—')} {escape(row['voucher_no'] or '—')}  [dim]{row['paid_on'] or '—'}[/]"
        if row["short_fen"] or row["status"] == "not_received":
            said += f"\n[yellow]{self._words(DRAWN[row['status']])} {format_yuan(row['short_fen'])}[/]"
        return _line(said, row["drawn_fen"])

    def _passed(self, row: Row) -> Table:
        to = escape(row["receiver_name"] or row["receiver_division"] or "—")
        return _line(f"→ {to} {row['fiscal_year']}{self._differs(row)}", row["sent_fen"])

    def _way(self, row: Row) -> Table:
        days = ((Text("发文", "issued"), row["issued_on"]), (Text("收文", "received"), row["received_on"]))
        when = self._comma.join(f"{self._words(label)} {day or '—'}" for label, day in days)
        said = f"{escape(row['issuer_name'] or '—')} → {escape(row['receiver_name'] or '—')}  [dim]{when}[/]"
        return _line(said + self._differs(row), row["fen"])

    def _differs(self, row: Row) -> str:
        if row["sent_fen"] == row["received_fen"]:
            return ""
        sent, received = (
            f"{self._words(label)} {format_yuan(row[name])}" for label, name in ((SENT, "sent_fen"), (RECEIVED, "received_fen"))
        )
        return f"\n[yellow]{sent} ≠ {received}[/]"

    def _position(self, row: Row) -> Table:
        """`收入合计 5,000.00 = 下达下级 4,000.00 + 结余 1,000.00`, parts of nothing left out."""

        def amount(name: str) -> str:
            return f"{self._words(MONEY[name])} {format_yuan(row[name])}"

        parts = " + ".join(amount(name) for name in (*(name for name in OUTFLOWS if row[name]), "balance_fen"))
        said = f"{self._words(MONEY['in_fen'])} = {parts}"
        if held := [amount(name) for name in HELD if row[name]]:
            said += "\n" + self._labelled(Text("结余中", "of the balance"), self._comma.join(held))
        return _line(f"{escape(row['pool_name'] or row['pool_code'])} {row['fiscal_year']}\n[dim]{said}[/]", row["in_fen"])

    def _reached(self, row: Row, programme: str = "") -> Table:
        said = f"{programme}{row['payroll_month']}  {self._heads(row)}{self._overdrawn(row)}"
        return _line(f"{said}\n[dim]{self._days(row['days'])}[/]", row["fen"])

    def _rest(self, row: Row) -> Table:
        where = " ".join(escape(str(row[name])) for name in ("division_name", "reference", "batch_no") if row[name])
        if row["since"]:
            days = self._words(Text("天", "day" if row["days"] == 1 else "days"))
            since = f"{self._words(Text('自', 'since'))} {row['since']}{self._comma}{row['days']} {days}"
        else:
            since = self._words(Text("日期不详", "date unknown"))
        code = row["rule_code"]
        watched = self._words(Text(f"{code} 监控", f"watched by {code}")) if code else ""
        return _line(f"{self._words(title(PLACES, row['place']))}\n{where}  [dim]{since}  {watched}[/]", row["fen"])

    def _source(self, row: Row) -> Table:
        kind = f"{self._words(title(SOURCE_KINDS, row['source_kind']))}{self._comma}{self._words(title(LEVELS, row['source_level']))}"
        downs = [row[f"{level}_doc_no"] for level in ("province", "city", "county")]
        way = [escape(doc) for doc in dict.fromkeys(downs) if doc and doc != row["source_doc_no"]]
        way += [f"{self._words(Text('凭证', 'voucher'))} {escape(row['voucher_no'])}"] if row.get("voucher_no") else []
        days = self._days(row["days"])
        lines = (
            f"{escape(row['source_doc_no'] or '—')}  [dim]{kind}[/]{self._overdrawn(row)}",
            f"→ {' → '.join(way)}" if way else "",
            f"[dim]{method}[/]" if (method := self._method(row)) else "",
            f"[dim]{days}[/]" if days else "",
        )
        return _line("\n".join(line for line in lines if line), row["fen"])

    def _method(self, row: Row) -> str:
        """How it was matched: by numbers all the way, or somewhere first in, first out; nothing of money that is on no card."""
        specific, fifo = (self._words(METHODS[method]) for method in ("specific", "fifo"))
        if "method" in row:
            return str(self._words(METHODS[row["method"]]))
        if not row["credited_fen"]:
            return ""
        if not row["specific_fen"]:
            return fifo
        whole = row["specific_fen"] == row["credited_fen"]
        return specific if whole else f"{specific} {format_yuan(row['specific_fen'])}{self._comma}{fifo}"

    def _overdrawn(self, row: Row) -> str:
        return f"  [yellow]{self._words(SPENT_EARLY)}[/]" if row["is_overdrawn"] else ""

    def _days(self, spans: dict[str, list[int] | None]) -> str:
        """`天数：省 3 → 市 5 → 县 12–40 → 银行 1，全程 21–49`"""
        texts = {stop: text for stop, text in days_in_words(spans).items() if text is not None}
        told = {stop: f"{self._words(STOPS[stop])} {text}" for stop, text in texts.items()}
        whole = told.pop("in_all", None)
        way = " → ".join(told.values())
        return self._labelled(Text("天数", "days"), self._comma.join(part for part in (way, whole) if part)) if told else ""


def _one_day(row: Row, stop: str) -> list[int] | None:
    value = row["days_in_all" if stop == "in_all" else f"days_at_{stop}"]
    return None if value is None else [value, value]


def _place_in_file(row: Row) -> str:
    return f"{row['file_name']}:{row['row_no']}" if row["sheet_no"] == 1 else f"{row['file_name']}:{row['sheet_no']}:{row['row_no']}"


# --- below the tree -----------------------------------------------------------------------------------------------------------------------


def _sums(out: Output, answer: Answer) -> None:
    """Whether the sums above close, and what of them was spent before it came."""
    parts = (
        f"{out.words(label)} {format_yuan(fen)}" for label, fen in ((CREDITED, answer.credited_fen), (NOT_ON_CARDS, answer.resting_fen))
    )
    yuan = out.words(Text("元", "yuan"))
    sums = f"{format_yuan(answer.total_fen)} = {' + '.join(parts)} {yuan}"
    out.say("")
    if answer.closes:
        out.say(f"[green]✓[/] {sums}")
    else:
        out.say(f"[red]✗[/] {sums}")
        out.fact(Text("  另表所记", "  as stated elsewhere"), f"{format_yuan(answer.stated_fen or 0)} {yuan}")
        out.fact(Text("  差额", "  difference"), f"{format_yuan(answer.difference_fen)} {yuan}")
    if answer.overdrawn_fen:
        codes = ", ".join(code for code, rule in rules().items() if rule.means_spent_early)
        early = out.labelled(Text("其中", "of this ") + SPENT_EARLY, f"{format_yuan(answer.overdrawn_fen)} {yuan} ({codes})")
        out.say(f"[yellow]![/] {early}")


def _read_on(out: Output, answer: Answer, xlsx: Path | None) -> None:
    question = answer.question
    if question["kind"] == "place" and (question["programme_code"] or question["payroll_month"]):
        name = question["division_name"]
        where = Text(f"onecard trace --county {name or '县区'}", f"onecard trace --county {name or 'COUNTY'}")
        out.note(Text("资金池里的钱不分项目和月份：", "money in pools has no programme or month: ") + where)
    out.fact(Text("发布", "release"), answer.release)
    out.fact(Text("业务日期", "business date"), answer.business_date)
    if xlsx is not None:
        out.fact(Text("工作簿", "workbook"), xlsx, markup=False)
        out.fact(Text("列出的明细", "shares of credits listed"), f"{len(answer.credits):,} / {answer.credits_in_all:,}")
    elif answer.passed_down and not answer.credits_in_all:
        out.note(
            Text("到卡的钱按县问：onecard trace --county 县区", "what reached cards is asked by county: onecard trace --county COUNTY")
        )
    elif question["kind"] in ("document", "place"):
        count = f"{answer.credits_in_all:,}"
        out.note(Text(f"逐笔到卡（{count}）：--xlsx 文件 或 --json", f"credit by credit ({count}): --xlsx FILE or --json"))


def _grouped(rows: Iterable[Row], name: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return groups


def _sum(rows: Iterable[Row]) -> int:
    return sum(row["fen"] for row in rows)


def _add(branch: Tree, rows: Sequence[Row], line: Callable[[Row], Table]) -> None:
    _add_each(branch, rows, lambda above, row: above.add(line(row)))


def _add_each(branch: Tree, items: Sequence[Any], add: Callable[[Tree, Any], Any]) -> None:
    """Add a branch for each item, the first ones of very many, and say so."""
    for item in items[:SHOWN]:
        add(branch, item)
    if len(items) > SHOWN:
        branch.add(f"[dim]… +{len(items) - SHOWN:,}: --json, --xlsx[/]")


def _line(text: str, fen: int) -> Table:
    """A label with its amount at the right edge, whatever the depth of its branch."""
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(text, format_yuan(fen))
    return line
