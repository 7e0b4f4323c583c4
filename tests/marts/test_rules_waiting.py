"""FS06, DL02, DL04 and DL05: money that waited for years, and people who waited for money."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case
NEW_YEAR = dt.date(2018, 1, 1)
ELSEWHERE = "639999"  # a county that no case has


def budget(c: Case, year: int, fen: int = FEN, kind: str = "own", **more: object) -> int:
    """Money of the county's own list, in the books of a year."""
    day = dt.date(year, 1, 1) if kind == "carry_in" else dt.date(year, 6, 1)
    return c.document(kind, f"{kind}-{year}-{fen}", fen, day, fiscal_year=year, **more)


# FS06: unused for two years in a row, on 2018-12-31 (the year 2018 is not over)


@case("FS06")
def last_years_money(c: Case) -> Told:
    budget(c, 2017)
    budget(c, 2018, kind="carry_in")
    return set()


@case("FS06")
def carried_over_twice(c: Case) -> Told:
    budget(c, 2016)
    budget(c, 2017, kind="carry_in")
    return {budget(c, 2018, kind="carry_in")}


@case("FS06")
def never_reported_as_carried_over(c: Case) -> Told:
    return {budget(c, 2016)}


@case("FS06")
def carried_in_from_a_year_not_known_here(c: Case) -> Told:
    """Money carried into 2017 is of 2016 at the latest; carried into 2018, of 2017."""
    budget(c, 2018, 100, "carry_in", pool_code="disability")
    return {budget(c, 2017, kind="carry_in")}


@case("FS06")
def used_up_in_the_third_year(c: Case) -> Told:
    budget(c, 2016)
    budget(c, 2017, kind="carry_in")
    budget(c, 2018, kind="carry_in")
    c.voucher("B", FEN, dt.date(2018, 3, 1))
    return set()


@case("FS06")
def taken_back_but_for_a_fen(c: Case) -> Told:
    """First in, first out: the money of 2016 went back, the money of 2018 stays."""
    budget(c, 2016)
    budget(c, 2017, kind="carry_in")
    left = budget(c, 2018, kind="carry_in")
    budget(c, 2018, 500)
    c.document("clawback_out", "back", FEN - 1, dt.date(2018, 9, 1), fund_source_level=None)
    return {left}


@case("FS06")
def old_and_new_money_carried_over_together(c: Case) -> Told:
    """Of the carry-over 100 are of 2016; 50 are of 2017 and have a year left."""
    budget(c, 2016, 100)
    budget(c, 2017, 100, "carry_in")
    budget(c, 2017, 50)
    return {budget(c, 2018, 150, "carry_in")}


@case("FS06")
def received_for_2016_and_kept(c: Case) -> Told:
    """The year is the one for which the upper level gave it."""
    c.document("passed_down", "down", FEN, dt.date(2016, 5, 1), fiscal_year=2016)
    kept = c.document("received", "down", FEN, dt.date(2016, 5, 1), received_on=dt.date(2016, 5, 9), fiscal_year=2016)
    return {kept}


@case("FS06")
def spent_by_a_list_that_forgot_to_carry_it_on(c: Case) -> Told:
    """What 2018 spent without a source is the money of 2016."""
    budget(c, 2016, 100)
    kept = budget(c, 2016, 101)
    c.voucher("B", 150, dt.date(2018, 3, 1))
    return {kept}


@case("FS06")
def spent_before_it_came_is_not_spent_by_it(c: Case) -> Told:
    """What 2015 overspent does not use up the money of 2016."""
    kept = budget(c, 2016, 100)
    c.voucher("B", 500, dt.date(2015, 3, 1))
    return {kept}


# DL02: approved and no first payment. Rolls are known since January; the register is of March.


def rolls_of(c: Case, *months: int, programme: str = "tekun", division: str = "") -> None:
    """Somebody else is paid in these months."""
    more = {"division": division} if division else {}
    for month in months:
        c.roll(9, month=month, programme=programme, **more)
        c.batch(month, programme, **more).line(9)


def approved(c: Case, person: int, on: dt.date, start: int, programme: str = "tekun", **more: object) -> int:
    return c.register(person, programme, approved_on=on, start_month=start, **more)


