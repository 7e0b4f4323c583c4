"""`onecard review`: doubtful pairs of names and of IDs, side by side and masked; verdicts; seeing a pair in clear, with a record."""

import datetime as dt
import os
import pwd
import sys
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from onecard.catalogue.titles import PAIR_KINDS, SEEN_IN, STATES, SUBJECTS, VERDICTS, both
from onecard.store import unlocking, verdicts
from onecard.store.unlocking import InClear
from onecard.store.vault import Vault
from onecard.words.errors import ConfigError, InputRefused
from onecard.words.money import format_yuan
from onecard_app.answers import review as reviewing
from onecard_app.answers.release_selection import choose_release
from onecard_app.answers.review import SIDES, Row
from onecard_app.cli.app import Door, cli, json_option, pass_door
from onecard_app.cli.output import Output
from orchestration.runs import SHANGHAI

# Pairs of the list in a terminal; JSON holds all.
SHOWN = 40


@cli.command(
    epilog="""
\b
例 examples
  onecard review                                     待复核的对 pairs that wait
  onecard review --division 安定区 --kind near         只看一县一类 one county, one kind
  onecard review 3f2a91                              并排看一对(脱敏) one pair side by side, masked
  onecard review 3f2a91 --verdict different --reason "派出所证明系双胞胎"
  onecard review 3f2a91 --unlock --reason "入户核查前核对原件"   终端上看明文，先留痕 in clear, recorded first
  onecard review --audit                             谁看过明文 who has seen whom in clear

\b
结论从下一次 onecard run 起生效，只对复核当日及以后的业务日期有效;结论只追加，改判就再复核一次。
A verdict counts from the next run on, for business dates from its day on; to change it, decide again.
明文只显示在终端上，不能写入文件或管道;记录在 vault/audit.jsonl，写盘之后才显示。
Clear values go to a terminal only, never to a file or a pipe; the record is on the disk before they are shown.

\b
退出码 exit codes: 0 完成 done; 2 用法 usage; 65 缺理由等 no reason given …; 66 没有这一对 no such pair;
75 另一个运行持有工作区 another run at work (verdicts only); 78 输出不是终端 not a terminal (--unlock)
"""
)
@click.argument("pair", required=False)
@click.option("--division", help="县区或市的名称或代码 county or city, by name or code")
@click.option("--kind", type=click.Choice(list(PAIR_KINDS)), help="类别 kind of pair")
@click.option("--all", "every", is_flag=True, help="包括已有结论的 decided ones, too")
@click.option("--verdict", type=click.Choice(list(VERDICTS)), help="结论 verdict: 同一人、不是、不能确定")
@click.option("--reason", help="理由，加密保存 why; kept sealed")
@click.option("--by", help="复核人，缺省为登录名 who decides or looks, the login when left out")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]), help="复核时刻(北京时间) when decided, Shanghai time [now]")
@click.option("--unlock", is_flag=True, help="在终端上显示明文，先留痕 show names and IDs in clear on this terminal; recorded first")
@click.option("--audit", is_flag=True, help="查看明文的记录 the record of who saw whom in clear")
@click.option("--release", "release_id", help="某一发布，缺省为 current a release or the beginning of its id, `current` when left out")
@json_option
@pass_door
def review(
    door: Door,
    pair: str | None,
    division: str | None,
    kind: str | None,
    every: bool,
    verdict: str | None,
    reason: str | None,
    by: str | None,
    at: dt.datetime | None,
    unlock: bool,
    audit: bool,
    release_id: str | None,
) -> None:
    """复核成对的身份:并排看、下结论、看明文并留痕 judge doubtful pairs of names and IDs.

    Without PAIR: the list. PAIR is a code of the list or its beginning.
    """
    filters = division is not None or kind is not None or every
    _one_thing_at_a_time(pair, filters, verdict, reason, by, at, unlock, audit)
    if audit:
        _show_audit(door)
        return
    path = choose_release(door.ws, release_id)
    if pair is None:
        rows = reviewing.with_latest(reviewing.pairs(path, division=division, kind=kind, every=every), verdicts.history(door.ws))
        _show_list(door.out, [row for row in rows if every or row["verdict_since"] in (None, "unsure")])
        return
    [row] = reviewing.with_latest([reviewing.find(path, pair)], verdicts.history(door.ws))
    if verdict is not None:
        _decide(door, row, verdict, reason or "", by, at)
    elif unlock:
        _unlock(door, path, row, reason or "", by)
    else:
        _show_pair(door, row)


