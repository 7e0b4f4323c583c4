"""What the measure of shape finds: field cases by hand, and strangers among frequent name characters."""

from itertools import combinations

from field_look_alikes import GROUPS, PAIRS
from hypothesis import given
from hypothesis import strategies as st

from onecard.words.look_alikes import LIKE_ENOUGH, likeness, look_alike
from simulation.people import names

GIVEN = (names._OLD_MEN, names._OLD_WOMEN, names._YOUNG_MEN, names._YOUNG_WOMEN)
FREQUENT = sorted(set("".join((names.SURNAMES, *GIVEN))))


def test_most_field_cases_are_found() -> None:
    found = [pair for pair in PAIRS if look_alike(*sorted(pair))]
    assert len(found) / len(PAIRS) >= 0.97


def test_most_strangers_do_not_look_alike() -> None:
    pairs = list(combinations(FREQUENT, 2))
    assert len(pairs) > 20_000
    assert 0.01 < sum(look_alike(a, b) for a, b in pairs) / len(pairs) < 0.05


def test_the_usual_slips_are_found_and_most_sisters_stay_sisters() -> None:
    assert all(look_alike(*pair) for pair in ("未末", "王玉", "候侯", "杨扬", "苟荀", "晴睛", "思恩", "季李"))
    assert not any(look_alike(*pair) for pair in ("英兰", "国军", "强刚", "丽娟", "明亮", "王李", "张孙", "大小"))


def test_groups_are_of_distinct_characters() -> None:
    for group in GROUPS:
        assert len(set(group)) == len(group) >= 2


@given(st.characters(codec="utf-8") | st.sampled_from(FREQUENT), st.sampled_from(FREQUENT))
def test_symmetric_and_never_itself(a: str, b: str) -> None:
    assert look_alike(a, b) == look_alike(b, a)
    assert not look_alike(a, a)
    assert 0 <= likeness(a, b) <= 4
    assert LIKE_ENOUGH > 0.5  # a shared radical alone is no likeness
