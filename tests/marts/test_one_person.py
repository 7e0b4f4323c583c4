"""One person, one answer: slips in a number, households on several rows, and lines that name a guardian, in every rule that asks who."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told, day

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case
DINGXI = "621102"  # standards are in the seed for its city only
STANDARD = 31833
AGENT, AGENT_SLIP, STAFF = 900, 901, 950


def slip(c: Case, right: int = 1, wrong: int = 2) -> None:
    c.linked(right, wrong)
    c.person(right, "valid")
    c.person(wrong, "invalid_check")


def slip_in_march(c: Case) -> int:
    """A month under the wrong number on roll and bank line, head of household included, on the person's own card; its line."""
    slip(c)
    c.register(1, "tekun", month=201804)
    c.holder(1, 1)
    line = c.paid(2, 201803, "tekun", card=1)
    c.paid(1, 201804, "tekun")
    return line


# A slip on roll and bank line


@case("CD03")
def one_month_under_a_slip(c: Case) -> Told:
    slip_in_march(c)
    return set()


@case("DL03")
def the_month_paid_under_a_slip(c: Case) -> Told:
    slip_in_march(c)
    return set()


@case("EN05")
def the_roll_under_a_slip(c: Case) -> Told:
    slip_in_march(c)
    return set()


@case("EN05")
def a_member_of_a_head_under_a_slip(c: Case) -> Told:
    slip(c)
    c.register(1)
    c.roll(3, head=2)
    return {c.roll(4)}


@case("CD03")
def one_card_for_a_slip_and_a_stranger(c: Case) -> Told:
    slip(c)
    return {c.paid(1, card=7), c.paid(2, 201804, card=7), c.paid(3, card=7)}


@case("CD02")
def the_head_under_two_numbers_on_two_cards(c: Case) -> Told:
    slip(c)
    c.paid(1)
    c.paid(2)
    return set()


@case("CD02")
def the_spouses_card_beside_the_heads_whose_number_slipped(c: Case) -> Told:
    slip(c)
    c.paid(1)
    c.paid(1, 201804)
    return {c.paid(3, 201804, head=2, credited=day(201803, 9))}


@case("CD01")
def a_card_that_is_part_of_the_slip(c: Case) -> Told:
    """At the bank, too, it stands under the wrong number: the slip is the fault (ID06)."""
    slip(c)
    c.holder(1, 1)
    c.holder(2, 2)
    c.paid(1)
    c.paid(1, 201804)
    c.paid(2, 201803, "disability_care")
    return set()


@case("CD01")
def a_second_card_of_the_person_credited_under_a_slip(c: Case) -> Told:
    slip(c)
    c.holder(1, 1)
    c.holder(7, 1)
    c.paid(1, on=8)
    c.paid(1, 201804, credited=day(201803, 8))
    return {c.paid(2, 201803, "disability_care", card=7)}


@case("CD04")
def the_card_that_the_roll_gives_under_the_other_number(c: Case) -> Told:
    slip(c)
    c.roll(1)
    c.roll(2, 1, card=7)
    batch = c.batch()
    batch.line(1, card=7)
    return {batch.line(1, card=8)}


@case("CD05")
def an_agent_under_another_of_their_own_numbers(c: Case) -> Told:
    for person in range(1, 11):
        c.linked(person, 100 + person)
        c.holder(person, person, agent=100 + person)
    return set()


@case("CD05")
def ten_holders_of_an_agent_under_two_numbers(c: Case) -> Told:
    c.linked(AGENT, AGENT_SLIP)
    return {c.holder(card, card, agent=AGENT if card % 2 else AGENT_SLIP) for card in range(1, 11)}


@case("CD06")
def an_agent_under_two_numbers(c: Case) -> Told:
    c.linked(AGENT, AGENT_SLIP)
    for person in range(1, 6):
        c.paid(person)
    noon = dt.datetime(2018, 3, 12, 12)
    return {c.drawn(card, noon, agent=AGENT if card % 2 else AGENT_SLIP) for card in range(1, 6)}


@case("CD06")
def a_guardian_under_another_number(c: Case) -> Told:
    c.linked(AGENT, AGENT_SLIP)
    for person in range(1, 6):
        c.register(person, "orphan", proxy=AGENT)
        c.paid(person, programme="orphan")
        c.drawn(person, dt.datetime(2018, 3, 12, 12), agent=AGENT_SLIP)
    return set()


