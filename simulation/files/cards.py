"""一卡通账户清单: each bank's list of card accounts over all counties, or by branch, GB18030."""

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.months import add_months
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.people.county import County
from simulation.plan import BANKS, Plan, month_day

_HEADER = "卡号,户名,证件号码,开户日期,开户网点,代办人姓名,代办人证件号,状态,预留手机号\r\n"
_STATUS = ("正常", "销户", "挂失", "冻结")
_LOST, _LOST_EVERY = 2, 53
_DATES = ("iso", "compact", "slash")


class CardLists:
    """The card lists of the three banks, or of their branches, to which one county after another is added."""

    def __init__(self, plan: Plan, inbox: Inbox) -> None:
        self.plan, self.inbox = plan, inbox
        self.rows: dict[tuple[int, int, str], int] = {}  # of each bank, month and branch
        for bank in range(len(BANKS)):
            branches = [f"_{county.name}支行" for county in plan.counties] if habits.lists_cards_by_branch(bank) else [""]
            self.rows |= dict.fromkeys(((bank, month, branch) for month in plan.card_lists for branch in branches), 0)
        for key in self.rows:
            self._path(*key).write_bytes(_HEADER.encode("gb18030"))

    def _path(self, bank: int, month: int, branch: str) -> Path:
        return self.inbox.path(f"{BANKS[bank]}_一卡通账户清单_{month}{branch}.csv")

    def add(self, county: County, persons: PersonTexts) -> None:
        """Append a county's cards to every list."""
        for bank in range(len(BANKS)):
            branch = f"_{county.name}支行" if habits.lists_cards_by_branch(bank) else ""
            rows = np.flatnonzero((county.cards["bank"] == bank) & (county.cards["listed"] == 1))
            found = _records(county, persons, rows, _DATES[bank], county.cards["status"][rows])
            # In the earlier list a few cards are reported lost, which were found again.
            lost = county.cards["status"][rows].copy()
            lost[::_LOST_EVERY] = _LOST
            before = _records(county, persons, rows, _DATES[bank], lost) if len(self.plan.card_lists) > 1 else found
            for month in self.plan.card_lists:
                content = found if month == self.plan.card_lists[-1] else before
                path = self._path(bank, month, branch)
                numbers = np.arange(len(rows)) + self.rows[bank, month, branch] + 2
                self.inbox.locate(("card", county.index, month), path.name, rows, 1, numbers)
                with path.open("ab") as file:
                    file.write(content)
                self.rows[bank, month, branch] += len(rows)

    def close(self) -> None:
        """Note the deliveries."""
        for (bank, month, branch), rows in self.rows.items():
            day: dt.date = workdays.shift(month_day(add_months(month, 1), 1), 1)
            self.inbox.delivered(self._path(bank, month, branch).name, "card_accounts", BANKS[bank], str(month), day, rows, hour=8)


def _records(county: County, persons: PersonTexts, rows: np.ndarray, style: str, status: np.ndarray) -> bytes:
    cards = county.cards
    holder, agent = cards["holder"][rows], cards["agent"][rows]
    fields = [
        text.pick(persons.card, rows),
        text.pick(persons.bank_name, cards["name"][rows]),
        text.pick(persons.id, holder),
        text.dates(cards["opened"][rows], style),
        text.texts(cards["branch"][rows]),
        text.pick(persons.bank_name, agent),
        text.pick(persons.id, agent),
        text.words(_STATUS, status),
        text.pick(persons.phone, holder),
    ]
    lines: pa.Array = pc.binary_join_element_wise(*fields, ",", null_handling="replace", null_replacement="")
    return "".join(line + "\r\n" for line in lines.to_pylist()).encode("gb18030")
