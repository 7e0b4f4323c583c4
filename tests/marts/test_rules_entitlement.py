"""EN05 to EN11: money for somebody who had no claim to it, to that much, or any longer."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told, day

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case

# EN05: rolls without a register


@case("EN05")
def nobody_knows_the_person(c: Case) -> Told:
    c.register(9)
    return {c.roll(1, month=201802), c.roll(1)}


@case("EN05")
def an_earlier_register_knew_the_person(c: Case) -> Told:
    """Whose entitlement has ended is EN08's."""
    c.register(1, month=201801)
    c.register(9)
    c.roll(1)
    return set()


@case("EN05")
def registered_for_another_programme_or_elsewhere(c: Case) -> Told:
    c.register(1)
    c.register(2, division=c.other_county)
    return {c.roll(1, programme="tekun"), c.roll(2)}


@case("EN05")
def the_register_lists_heads_only(c: Case) -> Told:
    """Money of the household may be drawn by any member; money of the person may not."""
    c.register(1)
    c.register(1, "tekun")
    c.roll(2, head=1)
    return {c.roll(2, programme="tekun", head=1)}


@case("EN05")
def no_register_of_that_month_yet(c: Case) -> Told:
    c.register(9, month=201802)
    c.roll(1)
    return set()


@case("EN05")
def a_row_in_quarantine_explains_its_month(c: Case) -> Told:
    c.delivery("beneficiary_registers", period="201802", rows_quarantined=1)
    c.set_aside("beneficiary_registers", 1)
    c.register(9, month=201802)
    c.delivery("beneficiary_registers", period="201803")
    c.register(9)
    c.roll(1, month=201802)
    return {c.roll(1), c.roll(2), c.roll(2, month=201802)}


@case("EN05")
def registered_under_another_number(c: Case) -> Told:
    c.register(2)
    c.register(4)
    c.linked(1, 2)
    c.linked(3, 4, "doubtful")
    c.roll(1)
    return {c.roll(3)}


# EN06: amounts off the standard (known in the seed for Dingxi city only)

DINGXI = "621102"


def dibao(c: Case, person: int, fen: int, size: int | None, category: str | None = "一类", **more: object) -> int:
    return c.roll(person, fen, category=category, household_size=size, **more)


@case("EN06")
def less_and_more_than_the_standard(c: Case) -> Told:
    c.county = DINGXI
    dibao(c, 1, 3 * 31833, 3, month=201804)
    return {dibao(c, 1, 2 * 31833, 3), dibao(c, 1, 4 * 31833, 3, month=201802)}


@case("EN06")
def the_standard_times_persons(c: Case) -> Told:
    c.county = DINGXI
    dibao(c, 1, 3 * 31833, 3)
    dibao(c, 2, 31833 + 2 * 8400, 2, category=None)
    c.roll(3, 47200, programme="tekun", category="全自理")
    c.roll(4, 10_000, programme="disability_care", category="重度残疾人", household_size=4)
    return set()


@case("EN06")
def a_person_below_the_standard(c: Case) -> Told:
    c.county = DINGXI
    return {c.roll(1, 47000, programme="tekun", category="全自理", household_size=1)}


@case("EN06")
def a_household_in_several_rows(c: Case) -> Told:
    """Each member's row repeats the size of the household; the sum decides."""
    c.county = DINGXI
    dibao(c, 1, 31833, 2)
    dibao(c, 2, 31833, 2, head=1)
    dibao(c, 5, 8400, 1, category="三类")
    dibao(c, 6, 31833, 1, head=5)
    return {dibao(c, 3, 31833, 1), dibao(c, 4, 30000, 1, head=3)}


@case("EN06")
def categories_months_and_places_without_a_standard(c: Case) -> Told:
    dibao(c, 1, 123, 1)
    c.county = DINGXI
    dibao(c, 1, 123, 1, category="五类")
    dibao(c, 2, 123, 1, month=201712)
    dibao(c, 3, 123, 1)
    dibao(c, 4, 123, 1, category=None, head=3)
    return set()


@case("EN06")
def nobody_says_how_many_persons(c: Case) -> Told:
    c.county = DINGXI
    dibao(c, 1, 3 * 31833, None)
    return {dibao(c, 2, 3 * 31833 - 1, None), dibao(c, 3, 0, None)}


# EN07: after death


@case("EN07")
def months_after_that_of_the_death(c: Case) -> Told:
    c.death(1, dt.date(2018, 2, 10))
    c.paid(1, 201802, credited=dt.date(2018, 3, 20))
    return {c.paid(1, 201803), c.paid(1, 201804, "tekun")}


@case("EN07")
def registered_in_time_but_after_the_payment(c: Case) -> Told:
    c.death(1, dt.date(2018, 2, 25), dt.date(2018, 3, 15))
    c.paid(1, on=15)
    return {c.paid(1, programme="tekun", on=16), c.paid(1, 201804)}


@case("EN07")
def registered_too_late(c: Case) -> Told:
    c.death(1, dt.date(2018, 2, 1), dt.date(2018, 3, 4))
    return {c.paid(1, on=3)}


