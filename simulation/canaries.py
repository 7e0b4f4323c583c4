"""Persons with given clear-text values, put among the beneficiaries so that a test can look for leaks."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from simulation.people.county import CARE, DIBAO, LIVING, RELIEF, County

AGELESS = (DIBAO, RELIEF, LIVING, CARE)


@dataclass(frozen=True)
class Canary:
    """Clear-text values that must never be seen outside the vault; the ID and the card should be valid ones."""

    name: str
    id_no: str
    card_no: str
    phone: str

    @property
    def values(self) -> tuple[str, str, str, str]:
        return self.name, self.id_no, self.card_no, self.phone


def place(county: County, canaries: list[Canary]) -> None:
    """Give the canaries' values to entitled persons of programmes that ask for no age, spread over the county."""
    own = np.flatnonzero(county.ents["payee"] == county.ents["person"])
    persons, first = np.unique(county.ents["person"][own], return_index=True)
    programme = county.ents["programme"][own][first]
    by_programme = [persons[programme == number] for number in AGELESS]
    for index, canary in enumerate(canaries):
        group = by_programme[index % len(AGELESS)]
        row = int(group[(index // len(AGELESS)) % len(group)])
        for column, value in (("name", canary.name), ("bank_name", canary.name), ("id", canary.id_no), ("phone", canary.phone)):
            county.persons[column][row] = value
        county.persons["short_id"][row] = 0
        born = (dt.date.fromisoformat(canary.id_no[6:14]) - dt.date(1900, 1, 1)).days
        for column, number in (("born", born), ("male", int(canary.id_no[16]) % 2)):
            county.persons[column][row] = county.persons[f"stated_{column}"][row] = number
        card = int(np.flatnonzero(county.cards["holder"] == row)[0])
        county.cards["number"][card] = canary.card_no
