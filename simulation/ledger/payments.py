"""A county's rolls, batches and bank rows: everybody entitled is paid in full, on time, to the registered card."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from simulation import habits, workdays
from simulation.people.columns import Columns
from simulation.people.county import CARE, DIBAO, LIVING, RELIEF, County
from simulation.plan import BANKS, PROGRAMMES, Plan, pay_days, relief_days

FAILURES = (("04", "挂失"), ("05", "冻结"), ("99", "其他"), ("02", "账号不存在"), ("01", "户名不符"), ("03", "已销户"))
NAME_MISMATCH = 4
_FAILED_SHARE = 0.004
_EPOCH = dt.date(1900, 1, 1)
ORIGINAL, _REISSUE = "正常", "补发"


@dataclass
class Batch:
    """One batch file: rows [start, end) of the bank rows and any `extra` rows that follow them."""

    number: str
    bank: int
    programme: int
    month: int
    kind: str
    original: str
    credited: dt.date
    start: int
    end: int
    extra: list[int] = field(default_factory=list)
    paid: dt.date | None = None  # day of the voucher; None: no voucher
    voucher_more: int = 0  # fen by which the voucher exceeds the batch
    paid_alone: bool = False  # its voucher is evidence of something


@dataclass
class Voucher:
    """A row of the treasury's list; `bank` is None when the payee is no agent bank, `also` a second programme; negative ones come back."""

    paid: dt.date
    month: int
    programme: int
    amount: int
    batch: str
    purpose: str = ""
    bank: int | None = None
    payee: tuple[str, str] = ("", "")
    also: int | None = None
    ref: int = -1
    drawn: dict[str, int] = field(default_factory=dict)  # fen of each allocation document that it names


@dataclass
class Payments:
    """rolls: ent (-1: nobody approved it), month, programme, person, name (person whose name is written), head, card, holder, amount,
    standard, size, category.
    lines: roll (-1: none), name (person whose name is written), id (person whose number is written), card (-1: none),
    amount, ok, reason, memo (0 agreed text, else index into `memos`), there (0: never was in the file).
    `more_rolls` are roll rows beside the ranges, by (month, programme). `draws` are withdrawals that a plant made, `drawn`
    cards from which money must be and `quiet` cards from which none is drawn otherwise."""

    rolls: Columns
    roll_ranges: dict[tuple[int, int], tuple[int, int]]
    lines: Columns
    batches: list[Batch]
    vouchers: list[Voucher] = field(default_factory=list)
    memos: list[str] = field(default_factory=lambda: [""])
    more_rolls: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    draws: list[dict[str, int]] = field(default_factory=list)
    drawn: set[int] = field(default_factory=set)
    quiet: set[int] = field(default_factory=set)

    def add_line(self, batch: Batch, **values: int) -> int:
        """One more bank row at the end of a batch."""
        row = self.lines.append(**({"roll": -1, "ok": 1, "there": 1} | values))
        batch.extra.append(row)
        return row

    def split_roll(self, row: int, amount: int, **values: int) -> int:
        """`amount` of a roll row goes to a second row, which differs from it in `values`; the new row."""
        rolls = self.rolls
        same = {name: int(rolls[name][row]) for name in rolls.names}
        rolls["amount"][row] -= amount
        rolls["size"][row] -= values.get("size", 0)
        return self.add_roll(**(same | {"name": values.get("person", same["name"])} | values | {"amount": amount}))

    def add_roll(self, **values: int) -> int:
        """One more row of a roll that exists."""
        new = self.rolls.append(**({"listed": 1} | values))
        self.more_rolls.setdefault((values["month"], values["programme"]), []).append(new)
        return new

    def rows(self, batch: Batch) -> np.ndarray:
        """Bank rows of a batch in the order of its file."""
        rows = np.arange(batch.start, batch.end)
        rows = rows[self.lines["there"][rows] == 1]
        return np.concatenate([rows, np.array(batch.extra, int)])

    def line_days(self) -> np.ndarray:
        """The day on which each bank row was tried, as days since 1900; 0 where it is in no batch."""
        found = np.zeros(len(self.lines), np.int64)
        for batch in self.batches:
            found[self.rows(batch)] = (batch.credited - _EPOCH).days
        return found

    def batch_total(self, batch: Batch) -> int:
        """Fen of all rows of a batch."""
        return int(self.lines["amount"][self.rows(batch)].sum())


def batch_number(county: str, month: int, programme: int, bank: int, kind: int) -> str:
    return f"{county}{month}{programme + 1:02d}{bank + 1}{kind:02d}"


