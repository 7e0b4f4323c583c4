"""死亡人员信息: what a county's funeral office and police report each month, in one list or each its own."""

import numpy as np

from onecard.words.months import add_months
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.files.tables import Field, Layout, write_table
from simulation.files.workbook import DATE, NUMBER, TEXT
from simulation.ledger.deaths import days
from simulation.people.county import County
from simulation.plan import Plan, month_day

_DATES = ("iso", "serial", "dot", "chinese", "slash", "compact", "iso")
_LAYOUTS = (Layout(subtotals=""), Layout(subtotals="", left=1, shared=False), Layout(subtotals="", title=False, empty_sheets=2))
_REGISTERED = ("火化日期", "户口注销日期", "火化/注销日期")


def write_deaths(plan: Plan, county: County, persons: PersonTexts, inbox: Inbox) -> None:
    """The deaths registered in each month; what is registered after the plan's months is not reported yet."""
    deaths = county.deaths
    for month in plan.months:
        start, end = days(month_day(month, 1)), days(month_day(add_months(month, 1), 1))
        rows = np.flatnonzero((deaths["registered"] >= start) & (deaths["registered"] < end))
        rows = rows[np.lexsort((deaths["person"][rows], deaths["registered"][rows]))]
        offices = habits.offices_that_report_deaths(county.index)
        for number, office in enumerate(offices):
            part = rows[number :: len(offices)]
            if len(part):  # nobody sends an empty list
                _write(county, persons, inbox, month, office, part)


def _write(county: County, persons: PersonTexts, inbox: Inbox, month: int, office: str, rows: np.ndarray) -> None:
    people, deaths = county.persons, county.deaths
    style, manner = _DATES[county.index], county.index % len(_LAYOUTS)
    person = deaths["person"][rows]
    kind = DATE if style == "serial" else TEXT
    fields = [
        Field("序号", text.ints(np.arange(1, len(rows) + 1)), NUMBER),
        Field("姓名", text.pick(persons.name, person)),
        Field("性别", text.words(("女", "男"), people["male"][person])),
        Field("身份证号码" if manner == 1 else "身份证号", text.pick(persons.id, person)),
        Field("户籍所在乡镇", text.words(county.townships, people["township"][person])),
        Field("死亡日期", text.dates(deaths["died"][rows], style), kind),
        Field(_REGISTERED[manner], text.dates(deaths["registered"][rows], style), kind),
    ]
    file = f"{county.name}{office}死亡人员信息_{month}.xlsx"
    title = f"{county.name}{month // 100}年{month % 100}月死亡人员信息表"
    reporter = f"{county.name}{office or '殡葬管理所'}"
    write_table(inbox.path(file), title, reporter, fields, [("", 0, len(rows))], _LAYOUTS[manner])
    day = workdays.shift(month_day(add_months(month, 1), 1), 1)
    inbox.delivered(file, "deaths", county.code, str(month), day, len(rows), hour=14)
