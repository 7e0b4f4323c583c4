"""The book of planted cases: what was done, and which rows of which files are the evidence of it."""

from dataclasses import dataclass
from typing import Any

from simulation.files.delivery import Truth
from simulation.ledger.budget import Row


@dataclass(frozen=True)
class Case:
    """One planted case of a rule; `county` is the index of a county in the plan, which row references begin with."""

    rule: str
    division: str
    number: int
    what: str
    county: int
    truth: Truth

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.division}-{self.number}"

    def bank(self, *lines: int) -> None:
        """Rows of return files are evidence."""
        self._expect(*(("bank", self.county, int(line)) for line in lines))

    def roll(self, *rows: int) -> None:
        """Rows of payment rolls are evidence."""
        self._expect(*(("roll", self.county, int(row)) for row in rows))

    def register(self, month: int, *refs: int) -> None:
        """Rows of the register of a month are evidence; `refs` as `register_ref` gives them."""
        self._expect(*(("register", self.county, month, int(ref)) for ref in refs))

    def card(self, month: int, *cards: int) -> None:
        """Rows of the banks' card lists of a month are evidence."""
        self._expect(*(("card", self.county, month, int(card)) for card in cards))

    def withdrawal(self, *refs: int) -> None:
        """Rows of the banks' lists of withdrawals are evidence; `refs` as `plant_draw` gives them."""
        self._expect(*(("withdrawal", self.county, int(ref)) for ref in refs))

    def treasury(self, *refs: int) -> None:
        """Rows of the treasury's lists are evidence."""
        self._expect(*(("treasury", self.county, int(ref)) for ref in refs))

    def document(self, row: Row) -> None:
        """A row of a government's list of documents is evidence."""
        self._expect(("budget", row.ref))

    def _expect(self, *references: tuple[object, ...]) -> None:
        for reference in references:
            self.truth.expect(self.rule, reference, f"{self.name} {self.what}")


@dataclass(frozen=True)
class Elsewhere:
    """A person whom the county before pays in all months: what the next one needs to pay them, too."""

    programme: int
    bank: int
    card_number: str
    person: dict[str, Any]


class CaseBook:
    """All cases of a city, numbered within rule and division."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.cases: list[Case] = []
        self.paid_elsewhere: list[Elsewhere] = []

    def open(self, rule: str, division: str, county: int, what: str) -> Case:
        """A new case; its rows are given to it one by one."""
        number = 1 + sum(case.rule == rule and case.division == division for case in self.cases)
        self.cases.append(Case(rule, division, number, what, county, self.truth))
        return self.cases[-1]

    def as_list(self) -> list[dict[str, str]]:
        """For JSON: `case` is how the notes of the truth begin."""
        return [
            {"case": case.name, "rule": case.rule, "division": case.division, "what": case.what}
            for case in sorted(self.cases, key=lambda case: (case.rule, case.division, case.number))
        ]
