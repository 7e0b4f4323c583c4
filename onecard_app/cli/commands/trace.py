"""`onecard trace`: where a document's money is, and whose money a credit was."""

from pathlib import Path
from typing import Any

import click

from onecard.words.language import Text
from onecard_app.cli.commands.status import RELEASE
from onecard_app.cli.context import AppContext, UsageProblem, onecard_command, option


class Month(click.ParamType):
    """A month as offices write it: 201803, 2018-03, 2018年3月."""

    name = "yyyymm"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from onecard.words.months import DateError, parse_month

        try:
            return parse_month(str(value))
        except DateError:
            raise UsageProblem(Text(f"没有这个月：{value}；例如 201803", f"no such month: {value}; for example 201803"), ctx) from None


@onecard_command(
    Text(
        "资金追踪：文件的钱到了谁的卡、还停在哪里；一笔入账是谁的钱",
        "Follow money from document to card, and back.",
    ),
    notes=(
        Text(
            "问一件事：--doc、--credit、--household、--person，或 --county/--programme（可加 --month）。",
            "Give one of --doc, --credit, --household, --person, or --county/--programme (with --month).",
        ),
    ),
    examples=(
        ("onecard trace --doc 甘财社〔2018〕5号", Text("这份文件的钱现在在哪里", "Where the money of a document is now.")),
        ("onecard trace --doc 定财社14号 --xlsx 追踪.xlsx", Text("同时导出工作簿", "Also as a workbook.")),
        ("onecard trace --credit RCU_62110220180101100_回盘.txt:17", Text("这笔入账是谁的钱", "Whose money this row credited.")),
        ("onecard trace --credit 农信社/62110220180101100/16", Text("同上，按批次和序号", "The same, by batch and line.")),
        (
            "onecard trace --household 4172470142918753308",
            Text("一户（mart_payment.household_key）", "A household (mart_payment.household_key)."),
        ),
        ("onecard trace --county 安定区 --programme 农村低保 --month 201803", Text("一县一项目一月", "A county, a programme, a month.")),
        (
            "onecard trace --county 定西市",
            Text("市、省：停了多少、下达了多少", "A city or province: what rests there, what it passed down."),
        ),
    ),
)
@option("--doc", help=Text("指标文号，可省略发文字号或年度", "number of a document; issuer or year may be left out when it is clear"))
@option(
    "--credit",
    help=Text(
        "一笔入账：文件:行、文件:工作表:行，或 银行/批次/序号（银行代码或名称）",
        "one credit: FILE:ROW, FILE:SHEET:ROW or BANK/BATCH/SEQ (bank by code or name)",
    ),
)
@option("--household", type=int, metavar="KEY", help=Text("户的假名键", "household_key"))
@option("--person", type=int, metavar="KEY", help=Text("人的假名键", "person_key"))
@option("--county", help=Text("县区，或市、省，名称或代码", "county, or city or province, by name or code"))
@option("--programme", help=Text("项目名称或代码", "programme, by name or code"))
@option(
    "--month", type=Month(), help=Text("所属月份 yyyymm（与 --county 或 --programme 同用）", "month, yyyymm (with --county or --programme)")
)
@option("--release", "release_id", help=RELEASE)
@option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=Text("导出工作簿", "write a workbook"))
def command(
    app: AppContext,
    doc: str | None,
    credit: str | None,
    household: int | None,
    person: int | None,
    county: str | None,
    programme: str | None,
    month: int | None,
    release_id: str | None,
    xlsx: Path | None,
) -> None:
    place = county is not None or programme is not None
    asked = [doc is not None, credit is not None, household is not None, person is not None, place]
    if sum(asked) != 1 or (month is not None and not place):
        raise UsageProblem(
            Text(
                "问一件事：--doc | --credit | --household | --person | --county/--programme [--month]\n例如：onecard trace --doc 甘财社〔2018〕5号",
                "ask one thing: --doc | --credit | --household | --person | --county/--programme [--month]\n"
                "for example: onecard trace --doc 甘财社〔2018〕5号",
            ),
            click.get_current_context(),
        )
    from onecard_app.answers import trace
    from onecard_app.answers.release_selection import choose_release

    path = choose_release(app.ws, release_id)
    if doc is not None:
        answer = trace.by_document(path, doc)
    elif credit is not None:
        answer = trace.by_credit(path, credit)
    elif household is not None:
        answer = trace.by_person(path, household, household=True)
    elif person is not None:
        answer = trace.by_person(path, person)
    else:
        answer = trace.by_place(path, county, programme, month)
    if xlsx is not None:
        from onecard_app.answers import trace_workbook

        trace_workbook.write(answer, xlsx, app.language)
    if not app.out.result(answer.as_dict()):
        from onecard_app.cli.views import trace as view

        view.show(app.out, answer, xlsx)
