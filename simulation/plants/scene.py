"""One county while it is planted: its people and payments, what is still free, and what can only be noted later."""

import datetime as dt

import numpy as np

from simulation import workdays
from simulation.files.registers import register_ref
from simulation.ledger.payments import Batch, Payments, Voucher, batch_number, reissue
from simulation.people import names, numbers
from simulation.people.county import County
from simulation.plan import Plan
from simulation.plants.cases import Case, CaseBook
from simulation.plants.supply import Supply

# Strangers are born in years in which nobody of the simulated people is, so their numbers are nobody's.
_BORN = dt.date(1991, 1, 1)


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
        self._late = 0
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

    def stranger(self, **values: object) -> int:
        """A new person in no register, with a valid number; `values` replace name and whatever else."""
        male = bool(self.rng.integers(0, 2))
        born = _BORN + dt.timedelta(days=self._strangers)
        self._strangers += 1
        assert born.year < 1995, "strangers' years are nobody else's"
        number = numbers.with_check_character(np.array([f"{self.county.code}{born:%Y%m%d}{500 + int(male):03d}"]))[0]
        name = names.draw(self.rng, np.array([male]), np.array([born.year]))[0]
        return self.county.add_person(**({"name": name, "id": number, "male": int(male), "phone": self._phone()} | values))

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
        self._late += 1
        number = batch_number(self.county.code, batch.month, batch.programme, batch.bank, 79 + self._late)
        at = len(lines)
        late = Batch(number, batch.bank, batch.programme, batch.month, batch.kind, "", credited, at, at, paid=workdays.shift(credited, -1))
        self.payments.batches.append(late)
        return self.payments.add_line(late, **same)

    def by_voucher(self, case: Case, payment: Batch | Voucher) -> None:
        """The voucher of a batch, or a voucher of its own, is the evidence of a case."""
        self._unpaid.append((case, payment))

    def close(self) -> None:
        """When vouchers have their numbers: note those that are evidence."""
        of_batch = {voucher.batch: voucher for voucher in self.payments.vouchers if voucher.amount > 0 and voucher.batch}
        for case, payment in self._unpaid:
            voucher = payment if isinstance(payment, Voucher) else of_batch[payment.number]
            case.treasury(voucher.ref)