def _one_thing_at_a_time(
    pair: str | None, filters: bool, verdict: str | None, reason: str | None, by: str | None, at: Any, unlock: bool, audit: bool
) -> None:
    acting = verdict is not None or unlock
    wrong = (
        (pair is None and acting, "PAIR 未写明 say which pair: onecard review PAIR --verdict …"),
        (pair is not None and filters, "--division、--kind、--all 用于列表 are for the list"),
        (verdict is not None and unlock, "--verdict 与 --unlock 分开做 decide and look one after the other"),
        (audit and (pair is not None or filters or acting), "--audit 单独使用 stands alone"),
        ((reason is not None or by is not None) and not acting, "--reason、--by 须有 need --verdict 或 or --unlock"),
        (at is not None and verdict is None, "--at 与 --verdict 同用 goes with --verdict"),
    )
    for happened, why in wrong:
        if happened:
            raise click.UsageError(why)


# --- deciding and looking -------------------------------------------------------------------------------------------------------------


def _decide(door: Door, row: Row, verdict: str, reason: str, by: str | None, at: dt.datetime | None) -> None:
    now = dt.datetime.now(SHANGHAI)
    moment = at.replace(tzinfo=SHANGHAI) if at is not None else now
    if moment > now:
        raise InputRefused(
            code="OC-REV-006",
            what="结论未记录 the verdict was not recorded",
            where="--at",
            why="复核时刻在将来 the moment lies in the future",
            remedy="写实际复核的时刻 give the moment of the decision",
        )
    with door.ws.lock():
        vault = Vault(door.ws, door.settings)
        event = verdicts.decide(
            door.ws, vault, reviewing.pair_of(row), verdict=verdict, reviewer=by or _login(), reason=reason, decided_at=moment
        )
    content = {"pair": row["code"], "review_pair_id": row["review_pair_id"], **_event(event)}
    if not door.out.result(content):
        door.out.say(f"[green]✓[/] {row['code']} {both(VERDICTS, verdict)}  {escape(event.reviewer)}  {_local(event.decided_at)}")
        door.out.say("下一次运行起生效 counts from the next run on: onecard run")


def _unlock(door: Door, path: Path, row: Row, reason: str, by: str | None) -> None:
    """Record first, show then; nothing is read from the vault when the record cannot be written."""
    verdicts.check_reason(reason)
    if door.out.as_json or not sys.stdout.isatty():
        raise ConfigError(
            code="OC-REV-007",
            what="明文只能显示在终端上 clear values are shown on a terminal only",
            where="--json" if door.out.as_json else "标准输出 standard output",
            why="文件、管道和日志会留下明文 a file, a pipe or a log would keep them",
            remedy="在终端上直接运行，不加 --json、重定向或管道 run it on a terminal, without --json, > or |",
        )
    vault, pair = Vault(door.ws, door.settings), reviewing.pair_of(row)
    sides = unlocking.unlock(
        door.ws,
        vault,
        pair,
        at=dt.datetime.now(SHANGHAI),
        by=by or _login(),
        login=_login(),
        release=path.name,
        reason=reason,
    )
    show_clear(door, row, sides, [(event, vault.unseal_text(event.reason_sealed)) for event in verdicts.history(door.ws, pair)])


def show_clear(door: Door, row: Row, sides: tuple[InClear, InClear], history: list[tuple[verdicts.Event, str]]) -> None:
    """The pair in clear on the terminal, with what reviewers wrote."""
    _heading(door.out, row)
    facts = [
        ["证件号 ID", *(side.id_number for side in sides)],
        ["姓名 names", *("、".join(side.names) for side in sides)],
    ]
    door.out.table("", ["", "甲 A", "乙 B"], facts + _facts(row))
    door.out.say(f"理由 reason  {escape(row['reason'])}")
    for event, reason in history:
        door.out.say(f"{_local(event.decided_at)}  {escape(event.reviewer)}  {both(VERDICTS, event.verdict)}  {escape(reason)}")
    door.out.say("[yellow]![/] 已留痕 this look was recorded: vault/audit.jsonl")


