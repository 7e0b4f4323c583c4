"""FS01 to FS08 and DL01: what fires, and what must not."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case
JAN = dt.date(2018, 1, 5)


def received(c: Case, doc_no: str, fen: int = FEN, on: dt.date = JAN, **more: object) -> int:
    """A document of the province on the city's list."""
    return c.document("received", doc_no, fen, on, issuer="620000", receiver=c.city, received_on=on, **more)


def passed(c: Case, doc_no: str, parent: str, fen: int = FEN, on: dt.date = JAN, **more: object) -> int:
    """A document of the city on its list, for the county."""
    return c.document("passed_down", doc_no, fen, on, parent_doc_no=parent, **more)


# FS01: passed down late, or kept


@case("FS01")
def on_the_last_day_allowed(c: Case) -> Told:
    received(c, "up")
    passed(c, "down", "up", on=JAN + dt.timedelta(days=30))
    return set()


@case("FS01")
def one_day_late(c: Case) -> Told:
    received(c, "up")
    return {passed(c, "down", "up", on=JAN + dt.timedelta(days=31))}


@case("FS01")
def kept_whole(c: Case) -> Told:
    return {received(c, "up")}


@case("FS01")
def kept_in_part_of_the_second_line(c: Case) -> Told:
    received(c, "up", 100)
    second = received(c, "up", 50, on=JAN + dt.timedelta(days=1))
    passed(c, "down", "up", 120)
    return {second}


@case("FS01")
def one_level_passed_on_and_the_other_kept(c: Case) -> Told:
    received(c, "up", 100)
    kept = received(c, "up", 100, fund_source_level="province")
    passed(c, "down", "up", 100)
    return {kept}


@case("FS01")
def levels_not_named_on_the_way_down(c: Case) -> Told:
    """Without levels on one side the document counts as a whole."""
    received(c, "up", 100)
    received(c, "up", 100, fund_source_level="province")
    passed(c, "down", "up", 200, fund_source_level=None)
    return set()


@case("FS01")
def taken_back_by_the_province(c: Case) -> Told:
    received(c, "up", 100)
    passed(c, "down", "up", 60)
    c.document("clawback_out", "back", 40, issuer="620000", receiver=c.city, parent_doc_no="up")
    return set()


@case("FS01")
def received_too_recently_to_tell(c: Case) -> Told:
    received(c, "up", on=dt.date(2018, 12, 1))
    return set()


@case("FS01")
def own_money_is_not_received_money(c: Case) -> Told:
    c.document("own", "mine", receiver=c.city)
    passed(c, "down", "mine", on=dt.date(2018, 6, 1))
    return set()


@case("FS01")
def a_county_passes_nothing_down(c: Case) -> Told:
    c.document("received", "here")
    return set()


@case("FS01")
def advance_notice_of_the_year_before(c: Case) -> Told:
    before = dt.date(2017, 12, 1)
    received(c, "advance", on=before)
    return {passed(c, "down", "advance", on=dt.date(2018, 1, 10))}


# FS02: resting in a county


@case("FS02")
def spent_on_the_sixtieth_day(c: Case) -> Told:
    c.document("own", "in")
    c.voucher("B", FEN, JAN + dt.timedelta(days=60))
    return set()


@case("FS02")
def spent_a_day_later(c: Case) -> Told:
    late = c.document("own", "in")
    c.voucher("B", FEN, JAN + dt.timedelta(days=61))
    return {late}


@case("FS02")
def spent_late_in_part(c: Case) -> Told:
    late = c.document("own", "in", 100)
    c.voucher("B", 60, JAN + dt.timedelta(days=70))
    return {late}


@case("FS02")
def first_in_first_out(c: Case) -> Told:
    """The first inflow is spent in time; of the second one fen rests until today."""
    c.document("own", "first", 100)
    second = c.document("own", "second", 100, JAN + dt.timedelta(days=1))
    c.voucher("B", 199, JAN + dt.timedelta(days=20))
    return {second}


@case("FS02")
def carried_over_and_then_spent(c: Case) -> Told:
    """Last year's money that this year reports as carried in does not rest in last year's pool for ever."""
    c.document("own", "autumn", 100, dt.date(2017, 12, 1), fiscal_year=2017)
    c.document("carry_in", "carried", 100, dt.date(2018, 1, 1))
    c.voucher("B", 100, dt.date(2018, 2, 1))
    return set()


