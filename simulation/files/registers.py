"""救助对象花名册: who is entitled, as a snapshot of a county or of a programme there, with all members of dibao households."""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.seed_lookup import programmes
from onecard.words.months import add_months
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.files.rolls import village_names
from simulation.files.tables import Field, Layout, write_table
from simulation.files.workbook import DATE, NUMBER, TEXT
from simulation.people.columns import Columns
from simulation.people.county import CATEGORIES, DIBAO, GRADES, RELATIONS, RELIEF, County
from simulation.plan import PROGRAMMES, Plan, month_day

_HEADERS = {
    "household": "户编号", "head_name": "户主姓名", "head_id": "户主身份证号", "name": "姓名", "id": "身份证号", "sex": "性别",
    "born": "出生日期", "relation": "与户主关系",
    "township": "乡镇", "village": "村", "programme": "救助类别", "category": "保障类别", "approved": "审批日期", "start": "享受起始",
    "end": "享受终止", "proxy_name": "监护人/代领人", "proxy_id": "监护人身份证号", "grade": "残疾等级", "phone": "联系电话",
}  # fmt: skip
_SPELLED = {
    "born": "出生年月日", "township": "乡镇街道", "village": "村(社区)", "programme": "救助项目", "approved": "批准日期",
    "start": "享受起始月", "end": "享受终止月",
}  # fmt: skip
_GROUPS = {"head_name": "户主", "head_id": "户主"}
_LAYOUTS = (
    Layout(subtotals="", dimension="A1:B2"),
    Layout(by_township=True, subtotals="bottom", shared=False, subtotal_word="小计"),
    Layout(subtotals="", left=1, empty_sheets=2),
)
# A true date cell is written as its serial number.
_DATES = ("iso", "serial", "dot")
_MONTHS = ("compact", "chinese", "dash")
# What people are besides their numbers: some clerks keep columns for it.
_BIRTHS = ("compact", "", "dot")


def register_rows(county: County, month: int, first_month: int) -> Columns:
    """Rows of the snapshot of a month: `ent` and `person` (for dibao every member of the household).

    Whose entitlement ended before `first_month` is no longer listed; temporary relief of this year is.
    """
    ents, persons = county.ents, county.persons
    listed = np.flatnonzero((ents["start"] <= month) & ((ents["end"] == 0) | (ents["end"] >= first_month)))
    dibao = ents["programme"][listed] == DIBAO
    by_person = listed[~dibao]
    heads = ents["person"][listed[dibao]]
    ent_of_head = np.full(len(persons), -1)
    ent_of_head[heads] = listed[dibao]
    members = np.flatnonzero(ent_of_head[persons["household"]] >= 0)
    ent = np.concatenate([by_person, ent_of_head[persons["household"][members]]])
    person = np.concatenate([ents["person"][by_person], members])
    order = np.lexsort(
        (person, persons["household"][person], ents["programme"][ent], persons["village"][person], persons["township"][person])
    )
    return Columns(ent=ent[order], person=person[order])


def register_ref(ent: np.ndarray, person: np.ndarray) -> np.ndarray:
    """One number for a row of a register, the same in every snapshot."""
    return ent.astype(np.int64) * 100_000_000 + person


def states_births(county: County) -> bool:
    """Whether the county's register has columns for sex and date of birth."""
    return bool(_BIRTHS[county.index % 3])


def write_registers(plan: Plan, county: County, persons: PersonTexts, inbox: Inbox) -> None:
    """All snapshots of a county."""
    for month in plan.snapshots:
        rows = register_rows(county, month, plan.months[0])
        for programme, piece in _pieces(county, rows):
            _write_register(county, persons, inbox, month, programme, piece)


def _pieces(county: County, rows: Columns) -> Iterator[tuple[str, Columns]]:
    """The files in which a snapshot comes: programme that it is of (none: of all), and its rows."""
    if not habits.sends_registers_by_programme(county.index):
        yield "", rows
        return
    programme = county.ents["programme"][rows["ent"]]
    for number in np.unique(programme):
        yield programmes()[PROGRAMMES[number]].name_zh, rows.take(np.flatnonzero(programme == number))