def _login() -> str:
    """The account, by the kernel's word and not by a variable that anybody may set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


# --- showing, masked ------------------------------------------------------------------------------------------------------------------


def _show_list(out: Output, rows: list[Row]) -> None:
    if out.result([_told(row) for row in rows]):
        return
    out.table(
        "待人工复核 pairs for a person to judge (脱敏 masked)",
        ["编号 code", "类别 kind", "县区 county", "甲 A", "乙 B", "行 rows\nA / B", "入账(元)\nyuan", "状态 state"],
        [
            [row["code"], PAIR_KINDS[row["kind"]].spoken("both", "\n"), row["division_name"], *_shown(row),
             f"{_rows(row, 'a')} / {_rows(row, 'b')}", format_yuan(row["amount_fen"]), _state(row)]
            for row in rows[:SHOWN]
        ],
        {5, 6},
        {0},
    )  # fmt: skip
    if len(rows) > SHOWN:
        out.say(f"[dim]… 另有 {len(rows) - SHOWN:,} 对 more: --json, --division, --kind[/]")
    if rows:
        out.say("[dim]并排看 side by side: onecard review 编号 CODE[/]")
    else:
        out.say("没有 none")


def _state(row: Row) -> str:
    """Where the pair stands; a verdict that the release does not know yet counts from the next run on."""
    since = row["verdict_since"]
    return both(STATES, row["state"]) if since is None else f"{both(VERDICTS, since)} (下次运行生效 with the next run)"


def _shown(row: Row) -> list[str]:
    if row["subject"] == "name":
        return [str(row[f"name_masked_{side}"]) for side in SIDES]
    return [f"{row[f'name_masked_{side}']}\n{row[f'id_masked_{side}']}" for side in SIDES]


def _rows(row: Row, side: str) -> int:
    return sum(row[f"{table}_rows_{side}"] for table in SEEN_IN)


def _show_pair(door: Door, row: Row) -> None:
    events = verdicts.history(door.ws, reviewing.pair_of(row))
    if door.out.result(_told(row) | {"history": [_event(event) for event in events]}):
        return
    _heading(door.out, row)
    masked = [["证件号 ID", *(row[f"id_masked_{side}"] for side in SIDES)], ["姓名 name", *(row[f"name_masked_{side}"] for side in SIDES)]]
    door.out.table("", ["", "甲 A", "乙 B"], masked + _facts(row))
    for side, name in zip(SIDES, ("甲 A", "乙 B"), strict=True):
        place = f"{row[f'file_name_{side}']}:{row[f'sheet_no_{side}']}:{row[f'row_no_{side}']}"
        door.out.say(f"例证 seen in  {name}  {place}", markup=False)
    door.out.say(f"理由 reason  {escape(row['reason'])}\n")
    door.out.table(
        "结论 verdicts (理由已封存，--unlock 可见 reasons are sealed, see --unlock)",
        ["时刻 when", "复核人 by", "结论 verdict"],
        [[_local(event.decided_at), event.reviewer, both(VERDICTS, event.verdict)] for event in events] or [["—", "", "尚无 none yet"]],
    )


def _heading(out: Output, row: Row) -> None:
    place = f"{row['division_name'] or ''} {row['division'] or ''}".strip()
    what = f"{both(SUBJECTS, row['subject'])}  {both(PAIR_KINDS, row['kind'])}"
    out.say(f"[bold]{row['code']}[/]  {what}  {escape(place)}  {_state(row)}")


def _facts(row: Row) -> list[list[str]]:
    """What is known of both sides besides names and numbers."""
    return [
        *([str(label), *(f"{row[f'{name}_rows_{side}']:,}" for side in SIDES)] for name, label in SEEN_IN.items()),
        ["入账(元) credited", *(format_yuan(row[f"credited_{side}_fen"]) for side in SIDES)],
    ]


def _told(row: Row) -> Row:
    """A pair for programs: keys and ids as text, since 63 bits are more than a number of JavaScript holds."""
    keys = ("person_key", "key_a", "key_b", "delivery_key_a", "delivery_key_b")
    told = row | {name: None if row[name] is None else str(row[name]) for name in keys}
    return told | {"decided_at": None if row["decided_at"] is None else row["decided_at"].astimezone(dt.UTC).isoformat()}


def _event(event: verdicts.Event) -> Row:
    return {"verdict": event.verdict, "reviewer": event.reviewer, "decided_at": event.decided_at.isoformat()}


def _local(moment: dt.datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _show_audit(door: Door) -> None:
    """Who saw whom in clear. Reasons may name people: they are opened on a terminal only."""
    records, broken = unlocking.unlockings(door.ws)
    content: dict[str, Any] = {
        "records": [
            {"at": item.at, "by": item.by, "login": item.login, "pair": reviewing.code_of(item.what), "release": item.release}
            for item in records
        ],
        "broken_lines": broken,
    }
    if not door.out.result(content):
        opened = Vault(door.ws, door.settings).unseal_text if records and sys.stdout.isatty() else None
        door.out.table(
            "查看明文的记录 who saw whom in clear",
            ["时刻 when (UTC)", "何人 by", "登录名 login", "对 pair", "发布 release", "理由 reason"],
            [
                [item.at, item.by, item.login, reviewing.code_of(item.what), item.release,
                 opened(item.reason_sealed) if opened else "已封存 sealed"]
                for item in records
            ],
        )  # fmt: skip
        if not records:
            door.out.say("没有人看过明文 nobody has")
    if broken:
        raise InputRefused(
            code="OC-REV-008",
            what="记录不连续 the record is not whole",
            where=f"vault/{unlocking.FILE}",
            why="这些行被改动、删去或未写完 lines changed, taken out or unfinished: " + ", ".join(map(str, broken)),
            remedy="与备份核对 compare it with the backup",
        )
