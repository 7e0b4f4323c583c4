"""The habits of offices and banks: whose files come cut, in two, or tell again what was told. Counties by their place in the plan."""

from simulation.people.county import CARE, DIBAO, LIVING, TEKUN
from simulation.plan import BANKS


def sends_roll_by_township(county: int, programme: int) -> bool:
    """One roll for each township, instead of one for the county."""
    return _odd(county) and programme == LIVING


def sends_supplement(county: int, programme: int) -> bool:
    """Some persons stand on a supplement that follows the roll."""
    return not _odd(county) and programme == CARE


def sends_registers_by_programme(county: int) -> bool:
    """One register for each programme, instead of one for all."""
    return _odd(county)


def sends_returns_in_parts(county: int, programme: int, bank: int) -> bool:
    """The return of a batch comes in two files, each with its half of the lines."""
    return not _odd(county) and programme == DIBAO and BANKS[bank] == "ABC"


def sends_failed_lines_again(county: int, programme: int, bank: int) -> bool:
    """After the return of a batch comes a file with its failed lines alone."""
    return _odd(county) and programme in (DIBAO, TEKUN) and BANKS[bank] == "RCU"


def lists_vouchers_since_january(county: int) -> bool:
    """Every month's list of the treasury repeats those of the year before it."""
    return _odd(county)


def lists_documents_since_january(county: int) -> bool:
    """Every month's list of the finance department repeats those of the year before it."""
    return not _odd(county)


def lists_cards_by_branch(bank: int) -> bool:
    """One card list for each county's branch, instead of one for the bank."""
    return BANKS[bank] == "PSBC"


def offices_that_report_deaths(county: int) -> tuple[str, ...]:
    """Each reports a part of the deaths; one that reports all is not named."""
    return ("",) if _odd(county) else ("殡葬管理所", "公安局")


def lists_staff_of_a_township(county: int) -> bool:
    """The first township sends a list of its own; its staff are not on the county's."""
    return not _odd(county)


def lists_members(county: int, programme: int) -> bool:
    """The roll of the last month has a row for each member of a household that one credit pays."""
    return _odd(county) and programme == DIBAO


def guards_numbers(county: int) -> bool:
    """Signs that keep a spreadsheet from taking a number for one stand around some of the numbers on its rolls."""
    return not _odd(county)


def names_documents(county: int) -> bool:
    """The treasury's list says which allocation documents a payment draws on, and how much of each."""
    return not _odd(county)


def pays_two_at_once(county: int) -> bool:
    """One voucher pays the batches of both subsidies for the disabled at a bank, on one day."""
    return _odd(county)


def _odd(county: int) -> bool:
    return county % 2 == 1