@case("EN07")
def registered_on_the_last_day_allowed(c: Case) -> Told:
    c.death(1, dt.date(2018, 2, 1), dt.date(2018, 3, 3))
    c.paid(1, on=3)
    return set()


@case("EN07")
def two_offices_report_one_death(c: Case) -> Told:
    """Of two days the later counts, of two registrations the earlier."""
    c.death(1, dt.date(2018, 1, 31))
    c.death(1, dt.date(2018, 3, 2))
    c.death(2, dt.date(2018, 2, 20), dt.date(2018, 3, 20))
    c.death(2, dt.date(2018, 2, 20), dt.date(2018, 3, 1))
    c.paid(1)
    return {c.paid(2, on=10)}


@case("EN07")
def dead_under_another_of_their_numbers(c: Case) -> Told:
    c.death(2, dt.date(2018, 2, 10))
    c.linked(1, 2)
    return {c.paid(1)}


@case("EN07")
def somebody_of_the_same_name_died_and_a_failed_line(c: Case) -> Told:
    c.death(2, dt.date(2018, 2, 10), name_key=c.key(1))
    c.death(3, dt.date(2018, 2, 10))
    c.paid(1)
    c.roll(3)
    c.batch().failed(3)
    return set()


# EN08: after the end


@case("EN08")
def months_after_the_end(c: Case) -> Told:
    c.register(1, end_month=201802)
    c.paid(1, 201802, credited=dt.date(2018, 4, 20))
    return {c.paid(1, 201803), c.paid(1, 201804)}


@case("EN08")
def ended_and_gone_from_later_registers(c: Case) -> Told:
    c.register(1, month=201802, end_month=201802)
    c.register(9, month=201803)
    return {c.paid(1)}


@case("EN08")
def renewed_and_reopened(c: Case) -> Told:
    c.register(1, end_month=201802)
    c.register(1, start_month=201803)
    c.register(2, month=201802, end_month=201802)
    c.register(2, month=201804)
    c.paid(1)
    c.paid(2)
    return set()


@case("EN08")
def gone_without_an_end(c: Case) -> Told:
    c.register(1, month=201801)
    c.register(9, month=201803)
    c.paid(1)
    return set()


@case("EN08")
def another_member_keeps_the_household_entitled(c: Case) -> Told:
    """The head has left, the spouse has not: money of the household goes on, money of the person does not."""
    c.register(1, end_month=201802)
    c.register(2, head=1)
    c.register(1, "tekun", end_month=201802)
    c.register(2, "tekun", head=1)
    c.paid(1)
    return {c.paid(1, programme="tekun")}


@case("EN08")
def entitled_elsewhere_or_for_something_else(c: Case) -> Told:
    c.register(1, end_month=201802)
    c.register(1, division=c.other_county)
    c.register(1, "disability_care")
    c.paid(1, programme="disability_care")
    return {c.paid(1)}


@case("EN08")
def ended_under_another_number(c: Case) -> Told:
    c.register(2, end_month=201802)
    c.linked(1, 2)
    return {c.paid(1)}


@case("EN08")
def goes_on_under_another_number(c: Case) -> Told:
    c.register(1, end_month=201802)
    c.register(2)
    c.linked(1, 2)
    c.paid(1)
    return set()


# EN09: programmes that exclude each other


@case("EN09")
def tekun_and_dibao_of_one_month(c: Case) -> Told:
    c.paid(1, 201802, "tekun")
    c.paid(1, 201803, "tekun")
    c.paid(1, 201804)
    return {c.paid(1, 201803)}


@case("EN09")
def a_member_of_a_household_with_dibao(c: Case) -> Told:
    """The head draws for a member who has tekun."""
    c.register(1)
    c.register(2, head=1)
    c.paid(2, programme="tekun")
    return {c.paid(1)}


@case("EN09")
def a_member_who_left_the_household_for_tekun(c: Case) -> Told:
    """By an end in the latest register, or by being in it no longer."""
    c.register(1, month=201804)
    c.register(2, head=1, month=201804, end_month=201802)
    c.register(3, head=1, month=201802)
    for person in (2, 3):
        c.paid(person, programme="tekun")
    c.paid(1)
    return set()


@case("EN09")
def an_orphan_with_each_of_the_subsidies(c: Case) -> Told:
    for programme in ("orphan", "disability_care"):
        c.paid(1, programme=programme)
    c.paid(2, programme="orphan")
    return {c.paid(1, programme="disability_living"), c.paid(2, programme="tekun")}


@case("EN09")
def tekun_with_both_subsidies(c: Case) -> Told:
    c.paid(1, programme="tekun")
    return {c.paid(1, programme="disability_living"), c.paid(1, programme="disability_care")}


@case("EN09")
def under_two_numbers(c: Case) -> Told:
    c.linked(1, 2)
    c.paid(2, programme="tekun")
    return {c.paid(1)}


