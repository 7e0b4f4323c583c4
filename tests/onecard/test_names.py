"""Names: graded so that a spelling never becomes an accusation and a stranger never passes for the beneficiary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.names import compare_names


@pytest.mark.parametrize(
    ("a", "b", "grade"),
    [
        ("王秀英", "王秀英", "same"),
        ("王秀英", "王 秀 英", "variant"),
        ("王秀英", "王秀英　", "variant"),
        ("張偉", "张伟", "variant"),
        ("马·哈三", "马•哈三", "variant"),
        ("马·哈三", "马哈三", "variant"),
        ("阿卜杜拉·买买提明", "阿卜杜拉·买", "variant"),
        ("李䶮", "李?", "variant"),
        ("李䶮", "李YAN", "variant"),
        ("王□英", "王秀英", "variant"),
        ("张伟", "张玮", "near"),
        ("单雄", "善雄", "near"),  # 单 read shàn
        ("张未", "张末", "near"),
        ("王小明", "王明", "near"),
        ("王明小", "王小明", "near"),
        ("张伟", "王芳", "different"),
        ("李强", "李刚", "different"),
        ("张伟", "张伟国", "near"),
        ("王?", "李?", "different"),
        ("??", "李强", "different"),  # all placeholders prove nothing
        ("马哈", "马哈三·穆罕默德", "different"),  # too short a stump
    ],
)
def test_grades(a: str, b: str, grade: str) -> None:
    assert compare_names(a, b).grade == grade
    assert compare_names(b, a).grade == grade


@given(
    st.text(st.sampled_from("张王李赵伟玮芳秀英·?未末 "), min_size=1, max_size=6),
    st.text(st.sampled_from("张王李伟玮芳·?末"), min_size=1, max_size=6),
)
def test_symmetric_and_silent_about_the_names(a: str, b: str) -> None:
    there, back = compare_names(a, b), compare_names(b, a)
    assert there.grade == back.grade
    assert not set("张王李赵玮芳秀英") & set(there.reason_zh)
    assert (there.grade == "same") == (a == b)
