"""Plants of persons who are not one number and one name (ID01 by the register's own columns, ID05, ID06)."""

from collections.abc import Callable

from simulation.files.registers import states_births
from simulation.people.county import CARE, DIBAO, LIVING, TEKUN
from simulation.plants.identities import checked
from simulation.plants.planting_county import Paid, Scene

# A slip in the serial, so that birth and sex by the number stay; a lone slip never fits the check character.
_SLIPS: tuple[tuple[str, bool, Callable[[str], str]], ...] = (
    ("one digit off", True, lambda number: number[:15] + "7" + number[16:]),
    ("two digits exchanged", True, lambda number: number[:14] + number[15] + number[14] + number[16:]),
    ("one digit and the check character off, both numbers valid", False, lambda number: checked(number[:15] + "7" + number[16])),
)
_A_YEAR = 365


def plant(scene: Scene) -> None:
    """One person each, put there for it."""
    if states_births(scene.county):
        _not_the_birth_of_the_number(scene)
        _not_the_sex_of_the_number(scene)
    _another_name_on_the_rolls(scene)
    _another_name_at_the_bank(scene)
    for words, invalid, slip in _SLIPS:
        _two_numbers(scene, words, invalid, slip)


def _stated_otherwise(scene: Scene, programme: int, words: str) -> int:
    """A beneficiary whose register row is the evidence of the register contradicting the number; the person."""
    paid = scene.approve(scene.villager(old=True), programme)
    scene.case("ID01", words).register(scene.plan.snapshots[-1], scene.register_ref(paid.ent))
    return paid.person


def _not_the_birth_of_the_number(scene: Scene) -> None:
    person = _stated_otherwise(scene, TEKUN, "a date of birth in the register that is not the number's")
    scene.county.persons["stated_born"][person] += _A_YEAR


def _not_the_sex_of_the_number(scene: Scene) -> None:
    person = _stated_otherwise(scene, DIBAO, "a sex in the register that is not the number's")
    scene.county.persons["stated_male"][person] = 1 - scene.county.persons["male"][person]


def _another_name_on_the_rolls(scene: Scene) -> None:
    paid = scene.approve(scene.villager(), CARE)
    months = scene.plan.months[1:]
    scene.payments.rolls["name"][paid.rolls[1:]] = scene.different_name(scene.county.persons["name"][paid.person])
    scene.case("ID05", f"another name on the rolls of {', '.join(map(str, months))} than in the register").roll(*paid.rolls[1:])


def _another_name_at_the_bank(scene: Scene) -> None:
    paid = scene.approve(scene.villager(), LIVING)
    scene.county.cards["name"][paid.card] = scene.different_name(scene.county.persons["name"][paid.person])
    scene.case("ID05", "a card listed under the number with another name").card(scene.plan.card_lists[-1], paid.card)


def _two_numbers(scene: Scene, words: str, invalid: bool, slip: Callable[[str], str]) -> None:
    """One subsidy under the right number in all months, another one under the wrong number since the second."""
    right = scene.villager()
    persons = scene.county.persons
    scene.approve(right, LIVING)
    wrong = scene.copy_of(right, id=slip(persons["id"][right]))
    assert persons["household"][wrong] == right, "one head of household has both"
    paid = scene.approve(wrong, CARE, scene.plan.months[1:])
    what = f"one person under two numbers, {words}"
    _everywhere(scene, "ID06", what, paid)
    if invalid:
        # Unavoidable: one of the numbers does not fit its check character.
        _everywhere(scene, "ID01", f"{what} (with ID06)", paid)


def _everywhere(scene: Scene, rule: str, what: str, paid: Paid) -> None:
    case = scene.case(rule, what)
    case.register(scene.plan.snapshots[-1], scene.register_ref(paid.ent))
    case.roll(*paid.rolls)
    case.bank(*paid.lines)
