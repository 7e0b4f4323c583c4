"""Plants of misused cards: several for one, one for several, none, and memos that say nothing (CD01 to CD04, CD08)."""

from simulation.people.county import CARE, DIBAO, LIVING, ORPHAN, RELIEF, TEKUN
from simulation.plants.planting_county import Scene

_MEMOS = (("补助款", "a memo that names no subsidy"), ("困难残疾人生活补贴", "the memo of another programme"), ("", "no memo"))


def whole_batches(scene: Scene) -> None:
    """A batch whose memo is nobody's agreed text."""
    batch = scene.supply.batch(ORPHAN, RELIEF, CARE, months=scene.plan.months)
    rows = scene.payments.rows(batch)
    scene.payments.lines["memo"][rows] = _memo(scene, "工资")
    scene.case("CD08", "a whole batch under the memo of wages").bank(*rows)


def single_cards(scene: Scene) -> None:
    """Rows and cards of single persons and households."""
    _several_cards(scene)
    _several_cards_of_a_household(scene)
    _one_card_for_several(scene)
    _not_the_card_of_the_roll(scene)
    for memo, words in _MEMOS:
        line = scene.lines(scene.supply.entitlement(DIBAO, TEKUN, CARE), scene.month())[0]
        scene.payments.lines["memo"][line] = _memo(scene, memo)
        scene.case("CD08", words).bank(line)


def _memo(scene: Scene, text: str) -> int:
    scene.payments.memos.append(text)
    return len(scene.payments.memos) - 1


def _several_cards(scene: Scene) -> None:
    _, second, *later = scene.plan.months
    for _ in range(2):
        # The subsidy is paid on the first card once, so that the second is plainly the lesser one.
        ent = scene.supply.second()
        lines = scene.pay_to(ent, _own_card(scene, ent), second, *later)
        scene.case("CD01", "a disability subsidy on another card of the person than the rest").bank(*lines)
    ent = scene.supply.entitlement(TEKUN, LIVING, CARE)
    lines = scene.pay_to(ent, _own_card(scene, ent), second)
    scene.case("CD01", f"another card of the same person in {second} only").bank(*lines)


def _own_card(scene: Scene, ent: int) -> int:
    """One more card of an entitled person at the bank that pays them."""
    return scene.county.add_card(int(scene.supply.bank[ent]), int(scene.county.ents["person"][ent]))


def _several_cards_of_a_household(scene: Scene) -> None:
    for _ in range(2):
        ent, spouse = scene.supply.couple()
        card = scene.county.add_card(int(scene.supply.bank[ent]), spouse)
        case = scene.case("CD02", "a household's dibao split between the cards of husband and wife")
        for roll, line in zip(scene.rolls(ent)[1:], scene.lines(ent)[1:], strict=True):
            share = int(scene.payments.rolls["standard"][roll])
            split = scene.payments.split_roll(int(roll), person=spouse, card=card, holder=spouse, size=1, amount=share)
            scene.payments.lines["amount"][line] -= share
            batch = scene.batch_of(line)
            case.bank(scene.payments.add_line(batch, roll=split, name=spouse, id=spouse, card=card, amount=share))


def _one_card_for_several(scene: Scene) -> None:
    for listed, count in ((0, 2), (1, 3)):
        ents = [scene.supply.entitlement()]
        bank = int(scene.supply.bank[ents[0]])
        ents += [scene.supply.entitlement(bank=bank) for _ in range(count - 1)]
        card = scene.county.add_card(bank, scene.stranger(), listed=listed)
        lines = [line for ent in ents for line in scene.pay_to(ent, card, *scene.plan.months)]
        words = f"one card receives for {count} households"
        if listed:
            scene.case("CD03", f"{words}; it is a stranger's").bank(*lines)
            # Unavoidable: a listed holder who is none of them contradicts every row.
            scene.case("ID04", f"{words}, so its holder is none of them (with CD03)").bank(*lines)
        else:
            scene.case("CD03", f"{words}; the bank lists no holder").bank(*lines)


def _not_the_card_of_the_roll(scene: Scene) -> None:
    last = scene.plan.months[-1]
    for _ in range(2):
        line = scene.lines(scene.supply.entitlement(), scene.month())[0]
        scene.payments.lines["card"][line] = -1
        scene.case("CD04", "credited without a card").bank(line)
        # In the last month only: two cards used in turn are not used together.
        ent = scene.supply.entitlement()
        line = scene.lines(ent, last)[0]
        scene.payments.lines["card"][line] = _own_card(scene, ent)
        scene.case("CD04", "credited to another card of the person than the roll says").bank(line)
