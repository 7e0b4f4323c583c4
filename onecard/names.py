"""Comparing two Chinese names that stand for one person: a grade and its reason, from one function per kind of evidence."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import jellyfish
from opencc import OpenCC
from pypinyin import Style, pinyin

MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧․.・･∙⋅⸱", "·"))
# What banks and registers write for a character they cannot: also any private-use code.
PLACEHOLDERS = frozenset("?*□■�＊？〓")
# Bank cores cut names at a field length; a minority name is longer than that. A shorter stump could be anybody's.
SHORTEST_CUT = 4
# Pairs that typists take for each other by shape (not by sound), both ways.
LOOK_ALIKES = frozenset(
    frozenset(pair)
    for pair in (
        "未末", "己已", "已巳", "己巳", "戊戌", "戌戍", "戊戍", "王玉", "王壬", "土士", "大太", "天夭", "日曰", "干千", "干于",
        "千于", "刘列", "陈阵", "杨扬", "侯候", "史吏", "申甲", "田由", "田甲", "由甲", "白百", "兰三", "令今", "治冶", "洁浩",
        "亨享", "佳住", "风凤", "友支", "拴栓", "淑椒", "候侯", "历厉", "辛幸", "荣茶", "宜宣", "竞竟", "斌赋", "微徽", "崇祟",
        "晴睛", "朋明", "延廷", "贝见", "云去", "元无", "九丸", "力刀", "人入", "八人", "巨臣", "母毋", "鸟乌", "免兔", "万方",
    )
)  # fmt: skip


@dataclass(frozen=True)
class NameComparison:
    """`grade` is same, variant, near or different; the reasons hold no character of either name."""

    grade: str
    reason_zh: str
    reason_en: str


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def tidy(name: str) -> str:
    """NFKC, spaces out, middle dots as one."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).translate(MIDDLE_DOTS)
    return folded.strip("·").upper()


def normalise_name(name: str) -> str:
    """`tidy`, then traditional characters simplified and dots dropped: equal results are one name written two ways."""
    return _simplifier().convert(tidy(name)).replace("·", "")


@cache
def readings(character: str) -> frozenset[str]:
    """Pinyin syllables of a character without tones; every reading of a polyphone, the letter itself for others."""
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def is_placeholder(character: str) -> bool:
    """Whether a character only says that the right one could not be written."""
    return character in PLACEHOLDERS or unicodedata.category(character) == "Co"


def homophones(a: str, b: str) -> bool:
    """Two characters that share a reading (tones aside)."""
    return not readings(a).isdisjoint(readings(b))


def look_alike(a: str, b: str) -> bool:
    """Two characters on the list of shapes that are mistaken for each other."""
    return frozenset((a, b)) in LOOK_ALIKES


def rare_character_written_otherwise(a: str, b: str) -> bool:
    """The names agree but for characters written as a placeholder or in pinyin on one side."""
    return _matches_with_gaps(a, b) or _matches_with_gaps(b, a)


def _matches_with_gaps(written: str, full: str) -> bool:
    """`written` spells `full` when placeholders stand for one character and letters for the pinyin of one; one clear one at least."""
    at = clear = index = 0
    while index < len(full):
        if at >= len(written):
            return False
        character = written[at]
        if character == full[index]:
            clear += 1
            at += 1
        elif is_placeholder(character):
            at += 1
        else:
            spelling = next(
                (reading for reading in readings(full[index]) if reading.isascii() and written.startswith(reading.upper(), at)),
                None,
            )
            if spelling is None:
                return False
            at += len(spelling)
        index += 1
    return at == len(written) and clear > 0 and written != full


def cut_at_field_length(a: str, b: str) -> bool:
    """The shorter is the beginning of the longer and long enough to be a name cut by a bank's field."""
    short, long = sorted((a, b), key=len)
    return len(short) >= SHORTEST_CUT and len(long) > len(short) and long.startswith(short)


def one_slip(a: str, b: str) -> tuple[str, str] | None:
    """(zh, en) of the one typing slip between two names of at least two characters, or None."""
    if min(len(a), len(b)) < 2:
        return None
    distance = jellyfish.damerau_levenshtein_distance(a, b)
    if distance != 1:
        return None
    if len(a) == len(b):
        pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
        if len(pairs) == 2:
            return "两字颠倒", "two characters swapped"
        ((x, y),) = pairs
        if homophones(x, y):
            return "一字同音", "one homophone"
        if look_alike(x, y):
            return "一字形近", "one look-alike character"
        return None
    if max(len(a), len(b)) >= 3 and min(len(a), len(b)) >= 2 and a[0] == b[0]:
        return "多一字或少一字", "one character more or less"
    return None


@cache
def _spelled(name: str) -> str:
    return "".join(min(readings(character)) for character in name)


def compare_names(a: str, b: str) -> NameComparison:
    """Grade two names written for one ID or one card; symmetric.

    same: the same text. variant: one name in two spellings (spaces, dots, traditional, rare character, cut).
    near: one homophone, look-alike, swap or dropped character. different: all else.
    """
    if a == b:
        return NameComparison("same", "一致", "equal")
    left, right = tidy(a), tidy(b)
    if left == right:
        return NameComparison("variant", "空格、全半角或间隔号不同", "spaces, width or middle dots differ")
    left, right = normalise_name(a), normalise_name(b)
    if left == right:
        return NameComparison("variant", "繁简体或间隔号不同", "traditional characters or dots differ")
    if rare_character_written_otherwise(left, right):
        return NameComparison("variant", "生僻字以拼音或占位符书写", "rare character in pinyin or as a placeholder")
    if cut_at_field_length(left, right):
        return NameComparison("variant", "长姓名被截断", "long name cut at the field length")
    slip = one_slip(left, right)
    if slip is not None:
        return NameComparison("near", *slip)
    if len(left) == len(right) and all(homophones(x, y) for x, y in zip(left, right, strict=True)):
        return NameComparison("near", "全部同音", "all characters homophones")
    closeness = jellyfish.jaro_winkler_similarity(_spelled(left), _spelled(right))
    return NameComparison("different", f"姓名不同(拼音相似度 {closeness:.2f})", f"different (pinyin similarity {closeness:.2f})")
