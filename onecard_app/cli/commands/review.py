"""`onecard review`: doubtful pairs of names and of IDs, side by side and masked; verdicts; seeing a pair in clear, with a record."""

import datetime as dt
from typing import Any

import click

from onecard.catalogue.titles import PAIR_KINDS, VERDICTS
from onecard.words.language import Text
from onecard_app.cli.commands.status import RELEASE
from onecard_app.cli.context import AppContext, UsageProblem, onecard_command, option


@onecard_command(
    Text("复核成对的身份：并排看、下结论、看明文并留痕", "Judge doubtful pairs of names and IDs."),
    notes=(
        Text(
            "不写 PAIR：列表。PAIR 是列表中的编号或其开头。",
            "Without PAIR: the list. PAIR is a code of the list or its beginning.",
        ),
        Text(
            "结论从下一次 onecard run 起生效，只对复核当日及以后的业务日期有效；结论只追加，改判就再复核一次。",
            "A verdict counts from the next run on, for business dates from its day on; to change it, decide again.",
        ),
        Text(
            "明文只显示在终端上，不能写入文件或管道；记录在 vault/audit.jsonl，写盘之后才显示。",
            "Clear values go to a terminal only, never to a file or a pipe; the record is on the disk before they are shown.",
        ),
    ),
    examples=(
        ("onecard review", Text("待复核的对", "Pairs that wait.")),
        ("onecard review --division 安定区 --kind near", Text("只看一县一类", "One county, one kind.")),
        ("onecard review 3f2a91", Text("并排看一对（脱敏）", "One pair side by side, masked.")),
        ('onecard review 3f2a91 --verdict different --reason "派出所证明系双胞胎"', Text("下结论", "Decide.")),
        ('onecard review 3f2a91 --unlock --reason "入户核查前核对原件"', Text("终端上看明文，先留痕", "In clear, recorded first.")),
        ("onecard review --audit", Text("谁看过明文", "Who has seen whom in clear.")),
    ),
    exits=(
        (0, Text("完成", "done")),
        (2, Text("用法有误", "wrong usage")),
        (65, Text("缺理由等", "no reason given …")),
        (66, Text("没有这一对", "no such pair")),
        (75, Text("另一个运行占用工作区（下结论时）", "another run at work (verdicts only)")),
        (78, Text("输出不是终端（--unlock）", "not a terminal (--unlock)")),
    ),
)
@click.argument("pair", required=False)
@option("--division", help=Text("县区或市的名称或代码", "county or city, by name or code"))
@option("--kind", type=click.Choice(list(PAIR_KINDS)), help=Text("类别", "kind of pair"))
@option("--all", "every", is_flag=True, help=Text("包括已有结论的", "decided ones, too"))
@option("--verdict", type=click.Choice(list(VERDICTS)), help=Text("结论：同一人、不是、不能确定", "verdict"))
@option("--reason", help=Text("理由，加密保存", "why; kept sealed"))
@option("--by", help=Text("复核人，缺省为登录名", "who decides or looks; the login when left out"))
@option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help=Text("复核时刻（北京时间），缺省为此刻", "when decided, Shanghai time [now]"),
)
@option("--unlock", is_flag=True, help=Text("在终端上显示明文，先留痕", "show names and IDs in clear on this terminal; recorded first"))
@option("--audit", is_flag=True, help=Text("查看明文的记录", "the record of who saw whom in clear"))
@option("--release", "release_id", help=RELEASE)
def command(
    app: AppContext,
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
    filters = division is not None or kind is not None or every
    _one_thing_at_a_time(pair, filters, verdict, reason, by, at, unlock, audit)
    from onecard.store import verdicts
    from onecard_app.answers import review
    from onecard_app.answers.release_selection import choose_release
    from onecard_app.cli.views import review as view

    if audit:
        view.show_audit(app)
        return
    path = choose_release(app.ws, release_id)
    if pair is None:
        rows = review.with_latest(review.pairs(path, division=division, kind=kind, every=every), verdicts.history(app.ws))
        view.show_list(app.out, [row for row in rows if every or row["verdict_since"] in (None, "unsure")])
        return
    [row] = review.with_latest([review.find(path, pair)], verdicts.history(app.ws))
    if verdict is not None:
        view.decide(app, row, verdict, reason or "", by, at)
    elif unlock:
        view.unlock(app, path, row, reason or "", by)
    else:
        view.show_pair(app, row)


def _one_thing_at_a_time(
    pair: str | None, filters: bool, verdict: str | None, reason: str | None, by: str | None, at: Any, unlock: bool, audit: bool
) -> None:
    acting = verdict is not None or unlock
    wrong = (
        (pair is None and acting, Text("PAIR 未写明：onecard review PAIR --verdict …", "name the pair: onecard review PAIR --verdict …")),
        (pair is not None and filters, Text("--division、--kind、--all 用于列表", "--division, --kind and --all are for the list")),
        (verdict is not None and unlock, Text("--verdict 与 --unlock 分开做", "decide and look one after the other: --verdict, --unlock")),
        (audit and (pair is not None or filters or acting), Text("--audit 单独使用", "--audit stands alone")),
        (
            (reason is not None or by is not None) and not acting,
            Text("--reason、--by 须与 --verdict 或 --unlock 同用", "--reason and --by need --verdict or --unlock"),
        ),
        (at is not None and verdict is None, Text("--at 与 --verdict 同用", "--at goes with --verdict")),
    )
    for happened, why in wrong:
        if happened:
            raise UsageProblem(why, click.get_current_context())
