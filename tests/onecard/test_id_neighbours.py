"""Numbers one slip apart: every kind by example, and the search among many against looking at every pair."""

from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.words.id_neighbours import KINDS, id_slip, neighbour_pairs
from onecard.words.national_id import check_digit

ZHANG = "11010519491231002X"


def with_check(first17: str) -> str:
    return first17 + check_digit(first17)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("11010519491231002X", None),
        ("110105194912310021", "one_digit"),  # the check character
        ("11010519491237002X", "one_digit"),  # a day that is none
        ("31010519491231002X", "one_digit"),
        ("11010519941231002X", "swapped"),  # 1949 and 1994
        ("10110519491231002X", "swapped"),
        ("1101051949123102X0", None),  # an X in the middle is a letter
        ("1101051949123100X", "length"),
        ("1101051949123100022X", None),
        ("110105194912310022X", "length"),
        ("11010519491231002", "length"),  # the X was not typed
        ("110105491231002", None),  # the old form is the same number
        ("11010549123102", "length"),  # of the old form
        ("1101054912310022", "length"),
        ("1101054912310", None),
        (with_check("11010519491231003"), "recomputed"),
        (with_check("11010519491231004"), "recomputed"),
        (with_check("11010519591231002"), "recomputed"),
        (with_check("11010519591231004"), None),  # two digits
        ("110105194912310043", None),
        ("无证", None),
        ("", None),
        ("H12345678", None),
    ],
)
def test_kinds(other: str, kind: str | None) -> None:
    assert id_slip(ZHANG, other) == kind
    assert id_slip(other, ZHANG) == kind


def test_stand_ins_are_nobodys_neighbours() -> None:
    assert id_slip("999999999999999999", "999999999999999998") is None
    assert id_slip("000000000000000000", "00000000000000000") is None
    left, right = neighbour_pairs(pa.array(["999999999999999999", "999999999999999998", "99999999999999999"]))
    assert (left.tolist(), right.tolist()) == ([], [])


# Few digits and few free places, so that neighbours abound.
_NUMBER = st.from_regex(r"\A62110[12]19[49][01]123[01]00[1-4]\Z").map(with_check)
_SLIPPED = st.builds(
    lambda number, place, sign, how: {
        "other": number[:place] + sign + number[place + 1 :],
        "drop": number[:place] + number[place + 1 :],
        "add": number[:place] + sign + number[place:],
        "swap": number[:place] + number[place : place + 2][::-1] + number[place + 2 :],
        "old": number[:6] + number[8:17],
        "old drop": (number[:6] + number[8:17])[:place] + (number[:6] + number[8:17])[place + 1 :],
        "old add": (number[:6] + number[8:17])[:place] + "0" + (number[:6] + number[8:17])[place:],
    }[how],
    _NUMBER,
    st.integers(0, 17),
    st.sampled_from("01249X"),
    st.sampled_from(["other", "drop", "add", "swap", "old", "old drop", "old add"]),
)
_ANY = (
    _NUMBER
    | _SLIPPED
    | st.sampled_from(["无证", "1" * 18, "9" * 17, "62110:19491231001", "62110119491231001:", "甲乙丙丁戊己"])
    | st.none()
)


@given(st.lists(_ANY, max_size=40, unique=True))
def test_the_search_finds_what_looking_at_every_pair_finds(numbers: list[str | None]) -> None:
    expected = [
        (a, b) for a, b in combinations(range(len(numbers)), 2) if numbers[a] and numbers[b] and id_slip(numbers[a] or "", numbers[b] or "")
    ]
    left, right = neighbour_pairs(pa.array(numbers, pa.string()))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == expected


@given(_ANY.filter(bool), _ANY.filter(bool))
def test_symmetric(a: str, b: str) -> None:
    assert id_slip(a, b) == id_slip(b, a)
    assert id_slip(a, b) in {None, *KINDS}
