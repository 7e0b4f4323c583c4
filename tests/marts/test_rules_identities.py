"""ID01 to ID07 and CD01 to CD08: whose money went to whose card under whose name."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case

# ID01: invalid numbers


@case("ID01")
def every_row_of_the_number(c: Case) -> Told:
    c.person(1, "invalid_check")
    c.register(1, month=201802)  # no longer the latest
    rows = {c.register(1), c.roll(1), c.roll(1, month=201804)}
    batch = c.batch()
    batch.line(2)
    c.roll(2)
    return rows | {batch.line(1), batch.failed(1)}


@case("ID01")
def old_numbers_of_15_digits_and_valid_ones(c: Case) -> Told:
    c.person(1, "valid_15")
    c.person(2, "valid")
    c.roll(1)
    c.roll(2)
    return set()


@case("ID01")
def wrong_at_the_bank_only(c: Case) -> Told:
    """The beneficiary's number is right: that is ID03."""
    c.person(9, "invalid_check")
    c.roll(1)
    c.batch().line(9, card=1)
    return set()


# ID02: names


@case("ID02")
def another_name(c: Case) -> Told:
    c.register(1)
    c.roll(1)
    c.compared(1, 50, "different")
    return {c.batch().line(1, name=50)}


@case("ID02")
def near_and_variant_names(c: Case) -> Told:
    for person, grade in ((1, "near"), (2, "variant")):
        c.register(person)
        c.roll(person)
        c.compared(person, 50 + person, grade)
        c.batch().line(person, name=50 + person)
    return set()


@case("ID02")
def a_name_that_one_of_two_registers_knows(c: Case) -> Told:
    c.register(1, name=50)
    c.register(1, "disability_care", name=51)
    c.compared(50, 51, "different")
    c.batch().line(1, name=51)
    return set()


@case("ID02")
def nobody_in_a_register(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1, name=50)
    return set()


@case("ID02")
def a_line_that_failed(c: Case) -> Told:
    c.register(1)
    c.compared(1, 50, "different")
    c.batch().failed(1, name=50, code="name_mismatch")
    return set()


@case("ID02")
def without_a_number_by_the_card(c: Case) -> Told:
    c.register(1)
    c.roll(1)
    c.compared(1, 50, "different")
    return {c.batch().line(None, card=1, name=50)}


# ID03: numbers that differ


@case("ID03")
def another_number_on_the_card(c: Case) -> Told:
    c.roll(1)
    return {c.batch().line(9, card=1)}


@case("ID03")
def no_number_on_the_line(c: Case) -> Told:
    c.roll(1)
    c.batch().line(None, card=1)
    return set()


@case("ID03")
def the_right_number_on_another_card(c: Case) -> Told:
    """That is CD04."""
    c.roll(1)
    c.batch().line(1, card=7)
    return set()


# ID04: holders


@case("ID04")
def the_card_of_somebody_else(c: Case) -> Told:
    c.roll(1, card=7)
    c.holder(7, 2)
    return {c.batch().line(1, card=7)}


@case("ID04")
def own_card_and_card_on_no_list(c: Case) -> Told:
    c.roll(1)
    c.roll(2)
    c.holder(1, 1)
    batch = c.batch()
    batch.line(1)
    batch.line(2)
    return set()


@case("ID04")
def the_guardians_card(c: Case) -> Told:
    """A proxy once on file stays one, though the child has left the register since."""
    c.register(1, "orphan", proxy=2, month=201803)
    c.register(9, "orphan", month=201804)
    c.roll(1, programme="orphan", card=7)
    c.holder(7, 2)
    c.batch(programme="orphan").line(1, card=7)
    return set()


@case("ID04")
def the_heads_card_for_money_of_the_household(c: Case) -> Told:
    c.roll(2, head=1, card=7)
    c.holder(7, 1)
    c.batch().line(2, card=7)
    return set()


@case("ID04")
def the_heads_card_for_money_of_the_person(c: Case) -> Told:
    c.roll(2, programme="tekun", head=1, card=7)
    c.holder(7, 1)
    return {c.batch(programme="tekun").line(2, card=7)}


