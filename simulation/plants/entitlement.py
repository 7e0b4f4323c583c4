"""Plants of wrong amounts: less or more than the roll says, twice, or to persons on no roll (EN01 to EN04)."""

from onecard.words.money import format_yuan
from simulation import workdays
from simulation.people.county import DIBAO, LIVING, TEKUN
from simulation.plants.planting_county import Scene


def plant(scene: Scene) -> None:
    """Rows of single persons; vouchers follow the batches, so that money leaves the treasury as it reaches the cards."""
    _less(scene)
    _more(scene)
    _twice(scene)
    _on_no_roll(scene)


def _less(scene: Scene) -> None:
    lines = scene.payments.lines
    for kept in (2_000, 2_000, 5_000):
        line = scene.lines(scene.supply.entitlement(), scene.month())[0]
        lines["amount"][line] -= kept
        scene.case("EN01", f"credited {format_yuan(kept)} yuan less than the roll says").bank(line)
    line = scene.lines(scene.supply.entitlement(), scene.month())[0]
    whole = int(lines["amount"][line])
    lines["amount"][line] = whole // 2
    second = _another(scene, line, whole // 4)
    scene.case("EN01", "credited in two parts, together a quarter less than the roll says").bank(line, second)


def _more(scene: Scene) -> None:
    lines = scene.payments.lines
    for share in (2, 1):
        line = scene.lines(scene.supply.entitlement(), scene.month())[0]
        more = int(lines["amount"][line]) // share
        lines["amount"][line] += more
        scene.case("EN02", f"credited {format_yuan(more)} yuan more than the roll says").bank(line)


def _twice(scene: Scene) -> None:
    line = scene.lines(scene.supply.entitlement(), scene.month())[0]
    scene.case("EN03", "two rows of one batch for one month").bank(_another(scene, line, int(scene.payments.lines["amount"][line])))
    line = scene.lines(scene.supply.entitlement(), scene.month())[0]
    paid = workdays.shift(scene.batch_of(line).credited, 2)
    scene.case("EN03", "paid again though nothing had failed").bank(scene.pay_again(line, workdays.shift(paid, 1), paid))
    line = scene.lines(scene.supply.entitlement(), scene.month())[0]
    more = [_another(scene, line, int(scene.payments.lines["amount"][line])) for _ in range(2)]
    scene.case("EN03", "three rows of one batch for one month").bank(*more)


def _another(scene: Scene, line: int, amount: int) -> int:
    """One more row like `line` in its batch; the new row."""
    lines = scene.payments.lines
    same = {name: int(lines[name][line]) for name in ("roll", "name", "id", "card")}
    return scene.payments.add_line(scene.batch_of(line), **same, amount=amount)


def _on_no_roll(scene: Scene) -> None:
    one = scene.month()
    for programme, amount, months, words in (
        (DIBAO, 30_200, (one,), "a stranger among the rows of one batch"),
        (TEKUN, 47_200, scene.plan.months, "a stranger paid every month"),
    ):
        ghost = scene.stranger(old=programme == TEKUN)
        _credit(scene, ghost, programme, amount, months, words)
    _, member = scene.supply.couple()
    _credit(scene, member, LIVING, 10_000, (scene.month(),), "a dibao household's member paid a subsidy nobody approved")


def _credit(scene: Scene, person: int, programme: int, amount: int, months: tuple[int, ...], words: str) -> None:
    """Credit a person on no roll, on a card of their own; all months at one bank."""
    bank = scene.supply.open_batch(programme, months[0]).bank
    card = scene.county.add_card(bank, person)
    case = scene.case("EN04", f"{words}, on no roll")
    for month in months:
        batch = scene.supply.open_batch(programme, month, bank)
        case.bank(scene.payments.add_line(batch, name=person, id=person, card=card, amount=amount))
