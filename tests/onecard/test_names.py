"""Names: graded so that a spelling never becomes an accusation and a stranger never passes for the beneficiary."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.words import names
from onecard.words.names import LONGEST_NAME, PHRASES, NameComparison, at_place, compare_names, compare_pairs
from onecard.words.pinyin import as_spoken, homophones, near_homophones

FIELD_CASES = [
    ("王秀英", "王秀英", "same"),
    ("王秀英", "王 秀 英", "variant"),
    ("王秀英", "王秀英　", "variant"),
    ("王秀英", "王秀英\u00a0", "variant"),
    ("張偉", "张伟", "variant"),
    ("劉國強", "刘国强", "variant"),
    ("马·哈三", "马•哈三", "variant"),
    ("马·哈三", "马哈三", "variant"),
    ("马.哈三", "马・哈三", "variant"),
    ("阿卜杜拉·买买提明", "阿卜杜拉·买", "variant"),
    ("李䶮", "李?", "variant"),
    ("李䶮", "李？", "variant"),
    ("李䶮", "李??", "variant"),  # one for each byte
    ("李䶮", "李\ue863", "variant"),  # a private-use code
    ("李䶮", "李YAN", "variant"),
    ("李䶮明", "李yan明", "variant"),
    ("吕布", "LV布", "variant"),
    ("吕布", "LYU布", "variant"),
    ("王□英", "王秀英", "variant"),
    ("王＊＊", "王秀英", "near"),  # masked by the bank: cannot be told
    ("张伟", "张玮", "near"),
    ("张伟", "章伟", "near"),
    ("单雄", "善雄", "near"),  # 单 read shàn
    ("曾国", "层国", "near"),  # 曾 read céng
    ("张未", "张末", "near"),
    ("王小明", "王明", "near"),
    ("王小明", "小明", "near"),
    ("王明小", "王小明", "near"),
    ("张伟", "张伟国", "near"),
    ("张伟", "王芳", "different"),
    ("李强", "李刚", "different"),
    ("张伟", "章玮", "different"),  # two homophones are two people
    ("伟张", "张伟", "different"),  # a swap in two characters is another surname
    ("王小明", "王晓鸣芳", "different"),
    ("王建国", "王建军", "different"),  # brothers
    ("⻢哈三", "马哈三", "variant"),  # a radical that looks like the character
    ("⾺哈三", "马哈三", "variant"),
    ("呂布", "吕布", "variant"),
    ("吕布", "呂\ufe00布", "variant"),  # a selector of the glyph variant
    ("张\u200b伟", "张伟", "variant"),
    ("\ufeff张伟", "张伟", "variant"),
    ("戸田", "户田", "variant"),
    ("曽国", "曾国", "variant"),
    ("李\ue863", "李䶮", "variant"),  # the private code of GBK for this very character
    ("张心", "张兴", "near"),  # n and ng
    ("刘蓝", "刘南", "near"),  # n and l
    ("赵志", "赵自", "near"),  # zh and z
    ("王东", "王敦", "near"),
    ("穆罕默德", "穆罕莫德", "near"),
    ("阿卜杜拉买买提", "阿不杜拉买卖提", "near"),  # two of seven
    ("阿卜杜拉", "阿不社啦", "different"),
    ("土伟", "士伟", "near"),  # not one character, though Unicode finds them confusable
    ("马秀兰", "马秀英", "different"),
    ("法图麦·马木提", "法图麦·", "variant"),  # the field ended at the dot
    ("哈吉·马木提", "哈吉·马", "variant"),
    ("法图麦·马木提", "法图麦", "near"),  # only what she is called
    ("法图麦马木提", "法图麦", "different"),
    ("哈吉·马木提", "哈吉", "different"),
    ("郭明", "廓明", "near"),  # the one is a part of the other
    ("王秀英", "李秀英", "different"),
    ("张", "王", "different"),
    ("张伟", "张", "different"),
    ("王?", "李?", "different"),
    ("??", "李强", "different"),  # all placeholders prove nothing
    ("LIQIANG", "李强", "different"),  # nor does pinyin alone
    ("李GANG", "李强", "different"),
    ("马哈", "马哈三·穆罕默德", "different"),  # too short a stump
    ("王秀英", "", "different"),
]


@pytest.mark.parametrize(("a", "b", "grade"), FIELD_CASES)
def test_grades(a: str, b: str, grade: str) -> None:
    assert compare_names(a, b).grade == grade
    assert compare_names(b, a).grade == grade


KNOWN_ANSWERS = {answer for answer in vars(names).values() if isinstance(answer, NameComparison)}
KNOWN_ANSWERS |= {at_place(phrase, place) for phrase in PHRASES for place in range(LONGEST_NAME + 1)}
NAME_LIKE = st.text(st.sampled_from("张王章李伟玮芳秀英·?未末 *YAN䶮張一字"), max_size=6) | st.text(max_size=6)


@given(NAME_LIKE, NAME_LIKE)
def test_symmetric_and_silent_about_the_names(a: str, b: str) -> None:
    there, back = compare_names(a, b), compare_names(b, a)
    assert there == back
    assert there in KNOWN_ANSWERS  # fixed phrases cannot hold a name
    assert (there.grade == "same") == (a == b)


@given(st.text(st.sampled_from("张王李赵伟芳秀英强明"), min_size=2, max_size=4), st.sampled_from([" ", "　", "\u00a0", "·"]), st.data())
def test_spaces_and_dots_make_variants_only(name: str, sign: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(name)))
    assert compare_names(name, name[:place] + sign + name[place:]).grade == "variant"


@pytest.mark.parametrize("length", [60, 64, 5000])
def test_garbage_of_any_length_is_compared_in_no_time(length: int) -> None:
    # Without memory of what was tried, 60 question marks are 10^12 readings: this test would not end.
    assert compare_names("?" * length, "王秀" * (length // 3)).grade == "different"
    assert compare_names("?" * length + "甲", "王秀" * (length // 3) + "乙").grade == "different"


def test_homophones_know_every_reading() -> None:
    assert homophones("伟", "玮")
    assert homophones("解", "谢")  # 解 read xiè as a surname
    assert homophones("A", "A")
    assert not homophones("伟", "芳")


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("张伟", "张玮", "第2字同音不同字 second character sounds the same"),
        ("张未红", "张末红", "第2字形近 second character looks alike"),
        ("张兴", "张心", "第2字读音相近 second character sounds similar"),
        ("王小明", "王明", "第2字一方没有 second character stands on one side only"),
        ("王明小", "王小明", "第2字与后一字颠倒 second character swapped with the next"),
        ("李䶮明", "李?明", "第2字以拼音或占位符书写 second character in pinyin or as a placeholder"),
        ("王建国", "李秀英", "姓名不同 different names"),
    ],
)
def test_a_clerk_reads_where_and_why(a: str, b: str, reason: str) -> None:
    found = compare_names(a, b)
    assert f"{found.reason_zh} {found.reason_en}" == reason


def test_reasons_of_one_character_of_a_long_name_stay_few() -> None:
    assert len({at_place(PHRASES[0], place) for place in range(100)}) == 13


def test_sounds_that_the_north_west_does_not_tell_apart() -> None:
    assert near_homophones("兰", "南") and near_homophones("林", "灵") and near_homophones("根", "庚") and near_homophones("东", "敦")
    assert near_homophones("云", "永") and near_homophones("志", "字")
    assert not near_homophones("兰", "朗") and not near_homophones("伟", "芳")
    assert {as_spoken(syllable) for syllable in ("yun", "yong")} == {"yvn"}
    assert as_spoken("yuan") == "yvan"


@given(st.lists(st.tuples(NAME_LIKE | st.none(), NAME_LIKE | st.none()), max_size=12))
def test_a_column_of_pairs_agrees_with_single_pairs(pairs: list[tuple[str | None, str | None]]) -> None:
    left, right = (pa.array([pair[side] for pair in pairs], pa.string()) for side in (0, 1))
    expected = [None if a is None or b is None else vars(compare_names(a, b)) for a, b in pairs]
    empty = {"grade": None, "reason_zh": None, "reason_en": None}
    assert compare_pairs(left, right).to_pylist() == [item or empty for item in expected]


def test_a_column_calls_python_once_per_distinct_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(names, "compare_names", lambda a, b: seen.append((a, b)) or names.DIFFERENT)
    left, right = pa.array(["张伟", "张玮", "王芳", "张伟"] * 500), pa.array(["张玮", "张伟", "王芳", "张玮"] * 500)
    assert set(compare_pairs(left, right)["grade"].to_pylist()) == {"same", "different"}
    assert len(seen) == 1
