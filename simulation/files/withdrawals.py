"""一卡通支取明细: each bank's monthly list of money drawn from cards, over all counties, GB18030."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.months import add_months
from simulation import workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.ledger.withdrawals import CHANNELS, COUNTER
from simulation.people.columns import Columns
from simulation.people.county import County
from simulation.plan import BANKS, Plan, month_day

_HEADER = "卡号,交易流水号,交易时间,渠道,金额(元),终端号,网点,代办人证件号\r\n"
_LETTERS = ("G", "A", "Z", "P")
# Each bank writes the day its own way, and the time after it.
_DAYS = (("iso", " "), ("compact", ""), ("slash", " "))
_CLOCKS = tuple(
    pa.array([f"{second // 3600:02d}{colon}{second // 60 % 60:02d}{colon}{second % 60:02d}" for second in range(86400)])
    for colon in (":", "", ":")
)


class WithdrawalLists:
    """The monthly lists of the three banks, to which one county after another is added."""

    def __init__(self, plan: Plan, inbox: Inbox) -> None:
        self.plan, self.inbox = plan, inbox
        self.rows = dict.fromkeys(((bank, month) for month in range(len(plan.months)) for bank in range(len(BANKS))), 0)
        self.fen = dict.fromkeys(self.rows, 0)
        for bank, month in self.rows:
            self._path(bank, month).write_bytes(_HEADER.encode("gb18030"))

    def _path(self, bank: int, month: int) -> Path:
        return self.inbox.path(f"{BANKS[bank]}_一卡通支取明细_{self.plan.months[month]}.csv")

    def add(self, county: County, persons: PersonTexts, draws: Columns) -> None:
        """Append a county's withdrawals, which are in order of bank and month, to every list."""
        key = draws["bank"] * len(self.plan.months) + draws["month"]
        for bank, month in self.rows:
            first, end = np.searchsorted(key, (place := bank * len(self.plan.months) + month, place + 1))
            rows = np.arange(first, end)
            path = self._path(bank, month)
            numbers = np.arange(len(rows)) + self.rows[bank, month] + 2
            self.inbox.locate(("withdrawal", county.index), path.name, draws["ref"][rows], 1, numbers)
            with path.open("ab") as file:
                file.write(_records(county, persons, draws.take(rows), bank, self.plan.months[month]))
            self.rows[bank, month] += len(rows)
            self.fen[bank, month] += int(draws["amount"][rows].sum())

    def close(self) -> None:
        """Note the deliveries."""
        for (bank, month), rows in self.rows.items():
            day = workdays.shift(month_day(add_months(self.plan.months[month], 1), 1), 1)
            period = str(self.plan.months[month])
            self.inbox.delivered(self._path(bank, month).name, "card_withdrawals", BANKS[bank], period, day, rows, self.fen[bank, month], 9)


def _records(county: County, persons: PersonTexts, draws: Columns, bank: int, month: int) -> bytes:
    style, between = _DAYS[bank]
    serial = pc.utf8_lpad(text.ints(np.arange(1, len(draws) + 1)), 7, "0")
    place = pa.array([county.code[2:] + letter for letter in _LETTERS]).take(pa.array(draws["channel"]))
    branch = pc.if_else(pa.array(draws["channel"] == COUNTER), text.texts(county.cards["branch"][draws["card"]]), "")
    fields = [
        text.pick(persons.card, draws["card"]),
        pc.binary_join_element_wise(f"{bank + 1}{month}{county.code[-2:]}", serial, ""),
        pc.binary_join_element_wise(text.dates(draws["day"], style), _CLOCKS[bank].take(pa.array(draws["second"])), between),
        text.words(CHANNELS, draws["channel"]),
        text.yuan(draws["amount"]),
        pc.binary_join_element_wise(place, pc.utf8_lpad(text.ints(draws["terminal"]), 4, "0"), ""),
        branch,
        text.pick(persons.id, draws["agent"]),
    ]
    lines: pa.Array = pc.binary_join_element_wise(*fields, ",", null_handling="replace", null_replacement="")
    return "".join(line + "\r\n" for line in lines.to_pylist()).encode("gb18030")