@case("FS02")
def carried_over_in_part(c: Case) -> Told:
    left = c.document("own", "autumn", 100, dt.date(2017, 10, 1), fiscal_year=2017)
    c.document("carry_in", "carried", 60, dt.date(2018, 1, 1))
    c.voucher("B", 60, dt.date(2018, 2, 1))
    return {left}


@case("FS02")
def a_city_is_judged_by_fs01(c: Case) -> Told:
    received(c, "up")
    return set()


# FS03: between treasury and cards. 2018-03-05 is a Monday; five working days end on the 12th.
PAID = dt.date(2018, 3, 5)


@case("FS03")
def credited_on_the_fifth_working_day(c: Case) -> Told:
    batch = c.batch(on=12)
    batch.line(1)
    c.voucher(batch.number, FEN, PAID)
    return set()


@case("FS03")
def credited_on_the_sixth_working_day(c: Case) -> Told:
    batch = c.batch(on=13)
    batch.line(1)
    return {c.voucher(batch.number, FEN, PAID)}


@case("FS03")
def over_the_spring_festival(c: Case) -> Told:
    """2018-02-14 to 2018-02-26 are five working days: the festival, and two Saturdays worked."""
    batch = c.batch(201802, credited=dt.date(2018, 2, 26))
    batch.line(1)
    c.voucher(batch.number, FEN, dt.date(2018, 2, 14))
    return set()


@case("FS03")
def failed_lines_have_arrived(c: Case) -> Told:
    batch = c.batch()
    batch.failed(1)
    c.voucher(batch.number, FEN, PAID)
    return set()


@case("FS03")
def no_batch_at_all(c: Case) -> Told:
    """Whether the bank sits on the money or its return file was never sent, nobody can tell: not judged."""
    c.voucher("nowhere", FEN, PAID)
    c.voucher(None, FEN + 1, PAID)
    return set()


@case("FS03")
def several_batches_by_one_voucher(c: Case) -> Told:
    one, other = c.batch(), c.batch()
    one.line(1)
    other.line(2, FEN + 1)
    c.voucher(f"{one.number}、{other.number}", 2 * FEN + 1, PAID)
    return set()


@case("FS03")
def batches_of_two_banks_by_one_voucher(c: Case) -> Told:
    one, other = c.batch(), c.batch(bank_code="ABC")
    one.line(1)
    other.line(2)
    c.voucher(f"{one.number}、{other.number}", 2 * FEN, PAID)
    return set()


