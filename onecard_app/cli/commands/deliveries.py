"""`onecard deliveries`: what became of every file, and an answer about one that is held as a question."""

import datetime as dt

import click

from onecard.catalogue.titles import DELIVERY_ANSWERS
from onecard.words.language import Text
from onecard_app.cli.commands.status import RELEASE
from onecard_app.cli.context import AppContext, UsageProblem, onecard_command, option


@onecard_command(
    Text("收到的文件及其状态；待定的文件是补充、更正还是部分", "What became of every file; say what a held one is."),
    notes=(
        Text(
            "不写 answer：列表。answer CODE --as …：认定一份文件。CODE 是列表中的编号或其开头。",
            "Without answer: the list. answer CODE --as … says what a file is; CODE is a code of the list or its beginning.",
        ),
        Text(
            "supplement 补充：与以前的合计；restatement 更正：取代以前的；part 部分：与其他部分合成整体。",
            "supplement adds to what came before; restatement replaces it; part is one of several that make a whole.",
        ),
        Text(
            "认定从下一次 onecard run 起生效，只追加；改变认定就再写一次。",
            "An answer counts from the next run on and is kept; to change it, answer again.",
        ),
    ),
    examples=(
        ("onecard deliveries", Text("全部文件", "All files.")),
        ("onecard deliveries --questions", Text("只看待定的", "Those that are held.")),
        ("onecard deliveries answer 3f2a91 --as supplement --by 王科长", Text("认定为补充", "It adds.")),
        ('onecard deliveries answer 3f2a91 --as restatement --reason "民政局电话确认"', Text("认定为更正", "It replaces.")),
    ),
    exits=(
        (0, Text("完成", "done")),
        (2, Text("用法有误", "wrong usage")),
        (65, Text("认定不被接受", "the answer is not accepted")),
        (66, Text("没有这个文件", "no such file")),
        (75, Text("另一个运行占用工作区（认定时）", "another run at work (answers only)")),
    ),
)
@click.argument("words", nargs=-1, metavar="[answer CODE]")
@option("--questions", is_flag=True, help=Text("只看待定的文件", "files held as a question only"))
@option("--as", "kind", type=click.Choice(list(DELIVERY_ANSWERS)), help=Text("认定：补充、更正、部分", "what the file is"))
@option("--by", help=Text("认定人，缺省为登录名", "who says so; the login when left out"))
@option("--reason", help=Text("理由，加密保存", "why; kept sealed"))
@option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help=Text("认定时刻（北京时间），缺省为此刻", "when, Shanghai time [now]"),
)
@option("--release", "release_id", help=RELEASE)
def command(
    app: AppContext,
    words: tuple[str, ...],
    questions: bool,
    kind: str | None,
    by: str | None,
    reason: str | None,
    at: dt.datetime | None,
    release_id: str | None,
) -> None:
    code = _file_meant(words, kind, questions, any((by, reason, at)))
    from onecard.store import answers
    from onecard_app.answers import deliveries
    from onecard_app.answers.release_selection import choose_release
    from onecard_app.cli.views import deliveries as view

    path = choose_release(app.ws, release_id)
    if kind is not None and code is not None:
        view.answer(app, deliveries.find(path, code), kind, reason or "", by, at)
        return
    rows = deliveries.with_latest(deliveries.deliveries(path), answers.history(app.ws))
    view.show_list(app.out, rows, questions)


def _file_meant(words: tuple[str, ...], kind: str | None, questions: bool, said_more: bool) -> str | None:
    """The code of the file that is answered about; None for the list. Raises UsageProblem for what cannot be meant together."""
    typed = "onecard deliveries answer CODE --as supplement|restatement|part"
    answering = len(words) == 2 and words[0] == "answer" and kind is not None
    wrong = (
        (bool(words or kind) and not answering, Text(f"认定一份文件：{typed}", f"say what a file is: {typed}")),
        (said_more and not answering, Text("--by、--reason、--at 须与 answer 同用", "--by, --reason and --at go with answer")),
        (questions and answering, Text("--questions 用于列表", "--questions is for the list")),
    )
    for happened, why in wrong:
        if happened:
            raise UsageProblem(why, click.get_current_context())
    return words[1] if answering else None
