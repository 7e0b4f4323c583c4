"""CD05 to CD07 and CD09: who opened the card, who draws from it, and whether its number can be right."""

import datetime as dt

import pytest
from field import FEN, Case, CaseBook, Told

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together
book = CaseBook()
case = book.case
AGENT = 900


def at(hour: int, minute: int = 0, second: int = 0, on: int = 12) -> dt.datetime:
    return dt.datetime(2018, 3, on, hour, minute, second)


# CD05: opened for others


@case("CD05")
def ten_holders_of_one_agent(c: Case) -> Told:
    """Their own card and a second card of one of them make no eleventh holder."""
    rows = {c.holder(card, card, agent=AGENT) for card in range(1, 11)}
    c.holder(50, AGENT, agent=AGENT)
    return rows | {c.holder(51, 1, agent=AGENT)}


@case("CD05")
def nine_strangers_a_ward_and_the_family(c: Case) -> Told:
    for card in range(1, 13):
        c.holder(card, card, agent=AGENT)
    c.register(10, "orphan", proxy=AGENT)
    c.register(11, head=AGENT)
    c.register(12, head=11)
    c.register(AGENT, head=11)
    return set()


@case("CD05")
def ten_cards_of_nine_holders(c: Case) -> Told:
    for card in range(1, 11):
        c.holder(card, min(card, 9), agent=AGENT)
    return set()


@case("CD05")
def a_whole_village_in_person(c: Case) -> Told:
    """Cards issued on one day at one branch, each to its holder."""
    for card in range(1, 31):
        c.holder(card, card, opened_on=dt.date(2018, 1, 5), branch="支行")
    return set()


@case("CD05")
def opened_for_somebody_nobody_knows(c: Case) -> Told:
    c.paid(1, card=7)
    return {c.holder(7, 77, agent=AGENT)}


@case("CD05")
def nobody_knows_them_and_nothing_was_credited(c: Case) -> Told:
    c.holder(7, 77, agent=AGENT)
    c.roll(1, card=7)
    c.batch().failed(1, card=7)
    return set()


@case("CD05")
def opened_in_person_by_somebody_nobody_knows(c: Case) -> Told:
    c.holder(7, 77)
    c.holder(8, 78, agent=78)
    c.paid(1, card=7)
    c.paid(2, card=8)
    return set()


@case("CD05")
def holders_whom_some_office_knows(c: Case) -> Told:
    """As proxy, as head, as beneficiary of another county, under another number."""
    for card, person in ((11, 71), (12, 72), (13, 73), (14, 74)):
        c.holder(card, person, agent=AGENT)
        c.paid(card, card=card)
    c.register(1, "orphan", proxy=71)
    c.roll(2, head=72)
    c.register(73, division=c.other_county, month=201701)
    c.register(75)
    c.linked(74, 75)
    return set()


@case("CD05")
def an_old_card_list(c: Case) -> Told:
    for card in range(1, 11):
        c.holder(card, card, agent=AGENT, snapshot_month=201801)
        c.holder(card, card)
    return set()


# CD06: one hand draws for many


def households(c: Case, count: int) -> None:
    """Cards 1 to `count`, each of a household of its own."""
    for person in range(1, count + 1):
        c.paid(person)


@case("CD06")
def five_households_on_one_day(c: Case) -> Told:
    households(c, 5)
    rows = {c.drawn(card, at(9 + card), agent=AGENT, terminal_no=f"T{card}") for card in range(1, 6)}
    c.drawn(1, at(9, on=13), agent=AGENT)
    return rows


@case("CD06")
def four_households_or_five_on_two_days(c: Case) -> Told:
    households(c, 5)
    for card in range(1, 5):
        c.drawn(card, at(9), agent=AGENT)
    c.drawn(5, at(9, on=13), agent=AGENT)
    return set()


@case("CD06")
def a_guardian_of_five_orphans(c: Case) -> Told:
    for person in range(1, 6):
        c.register(person, "orphan", proxy=AGENT)
        c.paid(person, programme="orphan")
        c.drawn(person, at(9), agent=AGENT)
    return set()