@case("ID04")
def the_latest_card_list_counts(c: Case) -> Told:
    c.roll(1, card=7)
    c.holder(7, 2)
    c._lake["card_accounts"][-1]["snapshot_month"] = 201801
    c.holder(7, 1)
    c.batch().line(1, card=7)
    return set()


@case("ID04")
def the_proxy_of_somebody_else(c: Case) -> Told:
    c.register(3, "orphan", proxy=2)
    c.roll(1, programme="orphan", card=7)
    c.holder(7, 2)
    return {c.batch(programme="orphan").line(1, card=7)}


# ID07: the bank says so


@case("ID07")
def refused_for_the_name(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.failed(2, code="closed")
    return {batch.failed(1, code="name_mismatch"), c.batch(batch_kind="reissue").failed(1, code="name_mismatch")}


# CD01: one person, several cards


@case("CD01")
def two_cards_in_turn(c: Case) -> Told:
    for month, card in ((201801, 1), (201802, 1), (201803, 7), (201804, 7)):
        c.batch(month).line(1, card=card)
    return set()


@case("CD01")
def two_cards_at_a_time(c: Case) -> Told:
    c.batch(201801).line(1)
    other = c.batch(201802).line(1, card=7)
    c.batch(201803).line(1)
    return {other}


@case("CD01")
def equal_use_and_the_earlier_is_the_main_card(c: Case) -> Told:
    c.batch(201801).line(1, card=7)
    later = {c.batch(201802).line(1, card=1)}
    c.batch(201803).line(1, card=7)
    return later | {c.batch(201804).line(1, card=1)}


@case("CD01")
def two_programmes_on_two_cards(c: Case) -> Told:
    for month in (201801, 201802):
        c.batch(month).line(1)
    return {c.batch(month, "disability_care").line(1, card=7) for month in (201801, 201802)}


@case("CD01")
def failed_lines_are_no_use(c: Case) -> Told:
    c.batch(201801).line(1)
    c.batch(201802).failed(1, card=7)
    c.batch(201803).line(1)
    return set()


@case("CD01")
def a_third_card_later_on_does_not_count(c: Case) -> Told:
    for month in (201801, 201802, 201803):
        c.batch(month).line(1, card=1)
    c.batch(201804).line(1, card=7)
    other = c.batch(201805).line(1, card=8)
    c.batch(201806).line(1, card=7)
    return {other}


@case("CD01")
def a_wrong_number_on_the_same_card(c: Case) -> Told:
    for month in (201801, 201802, 201803):
        c.roll(1, month=month)
    c.batch(201801).line(1)
    c.batch(201802).line(9, card=1)
    c.batch(201803).line(1)
    return set()


# CD02: one household, several cards


def household(c: Case, *payments: tuple[int, int], programme: str = "rural_dibao") -> list[int]:
    """Months and members credited, each on their own card; head is person 1."""
    lines = []
    for month, person in payments:
        c.roll(person, month=month, programme=programme, head=1)
        lines.append(c.batch(month, programme).line(person))
    return lines


@case("CD02")
def two_members_at_a_time(c: Case) -> Told:
    return {household(c, (201801, 1), (201802, 2), (201803, 1))[1]}


@case("CD02")
def one_member_after_the_other(c: Case) -> Told:
    household(c, (201801, 1), (201802, 1), (201803, 2))
    return set()


@case("CD02")
def members_with_money_of_their_own(c: Case) -> Told:
    household(c, (201801, 1), (201802, 2), (201803, 1), programme="disability_care")
    return set()


@case("CD02")
def one_member_with_two_cards(c: Case) -> Told:
    """That is CD01."""
    for month, card in ((201801, 1), (201802, 7), (201803, 1)):
        c.roll(1, month=month, card=card)
        c.batch(month).line(1, card=card)
    return set()


@case("CD02")
def two_members_on_one_card(c: Case) -> Told:
    for person in (1, 2):
        c.roll(person, head=1, card=1)
        c.batch().line(person, card=1)
    return set()


# CD03: one card, several households


@case("CD03")
def two_households_on_a_strangers_card(c: Case) -> Told:
    c.holder(7, 3)
    batch = c.batch()
    for person in (1, 2):
        c.roll(person, card=7)
    return {batch.line(1, card=7), batch.line(2, card=7)}


@case("CD03")
def the_holders_own_money_and_a_neighbours(c: Case) -> Told:
    c.holder(1, 1)
    c.roll(1)
    c.roll(2, card=1)
    batch = c.batch()
    return {batch.line(1), batch.line(2, card=1)}


@case("CD03")
def a_guardian_of_orphans_of_two_households(c: Case) -> Told:
    c.holder(7, 3)
    batch = c.batch(programme="orphan")
    for person in (1, 2):
        c.register(person, "orphan", proxy=3)
        c.roll(person, programme="orphan", card=7)
        batch.line(person, card=7)
    return set()


@case("CD03")
def a_guardian_with_money_of_their_own(c: Case) -> Told:
    c.holder(3, 3)
    c.register(1, "orphan", proxy=3)
    c.roll(1, programme="orphan", card=3)
    c.batch(programme="orphan").line(1, card=3)
    c.roll(3)
    c.batch().line(3)
    return set()


@case("CD03")
def a_guardian_who_takes_a_strangers_money_too(c: Case) -> Told:
    c.holder(7, 3)
    c.register(1, "orphan", proxy=3)
    batch = c.batch(programme="orphan")
    for person in (1, 2):
        c.roll(person, programme="orphan", card=7)
    return {batch.line(1, card=7), batch.line(2, card=7)}


@case("CD03")
def two_members_of_one_household(c: Case) -> Told:
    c.holder(1, 1)
    for person in (1, 2):
        c.roll(person, programme="disability_care", head=1, card=1)
        c.batch(programme="disability_care").line(person, card=1)
    return set()


@case("CD03")
def a_family_under_its_old_and_its_new_head(c: Case) -> Told:
    """The register knows the holder as a member of the household under the new head."""
    c.holder(1, 1)
    c.register(1, head=2)
    c.roll(1, month=201801)
    c.batch(201801).line(1)
    c.roll(2, month=201802, card=1)
    c.batch(201802).line(2, card=1)
    return set()


@case("CD03")
def nobody_knows_the_holder(c: Case) -> Told:
    batch = c.batch()
    for person in (1, 2):
        c.roll(person, card=7)
    return {batch.line(1, card=7), batch.line(2, card=7)}


# CD04: the registered card


@case("CD04")
def no_card_and_another_card(c: Case) -> Told:
    c.roll(1)
    c.roll(2)
    batch = c.batch()
    return {batch.line(1, card=None), batch.line(2, card=7)}


@case("CD04")
def the_roll_gives_no_card(c: Case) -> Told:
    c.roll(1, card=None)
    c.batch().line(1, card=7)
    return set()


@case("CD04")
def two_roll_rows_with_two_cards(c: Case) -> Told:
    c.roll(1)
    c.roll(1, card=7)
    batch = c.batch()
    batch.line(1)
    batch.line(1, card=7)
    return set()


@case("CD04")
def reissued_to_the_new_card_of_later_rolls(c: Case) -> Told:
    c.roll(1)
    c.roll(1, month=201804, card=7)
    c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1, card=7)
    return set()