def build_payments(plan: Plan, county: County) -> Payments:
    """Twelve (or three) months of rolls and their original batches, with a few failed rows; no vouchers yet."""
    rng = plan.rng(2, int(county.code))
    rolls, roll_ranges = _rolls(plan, county)
    bank_of_roll = county.cards["bank"][rolls["card"]]
    days = {month: _days(rng, month) for month in plan.months}
    if habits.pays_two_at_once(county.index):
        for of_month in days.values():
            of_month[CARE] = of_month[LIVING]
    order: list[np.ndarray] = []
    batches: list[Batch] = []
    at = 0
    for (month, programme), (start, end) in roll_ranges.items():
        for bank in range(len(BANKS)):
            rows = start + np.flatnonzero(bank_of_roll[start:end] == bank)
            if not len(rows):
                continue
            paid, credited = days[month][programme]
            number = batch_number(county.code, month, programme, bank, 0)
            batches.append(Batch(number, bank, programme, month, ORIGINAL, "", credited, at, at + len(rows), paid=paid))
            order.append(rows)
            at += len(rows)
    roll = np.concatenate(order)
    failed = rng.random(len(roll)) < _FAILED_SHARE
    lines = Columns(
        roll=roll,
        name=rolls["person"][roll],
        id=rolls["person"][roll],
        card=rolls["card"][roll],
        amount=rolls["amount"][roll],
        ok=(~failed).astype(np.int8),
        reason=np.where(failed, rng.integers(0, 4, len(roll)), 0).astype(np.int8),
        memo=np.zeros(len(roll), np.int16),
        there=np.ones(len(roll), np.int8),
    )
    return Payments(rolls, roll_ranges, lines, batches)


def _rolls(plan: Plan, county: County) -> tuple[Columns, dict[tuple[int, int], tuple[int, int]]]:
    """Rows of all rolls, one range per (month, programme), in order of township and village."""
    persons, ents = county.persons, county.ents
    place = persons["township"][ents["person"]] * 1000 + persons["village"][ents["person"]]
    by_place = np.argsort(place, kind="stable")
    chosen: list[np.ndarray] = []
    ranges: dict[tuple[int, int], tuple[int, int]] = {}
    months: list[int] = []
    at = 0
    for month in plan.months:
        active = (ents["start"] <= month) & ((ents["end"] == 0) | (ents["end"] >= month))
        for programme in range(len(PROGRAMMES)):
            rows = by_place[(active & (ents["programme"] == programme))[by_place]]
            if len(rows):
                chosen.append(rows)
                months.extend([month])
                ranges[month, programme] = (at, at + len(rows))
                at += len(rows)
    ent = np.concatenate(chosen)
    person = ents["person"][ent]
    rolls = Columns(
        ent=ent,
        month=np.repeat(np.array(months), [len(rows) for rows in chosen]),
        programme=ents["programme"][ent],
        person=person,
        name=person.copy(),
        head=persons["household"][person],
        card=ents["card"][ent],
        holder=ents["payee"][ent],
        amount=ents["amount"][ent],
        standard=ents["standard"][ent],
        size=ents["size"][ent],
        category=ents["category"][ent],
        listed=np.ones(len(ent), np.int8),
    )
    return rolls, ranges


def list_members(plan: Plan, county: County, payments: Payments, untouched: np.ndarray | None = None) -> None:
    """Give every member of a household a row of the last roll beside the head's, where the office does so, each with the share of one.

    What the bank paid the head stays as it is. Only households that are `untouched` by plants (None: all), of whom nobody died.
    """
    month, programme = plan.months[-1], DIBAO
    if not habits.lists_members(county.index, programme):
        return
    rolls, household = payments.rolls, county.persons["household"]
    rows = _paid_together(county, payments, np.arange(*payments.roll_ranges[month, programme]))
    rows = rows[~np.isin(rolls["head"][rows], household[county.deaths["person"]])]
    if untouched is not None:
        rows = rows[untouched[rolls["head"][rows]]]
    row_of = np.full(len(household), -1)
    row_of[rolls["head"][rows]] = rows
    members = np.flatnonzero((row_of[household] >= 0) & (household != np.arange(len(household))))
    more = rolls.take(row_of[household[members]])
    more["person"], more["name"] = members, members.copy()
    more["amount"], more["size"] = more["standard"].copy(), np.ones_like(more["size"])
    rolls["amount"][rows], rolls["size"][rows] = rolls["standard"][rows], 1
    payments.rolls = Columns.concat([rolls, more])
    payments.more_rolls.setdefault((month, programme), []).extend(range(len(rolls), len(payments.rolls)))


def _paid_together(county: County, payments: Payments, rows: np.ndarray) -> np.ndarray:
    """Rows of heads whose household is as many as the roll says, and who were credited for all of them."""
    rolls, lines = payments.rolls, payments.lines
    line_of = np.full(len(rolls), -1)
    there = np.flatnonzero((lines["roll"] >= 0) & (lines["there"] == 1) & (lines["ok"] == 1))
    line_of[lines["roll"][there]] = there
    person, line = rolls["person"][rows], line_of[rows]
    persons = np.bincount(county.persons["household"], minlength=len(county.persons))
    whole = (rolls["amount"][rows] == rolls["standard"][rows] * rolls["size"][rows]) & (rolls["size"][rows] == persons[rolls["head"][rows]])
    credited = (line >= 0) & (lines["id"][line] == person) & (lines["amount"][line] == rolls["amount"][rows])
    return rows[(person == rolls["head"][rows]) & whole & credited]


