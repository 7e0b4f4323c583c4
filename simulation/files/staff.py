"""经办人员近亲属备案表: one snapshot per county (or township) of staff, their relatives, and whether these were filed."""

import numpy as np
import pyarrow.compute as pc

from onecard.words.months import add_months
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.files.tables import Field, Layout, write_table
from simulation.files.workbook import NUMBER, TEXT
from simulation.people.columns import Columns
from simulation.people.county import County
from simulation.people.staff import FILED
from simulation.plan import Plan, month_day

_LAYOUTS = (Layout(subtotals=""), Layout(subtotals="", shared=False), Layout(subtotals="", left=1, dimension="A1:C4"))
_WORDS = (FILED, ("未备案", "已备案", ""), FILED)


def write_staff(plan: Plan, county: County, persons: PersonTexts, inbox: Inbox) -> None:
    """The list as it stood in the last month, without those whom a township lists."""
    everybody = county.staff
    township = county.townships[0] if habits.lists_staff_of_a_township(county.index) else ""
    theirs = np.array([bool(township) and unit.startswith(township) for unit in everybody["unit"]])
    for place, listed in (("", ~theirs), (township, theirs)):
        if listed.any():
            _write(plan, county, persons, inbox, place, everybody.take(np.flatnonzero(listed)))


def _write(plan: Plan, county: County, persons: PersonTexts, inbox: Inbox, township: str, staff: Columns) -> None:
    month = plan.months[-1]
    manner = county.index % len(_LAYOUTS)
    group = ("工作人员", "亲属") if manner == 1 else ("", "")
    prefix = ("", "") if manner == 1 else ("工作人员", "亲属")
    ids = pc.replace_substring(persons.id, "X", "x") if manner == 2 else persons.id
    filed = text.words(_WORDS[manner], np.where(staff["filed"] == FILED.index(""), -1, staff["filed"]))
    fields = [
        Field("序号", text.ints(np.arange(1, len(staff) + 1)), NUMBER),
        Field(f"{prefix[0]}姓名", text.pick(persons.name, staff["person"]), TEXT, group[0]),
        Field(f"{prefix[0]}身份证号", text.pick(ids, staff["person"]), TEXT, group[0]),
        Field("单位", text.texts(staff["unit"])),
        Field("职务", text.texts(staff["position"])),
        Field(f"{prefix[1]}姓名", text.pick(persons.name, staff["relative"]), TEXT, group[1]),
        Field(f"{prefix[1]}身份证号", text.pick(ids, staff["relative"]), TEXT, group[1]),
        Field("与工作人员关系", pc.if_else(pc.equal(text.texts(staff["relation"]), ""), None, text.texts(staff["relation"]))),
        Field("是否备案", filed),
    ]
    file = f"{county.name}{township}经办人员近亲属备案表_{month}.xlsx"
    title = f"{county.name}{township}社会救助经办人员近亲属享受救助备案表"
    write_table(inbox.path(file), title, f"{county.name}{township or '民政局'}", fields, [("", 0, len(staff))], _LAYOUTS[manner])
    day = workdays.shift(month_day(add_months(month, 1), 1), 2)
    inbox.delivered(file, "staff_relatives", county.code, str(month), day, len(staff), hour=16)
