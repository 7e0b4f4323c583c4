"""DL03 and EN01 to EN04: who was paid what for which month."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case
ELSEWHERE = "639999"  # a county that no case has

# DL03: a month skipped


@case("DL03")
def credited(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1)
    return set()


@case("DL03")
def on_the_roll_and_never_credited(c: Case) -> Told:
    return {c.roll(1)}


@case("DL03")
def not_yet_overdue(c: Case) -> Told:
    """On 2018-12-31 the 20 days after 10 December are over, those after 28 December (relief) are not."""
    late = c.roll(1, month=201812)
    c.roll(2, month=201812, programme="temporary_relief")
    return {late}


@case("DL03")
def credited_on_the_card_under_a_wrong_number(c: Case) -> Told:
    c.roll(1)
    c.batch().line(9, card=1)
    return set()


@case("DL03")
def two_share_a_card_and_one_number_is_wrong(c: Case) -> Told:
    """The nameless line is the one of the person whom no line names."""
    c.roll(1, programme="orphan", card=5)
    c.roll(2, programme="orphan", card=5)
    batch = c.batch(programme="orphan")
    batch.line(1, card=5)
    batch.line(9, card=5)
    return set()


@case("DL03")
def failed_and_still_at_the_bank(c: Case) -> Told:
    c.roll(1)
    c.batch().failed(1)
    return set()


@case("DL03")
def failed_and_the_money_kept_by_the_treasury(c: Case) -> Told:
    """FS04 has nothing to say once the money is back; the person is still owed it."""
    owed = c.roll(1)
    batch = c.batch()
    batch.failed(1)
    c.voucher(batch.number, -FEN, dt.date(2018, 3, 12))
    return {owed}


@case("DL03")
def failed_and_back_at_the_treasury_for_some_days(c: Case) -> Told:
    c.roll(1, month=201811)
    batch = c.batch(201811)
    batch.failed(1)
    c.voucher(batch.number, -FEN, dt.date(2018, 12, 20))
    return set()


@case("DL03")
def nothing_to_be_paid(c: Case) -> Told:
    c.roll(1, 0)
    return set()


@case("DL03")
def the_line_lies_in_quarantine(c: Case) -> Told:
    c.roll(1)
    c.roll(2)
    c.delivery("bank_batches", rows_quarantined=1, quarantined_fen=FEN)
    c.batch().line(2)
    return set()


@case("DL03")
def a_row_in_quarantine_explains_whom_it_is_about(c: Case) -> Told:
    c.delivery("bank_batches", rows_quarantined=1, quarantined_fen=FEN)
    c.set_aside("bank_batches", 1)
    c.batch().line(3)
    c.roll(3)
    c.roll(1)
    return {c.roll(2)}


@case("DL03")
def nobody_knows_whom_the_row_in_quarantine_is_about(c: Case) -> Told:
    c.delivery("bank_batches", rows_quarantined=1, quarantined_fen=FEN + 1)
    c.set_aside("bank_batches", fen=FEN + 1)
    c.batch().line(3)
    c.roll(3)
    c.roll(1)
    return set()


@case("DL03")
def registered_and_on_no_roll(c: Case) -> Told:
    c.roll(1, programme="tekun")
    c.batch(programme="tekun").line(1)
    return {c.register(2, "tekun")}


@case("DL03")
def registered_and_no_roll_delivered(c: Case) -> Told:
    c.register(2, "tekun")
    return set()


@case("DL03")
def registered_member_of_a_household_that_is_paid(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1)
    c.register(1)
    c.register(2, head=1)
    return set()


@case("DL03")
def registered_household_on_no_roll(c: Case) -> Told:
    """One finding for the household, on the row of its head."""
    c.roll(9)
    c.batch().line(9)
    c.register(2, head=1)
    return {c.register(1)}


@case("DL03")
def on_the_roll_of_another_county(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1)
    c.register(2)
    c.roll(2, division=ELSEWHERE)
    c.batch(division=ELSEWHERE).line(2)
    return set()


@case("DL03")
def paid_off_the_roll(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    batch.line(2)
    c.register(2)
    return set()


@case("DL03")
def ended_before_begun_after_approved_late(c: Case) -> Told:
    c.roll(9, programme="tekun")
    c.batch(programme="tekun").line(9)
    c.register(1, "tekun", end_month=201802)
    c.register(2, "tekun", start_month=201804, month=201803)
    c.register(3, "tekun", approved_on=dt.date(2018, 3, 11))
    return {c.register(4, "tekun", approved_on=dt.date(2018, 3, 10))}


@case("DL03")
def gone_from_the_latest_register(c: Case) -> Told:
    c.roll(9, programme="tekun")
    c.batch(programme="tekun").line(9)
    c.register(1, "tekun", month=201803)
    c.register(9, "tekun", month=201804)
    return set()


# EN01: less


@case("EN01")
def one_fen_short(c: Case) -> Told:
    c.roll(1)
    return {c.batch().line(1, FEN - 1)}


@case("EN01")
def paid_in_two_parts(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1, FEN - 1)
    c.batch().line(1, 1)
    return set()


@case("EN01")
def two_roll_rows_make_one_entitlement(c: Case) -> Told:
    c.roll(1)
    c.roll(1, 100)
    return {c.batch().line(1)}


@case("EN01")
def the_rest_failed_and_is_on_its_way(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1, 100)
    batch.failed(1, FEN - 100)
    return set()


@case("EN01")
def the_rest_failed_and_went_back(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    paid = batch.line(1, 100)
    batch.failed(1, FEN - 100)
    c.voucher(batch.number, 100 - FEN, dt.date(2018, 3, 12))
    return {paid}


@case("EN01")
def superseded_roll_no_longer_counts(c: Case) -> Told:
    c.delivery("payment_rolls", scope=f"roll|{c.county}", received_at=dt.datetime(2018, 3, 1, tzinfo=dt.UTC))
    c.roll(1, FEN + 500)
    c.delivery("payment_rolls", scope=f"roll|{c.county}", received_at=dt.datetime(2018, 3, 2, tzinfo=dt.UTC))
    c.roll(1)
    c.batch().line(1)
    return set()


@case("EN01")
def a_correction_received_after_the_business_date(c: Case) -> Told:
    c.delivery("payment_rolls", scope=f"roll|{c.county}", received_at=dt.datetime(2018, 3, 1, tzinfo=dt.UTC))
    c.roll(1, FEN + 500)
    c.delivery("payment_rolls", scope=f"roll|{c.county}", received_at=dt.datetime(2018, 12, 31, 16, tzinfo=dt.UTC))
    c.roll(1)
    return {c.batch().line(1)}


# EN02: more


@case("EN02")
def one_fen_more(c: Case) -> Told:
    c.roll(1)
    return {c.batch().line(1, FEN + 1)}


@case("EN02")
def twice_the_right_sum(c: Case) -> Told:
    """That is EN03."""
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    batch.line(1)
    return set()


@case("EN02")
def more_that_failed(c: Case) -> Told:
    c.roll(1)
    c.batch().failed(1, FEN + 1)
    return set()


# EN03: twice


@case("EN03")
def second_line_of_a_batch(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    return {batch.line(1)}


@case("EN03")
def at_another_bank_the_day_before(c: Case) -> Told:
    """The later one is the second, whichever came first into the lake."""
    c.roll(1)
    second = c.batch(on=8).line(1)
    c.batch(on=7, bank_code="ABC").line(1, card=2)
    return {second}


@case("EN03")
def reissued_though_it_had_succeeded(c: Case) -> Told:
    c.roll(1)
    c.batch().line(1)
    return {c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1)}


@case("EN03")
def reissued_after_a_failure(c: Case) -> Told:
    c.roll(1)
    c.batch().failed(1)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1)
    return set()


@case("EN03")
def two_parts_of_the_right_sum(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1, FEN - 100)
    batch.line(1, 100)
    return set()


@case("EN03")
def one_month_and_the_next(c: Case) -> Told:
    for month in (201803, 201804):
        c.roll(1, month=month)
        c.batch(month).line(1)
    return set()


@case("EN03")
def two_programmes_of_one_person(c: Case) -> Told:
    for programme in ("rural_dibao", "disability_care"):
        c.roll(1, programme=programme)
        c.batch(programme=programme).line(1)
    return set()


@case("EN03")
def once_under_another_number_on_the_same_card(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    return {batch.line(9, card=1)}


# EN04: on no roll


@case("EN04")
def a_stranger(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    return {batch.line(2)}


@case("EN04")
def a_stranger_without_number_and_card(c: Case) -> Told:
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    return {batch.line(None, name=7), batch.line(None, name=8)}


@case("EN04")
def a_stranger_whose_line_failed(c: Case) -> Told:
    c.batch().failed(2)
    return set()


@case("EN04")
def on_the_roll_of_another_programme(c: Case) -> Told:
    c.roll(1, programme="tekun")
    return {c.batch().line(1)}


@case("EN04")
def on_the_roll_of_another_county_only(c: Case) -> Told:
    c.roll(1, division=ELSEWHERE)
    return {c.batch().line(1)}


@case("EN04")
def a_batch_without_any_roll(c: Case) -> Told:
    batch = c.batch()
    return {batch.line(1), batch.line(2)}


@case("EN04")
def without_number_but_on_the_registered_card(c: Case) -> Told:
    c.roll(1)
    c.batch().line(None, card=1, name=1)
    return set()


@case("EN04")
def the_roll_row_lies_in_quarantine(c: Case) -> Told:
    c.delivery("payment_rolls", rows_quarantined=1, quarantined_fen=FEN)
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    batch.line(2)
    return set()


@case("EN04")
def two_strangers_and_one_row_in_quarantine(c: Case) -> Told:
    c.delivery("payment_rolls", rows_quarantined=1, quarantined_fen=FEN)
    c.set_aside("payment_rolls", 2)
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    batch.line(2)
    return {batch.line(3)}


@pytest.mark.parametrize("name", [name for name in book.names if name.startswith("EN03")])
def test_the_first_of_several_credits_and_the_roll_support(name: str) -> None:
    """The finding keeps card, bank and day of what was too much."""
    outcome = book.outcomes[name]
    assert len(outcome.supporting) == 2 * len(outcome.findings)
    for finding in outcome.findings:
        assert finding["case_count"] == len(outcome.expected)


def test_a_finding_of_two_banks_names_the_one_that_paid_again() -> None:
    [finding] = book.outcomes["EN03-at_another_bank_the_day_before"].findings
    assert (finding["bank_code"], finding["occurred_on"]) == ("RCU", dt.date(2018, 3, 8))


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "days"),
    [
        ("DL03-on_the_roll_and_never_credited", FEN, 296),
        ("DL03-failed_and_the_money_kept_by_the_treasury", FEN, 294),
        ("DL03-registered_and_on_no_roll", None, 296),
        ("EN01-one_fen_short", 1, None),
        ("EN01-two_roll_rows_make_one_entitlement", 100, None),
        ("EN01-the_rest_failed_and_went_back", FEN - 100, None),
        ("EN02-one_fen_more", 1, None),
        ("EN03-second_line_of_a_batch", FEN, None),
        ("EN04-a_stranger", FEN, None),
    ],
)
def test_money_and_days_of_a_finding(name: str, fen: int | None, days: int | None) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["days"]) == (fen, days)