@case("FS03")
def batches_that_add_up_to_a_voucher_without_number(c: Case) -> Told:
    for person in (1, 2, 3, 4):
        c.batch(on=8 + person // 3).line(person)
    c.voucher(None, 2 * FEN, PAID, voucher_no="1")
    c.voucher(None, 2 * FEN, PAID, voucher_no="2")
    return set()


@case("FS03")
def one_of_two_batches_has_not_come(c: Case) -> Told:
    """Its return file may never have been sent: not judged."""
    batch = c.batch()
    batch.line(1)
    c.voucher(f"soon、{batch.number}", 2 * FEN, PAID)
    return set()


@case("FS03")
def the_rest_of_two_batches_came_back(c: Case) -> Told:
    one, other = c.batch(), c.batch()
    one.line(1)
    other.line(2)
    other.failed(3)
    c.voucher(f"{one.number}、{other.number}", 3 * FEN, PAID)
    c.voucher(f"{one.number}、{other.number}", -FEN, dt.date(2018, 3, 9))
    return set()


@case("FS03")
def no_batch_yet(c: Case) -> Told:
    c.voucher("soon", FEN, dt.date(2018, 12, 27))
    return set()


@case("FS03")
def batch_short_by_a_fen(c: Case) -> Told:
    batch = c.batch()
    batch.line(1, FEN - 1)
    return {c.voucher(batch.number, FEN, PAID)}


@case("FS03")
def short_by_what_lies_in_quarantine(c: Case) -> Told:
    c.delivery("bank_batches", rows_quarantined=1, quarantined_fen=100)
    batch = c.batch()
    batch.line(1, FEN - 100)
    c.voucher(batch.number, FEN, PAID)
    return set()


@case("FS03")
def quarantine_with_unreadable_money_goes_by_the_trailer(c: Case) -> Told:
    c.delivery("bank_batches", rows_quarantined=1, unreadable_fen_rows=1)
    batch = c.batch(trailer_fen=FEN)
    batch.line(1, FEN - 100)
    c.voucher(batch.number, FEN, PAID)
    return set()


@case("FS03")
def the_unused_rest_came_back(c: Case) -> Told:
    batch = c.batch()
    batch.line(1, FEN - 100)
    c.voucher(batch.number, FEN, PAID)
    c.voucher(batch.number, -100, dt.date(2018, 3, 9))
    return set()


@case("FS03")
def only_what_failed_came_back(c: Case) -> Told:
    """A return of failed money says nothing of the money that never reached a line."""
    batch = c.batch()
    batch.failed(1, FEN - 100)
    voucher = c.voucher(batch.number, FEN, PAID)
    c.voucher(batch.number, 100 - FEN, dt.date(2018, 3, 9))
    return {voucher}


@case("FS03")
def two_vouchers_for_one_batch(c: Case) -> Told:
    """The first is used up by the first lines; the second waits."""
    batch = c.batch(on=6)
    batch.line(1, 100)
    c.voucher(batch.number, 100, PAID)
    return {c.voucher(batch.number, 50, dt.date(2018, 3, 6))}


@case("FS03")
def one_line_in_time_and_the_rest_late(c: Case) -> Told:
    batch = c.batch(on=6)
    batch.line(1, 100)
    batch.line(2, 900, credited=dt.date(2018, 3, 30))
    return {c.voucher(batch.number, 1000, PAID)}


@case("FS03")
def one_number_at_two_banks(c: Case) -> Told:
    """ABC's batch of the same number is not where RCU's money went."""
    other = c.batch(bank_code="ABC", batch_no="shared")
    other.line(1)
    c.voucher("shared", FEN, PAID, payee_bank_code="ABC")
    c.voucher("shared", FEN, PAID)
    return set()


@case("FS03")
def without_number_by_programme_month_and_amount(c: Case) -> Told:
    c.batch().line(1)
    c.voucher(None, FEN, PAID)
    return set()


# FS04: failed and forgotten
FAILED = dt.date(2018, 3, 8)


@case("FS04")
def never_settled(c: Case) -> Told:
    return {c.batch().failed(1)}


@case("FS04")
def failed_too_recently_to_tell(c: Case) -> Told:
    c.batch(201812).failed(1)
    return set()


@case("FS04")
def paid_again_in_time(c: Case) -> Told:
    c.roll(1)
    c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=FAILED + dt.timedelta(days=30)).line(1)
    return set()


@case("FS04")
def paid_again_too_late(c: Case) -> Told:
    failed = c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=FAILED + dt.timedelta(days=31)).line(1)
    return {failed}


@case("FS04")
def paid_again_with_less(c: Case) -> Told:
    failed = c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1, FEN - 1)
    return {failed}


@case("FS04")
def one_reissue_for_two_failures(c: Case) -> Told:
    batch = c.batch()
    batch.failed(1)
    second = batch.failed(1)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1)
    return {second}


@case("FS04")
def reissue_failed_as_well(c: Case) -> Told:
    failed = c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).failed(1)
    return {failed}


@case("FS04")
def money_back_at_the_treasury(c: Case) -> Told:
    batch = c.batch()
    batch.failed(1)
    c.voucher(batch.number, -FEN, dt.date(2018, 3, 12))
    return set()


@case("FS04")
def money_back_in_time_and_paid_again_later(c: Case) -> Told:
    batch = c.batch()
    batch.failed(1)
    c.voucher(batch.number, -FEN, dt.date(2018, 3, 12))
    again = c.batch(batch_kind="reissue", credited=dt.date(2018, 6, 20))
    again.line(1)
    c.voucher(again.number, FEN, dt.date(2018, 6, 19))
    return set()


@case("FS04")
def money_back_for_one_of_two(c: Case) -> Told:
    batch = c.batch()
    batch.failed(1)
    second = batch.failed(2)
    c.voucher(batch.number, -FEN, dt.date(2018, 3, 12))
    return {second}


@case("FS04")
def money_back_from_another_bank(c: Case) -> Told:
    batch = c.batch()
    failed = batch.failed(1)
    c.voucher(batch.number, -FEN, dt.date(2018, 3, 12), payee_bank_code="ABC")
    return {failed}


# FS05: sent and received


