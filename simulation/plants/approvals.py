"""Plants of payments that the register, the standards, deaths or another programme speak against (EN05 to EN11)."""

from typing import Any

import numpy as np

from simulation.ledger.deaths import days
from simulation.people.columns import Columns
from simulation.people.county import CARE, DIBAO, FATHER, LIVING, ORPHAN, SON, SPOUSE, TEKUN
from simulation.plan import PROGRAMMES, month_day
from simulation.plants.cases import Elsewhere
from simulation.plants.planting_county import Scene

_PRIMARY_BANK = 0  # has a branch in every township of every county


def plant(scene: Scene) -> None:
    """Persons put there for it, so that nobody else's money is touched."""
    _in_no_register(scene)
    _off_the_standard(scene)
    _after_death(scene)
    _after_the_end(scene)
    _exclusive(scene)
    _two_counties(scene)
    _not_of_that_age(scene)


def _in_no_register(scene: Scene) -> None:
    paid = scene.pay(scene.villager(), DIBAO)
    scene.case("EN05", "a household on every roll, in no register").roll(*paid.rolls)
    approved = scene.approve(scene.villager(), LIVING)
    more = scene.pay(approved.person, CARE, scene.plan.months[-1:], approved.card)
    scene.case("EN05", "on a roll for a subsidy that the register does not know, beside one that it does").roll(*more.rolls)


def _off_the_standard(scene: Scene) -> None:
    paid = scene.approve(scene.villager(old=True), TEKUN)
    _change(scene, paid.rolls, paid.lines, 5_000)
    scene.case("EN06", "50 yuan above the standard every month").roll(*paid.rolls)
    head = scene.villager()
    other_sex = 1 - int(scene.county.persons["male"][head])
    for relation, male in ((SPOUSE, other_sex), (SON, 1)):
        scene.villager(relation=relation, male=male, **_home(scene, head))
    paid = scene.approve(head, DIBAO, size=3)
    standard = int(scene.payments.rolls["standard"][paid.rolls[0]])
    _change(scene, paid.rolls[1:2], paid.lines[1:2], -standard)
    scene.case("EN06", "a household of three paid for two in one month").roll(*paid.rolls[1:2])


def _home(scene: Scene, person: int) -> dict[str, Any]:
    persons = scene.county.persons
    return {"household": person, "township": int(persons["township"][person]), "village": int(persons["village"][person])}


def _change(scene: Scene, rolls: np.ndarray, lines: np.ndarray, fen: int) -> None:
    """The roll's amount, and what the bank credits by it."""
    scene.payments.rolls["amount"][rolls] += fen
    scene.payments.lines["amount"][lines] += fen


def _after_death(scene: Scene) -> None:
    first, *_, last = scene.plan.months
    soon = days(month_day(first, 16))
    for programme, registered, words in (
        (TEKUN, soon, "registered within days"),
        (CARE, days(month_day(last, 22)), f"registered only in {last}"),
    ):
        paid = scene.approve(scene.villager(old=True), programme)
        died = days(month_day(first, 6))
        row = Columns(person=np.array([paid.person]), died=np.array([died]), registered=np.array([registered]))
        scene.county.deaths = Columns.concat([scene.county.deaths, row])
        scene.case("EN07", f"paid on and on after a death in {first}, {words}").bank(*paid.lines[1:])


def _after_the_end(scene: Scene) -> None:
    for programme, index in ((TEKUN, 0), (DIBAO, -2)):
        paid = scene.approve(scene.villager(old=True), programme)
        end = scene.plan.months[index]
        scene.county.ents["end"][paid.ent] = end
        scene.case("EN08", f"paid to the last though ended in {end} by the register").bank(*paid.lines[scene.plan.months.index(end) + 1 :])


def _exclusive(scene: Scene) -> None:
    months = scene.plan.months
    supported = scene.approve(scene.villager(old=True), TEKUN, bank=scene.supply.bank_for(months, TEKUN, CARE))
    paid = scene.approve(supported.person, CARE, card=supported.card)
    scene.case("EN09", "a care subsidy beside tekun").bank(*paid.lines)
    head = scene.villager()
    parent = scene.villager(old=True, relation=FATHER, male=1, **_home(scene, head))
    dibao = scene.approve(head, DIBAO, size=2)
    scene.approve(parent, TEKUN, months[1:])
    scene.case("EN09", f"tekun since {months[1]} for a member of a household on dibao").bank(*dibao.lines[1:])


def _two_counties(scene: Scene) -> None:
    """What the county before pays in full, this one pays, too; the first one has none before it."""
    months, persons, cards = scene.plan.months, scene.county.persons, scene.county.cards
    for other, since in zip(scene.book.paid_elsewhere, (months[1:], months[-1:]), strict=False):
        person = scene.villager(**other.person)
        card = scene.county.add_card(other.bank, person, listed=0)
        cards["number"][card] = other.card_number
        paid = scene.approve(person, other.programme, since, card)
        words = f"{PROGRAMMES[other.programme]} from two counties on one card since {since[0]}"
        scene.case("EN10", words).bank(*paid.lines)
    scene.book.paid_elsewhere.clear()
    for programme in (TEKUN, DIBAO):
        paid = scene.approve(scene.villager(old=True), programme, bank=_PRIMARY_BANK)
        values: dict[str, Any] = {name: persons[name][paid.person] for name in ("name", "bank_name", "id", "phone", "male", "born")}
        scene.book.paid_elsewhere.append(Elsewhere(programme, _PRIMARY_BANK, cards["number"][paid.card], values))


def _not_of_that_age(scene: Scene) -> None:
    paid = scene.approve(scene.villager(), TEKUN)
    scene.case("EN11", "tekun for somebody of working age and in health").bank(*paid.lines)
    month = scene.month()
    paid = scene.approve(scene.villager(), ORPHAN, (month,))
    scene.case("EN11", f"an orphan long of age, in {month}").bank(*paid.lines)
