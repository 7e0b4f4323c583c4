"""Plants of staff who look after their own: relatives that were not filed, and staff who receive (CO01, CO02)."""

from simulation.people.county import CARE, DIBAO, LIVING, TEKUN
from simulation.people.staff import NOT_FILED, UNSAID
from simulation.plants.planting_county import Scene


def plant(scene: Scene) -> None:
    """Beneficiaries put there for it, and rows of the list of staff that name them."""
    for programme, filed, relation, words in (
        (TEKUN, NOT_FILED, "舅舅", "listed as not filed"),
        (DIBAO, UNSAID, "表亲", "nothing is said of a filing"),
    ):
        paid = scene.approve(scene.villager(old=programme == TEKUN), programme)
        scene.employ(scene.member_of_staff(), paid.person, relation, filed)
        scene.case("CO01", f"a relative of staff receives, {words}").bank(*paid.lines)
    paid = scene.approve(scene.villager(), LIVING)
    scene.employ(paid.person)
    scene.case("CO02", "somebody who is paid is also on the list of staff").bank(*paid.lines)
    paid = scene.approve(scene.member_of_staff(), CARE, scene.plan.months[1:])
    scene.case("CO02", "a member of staff with relatives on file is paid").bank(*paid.lines)
