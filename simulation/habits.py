"""The habits of offices and banks: whose files come cut, in two, or tell again what was told. Counties by their place in the plan."""

from simulation.people.county import CARE, LIVING


def sends_roll_by_township(county: int, programme: int) -> bool:
    """One roll for each township, instead of one for the county."""
    return _odd(county) and programme == LIVING


def sends_supplement(county: int, programme: int) -> bool:
    """Some persons stand on a supplement that follows the roll."""
    return not _odd(county) and programme == CARE


def _odd(county: int) -> bool:
    return county % 2 == 1
