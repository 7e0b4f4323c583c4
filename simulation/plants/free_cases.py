"""Who and what in a county is still free to be planted on, so that no two plants meet in one household or batch."""

import numpy as np

from onecard.words.errors import InputRefused
from onecard.words.language import Text
from simulation.ledger.payments import Batch, Payments
from simulation.people.county import CARE, DIBAO, LIVING, SPOUSE, County
from simulation.plan import BANKS, Plan, month_day

# With so many bank rows there were people enough for every seed tried; with fewer, nearly always.
ENOUGH_ROWS = 2_000


class Supply:
    """Hands out entitlements and batches, each at most once.

    An entitlement is plain when its person has no proxy, is on the roll of every month, was always credited at once on
    a card of their own, and nobody of the household was handed out before.
    """

    def __init__(self, plan: Plan, county: County, payments: Payments, rng: np.random.Generator, spared: list[str]) -> None:
        """`spared` are ID numbers of persons to leave alone."""
        self.plan, self.county, self.payments, self.rng = plan, county, payments, rng
        ents, persons, rolls, lines = county.ents, county.persons, payments.rolls, payments.lines
        self.person, self.programme = ents["person"], ents["programme"]
        self.household = persons["household"][self.person]
        count = len(ents)
        failed = np.bincount(rolls["ent"][lines["roll"]], lines["ok"] == 0, count)
        self.plain = (
            (ents["payee"] == self.person)
            & (np.bincount(rolls["ent"], minlength=count) == len(plan.months))
            & (failed == 0)
            & (persons["proxy"][self.person] == -1)
            & (persons["short_id"][self.person] == 0)
            & ~np.isin(persons["id"][self.person], spared)
            & ~np.isin(self.person, county.staff["relative"])
            & ~np.isin(self.person, county.staff["person"])  # one with a job for the public good
        )
        # Households of which nobody was handed out and nobody is to be left alone.
        self.untouched = np.ones(len(persons), bool)
        self.untouched[persons["household"][np.isin(persons["id"], spared)]] = False
        self.programmes_of = np.bincount(self.person, minlength=len(persons))
        self.alone = np.bincount(persons["household"], minlength=len(persons))[self.household] == 1
        self.bank = county.cards["bank"][ents["card"]]
        self._batches = [batch for batch in payments.batches if batch.end > batch.start]

    def entitlement(self, *programmes: int, alone: bool = False, bank: int | None = None) -> int:
        """A plain entitlement of a person with no other one: of these programmes (any when none is named), living alone, paid by a bank."""
        mask = self.plain & (self.programmes_of[self.person] == 1)
        if programmes:
            mask &= np.isin(self.programme, programmes)
        if alone:
            mask &= self.alone
        if bank is not None:
            mask &= self.bank == bank
        return self._take(mask)

    def second(self) -> int:
        """A plain disability subsidy of a person with another plain entitlement."""
        several = np.bincount(self.person[self.plain], minlength=len(self.programmes_of)) > 1
        return self._take(self.plain & several[self.person] & np.isin(self.programme, (LIVING, CARE)))

    def couple(self) -> tuple[int, int]:
        """A plain dibao entitlement and the head's husband or wife, who is entitled to nothing else."""
        persons = self.county.persons
        # Strangers stand behind those who were counted.
        spouses = np.flatnonzero((persons["relation"][: len(self.programmes_of)] == SPOUSE) & (self.programmes_of == 0))
        mask = self.plain & (self.programmes_of[self.person] == 1) & (self.programme == DIBAO)
        chosen = self._take(mask & np.isin(self.household, persons["household"][spouses]))
        return chosen, int(spouses[persons["household"][spouses] == self.household[chosen]][0])

    def batch(self, *programmes: int, months: tuple[int, ...]) -> Batch:
        """An original batch of one of these programmes and months, else the smallest of any programme; its failures are healed.

        Nobody in it is handed out any more.
        """
        free = [batch for batch in self._batches if batch.month in months]
        if not free:
            raise too_few_rows()
        wanted = [batch for batch in free if batch.programme in programmes]
        batch = wanted[int(self.rng.integers(0, len(wanted)))] if wanted else min(free, key=lambda batch: batch.end - batch.start)
        self._batches.remove(batch)
        rows = self.payments.rows(batch)
        self.payments.lines["ok"][rows] = 1
        self.payments.lines["reason"][rows] = 0
        self.plain[self.payments.rolls["ent"][self.payments.lines["roll"][rows]]] = False
        return batch

    def open_batch(self, programme: int, month: int, bank: int | None = None) -> Batch:
        """The largest batch that was not handed out, in which rows may be planted."""
        free = self._open(programme, month, bank)
        if not free:
            raise too_few_rows()
        return max(free, key=lambda batch: batch.end - batch.start)

    def _open(self, programme: int, month: int, bank: int | None) -> list[Batch]:
        return [batch for batch in self._batches if (batch.month, batch.programme) == (month, programme) and bank in (None, batch.bank)]

    def has_batch(self, programme: int, month: int, bank: int) -> bool:
        """Whether rows may be planted in a batch of a bank for a programme and month."""
        return bool(self._open(programme, month, bank))

    def bank_for(self, months: tuple[int, ...], *programmes: int) -> int:
        """The bank that has most of the batches, of these programmes and months, in which rows may be planted; the first of equals."""
        pairs = [(programme, month) for programme in programmes for month in months]
        return max(range(len(BANKS)), key=lambda bank: (sum(self.has_batch(*pair, bank) for pair in pairs), -bank))

    def drawable(self, month: int, bank: int | None, count: int) -> np.ndarray:
        """Original bank rows of a month, one each from `count` households nobody touched: credited by the 20th on the person's own card,
        which nobody else opened; those households are handed out."""
        lines, rolls, cards = self.payments.lines, self.payments.rolls, self.county.cards
        early = [
            self.payments.rows(batch)
            for batch in self.payments.batches
            if batch.month == month and bank in (None, batch.bank) and batch.credited <= month_day(month, 20)
        ]
        rows = np.concatenate([*early, np.zeros(0, int)]).astype(int)
        rows = rows[(lines["ok"][rows] == 1) & (lines["card"][rows] >= 0) & (lines["roll"][rows] >= 0)]
        person, card = rolls["person"][lines["roll"][rows]], lines["card"][rows]
        household = self.county.persons["household"][person]
        fits = (cards["holder"][card] == person) & (cards["agent"][card] < 0) & (household < len(self.untouched))
        fits[fits] = self.untouched[household[fits]]
        rows, household = rows[fits], household[fits]
        chosen = self.rng.permutation(len(rows))
        _, first = np.unique(household[chosen], return_index=True)
        rows = rows[chosen[np.sort(first)]][:count]
        if len(rows) < count:
            raise too_few_rows()
        self.untouched[self.county.persons["household"][rolls["person"][lines["roll"][rows]]]] = False
        return rows

    def _take(self, mask: np.ndarray) -> int:
        found = np.flatnonzero(mask)
        if not len(found):
            raise too_few_rows()
        chosen = int(found[self.rng.integers(0, len(found))])
        self.plain[self.household == self.household[chosen]] = False
        self.untouched[self.household[chosen]] = False
        return chosen


def too_few_rows() -> InputRefused:
    return InputRefused(
        code="OC-SIM-002",
        what=Text("无法植入已知问题", "known problems cannot be planted"),
        where="--plant",
        why=Text(f"人太少：植入需 {ENOUGH_ROWS:,} 行", f"too few people: planting needs {ENOUGH_ROWS:,} rows"),
        remedy=Text("增加行数，或不植入", "simulate more rows, or do not plant"),
    )
