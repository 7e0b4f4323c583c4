"""Which pairs a person is asked to judge, where they stand, and what is shown of both sides."""

import datetime as dt
from functools import cache
from typing import Any

import compiled
import pytest
from field import FEN, Case, Field

pytestmark = pytest.mark.xdist_group("rules")  # the cases of a module are built together

BEFORE = dt.datetime(2018, 12, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2018, 12, 31, 15, tzinfo=dt.UTC)
AFTER = dt.datetime(2018, 12, 31, 16, tzinfo=dt.UTC)  # midnight in Shanghai: the business date is over
CASES: dict[str, Any] = {}


def case(expected: dict[tuple[int, int], tuple[str, str, str]]) -> Any:
    """A county's rows, and which pairs it must have, by small numbers: (subject, kind, state)."""

    def register(write: Any) -> Any:
        CASES[write.__name__] = (write, expected)
        return write

    return register


def verdict(c: Case, person: int | None, a: int, b: int, said: str, at: dt.datetime = BEFORE, by: str = "甲") -> None:
    c._lake["verdicts"].append(
        {
            "subject": "person" if person is None else "name", "person_key": c.key(person), "key_a": c.key(a), "key_b": c.key(b),
            "verdict": said, "reviewer": by, "decided_at": at, "reason_sealed": "",
        }
    )  # fmt: skip


def link(c: Case, a: int, b: int, grade: str, strength: int = 1, known: dt.datetime | None = BEFORE) -> None:
    c._lake["person_links"].append(
        {
            "person_key_a": c.key(a), "person_key_b": c.key(b), "kind": "one_digit", "grade": grade, "reason": grade,
            "strength": strength, "known_at": known,
        }
    )  # fmt: skip


def two_names(c: Case, grade: str) -> None:
    """Person 1 on the roll as 1, credited as 11 and, once, as registered."""
    c.register(1)
    c.roll(1, 2 * FEN)
    c.compared(1, 11, grade)
    c.batch().line(1, name=11)
    c.batch(month=201804).line(1)
    c.roll(1, month=201804)


@case({(1, 11): ("name", "near", "open")})
def near_names(c: Case) -> None:
    two_names(c, "near")


@case({})
def spellings_of_one_name(c: Case) -> None:
    two_names(c, "variant")


@case({(1, 11): ("name", "different", "open")})
def different_names_with_a_finding(c: Case) -> None:
    two_names(c, "different")


@case({})
def different_names_of_a_card_holder_that_no_rule_accuses(c: Case) -> None:
    c.compared(1, 11, "different")
    c._add(
        "card_accounts",
        "card_accounts",
        {"card_key": c.key(1), "snapshot_month": 201811, "holder_person_key": c.key(1), "holder_name_key": c.key(11)},
    )
    c.holder(1, 1)


@case({(1, 11): ("name", "different", "open")})
def a_third_name_that_is_in_no_register(c: Case) -> None:
    """The card list's spelling of the registered name is no party to what ID02 says of the credited one."""
    two_names(c, "different")
    c.compared(11, 12, "different")
    c.compared(1, 12, "variant")
    c._add(
        "card_accounts",
        "card_accounts",
        {"card_key": c.key(1), "snapshot_month": 201811, "holder_person_key": c.key(1), "holder_name_key": c.key(12)},
    )


@case({(1, 11): ("name", "different", "decided")})
def a_verdict_that_ends_the_finding_stays_in_the_list(c: Case) -> None:
    two_names(c, "different")
    verdict(c, 1, 1, 11, "same")


@case({(1, 11): ("name", "near", "decided")})
def near_names_told_apart(c: Case) -> None:
    two_names(c, "near")
    verdict(c, 1, 1, 11, "different")


@case({(1, 11): ("name", "near", "open")})
def a_verdict_on_the_same_names_of_somebody_else(c: Case) -> None:
    two_names(c, "near")
    verdict(c, 2, 1, 11, "same")