@case("CD06")
def own_and_family_cards_do_not_count(c: Case) -> Told:
    households(c, 4)
    c.register(AGENT, head=5)
    c.paid(5)
    c.paid(6)
    c.holder(6, AGENT)
    for card in range(1, 7):
        c.drawn(card, at(9), agent=AGENT)
    return set()


@case("CD06")
def members_of_one_household_count_once(c: Case) -> Told:
    households(c, 4)
    c.paid(5, head=4, programme="disability_care")
    for card in range(1, 6):
        c.drawn(card, at(9), agent=AGENT)
    return set()


@case("CD06")
def everybody_for_themselves_on_pay_day(c: Case) -> Told:
    """Queues at the counter and at the agent's shop."""
    households(c, 20)
    for card in range(1, 11):
        c.drawn(card, at(9, card % 10))
    for card in range(11, 21):
        c.drawn(card, at(9, card % 10), channel="agent_point")
    return set()


@case("CD06")
def eight_households_at_one_machine(c: Case) -> Told:
    """Across a slot of the clock, the last at the tenth minute; the ninth comes too late."""
    households(c, 9)
    rows = {c.drawn(card, at(9, 55) + dt.timedelta(seconds=600 * (card - 1) / 7), channel="atm") for card in range(1, 9)}
    c.drawn(9, at(10, 5, 1) + dt.timedelta(minutes=10), channel="atm")
    return rows


@case("CD06")
def seven_or_slowly_or_at_two_machines(c: Case) -> Told:
    households(c, 16)
    for card in range(1, 9):
        c.drawn(card, at(8, 0) + dt.timedelta(seconds=86 * (card - 1)), channel="atm", terminal_no="slow")
        c.drawn(card, at(9, card), channel="atm", terminal_no=f"one of two {card % 2}")
        c.drawn(min(card, 7), at(10, card), channel="atm", terminal_no="seven")
    return set()


@case("CD06")
def cards_that_nobody_was_paid_on(c: Case) -> Told:
    households(c, 4)
    for card in range(1, 8):
        c.drawn(card, at(9), agent=AGENT)
    return set()


@case("CD06")
def ten_households_in_a_row(c: Case) -> Told:
    """A window slides: each eight of them stand within ten minutes."""
    households(c, 10)
    return {c.drawn(card, at(9) + dt.timedelta(seconds=80 * card), channel="atm") for card in range(1, 11)}


# CD07: held back


def reported(c: Case, *months: int) -> dict[str, str]:
    """The case's own bank reports withdrawals of these months; what a card of that bank says of it."""
    for month in months:
        c.delivery("card_withdrawals", sender_bank=c.county, period=str(month))
    return {"bank_code": c.county}


QUARTER = (201801, 201802, 201803)


@case("CD07")
def on_a_card_opened_by_staff(c: Case) -> Told:
    c.staff(AGENT)
    c.holder(1, 1, agent=AGENT, **reported(c, *QUARTER))
    return {c.paid(1, month) for month in QUARTER}


@case("CD07")
def on_a_card_opened_by_a_stranger(c: Case) -> Told:
    c.holder(1, 1, agent=AGENT, **reported(c, *QUARTER))
    return {c.paid(1, month) for month in QUARTER}


@case("CD07")
def since_the_last_withdrawal(c: Case) -> Told:
    """The month drawn is not held back, the three after it are; what came on the day of the withdrawal could have been drawn."""
    c.holder(1, 1, agent=AGENT, **reported(c, *QUARTER, 201804))
    c.paid(1, 201801)
    c.drawn(1, dt.datetime(2018, 1, 8, 12), agent=AGENT)
    return {c.paid(1, month) for month in (*QUARTER[1:], 201804)}


@case("CD07")
def two_months_or_drawn_every_other_month(c: Case) -> Told:
    bank = reported(c, *QUARTER, 201804)
    for person in (1, 2):
        c.holder(person, person, agent=AGENT, **bank)
    for month in (201803, 201804):
        c.paid(1, month)
    for month in (*QUARTER, 201804):
        c.paid(2, month)
    c.drawn(2, dt.datetime(2018, 2, 20, 12))
    return set()


