"""Plants of cards in the hands of others: opened, drawn from or held back by them, and card numbers that are none (CD05 to CD10)."""

import numpy as np

from simulation.ledger.deaths import days
from simulation.ledger.withdrawals import ATM, COUNTER, plant_draw
from simulation.people.county import CARE, DIBAO, HEAD, LIVING, TEKUN
from simulation.plants.planting_county import Scene

_OPENED_BY_ONE, _DRAWN_BY_ONE, _DRAWN_AT_ONE = 11, 6, 9
_MACHINE = 9001  # no township's
_TEN_O_CLOCK = 10 * 3600
_YUAN = 100


def plant(scene: Scene) -> None:
    """Cards and withdrawals; after everything else, since money is drawn from cards that nobody else needs."""
    _opened_for_many(scene)
    _opened_for_nobody_known(scene)
    _held_back(scene)
    _no_card_numbers(scene)
    _cards_of_staff(scene)
    _drawn_by_one_hand(scene)
    _drawn_at_one_machine(scene)


def _opened_for_many(scene: Scene) -> None:
    """Cards for members of as many households, on different days; nothing was credited on them yet."""
    county, residents = scene.county, scene.county.residents
    member = np.flatnonzero((county.persons["relation"][:residents] != HEAD) & (county.persons["born"][:residents] < 36000))
    member = scene.rng.permutation(member)
    _, first = np.unique(county.persons["household"][member], return_index=True)
    holders = member[np.sort(first)][:_OPENED_BY_ONE]
    agent = scene.stranger()
    cards = [county.add_card(0, int(holder), agent=agent) for holder in holders]
    county.cards["opened"][cards] = 42_900 + 3 * np.arange(len(cards))
    scene.case("CD05", f"one agent opened cards for {len(cards)} people of as many households").card(scene.plan.card_lists[-1], *cards)


def _opened_for_nobody_known(scene: Scene) -> None:
    person = scene.villager(old=True)
    card = scene.county.add_card(scene.supply.bank_for(scene.plan.months, TEKUN), scene.stranger(), agent=scene.stranger())
    paid = scene.approve(person, TEKUN, card=card)
    scene.payments.drawn.add(card)
    words = "a card opened by an agent for somebody in no register, and credited"
    scene.case("CD05", words).card(scene.plan.card_lists[-1], card)
    # Unavoidable: whoever is paid on the card is another than its holder, else the holder would be known.
    scene.case("ID04", f"{words} (with CD05)").bank(*paid.lines)


def _held_back(scene: Scene) -> None:
    for programme, agent, words in (
        (LIVING, scene.member_of_staff(), "a member of staff"),
        (TEKUN, scene.stranger(), "somebody who is nobody to the holder"),
    ):
        paid = scene.approve(scene.villager(old=True), programme)
        scene.county.cards["agent"][paid.card] = agent
        scene.payments.quiet.add(paid.card)
        scene.case("CD07", f"nothing was ever drawn from a card opened by {words}").bank(*paid.lines)


def _no_card_numbers(scene: Scene) -> None:
    for programme, words, spoil in (
        (LIVING, "a wrong check digit", lambda number: number[:-1] + str((int(number[-1]) + 1) % 10)),
        (CARE, "15 digits", lambda number: number[:15]),
        (DIBAO, "the beginning of a bank that pays nobody here", lambda number: "9" + number[1:]),
    ):
        paid = scene.approve(scene.villager(), programme)
        numbers = scene.county.cards["number"]
        numbers[paid.card] = spoil(numbers[paid.card])
        scene.county.cards["listed"][paid.card] = 0  # no bank would list it
        case = scene.case("CD09", f"a card number with {words}")
        case.roll(*paid.rolls)
        case.bank(*paid.lines)


def _cards_of_staff(scene: Scene) -> None:
    for programme, months in ((TEKUN, scene.plan.months), (CARE, scene.plan.months[1:])):
        card = scene.county.add_card(scene.supply.bank_for(months, programme), scene.member_of_staff())
        paid = scene.approve(scene.villager(old=True), programme, months, card)
        words = f"paid on the card of a member of staff since {months[0]}"
        scene.case("CD10", words).bank(*paid.lines)
        # Unavoidable: the holder is neither the beneficiary nor a proxy.
        scene.case("ID04", f"{words} (with CD10)").bank(*paid.lines)


def _drawn_by_one_hand(scene: Scene) -> None:
    lines = scene.supply.drawable(scene.plan.months[-1], None, _DRAWN_BY_ONE)
    agent = scene.stranger()
    refs = _draw(scene, lines, channel=COUNTER, terminal=0, agent=agent, apart=240)
    scene.case("CD06", f"one person drew from the cards of {len(lines)} households on one day").withdrawal(*refs)


def _drawn_at_one_machine(scene: Scene) -> None:
    lines = scene.supply.drawable(scene.plan.months[0], 0, _DRAWN_AT_ONE)
    refs = _draw(scene, lines, channel=ATM, terminal=_MACHINE, agent=-1, apart=55)
    scene.case("CD06", f"one machine paid out on the cards of {len(lines)} households within ten minutes").withdrawal(*refs)


def _draw(scene: Scene, lines: np.ndarray, *, channel: int, terminal: int, agent: int, apart: int) -> list[int]:
    """All that was credited, some seconds apart, on the second day after the last credit; nothing else is drawn from these cards."""
    payments, refs = scene.payments, []
    day = max(days(scene.batch_of(int(line)).credited) for line in lines) + 2
    for turn, line in enumerate(lines):
        card = int(payments.lines["card"][line])
        payments.quiet.add(card)
        amount = max(_YUAN, int(payments.lines["amount"][line]) // (100 * _YUAN) * 100 * _YUAN)
        second = _TEN_O_CLOCK + apart * turn
        refs.append(
            plant_draw(
                scene.plan, scene.county, payments, card=card, day=day, second=second, channel=channel, amount=amount, terminal=terminal,
                agent=agent,
            )
        )  # fmt: skip
    return refs
