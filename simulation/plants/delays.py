"""Plants of delays: batches credited late, first payments that never came, months unpaid or paid in a lump (DL01 to DL05)."""

import datetime as dt

from simulation import workdays
from simulation.people.county import CARE, DIBAO, LIVING, ORPHAN, RELIEF, TEKUN
from simulation.plan import month_day, pay_days
from simulation.plants.planting_county import Scene

# (working days of the credit after the last day allowed, of the voucher before the credit)
_LATE = ((2, 4, "credited late by the bank"), (6, 1, "paid late by the treasury"), (4, 2, "paid and credited late"))
_RELIEF_DAYS = 36  # from the first of the month for which relief was approved


def relief_batches(scene: Scene) -> None:
    """Batches of temporary relief paid out more than a month after it was approved."""
    for month in scene.plan.months[:2]:
        batch = scene.supply.batch(RELIEF, months=(month,))
        assert batch.programme == RELIEF, "nothing was handed out before"
        batch.credited = workdays.on_or_before(month_day(month, 1) + dt.timedelta(days=_RELIEF_DAYS))
        batch.paid = workdays.shift(batch.credited, -1)
        scene.case("DL05", f"relief for {month}, credited on {batch.credited}").bank(*scene.payments.rows(batch))


def whole_batches(scene: Scene) -> None:
    """Original batches credited after the tenth."""
    for month, (after, before, words) in zip(scene.plan.months, _LATE, strict=False):
        batch = scene.supply.batch(ORPHAN, months=(month,))
        batch.credited = workdays.shift(pay_days(month)[-1], after)
        batch.paid = workdays.shift(batch.credited, -before)
        scene.case("DL01", f"a batch {words}, on {batch.credited}").bank(*scene.payments.rows(batch))


def single_rolls(scene: Scene) -> None:
    """Single persons who waited."""
    _skipped(scene)
    _newcomers(scene)
    _lumps(scene)


def _skipped(scene: Scene) -> None:
    """Months without a payment: on the roll but in no batch, and on no roll though on the register."""
    for programme in (DIBAO, TEKUN):
        ent, month = scene.supply.entitlement(programme), scene.month()
        scene.leave_out(ent, month)
        scene.case("DL03", f"on the roll of {month}, in no batch").roll(*scene.rolls(ent, month))
    first, *_, last = scene.plan.months
    # Alone: of a household, the register has a row for everybody.
    for programmes, alone, months in (
        ((DIBAO,), True, (last,)),
        ((TEKUN, LIVING, CARE), False, (first,)),
        ((TEKUN,), False, scene.plan.months),
    ):
        ent = scene.supply.entitlement(*programmes, alone=alone)
        scene.leave_out(ent, *months)
        scene.payments.rolls["listed"][scene.rolls(ent, *months)] = 0
        scene.case("DL03", f"on the register, on no roll of {', '.join(map(str, months))}").register(
            scene.plan.snapshots[-1], scene.register_ref(ent)
        )


def _newcomers(scene: Scene) -> None:
    """Approved in the first month for the second; never on a roll, or only from the third on."""
    first, second, third, *_ = scene.plan.months
    for programmes, alone, months, words in (
        ((TEKUN, CARE), False, scene.plan.months, "on no roll since"),
        ((DIBAO,), True, scene.plan.months, "a household on no roll since"),
        ((LIVING, CARE), False, (first, second), f"first paid in {third}"),
    ):
        ent = scene.supply.entitlement(*programmes, alone=alone)
        approved = month_day(first, 8 + len(months))
        scene.county.ents["approved"][ent] = (approved - dt.date(1900, 1, 1)).days
        scene.county.ents["start"][ent] = second
        scene.leave_out(ent, *months)
        scene.payments.rolls["listed"][scene.rolls(ent, *months)] = 0
        scene.case("DL02", f"approved on {approved} for {second}, {words}").register(scene.plan.snapshots[-1], scene.register_ref(ent))


def _lumps(scene: Scene) -> None:
    """One or two months come with the next one, each in a batch of its own."""
    for count in (1, 2):
        months, last = scene.plan.months[:count], scene.plan.months[count]
        ent = scene.supply.entitlement(TEKUN, LIVING, CARE)
        day = scene.batch_of(scene.lines(ent, last)[0]).credited
        rows = [scene.pay_late(line, day) for line in scene.lines(ent, *months)]
        words = f"{', '.join(map(str, months))} paid together with {last}"
        scene.case("DL04", words).bank(*rows)
        # Unavoidable: the batch of a month that is over is late.
        scene.case("DL01", f"{words} (with DL04)").bank(*rows)