@case("EN09")
def programmes_that_go_together_and_money_that_failed(c: Case) -> Told:
    for programme in ("rural_dibao", "disability_living", "disability_care", "temporary_relief"):
        c.paid(1, programme=programme)
    c.paid(2)
    c.roll(2, programme="tekun")
    c.batch(programme="tekun").failed(2)
    return set()


# EN10: two counties


@case("EN10")
def two_counties_for_one_month(c: Case) -> Told:
    """The other county pays from before, but fewer months."""
    c.paid(1, 201802, "tekun", division=c.other_county)
    other = {c.paid(1, month, "tekun", division=c.other_county) for month in (201803, 201804)}
    for month in (201803, 201804, 201805, 201806):
        c.paid(1, month, "tekun")
    return other


@case("EN10")
def as_many_months_and_the_earlier_is_the_main_one(c: Case) -> Told:
    c.paid(1, 201802, "tekun", division=c.other_county)
    c.paid(1, 201803, "tekun", division=c.other_county)
    later = c.paid(1, 201803, "tekun")
    c.paid(1, 201804, "tekun")
    return {later}


@case("EN10")
def moved_from_one_to_the_other(c: Case) -> Told:
    c.paid(1, 201802, "tekun")
    c.paid(1, 201803, "tekun", division=c.other_county)
    return set()


@case("EN10")
def two_programmes_and_two_persons(c: Case) -> Told:
    c.paid(1, programme="tekun")
    c.paid(1, programme="disability_care", division=c.other_county)
    c.paid(2, programme="tekun", division=c.other_county)
    return set()


@case("EN10")
def two_counties_under_two_numbers(c: Case) -> Told:
    c.linked(1, 2)
    c.paid(1, 201802, "tekun")
    c.paid(1, 201803, "tekun")
    return {c.paid(2, 201803, "tekun", division=c.other_county)}


# EN11: age


@case("EN11")
def orphans_and_their_eighteenth_birthday(c: Case) -> Told:
    """Who turns eighteen in the month is given it."""
    c.person(1, "valid", 200003)
    c.register(1, "orphan")
    c.paid(1, 201803, "orphan")
    return {c.paid(1, 201804, "orphan"), c.paid(1, 201805, "orphan")}


@case("EN11")
def tekun_at_every_age(c: Case) -> Told:
    ages = {1: 195803, 2: 200303, 3: 200204, 4: 193001, 5: 200203}
    for person, born in ages.items():
        c.person(person, "valid", born)
        c.paid(person, programme="tekun")
    c.person(6, "valid", 195804)
    c.person(7, "valid", 200202)
    return {c.paid(6, programme="tekun"), c.paid(7, programme="tekun")}


@case("EN11")
def tekun_of_the_disabled(c: Case) -> Told:
    """Whatever programme and county the register says it for; orphans stay bound by age."""
    c.person(1, "valid", 198001)
    c.person(2, "valid", 198001)
    c.register(1, "disability_care", disability_grade="一级", division=c.other_county)
    c.register(2, "orphan", disability_grade="一级")
    c.paid(1, programme="tekun")
    return {c.paid(2, programme="orphan")}


@case("EN11")
def numbers_that_tell_no_age(c: Case) -> Told:
    c.person(1, "invalid_check", 198001)
    c.person(2, "placeholder", 198001)
    c.person(3, "travel_document")
    for person in (1, 2, 3, 4):
        c.paid(person, programme="tekun")
    return set()


@case("EN11")
def programmes_for_all_ages(c: Case) -> Told:
    c.person(1, "valid", 198001)
    for programme in ("rural_dibao", "disability_care", "temporary_relief"):
        c.paid(1, programme=programme)
    return set()


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "rows"),
    [
        ("EN05-nobody_knows_the_person", 2 * FEN, 2),
        ("EN06-less_and_more_than_the_standard", 2 * 31833, 2),
        ("EN06-a_household_in_several_rows", 1833, 2),
        ("EN07-months_after_that_of_the_death", 2 * FEN, 2),
        ("EN08-months_after_the_end", 2 * FEN, 2),
        ("EN09-a_member_of_a_household_with_dibao", FEN, 1),
        ("EN10-two_counties_for_one_month", 2 * FEN, 2),
        ("EN11-orphans_and_their_eighteenth_birthday", 2 * FEN, 2),
    ],
)
def test_rows_of_one_case_are_one_finding(name: str, fen: int, rows: int) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["case_count"]) == (fen, rows)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("EN07-months_after_that_of_the_death", "死亡后第 57 天仍有入账 · still credited 57 days after death"),
        ("EN11-orphans_and_their_eighteenth_birthday", "按证件号发放月初已满 18 周岁 · aged 18 at the start of the month by the ID number"),
        ("EN08-months_after_the_end", "花名册终止于 201802 · ended in 201802 by the register"),
    ],
)
def test_reason_counts(name: str, reason: str) -> None:
    [finding] = book.outcomes[name].findings
    assert finding["reason"] == reason
    assert day(201802, 10) + dt.timedelta(days=57) == day(201804, 8)
