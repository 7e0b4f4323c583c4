"""Plants of stranded funds on the county's side: vouchers, batches and failed rows (FS03, FS04, FS07, FS08)."""

import datetime as dt

from onecard.catalogue.seed_lookup import programmes
from onecard.words.money import format_yuan
from simulation import workdays
from simulation.ledger.payments import Voucher, batch_number
from simulation.people.county import CARE, DIBAO, LIVING, RELIEF, TEKUN
from simulation.plan import BANKS, POOL_OF, PROGRAMMES, Plan, pay_days
from simulation.plants.planting_county import Scene

LATE_POOL = "disability"  # the pool whose second tranche reaches every county late
_LOST, _FROZEN, _NO_ACCOUNT = 0, 1, 3
_ELSEWHERE = (
    ("{township}财政所", "6211020104000{number:04d}", "", "paid to a township's account, on its way to nobody's card"),
    ("鑫达汽车维修部", "2741010501090{number:04d}", "=车辆维修费", "assistance money paid for the repair of cars"),
)


def whole_batches(scene: Scene) -> None:
    """Batches and vouchers that do not fit each other."""
    _credited_late(scene)
    _voucher_larger(scene)
    _voucher_alone(scene)
    _batch_larger(scene)
    _batch_unfunded(scene)
    _paid_elsewhere(scene)
    _outside_the_pool(scene)


def single_lines(scene: Scene) -> None:
    """Failed rows that are paid again too late or never."""
    for reason, words in ((_LOST, "card reported lost"), (_FROZEN, "card frozen"), (_NO_ACCOUNT, "no such account")):
        line = scene.lines(scene.supply.entitlement(), scene.month())[0]
        scene.fail(line, reason)
        scene.left.add(int(line))
        scene.case("FS04", f"a failed row ({words}) neither paid again nor returned").bank(line)
    line = scene.lines(scene.supply.entitlement(), scene.plan.months[0])[0]
    scene.fail(line, _LOST)
    scene.left.add(int(line))
    again = workdays.on_or_before(scene.batch_of(line).credited + dt.timedelta(days=50))
    scene.pay_again(line, again, None)
    scene.case("FS04", f"a failed row paid again only after {(again - scene.batch_of(line).credited).days} days").bank(line)


def overdrawn(scene: Scene) -> None:
    """Note the first payment from a pool whose money arrives after it; `documents` lets it arrive late."""
    voucher = first_of_late_tranche(scene.plan, scene.payments.vouchers)
    scene.case("FS07", f"{LATE_POOL} pool overdrawn: paid out before the tranche had arrived").treasury(voucher.ref)


def first_of_late_tranche(plan: Plan, vouchers: list[Voucher]) -> Voucher:
    """The first payment of the second tranche from the late pool; vouchers are in order."""
    return next(
        voucher
        for voucher in vouchers
        if voucher.paid >= plan.tranches[1].arrives and voucher.amount > 0 and POOL_OF[PROGRAMMES[voucher.programme]] == LATE_POOL
    )


def late_arrival(plan: Plan) -> dt.date:
    """The day on which the late tranche arrives: after the regular payments of its first month."""
    return workdays.shift(pay_days(plan.tranches[1].first_month)[-1], 1)


def _credited_late(scene: Scene) -> None:
    # Not in January: money that leaves seven working days before would leave in the year before.
    for months in (scene.plan.months[1:2], scene.plan.months[2:3]):
        batch = scene.supply.batch(RELIEF, months=months)
        batch.paid = workdays.shift(batch.credited, -7)
        scene.by_voucher(scene.case("FS03", "first credit seven working days after the voucher"), batch)


def _voucher_larger(scene: Scene) -> None:
    batch = scene.supply.batch(RELIEF, months=scene.plan.months)
    batch.voucher_more = scene.payments.batch_total(batch) // 5 + 100
    scene.by_voucher(scene.case("FS03", f"voucher larger than the batch by {format_yuan(batch.voucher_more)} yuan"), batch)


def _voucher_alone(scene: Scene) -> None:
    month = scene.plan.months[1]
    day = pay_days(month)[-2]
    for bank, programme, amount, stated in ((0, DIBAO, 188_888, True), (1, TEKUN, 96_660, False)):
        number = batch_number(scene.county.code, month, programme, bank, 90) if stated else ""
        voucher = Voucher(day, month, programme, amount, number, "补差", bank)
        scene.payments.vouchers.append(voucher)
        words = "names a batch that never came" if stated else "names no batch, and none is of its amount"
        scene.by_voucher(scene.case("FS03", f"voucher to {BANKS[bank]} that {words}"), voucher)


def _batch_larger(scene: Scene) -> None:
    batch = scene.supply.batch(RELIEF, months=scene.plan.months)
    batch.voucher_more = -(scene.payments.batch_total(batch) // 10)
    rows = scene.payments.rows(batch)
    scene.case("FS07", f"batch larger than its voucher by {format_yuan(-batch.voucher_more)} yuan").bank(rows[0])


def _batch_unfunded(scene: Scene) -> None:
    batch = scene.supply.batch(RELIEF, months=scene.plan.months)
    batch.paid = None
    scene.case("FS07", "an original batch that no voucher paid for").bank(scene.payments.rows(batch)[0])


def _paid_elsewhere(scene: Scene) -> None:
    for index, (payee, account, purpose, words) in enumerate(_ELSEWHERE):
        month = scene.plan.months[index]
        names = {"township": scene.county.townships[index], "number": 1210 + scene.county.index}
        voucher = Voucher(pay_days(month)[-1], month, DIBAO, 60_000 + 25_500 * index, "", purpose)
        voucher.payee = (payee.format(**names), account.format(**names))
        scene.payments.vouchers.append(voucher)
        scene.by_voucher(scene.case("FS08", words), voucher)


def _outside_the_pool(scene: Scene) -> None:
    """A batch booked to the other pool: its purpose says for which programme it was, its account from which money."""
    batch = scene.supply.batch(LIVING, CARE, months=scene.plan.months)
    assert batch.paid is not None
    code = PROGRAMMES[batch.programme]
    booked = DIBAO if POOL_OF[code] == "disability" else LIVING
    purpose = f"={batch.month // 100}年{batch.month % 100}月{programmes()[code].name_zh}"
    voucher = Voucher(batch.paid, batch.month, booked, scene.payments.batch_total(batch), batch.number, purpose, batch.bank)
    batch.paid = None
    scene.payments.vouchers.append(voucher)
    scene.by_voucher(scene.case("FS08", f"a batch of {code} paid from the pool {POOL_OF[PROGRAMMES[booked]]}"), voucher)