@case("FS05")
def both_say_the_same(c: Case) -> Told:
    c.document("passed_down", "doc")
    c.document("received", "doc", received_on=dt.date(2018, 1, 9))
    return set()


@case("FS05")
def received_less(c: Case) -> Told:
    sent = c.document("passed_down", "doc")
    c.document("received", "doc", FEN - 1)
    return {sent}


@case("FS05")
def never_arrived(c: Case) -> Told:
    c.document("own", "reports", receiver=c.county)
    return {c.document("passed_down", "doc")}


@case("FS05")
def never_sent(c: Case) -> Told:
    c.document("own", "reports", receiver=c.city)
    return {c.document("received", "doc")}


@case("FS05")
def still_on_the_way(c: Case) -> Told:
    c.document("own", "reports", receiver=c.county)
    c.document("passed_down", "doc", issued=dt.date(2018, 12, 21))
    return set()


@case("FS05")
def the_receiver_names_no_level(c: Case) -> Told:
    c.document("passed_down", "doc", 70)
    c.document("passed_down", "doc", 30, fund_source_level="province")
    c.document("received", "doc", 100, fund_source_level=None)
    return set()


@case("FS05")
def the_receiver_does_not_report_that_year(c: Case) -> Told:
    c.document("passed_down", "doc", fiscal_year=2016)
    return set()


# FS07: more than was there


@case("FS07")
def several_batches_one_of_whose_numbers_another_county_has(c: Case) -> Told:
    c.funds()
    one, other = c.batch(), c.batch()
    one.line(1)
    other.line(2)
    c.delivery("bank_batches")
    c.batch(batch_no=other.number, division=c.other_county, batch_kind="reissue").line(3)
    c.voucher(f"{one.number}、{other.number}", 2 * FEN, PAID)
    return set()


@case("FS07")
def two_batches_above_their_one_voucher(c: Case) -> Told:
    c.funds()
    one, other = c.batch(), c.batch()
    one.line(1)
    over = other.line(2)
    c.voucher(f"{one.number}、{other.number}", 2 * FEN - 1, PAID)
    return {over}


@case("FS07")
def two_vouchers_for_the_same_two_batches(c: Case) -> Told:
    c.funds()
    one, other = c.batch(), c.batch()
    one.line(1)
    other.line(2)
    c.voucher(f"{one.number}、{other.number}", FEN + 1, PAID, voucher_no="1")
    c.voucher(f"{one.number}、{other.number}", FEN - 1, PAID, voucher_no="2")
    return set()


@case("FS07")
def in_before_out_on_one_day(c: Case) -> Told:
    c.document("own", "in")
    c.voucher("B", FEN, JAN)
    return set()


@case("FS07")
def the_first_payment_below_zero(c: Case) -> Told:
    c.document("own", "in")
    first = c.voucher("B1", FEN + 1, JAN)
    c.voucher("B2", FEN, dt.date(2018, 1, 8))
    return {first}


@case("FS07")
def paid_before_the_money_came(c: Case) -> Told:
    early = c.voucher("B", FEN, dt.date(2018, 1, 4))
    c.document("own", "in")
    return {early}


@case("FS07")
def last_years_rest_is_there(c: Case) -> Told:
    """December's payroll paid in January, before anybody has written the carry-over."""
    c.document("own", "autumn", fiscal_year=2017, issued=dt.date(2017, 12, 1))
    c.document("own", "new", 1, issued=dt.date(2018, 2, 1))
    c.voucher("B", FEN, dt.date(2018, 1, 3), payroll_month=201712)
    return set()


@case("FS07")
def carried_in_more_than_was_left(c: Case) -> Told:
    c.document("own", "autumn", 100, fiscal_year=2017, issued=dt.date(2017, 11, 6))
    return {c.document("carry_in", "carried", 101, dt.date(2018, 1, 1))}


@case("FS07")
def a_government_that_reports_nothing(c: Case) -> Told:
    c.voucher("B", FEN, JAN)
    return set()


@case("FS07")
def money_back_fills_the_pool(c: Case) -> Told:
    c.document("own", "in")
    c.voucher("B1", FEN, JAN)
    c.voucher("B1", -FEN, dt.date(2018, 1, 8))
    c.voucher("B2", FEN, dt.date(2018, 1, 8))
    return set()


@case("FS07")
def batch_above_its_voucher(c: Case) -> Told:
    c.funds()
    batch = c.batch()
    first = batch.line(1)
    batch.line(2, 1)
    c.voucher(batch.number, FEN, PAID)
    return {first}