def _write_register(county: County, persons: PersonTexts, inbox: Inbox, month: int, programme: str, rows: Columns) -> None:
    file = f"{county.name}{programme}救助对象花名册_{month}.xlsx"
    layout = _LAYOUTS[county.index % len(_LAYOUTS)]
    fields = _fields(county, persons, rows, month)
    township = county.persons["township"][rows["person"]]
    edges = np.flatnonzero(np.r_[True, township[1:] != township[:-1], True])
    sections = [(county.townships[township[start]], int(start), int(end)) for start, end in itertools.pairwise(edges)]
    title = f"{county.name}{month // 100}年{month % 100}月{programme}救助对象花名册"
    written = write_table(inbox.path(file), title, f"{county.name}民政局", fields, sections, layout)
    refs = register_ref(rows["ent"], rows["person"])
    inbox.locate(("register", county.index, month), file, refs, written.sheet_no, written.row_no)
    day = workdays.shift(month_day(add_months(month, 1), 1), 1)
    inbox.delivered(file, "beneficiary_registers", county.code, str(month), day, len(rows), hour=11)


def _fields(county: County, persons: PersonTexts, rows: Columns, month: int) -> list[Field]:
    people, ents = county.persons, county.ents
    person, ent = rows["person"], rows["ent"]
    head = people["household"][person]
    proxy = np.where(ents["programme"][ent] == DIBAO, -1, people["proxy"][person])
    manner = county.index % 3
    known_end = np.where((ents["end"][ent] > month) & (ents["programme"][ent] != RELIEF), 0, ents["end"][ent])
    relation = np.where(person == head, 0, people["relation"][person])
    ids = pc.replace_substring(persons.old_id, "X", "x") if manner == 1 else persons.old_id
    columns: dict[str, pa.Array] = {
        "household": pc.binary_join_element_wise("H", pc.utf8_lpad(text.ints(head), 8, "0"), ""),
        "head_name": text.pick(persons.name, head),
        "head_id": text.pick(ids, head),
        "name": text.pick(persons.name, person),
        "id": text.pick(ids, person),
        "sex": text.words(("女", "男"), people["stated_male"][person]),
        "born": text.dates(people["stated_born"][person], _BIRTHS[manner] or "iso"),
        "relation": text.words(RELATIONS, relation),
        "township": text.words(county.townships, people["township"][person]),
        "village": village_names(county, people["township"][person], people["village"][person]),
        "programme": text.words([programmes()[code].name_zh for code in PROGRAMMES], ents["programme"][ent]),
        "category": _categories(ents["programme"][ent], ents["category"][ent]),
        "approved": text.dates(
            ents["approved"][ent], "serial" if _DATES[manner] == "serial" else "iso" if _DATES[manner] == "dash" else "dot"
        ),
        "start": text.months(ents["start"][ent], _MONTHS[manner]),
        "end": text.months(known_end, _MONTHS[manner]),
        "proxy_name": text.pick(persons.name, proxy),
        "proxy_id": text.pick(ids, proxy),
        "grade": text.words([grade or "无" for grade in GRADES], np.where(ents["grade"][ent] > 0, ents["grade"][ent], -1)),
        "phone": text.pick(persons.phone, person),
    }
    headers = _HEADERS | (_SPELLED if manner == 2 else {})
    fields = []
    for name, texts in columns.items():
        if name in ("sex", "born") and not states_births(county):
            continue
        kind = DATE if name == "approved" and _DATES[manner] == "serial" else NUMBER if name in ("start", "end") and manner == 0 else TEXT
        group = _GROUPS.get(name, "") if manner == 1 else ""
        fields.append(Field({"head_name": "姓名", "head_id": "身份证号"}[name] if group else headers[name], texts, kind, group))
    return fields


def _categories(programme: np.ndarray, category: np.ndarray) -> pa.Array:
    flat = [name for options in CATEGORIES.values() for name, _ in options]
    first = dict(zip(CATEGORIES, np.cumsum([0, *(len(options) for options in CATEGORIES.values())]), strict=False))
    return text.words(flat, np.array([first[index] for index in range(len(PROGRAMMES))])[programme] + category)
