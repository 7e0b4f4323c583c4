"""`onecard run`: from inbox to published release."""

from pathlib import Path

from onecard.words.language import Text
from onecard_app.cli.context import AppContext, onecard_command, option


@onecard_command(
    Text("从收件箱到核对无误的发布，一次跑完", "From the inbox to a published, reconciled release, in one go."),
    examples=(
        ("onecard run", Text("业务日期为今天（北京时间）", "For today in Shanghai.")),
        ("onecard run --as-of 2018-06-30", Text("只看到这一天为止收到的文件", "Only what was received by the end of that day.")),
    ),
    exits=(
        (0, Text("已发布", "published")),
        (75, Text("另一个运行正在进行", "another run is at work")),
        (76, Text("闸门未通过，未过闸的发布留存备查", "the gate rejected the release, which is kept to be looked at")),
    ),
)
@option(
    "--as-of", default="", help=Text("业务日期 YYYY-MM-DD，缺省为今天（北京时间）", "business date, YYYY-MM-DD [today in Asia/Shanghai]")
)
def command(app: AppContext, as_of: str) -> None:
    from onecard.store.releases import current_release
    from onecard_app.answers import status
    from onecard_app.cli.views import status as view
    from onecard_app.cli.views.progress import TerminalProgress
    from orchestration import progress
    from orchestration.runs import business_date

    business_date(as_of)  # a mistyped date is said before anything starts
    app.ws.create()
    with app.ws.lock():
        pass  # says who holds it before the slow start, the run takes it for good
    from orchestration.execute import run_nightly

    with progress.listening(TerminalProgress(app.out)):
        outcome = run_nightly(app.ws, as_of)
    content = status.answer(app.ws, Path(str(outcome["path"])))
    if not app.out.result(content):
        view.show(app.out, content)
        if not content["is_current"] and (current := current_release(app.ws)):
            app.out.say(
                Text(
                    f"current 仍是 {current.name}：业务日期更晚，读者所见不变",
                    f"current is still {current.name}: its business date is later, readers see what they saw",
                )
            )