@case("CD07")
def two_months_in_several_credits(c: Case) -> Told:
    c.holder(1, 1, agent=AGENT, **reported(c, *QUARTER))
    for month in QUARTER[1:]:
        for programme in ("rural_dibao", "disability_care"):
            c.paid(1, month, programme)
    return set()


@case("CD07")
def the_bank_did_not_report_one_month(c: Case) -> Told:
    c.holder(1, 1, agent=AGENT, **reported(c, 201801, 201803, 201804))
    for month in QUARTER:
        c.paid(1, month)
    return set()


@case("CD07")
def opened_by_those_who_may(c: Case) -> Told:
    """By nobody but the holder, by a guardian on file, by a member of the household."""
    bank = reported(c, *QUARTER)
    c.holder(1, 1, **bank)
    c.holder(2, 2, agent=2, **bank)
    c.holder(3, 3, agent=AGENT, **bank)
    c.holder(4, 4, agent=5, **bank)
    c.register(3, "orphan", proxy=AGENT)
    c.register(4, head=5)
    c.staff(2)
    for month in QUARTER:
        for person in (1, 2, 3, 4):
            c.paid(person, month)
    return set()


@case("CD07")
def staff_as_guardian_are_still_staff(c: Case) -> Told:
    c.staff(AGENT)
    c.register(1, "orphan", proxy=AGENT)
    c.holder(1, 1, agent=AGENT, **reported(c, *QUARTER))
    return {c.paid(1, month, "orphan") for month in QUARTER}


@case("CD07")
def a_new_card_in_mid_year_that_is_used(c: Case) -> Told:
    """The old one rests from then on, with two months on it."""
    bank = reported(c, *QUARTER, 201804)
    c.holder(1, 1, agent=AGENT, **bank)
    c.holder(7, 1, agent=AGENT, **bank)
    for month, card in ((201801, 1), (201802, 1), (201803, 7), (201804, 7)):
        c.paid(1, month, card=card)
    c.drawn(7, dt.datetime(2018, 4, 9, 12))
    return set()


# CD09: card numbers


@case("CD09")
def numbers_that_cannot_be(c: Case) -> Told:
    rows = set()
    for card, status in ((1, "luhn"), (2, "length"), (3, "bin")):
        c.card_status(card, status)
        rows |= {c.roll(card)}
    batch = c.batch()
    return rows | {batch.line(1), batch.failed(2, code="no_account"), batch.line(3)}


@case("CD09")
def right_numbers_and_no_card(c: Case) -> Told:
    c.card_status(1, "ok")
    c.roll(1)
    c.roll(2, card=None)
    batch = c.batch()
    batch.line(1)
    batch.line(2, card=None)
    return set()


@pytest.mark.parametrize("name", book.names)
def test_rule_tells_these_rows_and_no_others(name: str) -> None:
    outcome = book.outcomes[name]
    assert outcome.told == outcome.expected


@pytest.mark.parametrize(
    ("name", "fen", "rows", "reason"),
    [
        (
            "CD05-ten_holders_of_one_agent",
            None,
            11,
            "同一代办人为 10 名无关人员开卡 · one agent opened cards for 10 unrelated holders",
        ),
        ("CD06-five_households_on_one_day", 5 * FEN, 5, "同一代办人一日支取 5 户的卡 · cards of 5 households used by one agent in one day"),
        (
            "CD06-eight_households_at_one_machine",
            8 * FEN,
            8,
            "同一自助终端短时支取 8 户的卡 · cards of 8 households used at one cash machine within minutes",
        ),
        (
            "CD07-on_a_card_opened_by_staff",
            3 * FEN,
            3,
            "经办人员代开的卡，3 个月入账未支取 · credits of 3 months untouched on a card opened by staff",
        ),
    ],
)
def test_rows_of_one_case_are_one_finding(name: str, fen: int | None, rows: int, reason: str) -> None:
    [finding] = book.outcomes[name].findings
    assert (finding["amount_fen"], finding["case_count"], finding["reason"]) == (fen, rows, reason)
