"""How several files make one whole: parts, supplements, restatements, ledgers, questions; in force is decided row by row."""

import datetime as dt
from typing import Any

import compiled
import pytest

Rows = list[tuple[Any, ...]]
COUNTY = "621102"


class Office:
    """Files of one county in order of arrival; each is a delivery of rolls unless `source` says otherwise."""

    def __init__(self, source: str = "payment_rolls", **facts: Any) -> None:
        self.lake: dict[str, list[dict[str, Any]]] = {"deliveries": [], source: [], "delivery_answers": []}
        self.source, self.facts = source, facts

    def sends(self, *people: int | tuple[int, int], month: int = 201803, township: str | None = None, **more: Any) -> int:
        """A roll of people (or people with fen) for a month; its key is its place in the order."""
        key = self._delivery(len(people), **more)
        for row_no, person in enumerate(people, 2):
            number, fen = person if isinstance(person, tuple) else (person, 300)
            self._row(
                key, row_no, division=COUNTY, programme_code="tekun", payroll_month=month, person_key=number, household_key=number,
                township=township, amount_fen=fen,
            )  # fmt: skip
        return key

    def tells(self, *rows: dict[str, Any], **more: Any) -> int:
        key = self._delivery(len(rows), **more)
        for row_no, row in enumerate(rows, 2):
            self._row(key, row_no, **row)
        return key

    def answers(self, key: int, answer: str, on: int = 1) -> None:
        moment = dt.datetime(2018, 11, on, tzinfo=dt.UTC)
        self.lake["delivery_answers"].append({"delivery_key": key, "answer": answer, "reviewer": "r", "decided_at": moment})

    def _delivery(self, rows: int, **more: Any) -> int:
        key = len(self.lake["deliveries"]) + 1
        moment = dt.datetime(2018, 5, key, tzinfo=dt.UTC)
        facts = {"received_at": moment, "sender_division": COUNTY, "scope": "one", "rows_landed": rows, "period": "201803"}
        self.lake["deliveries"].append(compiled.delivery(key, self.source, **(facts | self.facts | more)))
        return key

    def _row(self, key: int, row_no: int, **values: Any) -> None:
        self.lake[self.source].append({"delivery_key": key, "sheet_no": 1, "row_no": row_no} | values)

    def ask(self, sql: str, day: dt.date = compiled.BUSINESS_DATE) -> Rows:
        staged = f"stg_{self.source}"
        return compiled.build(self.lake, day, only=["stg_deliveries", staged]).execute(sql.format(rows=staged)).fetchall()

    @property
    def states(self) -> list[str]:
        return [state for _, state in self.ask("select delivery_key, state from stg_deliveries order by 1")]

    @property
    def people(self) -> list[tuple[int, int]]:
        """Who is on the rolls in force, with fen."""
        return sorted(self.ask("select person_key, amount_fen from {rows}"))

    @property
    def told(self) -> Rows:
        return sorted(self.ask("select delivery_key, row_no from {rows}"))


def of(*people: int, fen: int = 300) -> list[tuple[int, int]]:
    return [(person, fen) for person in people]


CROWD = tuple(range(1, 11))


def test_parts_that_share_nobody_add_up() -> None:
    office = Office()
    office.sends(*range(1, 6))
    office.sends(*range(6, 11))
    assert (office.states, office.people) == (["in_force", "in_force"], of(*CROWD))


def test_a_roll_that_says_all_again_restates() -> None:
    office = Office()
    office.sends(*CROWD)
    office.sends(*((person, 310) for person in CROWD), 11)
    assert (office.states, office.people) == (["superseded", "in_force"], [*of(*CROWD, fen=310), (11, 300)])


def test_two_of_ten_may_be_dropped_and_three_are_a_question() -> None:
    two, three = Office(), Office()
    for office, upto in ((two, 9), (three, 8)):
        office.sends(*CROWD)
        office.sends(*range(1, upto))
    assert (two.states, two.people) == (["superseded", "in_force"], of(*range(1, 9)))
    assert (three.states, three.people) == (["in_force", "held"], of(*CROWD))


def test_half_of_the_money_dropped_is_a_question() -> None:
    office = Office()
    office.sends(*CROWD)
    office.sends(*((person, 150) for person in CROWD), stated_kind="restatement")
    assert (office.states, office.people) == (["in_force", "held"], of(*CROWD))


