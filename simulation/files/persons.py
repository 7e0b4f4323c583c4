"""The texts of a county's persons and cards, ready to be picked by row."""

from dataclasses import dataclass

import pyarrow as pa

from simulation.files.text import texts
from simulation.people.county import County
from simulation.people.numbers import short_form


@dataclass(frozen=True)
class PersonTexts:
    """Names as offices and as banks write them; numbers in full, and with 15 digits where a person still has such a card."""

    name: pa.Array
    bank_name: pa.Array
    id: pa.Array
    old_id: pa.Array
    phone: pa.Array
    card: pa.Array


def person_texts(county: County) -> PersonTexts:
    """Texts of everybody in the county, plants included."""
    persons = county.persons
    old = persons["id"].copy()
    for row in persons["short_id"].nonzero()[0]:
        old[row] = short_form(old[row])
    return PersonTexts(
        texts(persons["name"]),
        texts(persons["bank_name"]),
        texts(persons["id"]),
        texts(old),
        texts(persons["phone"]),
        texts(county.cards["number"]),
    )
