"""Plants of delays: batches credited after the pay-by day, months that nobody paid (DL01, DL03)."""

from simulation import workdays
from simulation.people.county import CARE, DIBAO, LIVING, ORPHAN, TEKUN
from simulation.plan import pay_days
from simulation.plants.scene import Scene

# (working days of the credit after the last day allowed, of the voucher before the credit)
_LATE = ((2, 4, "credited late by the bank"), (6, 1, "paid late by the treasury"), (4, 2, "paid and credited late"))


def whole_batches(scene: Scene) -> None:
    """Original batches credited after the tenth."""
    for month, (after, before, words) in zip(scene.plan.months, _LATE, strict=False):
        batch = scene.supply.batch(ORPHAN, months=(month,))
        batch.credited = workdays.shift(pay_days(month)[-1], after)
        batch.paid = workdays.shift(batch.credited, -before)
        scene.case("DL01", f"a batch {words}, on {batch.credited}").bank(*scene.payments.rows(batch))


def single_rolls(scene: Scene) -> None:
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
