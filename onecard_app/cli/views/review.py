"""Doubtful pairs in the terminal: the list, a pair side by side, a verdict, a look in clear after its record."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from rich.markup import escape

from onecard.catalogue.titles import PAIR_KINDS, SEEN_IN, STATES, SUBJECTS, VERDICTS, title
from onecard.store import unlocking, verdicts
from onecard.store.unlocking import InClear
from onecard.store.vault import Vault
from onecard.words.errors import ConfigError, InputRefused
from onecard.words.language import Text, parted
from onecard.words.money import format_yuan
from onecard.words.months import SHANGHAI
from onecard_app.answers import review as reviewing
from onecard_app.answers.review import SIDES, Row
from onecard_app.cli.context import AppContext
from onecard_app.cli.output import Output
from onecard_app.cli.views.deciding import local, login, moment_of

# Pairs of the list in a terminal; JSON holds all.
SHOWN = 40
NAMES = (Text("甲", "A"), Text("乙", "B"))
ID_NUMBER, REASON = Text("证件号", "ID number"), Text("理由", "reason")


def decide(app: AppContext, row: Row, verdict: str, reason: str, by: str | None, at: dt.datetime | None) -> None:
    moment = moment_of(at, "OC-REV-006", Text("结论未记录", "the verdict was not recorded"))
    with app.ws.lock():
        vault = Vault(app.ws, app.settings)
        event = verdicts.decide(
            app.ws, vault, reviewing.pair_of(row), verdict=verdict, reviewer=by or login(), reason=reason, decided_at=moment
        )
    content = {"pair": row["code"], "review_pair_id": row["review_pair_id"], **_event(event)}
    if not app.out.result(content):
        said = app.out.words(title(VERDICTS, verdict))
        app.out.say(f"[green]✓[/] {row['code']} {said}  {escape(event.reviewer)}  {local(event.decided_at)}")
        app.out.fact(Text("下一次运行起生效", "counts from the next run on"), f"{app.command} run", markup=False)


def unlock(app: AppContext, path: Path, row: Row, reason: str, by: str | None) -> None:
    """Record first, show then; nothing is read from the vault when the record cannot be written."""
    verdicts.check_reason(reason)
    if app.out.as_json or not sys.stdout.isatty():
        raise ConfigError(
            code="OC-REV-007",
            what=Text("明文只能显示在终端上", "clear values are shown on a terminal only"),
            where="--json" if app.out.as_json else Text("标准输出", "standard output"),
            why=Text("文件、管道和日志会留下明文", "a file, a pipe or a log would keep them"),
            remedy=Text("在终端上直接运行，不加 --json、重定向或管道", "run it on a terminal, without --json, > or |"),
        )
    vault, pair = Vault(app.ws, app.settings), reviewing.pair_of(row)
    sides = unlocking.unlock(
        app.ws,
        vault,
        pair,
        at=dt.datetime.now(SHANGHAI),
        by=by or login(),
        login=login(),
        release=path.name,
        reason=reason,
    )
    show_clear(app, row, sides, [(event, vault.unseal_text(event.reason_sealed)) for event in verdicts.history(app.ws, pair)])


def show_clear(app: AppContext, row: Row, sides: tuple[InClear, InClear], history: list[tuple[verdicts.Event, str]]) -> None:
    """The pair in clear on the terminal, with what reviewers wrote."""
    _heading(app.out, row)
    facts = [
        [ID_NUMBER, *(side.id_number for side in sides)],
        [Text("姓名", "names"), *("、".join(side.names) for side in sides)],
    ]
    app.out.table("", ["", *NAMES], facts + _facts(row))
    app.out.fact(REASON, parted(row["reason"]), markup=False)
    for event, reason in history:
        said = app.out.words(title(VERDICTS, event.verdict))
        app.out.say(f"{local(event.decided_at)}  {escape(event.reviewer)}  {said}  {escape(reason)}")
    app.out.warn(Text("已留痕：vault/audit.jsonl", "this look was recorded: vault/audit.jsonl"))


# --- showing, masked ------------------------------------------------------------------------------------------------------------------


def show_list(out: Output, rows: list[Row]) -> None:
    if out.result([_told(row) for row in rows]):
        return
    out.table(
        Text("待人工复核（脱敏）", "Pairs for a person to judge (masked)"),
        [
            Text("编号", "code"), Text("类别", "kind"), Text("县区", "county"), *NAMES, Text("行 甲/乙", "rows A/B"),
            Text("入账（元）", "credited, yuan"), Text("状态", "state"),
        ],
        [
            [row["code"], out.words(title(PAIR_KINDS, row["kind"]), "\n"), row["division_name"], *_shown(row),
             f"{_rows(row, 'a')} / {_rows(row, 'b')}", format_yuan(row["amount_fen"]), _state(row)]
            for row in rows[:SHOWN]
        ],
        {5, 6},
        {0},
    )  # fmt: skip
    if len(rows) > SHOWN:
        more = f"{len(rows) - SHOWN:,}"
        out.note(Text(f"… 另有 {more} 对：--json、--division、--kind", f"… {more} more: --json, --division, --kind"))
    if rows:
        out.note(Text("并排看：onecard review 编号", "side by side: onecard review CODE"))
    else:
        out.say(Text("没有", "none"))


def _state(row: Row) -> Text:
    """Where the pair stands; a verdict that the release does not know yet counts from the next run on."""
    since = row["verdict_since"]
    return title(STATES, row["state"]) if since is None else title(VERDICTS, since) + Text("（下次运行生效）", " (from the next run on)")


def _shown(row: Row) -> list[str]:
    if row["subject"] == "name":
        return [str(row[f"name_masked_{side}"]) for side in SIDES]
    return [f"{row[f'name_masked_{side}']}\n{row[f'id_masked_{side}']}" for side in SIDES]


def _rows(row: Row, side: str) -> int:
    return sum(row[f"{table}_rows_{side}"] for table in SEEN_IN)


def show_pair(app: AppContext, row: Row) -> None:
    events = verdicts.history(app.ws, reviewing.pair_of(row))
    if app.out.result(_told(row) | {"history": [_event(event) for event in events]}):
        return
    _heading(app.out, row)
    masked = [
        [ID_NUMBER, *(row[f"id_masked_{side}"] for side in SIDES)],
        [Text("姓名", "name"), *(row[f"name_masked_{side}"] for side in SIDES)],
    ]
    app.out.table("", ["", *NAMES], masked + _facts(row))
    for side, name in zip(SIDES, NAMES, strict=True):
        place = f"{row[f'file_name_{side}']}:{row[f'sheet_no_{side}']}:{row[f'row_no_{side}']}"
        app.out.fact(Text("例证 ", "seen in, ") + name, place, markup=False)
    app.out.fact(REASON, parted(row["reason"]), markup=False)
    app.out.say("")
    decided = [[local(event.decided_at), event.reviewer, title(VERDICTS, event.verdict)] for event in events]
    app.out.table(
        Text("结论（理由已封存，--unlock 可见）", "Verdicts (reasons are sealed, see --unlock)"),
        [Text("时刻", "when"), Text("复核人", "by"), Text("结论", "verdict")],
        decided or [["—", "", Text("尚无", "none yet")]],
    )


def _heading(out: Output, row: Row) -> None:
    place = f"{row['division_name'] or ''} {row['division'] or ''}".strip()
    what = (title(SUBJECTS, row["subject"]), title(PAIR_KINDS, row["kind"]), place, _state(row))
    out.say(f"[bold]{row['code']}[/]  " + "  ".join(escape(out.words(part)) for part in what))


def _facts(row: Row) -> list[list[Any]]:
    """What is known of both sides besides names and numbers."""
    return [
        *([label, *(f"{row[f'{name}_rows_{side}']:,}" for side in SIDES)] for name, label in SEEN_IN.items()),
        [Text("入账（元）", "credited, yuan"), *(format_yuan(row[f"credited_{side}_fen"]) for side in SIDES)],
    ]


def _told(row: Row) -> Row:
    """A pair for programs: keys and ids as text, since 63 bits are more than a number of JavaScript holds."""
    keys = ("person_key", "key_a", "key_b", "delivery_key_a", "delivery_key_b")
    told = row | {name: None if row[name] is None else str(row[name]) for name in keys}
    return told | {"decided_at": None if row["decided_at"] is None else row["decided_at"].astimezone(dt.UTC).isoformat()}


def _event(event: verdicts.Event) -> Row:
    return {"verdict": event.verdict, "reviewer": event.reviewer, "decided_at": event.decided_at.isoformat()}


def show_audit(app: AppContext) -> None:
    """Who saw whom in clear. Reasons may name people: they are opened on a terminal only."""
    records, broken = unlocking.unlockings(app.ws)
    content: dict[str, Any] = {
        "records": [
            {"at": item.at, "by": item.by, "login": item.login, "pair": reviewing.code_of(item.what), "release": item.release}
            for item in records
        ],
        "broken_lines": broken,
    }
    if not app.out.result(content):
        opened = Vault(app.ws, app.settings).unseal_text if records and sys.stdout.isatty() else None
        app.out.table(
            Text("查看明文的记录", "Who has seen whom in clear"),
            [
                Text("时刻（UTC）", "when (UTC)"),
                Text("何人", "by"),
                Text("登录名", "login"),
                Text("编号", "pair"),
                Text("发布", "release"),
                REASON,
            ],
            [
                [item.at, item.by, item.login, reviewing.code_of(item.what), item.release,
                 opened(item.reason_sealed) if opened else Text("已封存", "sealed")]
                for item in records
            ],
        )  # fmt: skip
        if not records:
            app.out.say(Text("没有人看过明文", "nobody has"))
    if broken:
        raise InputRefused(
            code="OC-REV-008",
            what=Text("记录不连续", "the record is not whole"),
            where=f"vault/{unlocking.FILE}",
            why=Text("这些行被改动、删去或未写完：", "lines changed, removed or unfinished: ") + ", ".join(map(str, broken)),
            remedy=Text("与备份核对", "compare it with the backup"),
        )
