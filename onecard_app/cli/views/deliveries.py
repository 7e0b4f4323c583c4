"""Files in the terminal: what became of each, what is asked about those that are held, and an answer."""

import datetime as dt
from typing import Any

from rich.markup import escape

from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import DELIVERY_ANSWERS, DELIVERY_STATES, title
from onecard.store import answers
from onecard.store.vault import Vault
from onecard.words.language import Text, Words, parted
from onecard_app.answers.deliveries import HELD, Row, is_open
from onecard_app.cli.context import AppContext
from onecard_app.cli.output import Output
from onecard_app.cli.views.deciding import local, login, moment_of

# Files of the list in a terminal; JSON holds all.
SHOWN = 60
TYPED = "onecard deliveries answer {code} --as supplement|restatement|part"


def show_list(out: Output, rows: list[Row], only_questions: bool) -> None:
    held = [row for row in rows if row["state"] == HELD]
    others = [] if only_questions else [row for row in rows if row["state"] != HELD]
    if out.result([_told(row) for row in (held if only_questions else rows)]):
        return
    if others:
        out.table(
            Text("收到的文件", "Files received"),
            [
                Text("编号", "code"), Text("来源、文件", "source, file"), Text("报送单位", "sender"), Text("所属期", "period"),
                Text("有效行", "in force"), Text("状态", "state"),
            ],
            [_line(out, row) for row in others[:SHOWN]],
            {4},
            {0},
        )  # fmt: skip
        if len(others) > SHOWN:
            out.note(Text(f"… 另有 {len(others) - SHOWN:,} 份：--json", f"… {len(others) - SHOWN:,} more: --json"))
    for row in held:
        _show_question(out, row)
    if not held:
        out.say(Text("没有待定的文件", "no file is held as a question"))


def _line(out: Output, row: Row) -> list[Any]:
    source = out.words(title(source_titles(), row["source"])) if row["source"] else "—"
    in_force = "—" if row["rows_in_force"] is None else f"{row['rows_in_force']:,}"
    return [row["code"], f"{source}\n{row['file_name']}", row["sender"] or "—", row["period"] or "—", in_force, _state(row)]


def _show_question(out: Output, row: Row) -> None:
    """One file that is held, in lines that a narrow terminal folds: what is asked, compared with which file, and what to type."""
    out.say(f"[yellow]?[/] [bold]{row['code']}[/]  {escape(row['file_name'])}")
    rows = f"{row['rows_landed']:,}"
    facts = (title(source_titles(), row["source"]), row["sender"], row["period"], Text(f"{rows} 行", f"{rows} rows"))
    out.say("  " + "  ".join(escape(out.words(part)) for part in facts if part))
    if row["question"]:
        out.say(f"  {escape(out.words(parted(row['question'])))}")
    if row["compared_with_file"]:
        out.fact(Text("  相比的文件", "  compared with"), escape(row["compared_with_file"]))
    if row["answer"] is None:
        out.say("  → " + TYPED.format(code=row["code"]), markup=False)
    else:
        said = out.words(title(DELIVERY_ANSWERS, row["answer"]))
        when = f"{local(row['answered_at'])}  {row['answered_by']}"
        out.say(f"  [green]✓[/] {said}  {escape(when)}  " + out.words(Text("下一次运行起生效", "counts from the next run on")))


def _state(row: Row) -> Words:
    state = title(DELIVERY_STATES, row["state"])
    known = next((reason for reason in Reason if reason.code == row["reason"]), None)
    return state + Text(f"：{known.why.zh}", f": {known.why.en}") if known else state


def show_open(out: Output, rows: list[Row]) -> None:
    """Of `status`: files that wait for an answer, with what to type; nothing when there are none."""
    if not rows:
        return
    out.warn(Text(f"待定的文件 {len(rows)} 份，未计入；补充、更正还是部分？", f"files held as a question and not counted: {len(rows)}"))
    for row in rows[:3]:
        out.say(f"  {row['code']}  {row['file_name']}", markup=False)
        out.say("  → " + TYPED.format(code=row["code"]), markup=False)
    out.note(Text("  问题全文：onecard deliveries --questions", "  what is asked: onecard deliveries --questions"))


def answer(app: AppContext, row: Row, kind: str, reason: str, by: str | None, at: dt.datetime | None) -> None:
    """Record what a person says a file is."""
    moment = moment_of(at, "OC-DLV-005", Text("认定未记录", "the answer was not recorded"))
    with app.ws.lock():
        vault = Vault(app.ws, app.settings)
        given = answers.decide(app.ws, vault, row["delivery_key"], answer=kind, reviewer=by or login(), reason=reason, decided_at=moment)
    content: dict[str, Any] = {
        "code": row["code"],
        "delivery_key": str(given.delivery_key),
        "file_name": row["file_name"],
        "answer": given.answer,
        "reviewer": given.reviewer,
        "decided_at": given.decided_at.isoformat(),
    }
    if not app.out.result(content):
        said = app.out.words(title(DELIVERY_ANSWERS, given.answer))
        app.out.say(f"[green]✓[/] {row['code']}  {escape(row['file_name'])}")
        app.out.say(f"  {said}  {escape(given.reviewer)}  {local(given.decided_at)}")
        app.out.fact(Text("下一次运行起生效", "counts from the next run on"), f"{app.command} run", markup=False)


def _told(row: Row) -> Row:
    """A file for programs: keys as text, since 63 bits are more than a number of JavaScript holds; moments in UTC."""
    keys = {name: None if row[name] is None else str(row[name]) for name in ("delivery_key", "compared_with")}
    known = {name: row[name] for name in ("received_at", "answered_at")}
    moments = {name: at.astimezone(dt.UTC).isoformat() for name, at in known.items() if isinstance(at, dt.datetime)}
    return row | keys | moments | {"sender": None if row["sender"] is None else str(row["sender"]), "is_open": is_open(row)}