@case("FS07")
def batch_without_voucher(c: Case) -> Told:
    c.delivery("treasury_payments", period="201803")
    return {c.batch().line(1)}


@case("FS07")
def the_treasury_has_not_reported_yet(c: Case) -> Told:
    c.delivery("treasury_payments", period="201802")
    c.batch().line(1)
    return set()


@case("FS07")
def reissues_are_paid_from_held_money(c: Case) -> Told:
    c.delivery("treasury_payments")
    c.batch(batch_kind="reissue").line(1)
    return set()


# FS08: diverted


@case("FS08")
def to_somebody_who_is_no_bank(c: Case) -> Told:
    return {c.voucher(None, FEN, PAID, payee_kind="other", payee_bank_code=None)}


@case("FS08")
def for_a_programme_of_another_pool(c: Case) -> Told:
    return {c.voucher("B", FEN, PAID, "disability_care", pool_code="relief")}


@case("FS08")
def in_order(c: Case) -> Told:
    c.voucher("B1", FEN, PAID)
    c.voucher("B2", FEN, PAID, "disability_care")
    return set()


@case("FS08")
def money_back_from_somebody(c: Case) -> Told:
    c.voucher(None, -FEN, PAID, payee_kind="other", payee_bank_code=None)
    return set()


@case("FS08")
def a_purpose_that_names_no_programme(c: Case) -> Told:
    c.voucher("B", FEN, PAID, None)
    return set()


# DL01: late


@case("DL01")
def on_the_tenth(c: Case) -> Told:
    c.batch(on=10).line(1)
    return set()


@case("DL01")
def on_the_eleventh(c: Case) -> Told:
    batch = c.batch(on=11)
    late = {batch.line(1), batch.line(2)}
    batch.failed(3)
    return late


@case("DL01")
def one_line_of_the_batch(c: Case) -> Told:
    batch = c.batch(on=9)
    batch.line(1)
    return {batch.line(2, credited=dt.date(2018, 4, 20))}


@case("DL01")
def december_paid_in_january(c: Case) -> Told:
    return {c.batch(201712, credited=dt.date(2018, 1, 9)).line(1)}


@case("DL01")
def reissues_and_relief_have_no_such_day(c: Case) -> Told:
    c.batch(batch_kind="reissue", on=28).line(1)
    c.batch(programme="temporary_relief", on=28).line(2)
    return set()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("FS02-spent_a_day_later", "61 天后拨出 · left the pool after 61 days"),
        ("FS02-first_in_first_out", "仍在池中 · still in the pool"),
        ("FS02-spent_late_in_part", "一部分仍在池中，一部分最迟 70 天后拨出 · part still in the pool, part left after up to 70 days"),
    ],
)
def test_a_rest_says_whether_the_money_has_left(name: str, reason: str) -> None:
    [finding] = book.outcomes[name].findings
    assert finding["reason"] == reason


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("FS03-credited_on_the_sixth_working_day", 1),
        ("FS03-one_line_in_time_and_the_rest_late", 1),
        ("FS03-batch_short_by_a_fen", 0),
    ],
)
def test_late_bank_lines_support_the_voucher(name: str, lines: int) -> None:
    outcome = book.outcomes[name]
    assert len(outcome.supporting) == lines and not outcome.supporting & outcome.expected


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "days"),
    [
        ("FS01-one_day_late", FEN, 31),
        ("FS01-kept_in_part_of_the_second_line", 30, 359),
        ("FS02-first_in_first_out", 1, 359),
        ("FS02-carried_over_in_part", 100, 456),
        ("FS02-spent_late_in_part", 100, 360),
        ("FS03-batch_short_by_a_fen", 1, 301),
        ("FS03-one_line_in_time_and_the_rest_late", 900, 25),
        ("FS03-two_vouchers_for_one_batch", 50, 300),
        ("FS04-paid_again_too_late", FEN, 31),
        ("FS05-received_less", 1, 360),
        ("FS07-the_first_payment_below_zero", FEN + 1, None),
        ("FS07-batch_above_its_voucher", 1, None),
        ("DL01-on_the_eleventh", 2 * FEN, 1),
    ],
)
def test_money_and_days_of_a_finding(name: str, fen: int, days: int | None) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["days"]) == (fen, days)