@case("CD07")
def opened_by_staff_under_another_number(c: Case) -> Told:
    c.linked(STAFF, STAFF + 1)
    c.staff(STAFF)
    c.register(1, proxy=STAFF + 1)
    c.holder(1, 1, agent=STAFF + 1)
    for month in ("201803", "201804", "201805"):
        c.delivery("card_withdrawals", sender_bank="RCU", period=month)
    return {c.paid(1, month) for month in (201803, 201804, 201805)}


@case("DL02")
def approved_under_a_slip(c: Case) -> Told:
    slip(c)
    c.paid(9, 201801, "tekun")
    c.paid(9, 201803, "tekun")
    c.register(2, "tekun", approved_on=dt.date(2018, 2, 10), start_month=201803)
    c.paid(1, 201803, "tekun")
    return set()


@case("DL02")
def approved_under_a_number_that_is_only_near(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.paid(9, 201801, "tekun")
    c.paid(9, 201803, "tekun")
    c.paid(1, 201803, "tekun")
    return {c.register(2, "tekun", approved_on=dt.date(2018, 2, 10), start_month=201803)}


@case("DL03")
def registered_under_a_slip(c: Case) -> Told:
    slip(c)
    c.register(2, "tekun")
    c.paid(1, 201803, "tekun")
    return set()


@case("DL03")
def listed_under_two_numbers_and_paid_once(c: Case) -> Told:
    slip(c)
    c.roll(2)
    c.paid(1)
    return set()


@case("DL03")
def another_part_listed_under_the_other_number(c: Case) -> Told:
    slip(c)
    c.paid(1)
    part = c.roll(2, FEN + 100, card=None)
    c.roll(4, FEN, programme="tekun", card=8)
    c.linked(4, 5)
    c.roll(5, 100, programme="tekun", card=9)
    c.batch(programme="tekun").line(4, FEN + 100, card=8)
    return {part}


@case("DL03")
def never_paid_under_any_number(c: Case) -> Told:
    slip(c)
    c.paid(1, 201804)
    return {c.roll(2)}


@case("EN01")
def short_under_the_other_number(c: Case) -> Told:
    slip(c)
    c.roll(1)
    return {c.batch().line(2, FEN - 7, card=8)}


@case("EN02")
def more_under_the_other_number(c: Case) -> Told:
    slip(c)
    c.roll(1)
    return {c.batch().line(2, FEN + 7, card=8)}


@case("EN03")
def listed_and_paid_under_two_numbers(c: Case) -> Told:
    slip(c)
    c.paid(1)
    return {c.paid(2, card=1, on=9)}


@case("EN03")
def paid_twice_under_one_of_two_listed_numbers(c: Case) -> Told:
    slip(c)
    c.roll(2, card=1)
    c.roll(1)
    batch = c.batch()
    batch.line(1)
    return {batch.line(1)}


@case("EN03")
def two_parts_under_two_numbers(c: Case) -> Told:
    slip(c)
    c.paid(1)
    c.roll(2, 100)
    c.batch().line(2, 100)
    return set()


@case("EN03")
def listed_and_paid_under_numbers_told_apart(c: Case) -> Told:
    slip(c)
    c.judged(1, 2, "different")
    c.paid(1)
    c.paid(2)
    return set()


@case("EN04")
def on_the_roll_under_another_number(c: Case) -> Told:
    slip(c)
    c.roll(1)
    c.batch().line(2, card=8)
    return set()


@case("EN04")
def on_the_roll_under_another_number_by_a_review(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.judged(1, 2, "same")
    c.roll(1)
    c.batch().line(2, card=8)
    return set()


@case("EN04")
def on_the_roll_under_a_number_that_is_only_near(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.roll(1)
    return {c.batch().line(2, card=8)}


@case("EN06")
def listed_twice(c: Case) -> Told:
    """Under one number, under two; in two categories is no fault."""
    c.county = DINGXI
    slip(c)
    tekun = {"programme": "tekun", "category": "全自理"}
    rows = {c.roll(1, 47200, **tekun), c.roll(2, 47200, **tekun), c.roll(3, 47200, **tekun), c.roll(3, 47200, **tekun)}
    c.roll(4, 47200, **tekun)
    return rows


@case("EN11")
def of_age_by_one_of_two_sound_numbers(c: Case) -> Told:
    for person, right in ((1, 2), (3, 4)):
        c.person(person, "valid", 195001)
        c.person(right, "valid", 201001 if right == 2 else 195201)
        c.linked(person, right)
    c.paid(1, programme="orphan")
    return {c.paid(3, programme="orphan")}


@case("FS04")
def paid_again_under_the_right_number(c: Case) -> Told:
    """No roll says who it is: the link does."""
    slip(c)
    batch = c.batch()
    batch.failed(2, card=8)
    other = batch.failed(3)
    c.batch(batch_kind="reissue", credited=dt.date(2018, 3, 20)).line(1)
    return {other}


@case("ID03")
def the_persons_other_number(c: Case) -> Told:
    slip(c)
    c.roll(1)
    c.batch().line(2, card=1)
    return set()


@case("ID03")
def a_number_that_is_only_near(c: Case) -> Told:
    c.linked(1, 2, "doubtful")
    c.roll(1)
    return {c.batch().line(2, card=1)}


@case("ID04")
def proxy_and_head_under_other_numbers(c: Case) -> Told:
    c.linked(2, 3)
    c.linked(5, 6)
    c.register(1, "orphan", proxy=2)
    c.holder(7, 3)
    c.holder(8, 6)
    c.paid(1, programme="orphan", card=7)
    c.paid(4, head=5, card=8)
    return set()


# A reissue that bears the month it was made in


def reissued_in_april(c: Case, names_original: bool) -> tuple[int, int]:
    """March failed, and was paid again under the month of April, in which the person is paid, too; the failed line and the reissue."""
    c.roll(1)
    march = c.batch()
    failed = march.failed(1)
    c.paid(1, 201804)
    named = {"original_batch_no": march.number} if names_original else {}
    return failed, c.batch(201804, on=20, batch_kind="reissue", **named).line(1)


@case("EN03")
def a_reissue_names_the_batch_that_failed(c: Case) -> Told:
    reissued_in_april(c, True)
    return set()


@case("FS04")
def the_batch_that_failed_is_named(c: Case) -> Told:
    """But the money lay at the bank for 43 days."""
    failed, _ = reissued_in_april(c, True)
    return {failed}


@case("EN03")
def a_reissue_under_a_month_already_paid(c: Case) -> Told:
    _, again = reissued_in_april(c, False)
    return {again}


# Households: a row per member, one credit for all


def members(c: Case, *lines: int, failed: tuple[int, ...] = ()) -> list[int]:
    """A head and two members on a row each, and what the bank credited the head with; the lines."""
    for person in (1, 2, 3):
        c.roll(person, head=1, card=1)
    c.holder(1, 1)
    batch = c.batch()
    for fen in failed:
        batch.failed(1, fen)
    return [batch.line(1, fen) for fen in lines]


@case("EN02")
def one_credit_for_all_members(c: Case) -> Told:
    members(c, 3 * FEN)
    return set()


@case("DL03")
def all_members_paid_by_one_credit(c: Case) -> Told:
    members(c, 3 * FEN)
    return set()


@case("EN01")
def one_credit_for_all_members_in_full(c: Case) -> Told:
    members(c, 3 * FEN)
    return set()


@case("EN01")
def one_credit_for_all_members_and_short(c: Case) -> Told:
    return set(members(c, 3 * FEN - 5))


@case("DL03")
def all_members_paid_by_one_credit_that_is_short(c: Case) -> Told:
    """That is EN01."""
    members(c, FEN + 5)
    return set()


@case("EN02")
def one_credit_for_all_members_and_more(c: Case) -> Told:
    return set(members(c, 3 * FEN + 5))


@case("EN03")
def one_credit_for_all_members_and_again(c: Case) -> Told:
    return set(members(c, 3 * FEN, 3 * FEN)[1:])


@case("EN03")
def a_line_per_member_that_names_the_head(c: Case) -> Told:
    members(c, FEN, FEN, FEN)
    return set()


@case("DL03")
def members_paid_by_lines_that_name_the_head(c: Case) -> Told:
    members(c, FEN, FEN, FEN)
    return set()


@case("DL03")
def one_credit_for_all_members_failed(c: Case) -> Told:
    """That is FS04."""
    members(c, failed=(3 * FEN,))
    return set()


@case("DL03")
def only_the_head_is_paid_their_own(c: Case) -> Told:
    members(c, FEN)
    return {
        number
        for number in c.rows
        if any(row["row_no"] == number and row["person_key"] in (c.key(2), c.key(3)) for row in c._lake["payment_rolls"])
    }


@case("EN02")
def more_than_their_own_though_members_are_paid(c: Case) -> Told:
    c.roll(1)
    c.roll(2, head=1)
    batch = c.batch()
    batch.line(2)
    return {batch.line(1, FEN + 5)}


@case("EN04")
def a_member_takes_the_money_of_the_household(c: Case) -> Told:
    """Nobody's line names the head; the member and the head's spouse are of the household by register and by roll."""
    c.register(1)
    c.register(2, head=1)
    c.paid(9)
    c.roll(1, card=None)
    c.batch().line(2)
    c.roll(4, head=5, card=None)
    c.batch().line(5)
    return set()


def in_turn(c: Case) -> int:
    """The household's money, on the head's card in March and May, on the spouse's in April; the credit of April."""
    c.register(1)
    c.register(2, head=1)
    c.holder(1, 1)
    c.holder(2, 2)
    c.paid(1, 201803)
    c.roll(1, month=201804)
    april = c.batch(201804).line(2)
    c.paid(1, 201805)
    return april


@case("CD01")
def the_spouses_card_is_not_the_heads(c: Case) -> Told:
    in_turn(c)
    return set()


@case("CD02")
def the_spouses_card_in_turn_with_the_heads(c: Case) -> Told:
    return {in_turn(c)}


@case("CD04")
def the_spouses_card_is_not_on_the_roll(c: Case) -> Told:
    return {in_turn(c)}


@case("EN04")
def a_member_beside_the_head(c: Case) -> Told:
    c.register(1)
    c.register(2, head=1)
    c.paid(1)
    return {c.batch().line(2)}


@case("EN04")
def a_member_for_money_of_the_person(c: Case) -> Told:
    c.register(1, "tekun")
    c.register(2, "tekun", head=1)
    c.roll(1, programme="tekun", card=None)
    return {c.batch(programme="tekun").line(2)}


@case("DL03")
def the_roll_names_another_head_than_the_register(c: Case) -> Told:
    c.register(1)
    c.register(2, head=1)
    c.paid(2)
    c.paid(9)
    return set()


@case("DL02")
def first_paid_under_another_head(c: Case) -> Told:
    c.paid(9, 201801)
    c.paid(9, 201803)
    c.register(1, approved_on=dt.date(2018, 2, 10), start_month=201803)
    c.register(2, head=1, approved_on=dt.date(2018, 2, 10), start_month=201803)
    c.paid(2, 201803)
    return set()


@case("EN06")
def a_household_on_several_rows_that_repeat_its_size(c: Case) -> Told:
    """Two persons in one row, the third in another; the whole household listed twice is one too many."""
    c.county = DINGXI
    facts = {"category": "一类", "household_size": 3}
    c.roll(1, 2 * STANDARD, **facts)
    c.roll(2, STANDARD, head=1, **facts)
    return {c.roll(4, 3 * STANDARD, **facts), c.roll(4, 3 * STANDARD, **facts)}


def amount_at_the_head(c: Case, payee: int) -> int:
    """The household's amount stands in the row of its head, members are listed below without any; the line that pays it."""
    c.county = DINGXI
    c.roll(1, 3 * STANDARD, category="一类", household_size=3)
    for member in (2, 3):
        c.roll(member, 0, head=1, category="一类", card=None)
    return c.batch().line(payee, 3 * STANDARD, card=1)


@case("EN06")
def members_listed_without_an_amount(c: Case) -> Told:
    amount_at_the_head(c, 1)
    return set()


@case("EN02")
def a_member_takes_the_amount_of_the_head(c: Case) -> Told:
    amount_at_the_head(c, 2)
    return set()


@case("DL03")
def members_listed_without_an_amount_and_a_member_paid(c: Case) -> Told:
    amount_at_the_head(c, 2)
    return set()


# A guardian on file on the bank's line


def guarded(c: Case, **roll: object) -> list[int]:
    """Two orphans of one guardian; the bank's lines name the guardian and their card."""
    for person in (1, 2):
        c.register(person, "orphan", proxy=5)
        c.roll(person, programme="orphan", **roll)
    c.holder(7, 5)
    batch = c.batch(programme="orphan")
    return [batch.line(5, card=7) for _ in (1, 2)]


@case("ID03")
def the_guardian_on_file(c: Case) -> Told:
    guarded(c, card=7)
    return set()


@case("ID03")
def the_head_for_money_of_the_household(c: Case) -> Told:
    c.roll(2, head=1, card=7)
    c.batch().line(1, card=7)
    c.roll(4, programme="tekun", head=3, card=8)
    return {c.batch(programme="tekun").line(3, card=8)}


@case("EN03")
def two_wards_of_one_guardian(c: Case) -> Told:
    guarded(c, card=7)
    return set()


@case("DL03")
def two_wards_whose_guardian_is_paid(c: Case) -> Told:
    guarded(c, card=7)
    return set()


@case("EN04")
def wards_without_a_card_on_the_roll(c: Case) -> Told:
    guarded(c, card=None)
    return set()


@case("EN04")
def the_guardian_of_nobody_on_the_roll(c: Case) -> Told:
    c.register(1, "orphan", proxy=5)
    c.paid(9, programme="orphan")
    return {c.batch(programme="orphan").line(5, card=7)}


# Three persons a line: head, payee, beneficiary


def with_payee(c: Case) -> list[int]:
    """Two beneficiaries with one payee, who is one themself; the bank's lines name the payee, on two cards."""
    c.roll(1, 400, programme="tekun", payee=5, card=None)
    c.roll(2, 300, programme="tekun", payee=5, card=None)
    c.roll(5, 300, programme="tekun", payee=5, card=None)
    batch = c.batch(programme="tekun")
    return [batch.line(5, 300, card=8), batch.line(5, 300, card=9), batch.line(5, 400, card=8)]


@case("EN03")
def lines_that_name_the_payee(c: Case) -> Told:
    with_payee(c)
    return set()


@case("EN03")
def a_payee_paid_once_too_often(c: Case) -> Told:
    with_payee(c)
    return {c.batch(programme="tekun", on=9).line(5, 400, card=8)}


@case("DL03")
def beneficiaries_whose_payee_is_paid(c: Case) -> Told:
    with_payee(c)
    return {c.roll(6, programme="tekun", payee=7)}


@case("EN04")
def a_payee_under_another_number(c: Case) -> Told:
    slip(c, 5, 6)
    c.roll(1, programme="tekun", payee=6)
    batch = c.batch(programme="tekun")
    batch.line(5, card=8)
    return {batch.line(7, card=8)}


@case("ID03")
def the_payee_of_the_roll(c: Case) -> Told:
    c.roll(1, programme="tekun", payee=5)
    c.batch(programme="tekun").line(5, card=1)
    return set()


@case("CD05")
def opened_for_a_payee_of_the_roll(c: Case) -> Told:
    c.paid(1, card=7, payee=77)
    c.holder(7, 77, agent=AGENT)
    return set()


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen"),
    [
        ("EN03-listed_and_paid_under_two_numbers", FEN),
        ("EN01-one_credit_for_all_members_and_short", 5),
        ("EN02-one_credit_for_all_members_and_more", 5),
        ("EN03-one_credit_for_all_members_and_again", 3 * FEN),
        ("CD01-a_second_card_of_the_person_credited_under_a_slip", FEN),
    ],
)
def test_a_case_is_one_finding_with_its_money(name: str, fen: int) -> None:
    [finding] = book.outcomes[name].findings
    assert finding["amount_fen"] == fen


@pytest.mark.parametrize(
    "name", ["EN01-short_under_the_other_number", "EN02-more_under_the_other_number", "EN03-listed_and_paid_under_two_numbers"]
)
def test_the_reason_names_the_slip(name: str) -> None:
    [finding] = book.outcomes[name].findings
    assert finding["reason"] == "此人另有证件号 6211**********0002 · also met under ID number 6211**********0002"


def test_the_reason_of_a_slip_names_the_right_number() -> None:
    [finding] = book.outcomes["DL03-never_paid_under_any_number"].findings
    assert finding["reason"] == "此人另有证件号 6211**********0001 · also met under ID number 6211**********0001"
