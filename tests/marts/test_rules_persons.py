"""ID01 to ID06, CD10, CO01 and CO02: who somebody is, under which names and numbers, and whom the staff are."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case

# ID01: numbers that are not valid, or not those of the register's own columns


@case("ID01")
def birth_or_sex_of_the_register_differ(c: Case) -> Told:
    c.person(1, "valid")
    c.roll(1)
    c.batch().line(1)
    return {c.register(1, id_agrees="birth_differs"), c.register(2, id_agrees="sex_differs")}


@case("ID01")
def birth_and_sex_agree_or_an_old_register_differs(c: Case) -> Told:
    c.register(1, month=201801, id_agrees="birth_differs")
    c.register(1, id_agrees="yes")
    c.register(2, id_agrees=None)
    c.register(3, month=201801, id_agrees="sex_differs")  # no longer registered
    return set()


@case("ID01")
def recognised_documents_and_missing_numbers(c: Case) -> Told:
    for person, status in enumerate(("residence_permit", "foreign_permanent", "travel_document", "placeholder"), 1):
        c.person(person, status)
        c.register(person)
        c.roll(person)
    return set()


# ID02: a person has said that the names are one


@case("ID02")
def names_a_review_found_to_be_one(c: Case) -> Told:
    """Married names: the review's word counts, the comparison's no longer."""
    c.register(1)
    c.compared(1, 50, "different")
    c.judged(1, 50, "different", of=1, on=dt.date(2018, 5, 1))
    c.judged(1, 50, "same", of=1)
    c.batch().line(1, name=50)
    return set()


@case("ID02")
def a_review_found_near_names_to_be_two(c: Case) -> Told:
    c.register(1)
    c.compared(1, 50, "near")
    c.judged(1, 50, "different", of=1)
    return {c.batch().line(1, name=50)}


@case("ID02")
def unsure_leaves_the_comparison(c: Case) -> Told:
    c.register(1)
    c.compared(1, 50, "different", "姓名不同 different names")
    c.judged(1, 50, "unsure", of=1)
    c.masked(1, "张*")
    c.masked(50, "李*")
    return {c.batch().line(1, name=50)}


@case("ID02")
def a_verdict_of_tomorrow_does_not_count(c: Case) -> Told:
    c.register(1)
    c.compared(1, 50, "different")
    c.judged(1, 50, "same", of=1, on=dt.date(2019, 1, 1))
    return {c.batch().line(1, name=50)}


@case("ID02")
def a_verdict_about_somebody_else(c: Case) -> Told:
    """The same two names under another number were judged."""
    c.register(1)
    c.compared(1, 50, "different")
    c.judged(1, 50, "same", of=2)
    return {c.batch().line(1, name=50)}


# ID04: the holder under the other number


@case("ID04")
def the_holder_under_another_of_their_numbers(c: Case) -> Told:
    c.roll(1, card=7)
    c.holder(7, 2)
    c.linked(1, 2)
    c.batch().line(1, card=7)
    return set()


@case("ID04")
def the_holder_with_a_number_that_is_only_near(c: Case) -> Told:
    c.roll(1, card=7)
    c.holder(7, 2)
    c.linked(1, 2, "doubtful")
    return {c.batch().line(1, card=7)}


# ID05: one number, several names


@case("ID05")
def the_roll_and_the_card_list_name_somebody_else(c: Case) -> Told:
    c.person(1, "valid")
    c.register(1)
    c.masked(1, "张*")
    c.masked(50, "李*")
    c.compared(1, 50, "different", "姓名不同 different names")
    c.roll(1)
    return {c.roll(1, month=201804, name_key=c.key(50)), c.holder(7, 1, name=50)}


@case("ID05")
def without_a_register_most_rows_decide(c: Case) -> Told:
    c.person(1, "valid")
    c.compared(1, 50, "different")
    other = c.roll(1, month=201801)
    for month in (201802, 201803):
        c.roll(1, month=month, name_key=c.key(50))
    return {other}


@case("ID05")
def the_register_decides_against_most_rows(c: Case) -> Told:
    c.person(1, "valid_15")
    c.compared(1, 50, "different")
    c.register(1)
    return {c.roll(1, month=month, name_key=c.key(50)) for month in (201801, 201802, 201803)}


@case("ID05")
def homophones_look_alikes_and_names_never_compared(c: Case) -> Told:
    for person, grade in ((1, "near"), (2, "variant"), (3, "")):
        c.person(person, "valid")
        c.register(person)
        c.roll(person, name_key=c.key(50 + person))
        if grade:
            c.compared(person, 50 + person, grade)
    return set()


@case("ID05")
def a_changed_name_that_a_review_accepted(c: Case) -> Told:
    c.person(1, "valid")
    c.register(1)
    c.roll(1, name_key=c.key(50))
    c.compared(1, 50, "different")
    c.judged(1, 50, "same", of=1)
    return set()


@case("ID05")
def no_number_and_a_wrong_number(c: Case) -> Told:
    """People without a number share none; a wrong number is ID01."""
    for person, status in ((1, "placeholder"), (2, "invalid_check")):
        c.person(person, status)
        c.register(person)
        c.roll(person, name_key=c.key(50 + person))
        c.compared(person, 50 + person, "different")
    return set()


@case("ID05")
def another_name_on_the_credit_only(c: Case) -> Told:
    """That is ID02."""
    c.person(1, "valid")
    c.register(1)
    c.compared(1, 50, "different")
    c.paid(1, name=50)
    return set()


@case("ID05")
def the_guardian_on_the_card_list(c: Case) -> Told:
    """A card in the guardian's name and number: nobody's number has two names."""
    c.person(1, "valid")
    c.person(2, "valid")
    c.register(1, "orphan", proxy=2)
    c.holder(7, 2)
    c.compared(1, 2, "different")
    return set()


@case("ID05")
def a_name_of_an_old_register(c: Case) -> Told:
    c.person(1, "valid")
    c.register(1, month=201801, name=50)
    c.register(1)
    c.compared(1, 50, "different")
    return set()


# ID06: one person, several numbers


@case("ID06")
def a_mistyped_number_of_the_roll(c: Case) -> Told:
    """The valid number is the main one, though it has fewer rows."""
    c.person(1, "valid")
    c.person(2, "invalid_check")
    c.linked(1, 2, reason="末位相差 last digit off")
    c.register(1)
    rows = {c.roll(2, month=201803), c.roll(2, month=201804)}
    batch = c.batch()
    batch.failed(2)
    return rows | {batch.line(2)}


@case("ID06")
def of_two_valid_numbers_that_with_more_rows(c: Case) -> Told:
    c.person(1, "valid")
    c.person(2, "valid")
    c.linked(1, 2)
    c.register(1, month=201801)
    other = {c.register(1)}
    for month in (201803, 201804):
        c.roll(2, month=month)
    return other


@case("ID06")
def as_many_rows_and_the_lesser_key(c: Case) -> Told:
    c.linked(1, 2)
    c.roll(1)
    return {c.roll(2)}


@case("ID06")
def numbers_only_near(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.roll(1)
    c.roll(2)
    return set()


@case("ID06")
def neighbours_of_one_name_without_a_link(c: Case) -> Told:
    c.register(1)
    c.register(2, name=1)
    return set()


@case("ID06")
def the_other_number_nowhere_here(c: Case) -> Told:
    """On a card list only: no money and no entitlement under it."""
    c.linked(1, 2)
    c.roll(1)
    c.holder(7, 2)
    return set()


@case("ID06")
def told_apart_by_a_review(c: Case) -> Told:
    c.linked(1, 2)
    c.judged(1, 2, "different")
    c.roll(1)
    c.roll(2)
    return set()


@case("ID06")
def one_person_by_a_review(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.judged(1, 2, "unsure", on=dt.date(2018, 5, 1))
    c.judged(1, 2, "same")
    c.roll(1)
    return {c.roll(2)}


@case("ID06")
def unsure_accuses_nobody(c: Case) -> Told:
    c.linked(1, 2)
    c.judged(1, 2, "unsure")
    c.roll(1)
    c.roll(2)
    return set()


# CD10: the card of a member of staff


@case("CD10")
def paid_to_the_card_of_staff(c: Case) -> Told:
    c.staff(2)
    c.holder(7, 2)
    return {c.paid(1, card=7), c.paid(1, 201804, card=7)}


@case("CD10")
def staff_under_another_of_their_numbers(c: Case) -> Told:
    c.staff(3)
    c.linked(2, 3)
    c.holder(7, 2)
    return {c.paid(1, card=7)}


@case("CD10")
def staff_who_may_hold_the_card(c: Case) -> Told:
    """As guardian on file, as head for money of the household, for money of their own."""
    for person in (2, 3, 4):
        c.staff(person)
        c.holder(10 + person, person)
    c.register(1, "orphan", proxy=2)
    c.paid(1, programme="orphan", card=12)
    c.paid(5, head=3, card=13)
    c.paid(4, card=14)
    return set()


@case("CD10")
def staff_who_left(c: Case) -> Told:
    c.delivery("staff_relatives", period="201801")
    c.staff(2)
    c.delivery("staff_relatives", period="201806")
    c.staff(9)
    c.holder(7, 2)
    c.paid(1, card=7)
    return set()


@case("CD10")
def the_card_of_a_neighbour(c: Case) -> Told:
    """That is ID04."""
    c.staff(9)
    c.holder(7, 2)
    c.paid(1, card=7)
    return set()


# CO01: relatives


@case("CO01")
def a_relative_not_filed(c: Case) -> Told:
    c.staff(9, 1, "no")
    c.staff(9, 2)
    return {c.paid(1), c.paid(1, 201804), c.paid(2)}


@case("CO01")
def a_relative_under_another_number(c: Case) -> Told:
    c.staff(9, 2)
    c.linked(1, 2)
    return {c.paid(1)}


@case("CO01")
def filed_relations(c: Case) -> Told:
    c.staff(9, 1, "yes")
    c.staff(9, 2, "no")
    c.staff(9, 2, "yes")
    c.paid(1)
    c.paid(2)
    return set()


@case("CO01")
def filed_by_one_of_two_members_of_staff(c: Case) -> Told:
    c.staff(8, 1, "yes")
    c.staff(9, 1, "no")
    return {c.paid(1)}


@case("CO01")
def a_relative_of_somebody_in_a_public_service_job(c: Case) -> Told:
    c.staff(9, 1, position="公益性岗位保洁员")
    c.paid(1)
    return set()


@case("CO01")
def filed_since_by_the_latest_list(c: Case) -> Told:
    c.delivery("staff_relatives", period="201801")
    c.staff(9, 1, "no")
    c.delivery("staff_relatives", period="201807")
    c.staff(9, 1, "yes")
    c.paid(1)
    return set()


@case("CO01")
def nothing_was_credited(c: Case) -> Told:
    c.staff(9, 1)
    c.roll(1)
    c.batch().failed(1)
    return set()


# CO02: staff themselves


@case("CO02")
def staff_with_and_without_relatives(c: Case) -> Told:
    c.staff(1)
    c.staff(2, 9, "yes")
    return {c.paid(1), c.paid(2, programme="disability_care")}


@case("CO02")
def staff_under_another_number(c: Case) -> Told:
    c.staff(2)
    c.linked(1, 2)
    return {c.paid(1)}


@case("CO02")
def public_service_jobs_of_poor_people(c: Case) -> Told:
    c.staff(1, position="公益性岗位(护林员)")
    c.paid(1)
    return set()


@case("CO02")
def a_public_service_job_beside_a_real_one(c: Case) -> Told:
    c.staff(1, position="公益性岗位")
    c.staff(1, position="民政专干")
    return {c.paid(1)}


@case("CO02")
def who_left_and_who_is_only_a_relative(c: Case) -> Told:
    c.delivery("staff_relatives", period="201801")
    c.staff(1)
    c.delivery("staff_relatives", period="201806")
    c.staff(9, 2, "yes")
    c.paid(1)
    c.paid(2)
    return set()


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "rows"),
    [
        ("ID05-the_roll_and_the_card_list_name_somebody_else", None, 2),
        ("ID06-a_mistyped_number_of_the_roll", FEN, 3),
        ("CD10-paid_to_the_card_of_staff", 2 * FEN, 2),
        ("CO01-a_relative_under_another_number", FEN, 1),
    ],
)
def test_rows_of_one_case_are_one_finding(name: str, fen: int | None, rows: int) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["case_count"]) == (fen, rows)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "ID02-unsure_leaves_the_comparison",
            "户名“李*”与花名册“张*”：姓名不同 different names；身份证号一致 · name “李*” against “张*” in the register; same ID number",
        ),
        (
            "ID05-the_roll_and_the_card_list_name_somebody_else",
            "户名“李*”与主要姓名“张*”：姓名不同 different names；身份证号一致 · name “李*” against “张*”, the main name; same ID number",
        ),
        ("ID06-a_mistyped_number_of_the_roll", "证件号 6211**********0002 与 6211**********0001：末位相差 last digit off"),
    ],
)
def test_reason_is_said_in_masked_words(name: str, reason: str) -> None:
    [finding] = book.outcomes[name].findings
    assert finding["reason"] == reason


def test_a_birth_date_that_differs_has_no_money() -> None:
    first, second = book.outcomes["ID01-birth_or_sex_of_the_register_differ"].findings
    assert {first["amount_fen"], second["amount_fen"]} == {None}
    assert {first["reason"][:8], second["reason"][:8]} == {"花名册的出生日期", "花名册的性别与证"}
