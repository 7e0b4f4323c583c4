"""Known problems, put into a simulated city on purpose; every row that is primary evidence of one stands in its truth.

A plant makes one rule fire and no other; where it cannot, the other rule's rows are planted cases, too, and say so.
EN10 needs the county before: the first county of a city has no case of it, and a city of one county none at all.
"""

from simulation.ledger.payments import Payments
from simulation.people.county import County
from simulation.plan import Plan
from simulation.plants import approvals, cards, delays, entitlement, identities, persons, stranded
from simulation.plants import card_misuse as hands
from simulation.plants import staff_conflicts as offices
from simulation.plants.cases import CaseBook
from simulation.plants.documents import plant_documents
from simulation.plants.planting_county import Scene

# Whole batches first: persons in them are then left alone; before them what no other programme can stand in for.
_STEPS = (
    delays.relief_batches,
    stranded.whole_batches,
    delays.whole_batches,
    cards.whole_batches,
    cards.single_cards,
    delays.single_rolls,
    identities.plant,
    entitlement.plant,
    stranded.single_lines,
    persons.plant,
    approvals.plant,
    offices.plant,
    hands.plant,
)


def plant_county(plan: Plan, county: County, payments: Payments, book: CaseBook, spared: list[str]) -> Scene:
    """Plant on a county's people and payments before failures are settled; `spared` are ID numbers to leave alone.

    `note_vouchers` must follow when the vouchers have their numbers.
    """
    scene = Scene(plan, county, payments, book, spared)
    for step in _STEPS:
        step(scene)
    return scene


def note_vouchers(scene: Scene) -> None:
    """Note the vouchers that are evidence."""
    scene.close()
    stranded.overdrawn(scene)


__all__ = ["CaseBook", "note_vouchers", "plant_county", "plant_documents"]