def _days(rng: np.random.Generator, month: int) -> dict[int, tuple[dt.date, dt.date]]:
    """(voucher, credit) days of each programme in a month."""
    regular, relief = pay_days(month), relief_days(month)
    days: dict[int, tuple[dt.date, dt.date]] = {}
    for programme in range(len(PROGRAMMES)):
        open_days = relief if programme == RELIEF else regular
        credit = len(open_days) - 1 - int(rng.integers(0, 2))
        voucher = max(0, credit - int(rng.integers(1, 3)))
        days[programme] = (open_days[voucher], open_days[credit])
    return days


def settle_failures(plan: Plan, county: County, payments: Payments, leave: frozenset[int] = frozenset()) -> None:
    """Pay failed rows again: most batches by a reissue from the money at the bank, some after a return to the treasury.

    Rows in `leave` stay failed. Adds the reissue batches, and the vouchers of returns and of what is paid again.
    """
    rng = plan.rng(3, int(county.code))
    for batch in list(payments.batches):
        if batch.kind != ORIGINAL:
            continue
        rows = payments.rows(batch)
        failed = np.array([row for row in rows[payments.lines["ok"][rows] == 0] if row not in leave], int)
        lot = rng.random()
        if not len(failed):
            continue
        returned = lot < 0.25 and batch.programme != RELIEF and not leave.intersection(rows.tolist())
        number = batch_number(county.code, batch.month, batch.programme, batch.bank, 1)
        total = int(payments.lines["amount"][failed].sum())
        paid = None
        credited = workdays.shift(batch.credited, 5 + int(rng.integers(0, 5)))
        if returned:
            back = workdays.shift(batch.credited, 1)
            paid = workdays.shift(back, 1 + int(rng.integers(0, 2)))
            credited = workdays.shift(paid, 1)
            payments.vouchers.append(Voucher(back, batch.month, batch.programme, -total, batch.number, "退回", batch.bank))
        reissue(payments, batch, failed, number, credited, paid)


def reissue(payments: Payments, original: Batch, failed: np.ndarray, number: str, credited: dt.date, paid: dt.date | None) -> Batch:
    """A batch that pays failed rows again, from held money (`paid` None) or by a new voucher."""
    start = len(payments.lines)
    again = payments.lines.take(failed)
    again["ok"] = np.ones(len(failed), np.int8)
    again["reason"] = np.zeros(len(failed), np.int8)
    payments.lines = Columns.concat([payments.lines, again])
    batch = Batch(
        number,
        original.bank,
        original.programme,
        original.month,
        _REISSUE,
        original.number,
        credited,
        start,
        start + len(failed),
        paid=paid,
    )
    payments.batches.append(batch)
    return batch


def add_vouchers(payments: Payments, county: County) -> None:
    """A voucher for every batch that has a day of payment, or for two, of the batches' total (and what a plant adds)."""
    for batches in _paid_at_once(payments, county):
        first = batches[0]
        assert first.paid is not None, "batches without a day of payment have no voucher"
        amount = sum(payments.batch_total(batch) + batch.voucher_more for batch in batches)
        purpose = "补发" if first.kind == _REISSUE else ""
        numbers = "、".join(batch.number for batch in batches)
        also = batches[1].programme if len(batches) > 1 else None
        payments.vouchers.append(Voucher(first.paid, first.month, first.programme, amount, numbers, purpose, first.bank, also=also))
    payments.vouchers.sort(key=lambda item: (item.paid, item.batch, item.amount))
    for index, voucher in enumerate(payments.vouchers):
        voucher.ref = index


def _paid_at_once(payments: Payments, county: County) -> list[list[Batch]]:
    """Batches by the voucher that pays them."""
    found: list[list[Batch]] = []
    pairs: dict[tuple[dt.date, int, int], list[Batch]] = {}
    for batch in payments.batches:
        if batch.paid is None:
            continue
        alone = batch.kind == _REISSUE or batch.paid_alone or batch.voucher_more != 0 or batch.programme not in (LIVING, CARE)
        if alone or not habits.pays_two_at_once(county.index):
            found.append([batch])
        else:
            pairs.setdefault((batch.paid, batch.month, batch.bank), []).append(batch)
    for batches in pairs.values():
        both = [batch.programme for batch in batches] == [LIVING, CARE]
        found += [batches] if both else [[batch] for batch in batches]
    return found