@case("DL02")
def on_no_roll_up_to_the_next_month(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    return {approved(c, 1, dt.date(2018, 1, 15), 201801)}


@case("DL02")
def approved_in_december_for_january(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    return {approved(c, 1, dt.date(2017, 12, 30), 201801)}


@case("DL02")
def paid_in_the_month_after_approval(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    approved(c, 1, dt.date(2018, 1, 15), 201801)
    c.roll(1, month=201802, programme="tekun")
    c.batch(201802, "tekun", on=28).line(1)
    return set()


@case("DL02")
def first_paid_a_month_later(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    late = approved(c, 1, dt.date(2018, 1, 15), 201801)
    c.roll(1, month=201803, programme="tekun")
    c.batch(201803, "tekun").line(1)
    return {late}


@case("DL02")
def on_the_roll_in_time_and_credited_late_or_refused(c: Case) -> Told:
    """The bank's delay is DL01, its refusal FS04, the forgotten batch DL03."""
    rolls_of(c, 201801, 201802, 201803)
    for person in (1, 2, 3):
        approved(c, person, dt.date(2018, 1, 15), 201802)
        c.roll(person, month=201802, programme="tekun")
    batch = c.batch(201802, "tekun", credited=dt.date(2018, 3, 20))
    batch.line(1)
    batch.failed(2)
    return set()


@case("DL02")
def the_start_is_later_than_the_month_after_approval(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    approved(c, 1, dt.date(2018, 1, 15), 201803)
    c.roll(1, month=201803, programme="tekun")
    c.batch(201803, "tekun").line(1)
    return {approved(c, 2, dt.date(2018, 1, 15), 201803)}


@case("DL02")
def paid_off_the_roll_or_by_another_county(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    for person in (1, 2):
        approved(c, person, dt.date(2018, 1, 15), 201801)
    c.batch(201802, "tekun").line(1)
    c.roll(2, month=201802, programme="tekun", division=ELSEWHERE)
    return set()


@case("DL02")
def began_before_anything_is_known(c: Case) -> Told:
    """Rolls begin in February: who started in January may have been paid then."""
    rolls_of(c, 201802, 201803)
    approved(c, 1, dt.date(2017, 12, 15), 201801)
    return set()


@case("DL02")
def no_roll_of_the_due_month_was_delivered(c: Case) -> Told:
    rolls_of(c, 201801, 201803)
    approved(c, 1, dt.date(2018, 1, 15), 201801)
    return set()


@case("DL02")
def withdrawn_before_it_was_due(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    approved(c, 1, dt.date(2018, 1, 15), 201801, end_month=201801)
    approved(c, 2, dt.date(2018, 1, 15), 201801, month=201802)  # gone from the register of March
    approved(c, 3, dt.date(2016, 1, 15), 201601)
    return set()


@case("DL02")
def a_household_is_one(c: Case) -> Told:
    """The row of the head speaks for the household; a member's card may have been credited."""
    rolls_of(c, 201801, 201802, 201803, programme="rural_dibao")
    day = dt.date(2018, 1, 15)
    approved(c, 2, day, 201801, "rural_dibao", head=1)
    head = approved(c, 1, day, 201801, "rural_dibao")
    approved(c, 3, day, 201801, "rural_dibao")
    approved(c, 4, day, 201801, "rural_dibao", head=3)
    c.batch(201802).line(4)
    return {head}


@case("DL02")
def relief_is_judged_by_dl05(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803, programme="temporary_relief")
    approved(c, 1, dt.date(2018, 1, 15), 201801, "temporary_relief")
    return set()


# The months before a first payment are not told twice; those after it are DL03's.


@case("DL03")
def months_before_the_first_payment_belong_to_dl02(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    approved(c, 1, dt.date(2018, 1, 5), 201801)
    return set()


@case("DL03")
def a_month_skipped_before_a_first_payment_in_time(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803)
    skipped = approved(c, 1, dt.date(2018, 1, 5), 201801)
    c.roll(1, month=201802, programme="tekun")
    c.batch(201802, "tekun").line(1)
    return {skipped}


@case("DL03")
def a_month_skipped_after_a_late_first_payment(c: Case) -> Told:
    rolls_of(c, 201801, 201802, 201803, 201804)
    skipped = approved(c, 1, dt.date(2018, 1, 5), 201801, month=201804)
    c.roll(1, month=201803, programme="tekun")
    c.batch(201803, "tekun").line(1)
    return {skipped}


# DL04: several months in one lump


def month_of(c: Case, month: int, credited: dt.date, programme: str = "tekun", person: int = 1, **more: object) -> int:
    c.roll(person, month=month, programme=programme)
    return c.batch(month, programme, credited=credited, **more).line(person)


@case("DL04")
def three_months_on_one_day(c: Case) -> Told:
    """March itself is on time and only supports the case."""
    day = dt.date(2018, 3, 8)
    month_of(c, 201803, day)
    return {month_of(c, 201801, day), month_of(c, 201802, day)}


@case("DL04")
def two_months_that_are_both_over(c: Case) -> Told:
    day = dt.date(2018, 3, 8)
    return {month_of(c, 201801, day, bank_code="ABC"), month_of(c, 201802, day)}


@case("DL04")
def one_late_month_is_no_lump(c: Case) -> Told:
    month_of(c, 201801, dt.date(2018, 3, 7))
    month_of(c, 201803, dt.date(2018, 3, 8))
    return set()


@case("DL04")
def paid_ahead_before_the_spring_festival(c: Case) -> Told:
    day = dt.date(2018, 1, 31)
    month_of(c, 201801, day)
    month_of(c, 201802, day)
    return set()


@case("DL04")
def a_quarter_paid_ahead(c: Case) -> Told:
    for month in (201804, 201805, 201806):
        month_of(c, month, dt.date(2018, 4, 9))
    return set()


@case("DL04")
def reissues_of_several_months(c: Case) -> Told:
    day = dt.date(2018, 3, 8)
    for month in (201801, 201802):
        c.roll(1, month=month, programme="tekun")
        c.batch(month, "tekun").failed(1)
        c.batch(month, "tekun", credited=day, batch_kind="reissue").line(1)
    month_of(c, 201803, day)
    return set()


@case("DL04")
def two_programmes_or_two_persons(c: Case) -> Told:
    day = dt.date(2018, 3, 8)
    month_of(c, 201802, day)
    month_of(c, 201803, day, "disability_care")
    month_of(c, 201803, day, person=2)
    return set()


@case("DL04")
def refused_months_do_not_count(c: Case) -> Told:
    day = dt.date(2018, 3, 8)
    c.roll(1, month=201802, programme="tekun")
    c.batch(201802, "tekun", credited=day).failed(1)
    month_of(c, 201803, day)
    return set()


@case("DL04")
def relief_of_two_months(c: Case) -> Told:
    day = dt.date(2018, 3, 8)
    for month in (201801, 201802, 201803):
        month_of(c, month, day, "temporary_relief")
    return set()


# DL05: relief after approval


def relief(c: Case, credited: dt.date, month: int = 201803, person: int = 1, **more: object) -> int:
    return month_of(c, month, credited, "temporary_relief", person, **more)


@case("DL05")
def on_the_thirtieth_day(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    relief(c, dt.date(2018, 4, 4))
    return set()


@case("DL05")
def on_the_thirty_first_day(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    return {relief(c, dt.date(2018, 4, 5))}


@case("DL05")
def approved_ahead_for_march(c: Case) -> Told:
    """Counted from 1 March."""
    for person in (1, 2):
        approved(c, person, dt.date(2018, 1, 5), 201803, "temporary_relief", end_month=201803)
    relief(c, dt.date(2018, 3, 31))
    return {relief(c, dt.date(2018, 4, 1), person=2)}


@case("DL05")
def an_approval_without_an_end(c: Case) -> Told:
    """Its first month alone: relief is granted once."""
    approved(c, 1, dt.date(2018, 1, 5), 201801, "temporary_relief")
    relief(c, dt.date(2018, 3, 20))
    return {relief(c, dt.date(2018, 3, 1), month=201801)}


@case("DL05")
def paid_in_time_and_again(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    relief(c, dt.date(2018, 3, 20))
    relief(c, dt.date(2018, 5, 20))
    return set()


@case("DL05")
def refused_and_paid_again(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    c.roll(1, month=201803, programme="temporary_relief")
    c.batch(201803, "temporary_relief").failed(1)
    c.batch(201803, "temporary_relief", credited=dt.date(2018, 5, 20), batch_kind="reissue").line(1)
    return set()


@case("DL05")
def of_two_approvals_the_later_one(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 1, 5), 201801, "temporary_relief", end_month=201803)
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    relief(c, dt.date(2018, 3, 20))
    return set()


@case("DL05")
def never_credited_or_never_approved(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803, "temporary_relief", end_month=201803)
    c.roll(1, month=201803, programme="temporary_relief")
    relief(c, dt.date(2018, 6, 20), person=2)
    return set()


@case("DL05")
def monthly_programmes_have_a_pay_by_day(c: Case) -> Told:
    approved(c, 1, dt.date(2018, 3, 5), 201803)
    month_of(c, 201803, dt.date(2018, 5, 20))
    return set()


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "days"),
    [
        ("FS06-carried_over_twice", FEN, 365),
        ("FS06-taken_back_but_for_a_fen", 1, 365),
        ("FS06-old_and_new_money_carried_over_together", 100, 365),
        ("FS06-spent_by_a_list_that_forgot_to_carry_it_on", 51, 365),
        ("DL02-on_no_roll_up_to_the_next_month", None, 306),
        ("DL02-first_paid_a_month_later", None, 8),
        ("DL04-three_months_on_one_day", 2 * FEN, 57),
        ("DL05-on_the_thirty_first_day", FEN, 31),
    ],
)
def test_money_and_days_of_a_finding(name: str, fen: int | None, days: int | None) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["days"]) == (fen, days)
