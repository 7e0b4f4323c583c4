"""Plants of identities that do not agree: numbers, names and card holders (ID01 to ID04, ID07)."""

from collections.abc import Callable

import numpy as np

from simulation.ledger.payments import NAME_MISMATCH
from simulation.people.county import CARE, DIBAO, LIVING, TEKUN
from simulation.people.numbers import with_check_character
from simulation.plants.planting_county import Scene


def checked(first17: str) -> str:
    """The number of 17 digits with its check character."""
    return str(with_check_character(np.array([first17]))[0])


# Each way of being wrong and nothing else: where only date or division is, the check character fits.
_WRONG_NUMBERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("a wrong check character", lambda number: number[:17] + ("0" if number[17] == "X" else str((int(number[17]) + 1) % 10))),
    ("an impossible date of birth", lambda number: checked(number[:10] + "1332" + number[14:17])),
    ("an unknown division", lambda number: checked("629900" + number[6:17])),
    ("17 characters", lambda number: number[:17]),
    ("a letter among the digits", lambda number: number[:16] + "O" + number[17]),
)


def plant(scene: Scene) -> None:
    """Persons and rows that contradict each other in one way each."""
    for words, spoil in _WRONG_NUMBERS:
        _wrong_number(scene, words, spoil)
    for months in ((scene.month(),), scene.plan.months):
        _other_name(scene, months)
        _other_number(scene, months)
    _card_of_stranger(scene, scene.supply.entitlement(DIBAO), scene.plan.months, "the card of somebody outside the household")
    _card_of_stranger(scene, scene.supply.entitlement(TEKUN), scene.plan.months[1:], "from the second month the card of a stranger")
    for _ in range(2):
        line = scene.lines(scene.supply.entitlement(), scene.month())[0]
        scene.fail(line, NAME_MISMATCH)
        scene.case("ID07", "failed because the name is not the card's, then paid again").bank(line)


def _wrong_number(scene: Scene, words: str, spoil: Callable[[str], str]) -> None:
    # Alone: the number of a head of household would stand beside other members, too.
    ent = scene.supply.entitlement(alone=True)
    ids, person = scene.county.persons["id"], scene.county.ents["person"][ent]
    ids[person] = spoil(ids[person])
    case = scene.case("ID01", f"an ID number with {words}")
    case.register(scene.plan.snapshots[-1], scene.register_ref(ent))
    case.roll(*scene.rolls(ent))
    case.bank(*scene.lines(ent))


def _other_name(scene: Scene, months: tuple[int, ...]) -> None:
    ent = scene.supply.entitlement()
    persons, person = scene.county.persons, scene.county.ents["person"][ent]
    other = scene.different_name(persons["name"][person])
    lines = scene.lines(ent, *months)
    scene.payments.lines["name"][lines] = other
    scene.case("ID02", "the bank wrote another person's name").bank(*lines)


def _other_number(scene: Scene, months: tuple[int, ...]) -> None:
    # A programme for any age: the other number tells another one.
    ent = scene.supply.entitlement(DIBAO, LIVING, CARE)
    persons, person = scene.county.persons, scene.county.ents["person"][ent]
    # Valid and nobody else's, under the same name: only the number speaks against the row.
    other = scene.stranger(name=persons["name"][person], bank_name=persons["bank_name"][person])
    lines = scene.lines(ent, *months)
    scene.payments.lines["id"][lines] = other
    scene.case("ID03", "the right card, but not the number of the person on the roll").bank(*lines)


def _card_of_stranger(scene: Scene, ent: int, months: tuple[int, ...], words: str) -> None:
    card = scene.county.add_card(int(scene.supply.bank[ent]), scene.stranger())
    scene.case("ID04", f"roll and bank use {words}").bank(*scene.pay_to(ent, card, *months))