@pytest.mark.parametrize(
    ("answer", "people"),
    [
        ("restatement", of(1, 2, fen=310)),
        ("part", [*of(1, 2, fen=310), *of(*CROWD[2:])]),
        ("supplement", [*of(*CROWD), *of(1, 2, fen=310)]),
    ],
)
def test_an_answer_settles_a_question_whatever_the_day(answer: str, people: list[tuple[int, int]]) -> None:
    office = Office()
    office.sends(*CROWD)
    asked = office.sends((1, 310), (2, 310))
    assert office.states == ["in_force", "held"]
    office.answers(asked, answer)
    assert office.people == sorted(people)
    past = office.ask("select person_key, amount_fen from {rows}", dt.date(2018, 6, 1))
    assert sorted(past) == sorted(people)


def test_the_last_answer_counts() -> None:
    office = Office()
    office.sends(*CROWD)
    asked = office.sends(1)
    office.answers(asked, "restatement", on=1)
    office.answers(asked, "part", on=2)
    assert office.people == of(*CROWD)


def test_a_supplement_adds_what_is_new_and_tells_nothing_twice() -> None:
    office = Office()
    office.sends(*CROWD)
    office.sends(9, 10, 11, (1, 50), stated_kind="supplement")
    assert office.people == sorted([*of(*CROWD, 11), (1, 50)])


def test_somebody_listed_twice_is_listed_twice_in_a_supplement_of_one_of_them() -> None:
    office = Office()
    office.sends(1, 1, 2)
    office.sends(1, 3, stated_kind="supplement")
    assert office.people == of(1, 1, 2, 3)


def test_a_stated_restatement_that_shares_nobody_is_a_question() -> None:
    office = Office()
    office.sends(1, 2)
    office.sends(3, 4, stated_kind="restatement")
    assert office.states == ["in_force", "held"]


def test_a_restatement_of_one_part_leaves_the_others() -> None:
    office = Office()
    office.sends(1, 2, 3, 4, 5, township="清源镇", stated_kind="part")
    office.sends(6, 7, township="会川镇", stated_kind="part")
    office.sends(1, 2, 3, 4, (5, 310), stated_kind="restatement", township="清源镇")
    assert (office.states, office.people) == (["superseded", "in_force", "in_force"], [*of(1, 2, 3, 4), (5, 310), *of(6, 7)])


def test_a_person_of_two_townships_is_on_the_list_of_both() -> None:
    office = Office()
    office.sends(1, 2, 3, township="清源镇", stated_kind="part")
    office.sends(3, 4, 5, 6, 7, township="会川镇", stated_kind="part")
    assert office.people == of(1, 2, 3, 3, 4, 5, 6, 7)


def test_the_whole_after_its_parts_replaces_them() -> None:
    office = Office()
    office.sends(1, 2, 3, township="清源镇", stated_kind="part")
    office.sends(4, 5, 6, township="会川镇", stated_kind="part")
    office.sends(1, 2, 3, 4, 5, 6)
    assert (office.states, office.people) == (["superseded", "superseded", "in_force"], of(1, 2, 3, 4, 5, 6))


def test_what_was_dropped_once_with_leave_is_not_asked_about_again() -> None:
    office = Office()
    office.sends(*CROWD)
    asked = office.sends(1, 2, 3, 4, 5)
    office.answers(asked, "restatement")
    office.sends(1, 2, 3, 4, (5, 310))
    assert office.states == ["superseded", "superseded", "in_force"]


def test_a_question_about_a_file_that_was_sent_anew_is_over() -> None:
    office = Office()
    office.sends(*CROWD)
    office.sends(1, 2)
    office.sends(*CROWD, 11)
    assert (office.states, office.people) == (["superseded", "superseded", "in_force"], of(*CROWD, 11))


def test_several_months_in_one_file_are_told_apart() -> None:
    office = Office()
    office.sends(*CROWD, month=201802)
    office.sends(*CROWD, month=201803)
    office.sends(*CROWD, 11, month=201803)
    assert office.states == ["in_force", "superseded", "in_force"]