@case({(1, 11): ("name", "near", "open")})
def a_verdict_of_the_next_day(c: Case) -> None:
    two_names(c, "near")
    verdict(c, 1, 1, 11, "same", at=AFTER)


@case({(1, 11): ("name", "near", "unsure")})
def the_last_verdict_holds(c: Case) -> None:
    two_names(c, "near")
    verdict(c, 1, 1, 11, "unsure", at=LATER)
    verdict(c, 1, 1, 11, "same")


def two_numbers(c: Case) -> None:
    c.register(1)
    c.register(2)
    c.roll(1)
    c.batch().line(1)


@case({(1, 2): ("person", "one_digit", "open")})
def a_doubtful_link(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 2, "doubtful")


@case({(1, 2): ("person", "one_digit", "linked")})
def a_link_whose_grade_has_risen(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 2, "doubtful", 2)
    link(c, 1, 2, "same", 4, LATER)


@case({(1, 2): ("person", "one_digit", "open")})
def a_link_whose_grade_rises_tomorrow(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 2, "doubtful", 2)
    link(c, 1, 2, "same", 4, AFTER)


@case({(1, 2): ("person", "one_digit", "open")})
def a_link_that_a_doubt_has_overtaken(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 2, "same", 4)
    link(c, 1, 2, "doubtful", 5, LATER)


@case({(1, 2): ("person", "one_digit", "decided")})
def a_link_told_apart(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 2, "same", 3)
    verdict(c, None, 1, 2, "different")


@case({(1, 3): ("person", "one_digit", "open")})
def a_link_to_the_number_of_somebody_dead(c: Case) -> None:
    two_numbers(c)
    c._add("deaths", "deaths", {"division": c.county, "person_key": c.key(3), "name_key": c.key(3), "died_on": dt.date(2018, 1, 1)})
    link(c, 1, 3, "doubtful")


@case({})
def a_link_to_a_number_in_no_file_in_force(c: Case) -> None:
    two_numbers(c)
    link(c, 1, 9, "same", 3)


@cache
def rows() -> dict[str, dict[tuple[int, int], dict[str, Any]]]:
    field = Field()
    counties = {name: Case(field, place) for place, name in enumerate(CASES)}
    for name, county in counties.items():
        CASES[name][0](county)
    con = compiled.build(field.lake)
    table = con.sql("select * from mart_review_pair").to_arrow_table().to_pylist()
    assert len({row["review_pair_id"] for row in table}) == len(table)
    assert con.execute("select count(*) from mart_conservation where difference_fen <> 0").fetchall() == [(0,)]
    found: dict[str, dict[tuple[int, int], dict[str, Any]]] = {name: {} for name in CASES}
    for row in table:
        name = next(name for name, county in counties.items() if row["key_a"] // 1000 * 1000 == county._base)
        found[name][row["key_a"] - counties[name]._base, row["key_b"] - counties[name]._base] = row
    return found


@pytest.mark.parametrize("name", CASES)
def test_who_is_to_be_judged(name: str) -> None:
    told = {pair: (row["subject"], row["kind"], row["state"]) for pair, row in rows()[name].items()}
    assert told == CASES[name][1]


def test_both_sides_are_shown() -> None:
    row = rows()["near_names"][1, 11]
    assert (row["register_rows_a"], row["roll_rows_a"], row["bank_rows_a"]) == (1, 2, 1)
    assert (row["register_rows_b"], row["roll_rows_b"], row["bank_rows_b"]) == (0, 0, 1)
    assert (row["credited_a_fen"], row["credited_b_fen"], row["amount_fen"]) == (FEN, FEN, 2 * FEN)
    assert (row["source_a"], row["source_b"]) == ("beneficiary_registers", "bank_batches")
    assert row["division"] is not None and row["division_name"] is not None


def test_the_verdict_is_shown_with_who_and_when() -> None:
    row = rows()["the_last_verdict_holds"][1, 11]
    assert (row["verdict"], row["reviewer"], row["decided_at"]) == ("unsure", "甲", LATER)