@case("CD04")
def reissued_to_a_card_nobody_registered(c: Case) -> Told:
    c.roll(1)
    c.batch().failed(1)
    return {c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1, card=7)}


@case("CD04")
def paid_first_to_the_card_of_a_later_roll(c: Case) -> Told:
    c.roll(1)
    c.roll(1, month=201804, card=7)
    return {c.batch().line(1, card=7)}


# CD08: memos


@case("CD08")
def none_wrong_and_right(c: Case) -> Told:
    batch = c.batch()
    batch.line(1)
    batch.failed(4, memo_programme=None)
    return {batch.line(2, memo_programme=None), batch.line(3, memo_programme="tekun")}


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "rows"),
    [
        ("ID01-every_row_of_the_number", FEN, 5),
        ("ID04-the_card_of_somebody_else", FEN, 1),
        ("ID07-refused_for_the_name", 2 * FEN, 2),
        ("CD01-two_programmes_on_two_cards", 2 * FEN, 2),
        ("CD03-the_holders_own_money_and_a_neighbours", 2 * FEN, 2),
        ("CD08-none_wrong_and_right", 2 * FEN, 2),
    ],
)
def test_rows_of_one_case_are_one_finding(name: str, fen: int, rows: int) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["case_count"]) == (fen, rows)