def ledger(*rows: tuple[str, int, int]) -> list[dict[str, Any]]:
    """Vouchers: (number, month of 2018, fen)."""
    return [{"voucher_no": no, "payer_division": COUNTY, "paid_on": dt.date(2018, month, 9), "amount_fen": fen} for no, month, fen in rows]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_cumulative_ledgers_tell_each_voucher_once_in_any_order(order: tuple[int, ...]) -> None:
    rows = ledger(("V1", 1, 100), ("V2", 1, 100), ("V3", 2, 200), ("V4", 3, 300))
    files = (rows[:2], rows[:3], rows)
    office = Office("treasury_payments")
    for place in order:
        office.tells(*files[place])
    assert sorted(office.ask("select voucher_no from {rows}")) == [("V1",), ("V2",), ("V3",), ("V4",)]
    assert "held" not in office.states


def test_january_corrected_after_a_cumulative_february_leaves_february() -> None:
    office = Office("treasury_payments")
    office.tells(*ledger(("V1", 1, 100), ("V2", 1, 100), ("V3", 2, 200)))
    office.tells(*ledger(("V1", 1, 105), ("V2", 1, 100)))
    assert sorted(office.ask("select voucher_no, amount_fen from {rows}")) == [("V1", 105), ("V2", 100), ("V3", 200)]


def test_two_offices_report_deaths_each_what_it_knows() -> None:
    died = [{"division": COUNTY, "person_key": person, "died_on": dt.date(2018, 3, 1)} for person in range(1, 5)]
    office = Office("deaths")
    office.tells(*died[:3], office="民政局")
    office.tells(*died[2:], office="公安局")
    assert len(office.told) == 5
    office.tells(died[0], office="民政局")
    assert office.states == ["in_force"] * 3 and len(office.told) == 5


def test_what_did_not_land_is_sent_anew() -> None:
    office = Office()
    office.sends(rows_quarantined=10)
    office.sends(*CROWD)
    assert office.states == ["superseded", "in_force"]


def test_a_part_that_did_not_land_is_not_replaced_by_another_part() -> None:
    office = Office()
    office.sends(rows_quarantined=10, stated_kind="part")
    office.sends(*CROWD, stated_kind="part")
    small = Office()
    small.sends(rows_quarantined=100)
    small.sends(*CROWD)
    assert office.states == small.states == ["in_force", "in_force"]


def batch(key: int, county: str, *lines: int, number: str = "B1", status: str = "success") -> dict[str, list[dict[str, Any]]]:
    control = {"delivery_key": key, "sheet_no": 1, "row_no": 1, "bank_code": "RCU", "batch_no": number, "division": county}
    told = [
        {"delivery_key": key, "sheet_no": 1, "row_no": 1 + seq, "bank_code": "RCU", "batch_no": number, "seq_no": seq,
         "person_key": key * 100 + seq, "amount_fen": 300, "status": status}
        for seq in lines
    ]  # fmt: skip
    return {"bank_batch_controls": [control | {"trailer_fen": 300 * len(lines), "batch_kind": "original"}], "bank_batches": told}


def test_one_number_of_two_counties_is_two_batches() -> None:
    one, other = batch(1, COUNTY, 1, 2), batch(2, "621121", 1, 2, 3)
    vouchers = [
        {
            "delivery_key": 3,
            "sheet_no": 1,
            "row_no": row,
            "payee_bank_code": "RCU",
            "batch_no": "B1",
            "payer_division": county,
            "amount_fen": 1,
        }
        for row, county in ((1, COUNTY), (2, "621121"), (3, "621122"))
    ]
    lake = {table: one[table] + other[table] for table in one} | {"treasury_payments": vouchers}
    lake["deliveries"] = [compiled.delivery(1), compiled.delivery(2), compiled.delivery(3, "treasury_payments")]
    con = compiled.build(lake, only=["int_batches", "stg_treasury_payments"])
    assert con.execute("select batch_no, division, line_count, stated_fen from int_batches order by 2").fetchall() == [
        ("B1@621102", COUNTY, 2, 600),
        ("B1@621121", "621121", 3, 900),
    ]
    assert sorted(con.execute("select batch_no from stg_treasury_payments").fetchall()) == [("B1",), ("B1@621102",), ("B1@621121",)]


def test_failed_lines_in_a_file_of_their_own_belong_to_their_batch() -> None:
    credited, failed = batch(1, COUNTY, 1, 2), batch(2, COUNTY, 3, status="failed")
    lake = {table: credited[table] + failed[table] for table in credited}
    lake["deliveries"] = [compiled.delivery(1), compiled.delivery(2, stated_kind="supplement")]
    con = compiled.build(lake, only=["int_batches"])
    assert con.execute("select line_count, credited_fen, failed_fen, stated_fen from int_batches").fetchall() == [(3, 600, 300, 900)]
