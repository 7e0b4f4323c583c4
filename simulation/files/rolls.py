"""发放清册: one workbook per county, programme and month, or one per township, or with a supplement, in the six manners of six clerks."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.seed_lookup import programmes
from onecard.words.money import format_yuan
from onecard.words.text_arrays import map_distinct
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.files.tables import Field, Layout, write_table
from simulation.files.workbook import NUMBER, TEXT, Number
from simulation.ledger.payments import Payments
from simulation.people.county import CATEGORIES, RELATIONS, County
from simulation.plan import PROGRAMMES, Plan, pay_days

_BANK_NAMES = (
    ("甘肃省农村信用社联合社", "中国农业银行", "中国邮政储蓄银行"),
    ("农村信用社", "农业银行", "邮储银行"),
    ("信用联社", "农行", "邮政储蓄银行"),
)
_SUPPLEMENT = "(补充)"
_FIRST_LATER, _LATER_EVERY = 3, 12
_GUARDED_EVERY = 60
_PLAIN = {
    "seq": "序号", "township": "乡镇", "village": "村", "head_name": "户主姓名", "head_id": "户主身份证号", "name": "领款人",
    "id": "身份证号", "relation": "与户主关系", "category": "保障类别", "size": "保障人口", "standard": "月标准", "amount": "发放金额",
    "month": "所属月份", "bank": "开户银行", "card": "银行账号", "holder": "账户名", "remark": "备注",
}  # fmt: skip
_SPELLED = {
    "township": "乡（镇）", "village": "村（社区）", "head_name": "户主", "head_id": "户主身份证号码", "name": "领款人姓名",
    "id": "领款人身份证号码", "relation": "关系", "category": "档次", "standard": "保障标准", "month": "发放月份", "bank": "开户行",
    "card": "一卡通账号", "holder": "持卡人",
}  # fmt: skip


@dataclass(frozen=True)
class _Manner:
    """How one clerk writes: `money` and `month` name spellings below."""

    layout: Layout
    money: str
    month: str
    headers: dict[str, str]
    grouped: bool = False
    number_seq: bool = True
    lower_x: bool = False
    old_ids: bool = False
    wide: bool = False
    spaces: str = ""


_MANNERS = (
    _Manner(Layout(unit_line="单位:元", subtotals="bottom"), "number", "chinese", {}, old_ids=True),
    _Manner(
        Layout(by_township=True, shared=False, total_word="合 计", subtotal_word="小  计"),
        "number",
        "compact",
        {"amount": "发放金额(元)", "standard": "月标准(元)"},
        lower_x=True,
    ),
    _Manner(
        Layout(unit_line="单位：元", subtotals="township", blank_between=True, left=1),
        "sign",
        "chinese",
        {},
        grouped=True,
        number_seq=False,
    ),
    _Manner(
        Layout(unit_line="金额单位:元", dimension="A1", total_word="合　计", empty_sheets=2),
        "suffix",
        "dash",
        {},
        wide=True,
        spaces="\u00a0",
    ),
    _Manner(
        Layout(title=False, dimension="A1:C3", gap=7, shared=False),
        "separated",
        "dot",
        _SPELLED | {"amount": "实发金额（元）", "standard": "保障标准（元）"},
        old_ids=True,
    ),
    _Manner(
        Layout(unit_line="（单位：元）", subtotals="", empty_sheets=1),
        "number",
        "chinese",
        {"size": "保障人数", "card": "银行卡号", "holder": "户名", "amount": "应发金额", "village": "行政村"},
        spaces="\u3000",
    ),
)
_MONEY: dict[str, tuple[str, Callable[[int], str]]] = {
    "number": (NUMBER, text.plain_yuan),
    "sign": (TEXT, lambda fen: "¥" + format_yuan(fen)),
    "suffix": (TEXT, lambda fen: text.plain_yuan(fen) + "元"),
    "separated": (TEXT, format_yuan),
}


def write_rolls(plan: Plan, county: County, payments: Payments, persons: PersonTexts, inbox: Inbox) -> None:
    """All rolls of a county."""
    for (month, programme), (start, end) in payments.roll_ranges.items():
        rows = np.arange(start, end)
        if more := payments.more_rolls.get((month, programme)):
            rows = _by_place(county, payments, np.concatenate([rows, np.array(more)]))
        rows = rows[payments.rolls["listed"][rows] == 1]
        for place, suffix, piece in _pieces(county, payments, programme, rows):
            _write_roll(county, payments, persons, inbox, month, programme, piece, place, suffix)


def _pieces(county: County, payments: Payments, programme: int, rows: np.ndarray) -> Iterator[tuple[str, str, np.ndarray]]:
    """The files in which a roll comes: township that it is of, end of its name, and its rows. All rows of a person are in one."""
    person = payments.rolls["person"][rows]
    if habits.sends_roll_by_township(county.index, programme):
        township = county.persons["township"][person]
        for place in np.unique(township):
            yield county.townships[place], "", rows[township == place]
    elif habits.sends_supplement(county.index, programme):
        later = np.isin(person, np.unique(person)[_FIRST_LATER::_LATER_EVERY])
        for suffix, piece in (("", rows[~later]), (_SUPPLEMENT, rows[later])):
            if len(piece):
                yield "", suffix, piece
    elif len(rows):
        yield "", "", rows


def _by_place(county: County, payments: Payments, rows: np.ndarray) -> np.ndarray:
    """Roll rows in the order of rolls: by township and village."""
    persons, person = county.persons, payments.rolls["person"][rows]
    return rows[np.lexsort((persons["village"][person], persons["township"][person]))]


def _write_roll(
    county: County,
    payments: Payments,
    persons: PersonTexts,
    inbox: Inbox,
    month: int,
    programme: int,
    rows: np.ndarray,
    place: str,
    suffix: str,
) -> None:
    manner = _MANNERS[(county.index * 4 + programme) % len(_MANNERS)]
    name_zh = programmes()[PROGRAMMES[programme]].name_zh
    of = f"{county.name}{place}{month // 100}年{month % 100}月{name_zh}"
    file = f"{of}发放清册{suffix}.xlsx"
    fields = _fields(county, payments, persons, manner, programme, rows)
    township = county.persons["township"][payments.rolls["person"][rows]]
    edges = np.flatnonzero(np.r_[True, township[1:] != township[:-1], True])
    sections = [(county.townships[township[start]], int(start), int(end)) for start, end in itertools.pairwise(edges)]
    written = write_table(inbox.path(file), f"{of}资金发放清册{suffix}", f"{county.name}民政局", fields, sections, manner.layout)
    inbox.locate(("roll", county.index), file, rows, written.sheet_no, written.row_no)
    day = workdays.shift(pay_days(month)[0], 1 if suffix else 0)
    inbox.delivered(file, "payment_rolls", county.code, str(month), day, len(rows), int(payments.rolls["amount"][rows].sum()), 10)


def _fields(county: County, payments: Payments, persons: PersonTexts, manner: _Manner, programme: int, rows: np.ndarray) -> list[Field]:
    rolls, people = payments.rolls, county.persons
    person, head = rolls["person"][rows], rolls["head"][rows]
    township = people["township"][person]
    kind, spell = _MONEY[manner.money]
    relation = np.where(person == head, 0, people["relation"][person])
    remark = np.where(np.arange(len(rows)) % 97 == 5, 0, -1)
    columns: dict[str, pa.Array] = {
        "seq": text.ints(np.arange(1, len(rows) + 1)),
        "township": text.words(county.townships, township),
        "village": village_names(county, township, people["village"][person]),
        "head_name": _spaced(text.pick(persons.name, head), manner.spaces),
        "head_id": _id_texts(text.pick(persons.old_id if manner.old_ids else persons.id, head), manner),
        "name": text.pick(persons.name, rolls["name"][rows]),
        "id": _id_texts(text.pick(persons.old_id if manner.old_ids else persons.id, person), manner),
        "relation": text.words(RELATIONS, relation),
        "category": text.words([name for name, _ in CATEGORIES[programme]], rolls["category"][rows]),
        "size": text.ints(rolls["size"][rows]),
        "standard": text.by_distinct(rolls["standard"][rows], spell),
        "amount": text.by_distinct(rolls["amount"][rows], spell),
        "month": text.months(rolls["month"][rows], manner.month),
        "bank": text.words(_BANK_NAMES[county.index % 3], county.cards["bank"][rolls["card"][rows]]),
        "card": text.pick(persons.card, rolls["card"][rows]),
        "holder": text.pick(persons.name, rolls["holder"][rows]),
        "remark": text.words(["提标补差已含"], remark),
    }
    if manner.wide:
        columns["amount"] = map_distinct(columns["amount"], text.full_width, pa.string())
        columns["size"] = map_distinct(columns["size"], text.full_width, pa.string())
    if habits.guards_numbers(county.index):
        for first, name in enumerate(("head_id", "id", "card")):
            columns[name] = text.guarded(columns[name], _GUARDED_EVERY // 3 * first, _GUARDED_EVERY)
    numeric = {"seq": manner.number_seq, "size": not manner.wide, "month": manner.month == "compact"}
    groups = {"head_name": "户主", "head_id": "户主", "name": "领款人", "id": "领款人"} if manner.grouped else {}
    inner = {"head_name": "姓名", "head_id": "身份证号", "name": "姓名", "id": "身份证号"}
    fields = []
    for name, texts in columns.items():
        money = name in ("standard", "amount")
        cell = kind if money else NUMBER if numeric.get(name) else TEXT
        header = inner[name] if name in groups else manner.headers.get(name, _PLAIN[name])
        fields.append(Field(header, texts, cell, groups.get(name, "")))
    fields[11].sum_of = rolls["amount"][rows]
    fields[11].spell = (lambda fen: Number(spell(fen))) if kind == NUMBER else spell
    return fields


def village_names(county: County, township: np.ndarray, village: np.ndarray) -> pa.Array:
    flat = [name for names in county.villages for name in names]
    first = np.cumsum([0, *(len(names) for names in county.villages)])
    return text.words(flat, first[township] + village)


def _id_texts(ids: pa.Array, manner: _Manner) -> pa.Array:
    if manner.lower_x:
        return pc.replace_substring(ids, "X", "x")
    if manner.wide:
        return pa.array([text.full_width(number) if index % 50 == 7 else number for index, number in enumerate(ids.to_pylist())])
    return ids


def _spaced(names: pa.Array, space: str) -> pa.Array:
    """Names with a space at the end, as copied from a web page."""
    return pc.binary_join_element_wise(names, space, "") if space else names
