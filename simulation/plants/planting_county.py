"""One county while it is planted: its people and payments, what is still free, and what can only be noted later."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from onecard.words.months import add_months
from onecard.words.names import compare_names
from simulation import workdays
from simulation.files.registers import register_ref
from simulation.ledger.payments import ORIGINAL, Batch, Payments, Voucher, batch_number, reissue
from simulation.people import names, numbers
from simulation.people.columns import Columns
from simulation.people.county import CATEGORIES, County
from simulation.people.staff import NOT_FILED, PUBLIC_SERVICE
from simulation.plan import Plan, pay_days
from simulation.plants.cases import Case, CaseBook
from simulation.plants.free_cases import Supply

# Strangers are born in years in which nobody of the simulated people is, so their numbers are nobody's.
_BORN, _BORN_LONG_AGO = dt.date(1991, 1, 1), dt.date(1926, 1, 1)
_STRANGERS_YEARS = 4
_LONG_ENTITLED = 201609


@dataclass(frozen=True)
class Paid:
    """Somebody who is paid: the entitlement (-1: nobody approved it), and rows of rolls and original batches, by month."""

    ent: int
    person: int
    card: int
    rolls: np.ndarray
    lines: np.ndarray


class Scene:
    """What a plant works with. Rows of `payments` are found by entitlement and month, before and after others were added."""

    def __init__(self, plan: Plan, county: County, payments: Payments, book: CaseBook, spared: list[str]) -> None:
        self.plan, self.county, self.payments, self.book = plan, county, payments, book
        self.rng = plan.rng(4, int(county.code))
        self.supply = Supply(plan, county, payments, self.rng, spared)
        self.left: set[int] = set()  # failed rows that nobody pays again
        self._unpaid: list[tuple[Case, Batch | Voucher]] = []  # cases whose evidence is a voucher, not yet numbered
        self._line_of_roll = np.argsort(payments.lines["roll"])
        self._starts = np.array([batch.start for batch in payments.batches])
        self._strangers = 0
        self._asked_for: list[int] = []
        self._late = 0
        self._beside: dict[tuple[int, int, int], Batch] = {}
        self._reissues: dict[str, int] = {}

    def case(self, rule: str, what: str) -> Case:
        return self.book.open(rule, self.county.code, self.county.index, what)

    def month(self) -> int:
        """Any month."""
        return int(self.rng.choice(self.plan.months))

    def rolls(self, ent: int, *months: int) -> np.ndarray:
        """Roll rows of an entitlement in these months (all when none is named), by month."""
        rows = np.flatnonzero(self.payments.rolls["ent"][: len(self._line_of_roll)] == ent)
        return rows[np.isin(self.payments.rolls["month"][rows], months)] if months else rows

    def lines(self, ent: int, *months: int) -> np.ndarray:
        """The original bank rows of an entitlement in these months, by month."""
        return self._line_of_roll[self.rolls(ent, *months)]

    def register_ref(self, ent: int) -> int:
        """Reference of the register row of an entitlement's own person."""
        return int(register_ref(np.array([ent]), self.county.ents["person"][[ent]])[0])

    def batch_of(self, line: int) -> Batch:
        """The batch of an original bank row."""
        return self.payments.batches[int(np.searchsorted(self._starts, line, "right")) - 1]

    def stranger(self, *, old: bool = False, **values: Any) -> int:
        """A new person in no register, with a valid number; `old`: of ninety years. `values` replace name and whatever else."""
        male = bool(values.get("male", self.rng.integers(0, 2)))
        start = _BORN_LONG_AGO if old else _BORN
        born = start + dt.timedelta(days=self._strangers)
        self._strangers += 1
        assert born.year < start.year + _STRANGERS_YEARS, "strangers' years are nobody else's"
        number = numbers.with_check_character(np.array([f"{self.county.code}{born:%Y%m%d}{500 + int(male):03d}"]))[0]
        name = names.draw(self.rng, np.array([male]), np.array([born.year]))[0]
        default = {"name": name, "id": number, "male": int(male), "born": (born - dt.date(1900, 1, 1)).days, "phone": self._phone()}
        return self.county.add_person(**(default | values))

    def villager(self, *, old: bool = False, **values: Any) -> int:
        """A stranger who lives in one of the villages, in a household of their own unless `values` name one."""
        township = int(self.rng.integers(0, len(self.county.townships)))
        village = int(self.rng.integers(0, len(self.county.villages[township])))
        home = {"township": township, "village": village, "household": len(self.county.persons)}
        return self.stranger(old=old, **(home | values))

    def copy_of(self, person: int, **values: Any) -> int:
        """One more row of persons like this one, but for `values`."""
        persons = self.county.persons
        same = {name: persons[name][person] for name in persons.names}
        return persons.append(**(same | values))

    def approve(
        self, person: int, programme: int, months: tuple[int, ...] = (), card: int = -1, bank: int | None = None, size: int = 1
    ) -> Paid:
        """Entitle somebody, in the register and on rolls, and pay them in these months (all), on a card of their own or the one given."""
        months = months or self.plan.months
        start = _LONG_ENTITLED if months[0] == self.plan.months[0] else months[0]
        before = add_months(start, -1)
        standard = CATEGORIES[programme][0][1]
        ent = self.county.ents.append(
            person=person,
            programme=programme,
            size=size,
            standard=standard,
            amount=standard * size,
            start=start,
            end=0 if months[-1] == self.plan.months[-1] else months[-1],
            approved=(dt.date(before // 100, before % 100, 12) - dt.date(1900, 1, 1)).days,
            payee=person,
        )
        return self.pay(person, programme, months, card, bank, size, ent)

    def pay(
        self,
        person: int,
        programme: int,
        months: tuple[int, ...] = (),
        card: int = -1,
        bank: int | None = None,
        size: int = 1,
        ent: int = -1,
    ) -> Paid:
        """Put somebody on the rolls of these months (all) and pay them; without a card they get one at `bank` (any)."""
        months = months or self.plan.months
        cards = self.county.cards
        if card < 0:
            card = self.county.add_card(self.supply.bank_for(months, programme) if bank is None else bank, person)
        if ent >= 0:
            self.county.ents["card"][ent] = card
        standard = CATEGORIES[programme][0][1]
        rolls, lines = [], []
        for month in months:
            rolls.append(
                self.payments.add_roll(
                    ent=ent,
                    month=month,
                    programme=programme,
                    person=person,
                    name=person,
                    head=int(self.county.persons["household"][person]),
                    card=card,
                    holder=int(cards["holder"][card]),
                    amount=standard * size,
                    standard=standard,
                    size=size,
                )
            )
            batch = self._batch_for(programme, month, int(cards["bank"][card]))
            lines.append(self.payments.add_line(batch, roll=rolls[-1], name=person, id=person, card=card, amount=standard * size))
        return Paid(ent, person, card, np.array(rolls), np.array(lines))

    def _batch_for(self, programme: int, month: int, bank: int) -> Batch:
        """A batch of others in which rows may be planted, else a small one beside those that were handed out."""
        if self.supply.has_batch(programme, month, bank):
            return self.supply.open_batch(programme, month, bank)
        if (programme, month, bank) not in self._beside:
            credited = pay_days(month)[-2]
            self._beside[programme, month, bank] = self._new_batch(programme, month, bank, credited)
        return self._beside[programme, month, bank]

    def _new_batch(self, programme: int, month: int, bank: int, credited: dt.date) -> Batch:
        self._late += 1
        number = batch_number(self.county.code, month, programme, bank, 79 + self._late)
        at = len(self.payments.lines)
        batch = Batch(number, bank, programme, month, ORIGINAL, "", credited, at, at, paid=workdays.shift(credited, -1))
        self.payments.batches.append(batch)
        return batch

    def employ(self, person: int, relative: int = -1, relation: str = "", filed: int = NOT_FILED) -> None:
        """One more row of the list of staff and their relatives."""
        staff = self.county.staff
        own = np.flatnonzero(staff["person"] == person)
        where = int(own[0]) if len(own) else int(self.rng.integers(0, len(staff) - 1))  # the last one has no office
        row = Columns(
            person=np.array([person]),
            unit=staff["unit"][[where]],
            position=staff["position"][[where]],
            relative=np.array([relative]),
            relation=np.array([relation], object),
            filed=np.array([filed]),
        )
        at = where + 1
        self.county.staff = Columns.concat([staff.take(np.arange(at)), row, staff.take(np.arange(at, len(staff)))])

    def member_of_staff(self) -> int:
        """Somebody of the staff who was not asked for before."""
        staff = self.county.staff
        resident = (staff["person"] < self.county.residents) & (staff["position"] != PUBLIC_SERVICE)
        free = np.setdiff1d(staff["person"][resident], self._asked_for)
        chosen = int(self.rng.choice(free))
        self._asked_for.append(chosen)
        return chosen

    def different_name(self, name: str) -> int:
        """A person whose name, as the bank writes it, is different from this one."""
        names_ = self.county.persons["bank_name"]
        return next(int(row) for row in self.rng.permutation(len(names_)) if compare_names(names_[row], name).grade == "different")

    def _phone(self) -> str:
        phone: str = numbers.draw_phones(self.rng, 1)[0]
        return phone

    def pay_to(self, ent: int, card: int, *months: int) -> np.ndarray:
        """Roll and bank agree to pay an entitlement to another card (of the same bank) in these months; the bank rows."""
        assert self.county.cards["bank"][card] == self.supply.bank[ent], "batches are a bank's"
        self.payments.rolls["card"][self.rolls(ent, *months)] = card
        lines = self.lines(ent, *months)
        self.payments.lines["card"][lines] = card
        return lines

    def leave_out(self, ent: int, *months: int) -> None:
        """The bank rows of an entitlement in these months never were in their batches."""
        for line in self.lines(ent, *months):
            self._take_out(line)

    def _take_out(self, line: int) -> None:
        self.payments.lines["there"][line] = 0
        batch = self.batch_of(line)
        if not len(self.payments.rows(batch)):
            batch.paid = None  # nothing is left to be paid

    def fail(self, line: int, reason: int) -> None:
        """The bank could not credit a row."""
        self.payments.lines["ok"][line] = 0
        self.payments.lines["reason"][line] = reason

    def pay_again(self, line: int, credited: dt.date, paid: dt.date | None) -> int:
        """A reissue batch of one row, beside those of `settle_failures`; the new bank row."""
        batch = self.batch_of(line)
        self._reissues[batch.number] = self._reissues.get(batch.number, 1) + 1
        number = batch_number(self.county.code, batch.month, batch.programme, batch.bank, self._reissues[batch.number])
        return reissue(self.payments, batch, np.array([line]), number, credited, paid).start

    def pay_late(self, line: int, credited: dt.date) -> int:
        """A row leaves its batch for an original batch of its own, credited on a later day; the new bank row."""
        lines, batch = self.payments.lines, self.batch_of(line)
        same = {name: int(lines[name][line]) for name in ("roll", "name", "id", "card", "amount")}
        self._take_out(line)
        return self.payments.add_line(self._new_batch(batch.programme, batch.month, batch.bank, credited), **same)

    def by_voucher(self, case: Case, payment: Batch | Voucher) -> None:
        """The voucher of a batch, or a voucher of its own, is the evidence of a case."""
        if isinstance(payment, Batch):
            payment.paid_alone = True
        self._unpaid.append((case, payment))

    def close(self) -> None:
        """When vouchers have their numbers: note those that are evidence."""
        of_batch = {voucher.batch: voucher for voucher in self.payments.vouchers if voucher.amount > 0 and voucher.batch}
        for case, payment in self._unpaid:
            voucher = payment if isinstance(payment, Voucher) else of_batch[payment.number]
            case.treasury(voucher.ref)
