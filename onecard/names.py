"""Comparing two Chinese names that stand for one person: a grade and its reason, from one function per kind of evidence."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jellyfish
from pypinyin import Style, pinyin

from onecard.look_alikes import look_alike

MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧․.・･∙⋅⸱∘◦●。", "·"))
# What banks and registers write for a character they cannot: also any private-use code.
PLACEHOLDERS = frozenset("?*□■�〓")
# One two-byte character that a system could not write leaves one placeholder, or one for each byte.
PLACEHOLDER_WIDTHS = (1, 2)
# Bank cores cut names at a field length; a minority name is longer than that. A shorter stump could be anybody's.
SHORTEST_CUT = 4
# Longer texts are no names; reading them as such would only cost time.
LONGEST_NAME = 64
# A dropped or added character leaves a name recognisable from this length of the longer one.
SHORTEST_SLIP = 3


@dataclass(frozen=True)
class NameComparison:
    """`grade` is same, variant, near or different; the reasons are fixed phrases and hold nothing of either name."""

    grade: str
    reason_zh: str
    reason_en: str


SAME = NameComparison("same", "一致", "equal")
VARIANT_SPACING = NameComparison("variant", "空格、全半角或间隔号不同", "spaces, width or middle dots differ")
VARIANT_SCRIPT = NameComparison("variant", "繁简体或间隔号不同", "traditional characters or dots differ")
VARIANT_RARE = NameComparison("variant", "生僻字以拼音或占位符书写", "rare character in pinyin or as a placeholder")
VARIANT_CUT = NameComparison("variant", "长姓名被截断", "long name cut at the field length")
NEAR_MASKED = NameComparison("near", "过半字符为占位符，无法核对", "mostly placeholders, cannot be told")
NEAR_HOMOPHONE = NameComparison("near", "一字同音", "one homophone")
NEAR_LOOK_ALIKE = NameComparison("near", "一字形近", "one look-alike character")
NEAR_SWAPPED = NameComparison("near", "相邻两字颠倒", "two neighbouring characters swapped")
NEAR_DROPPED = NameComparison("near", "多一字或少一字", "one character more or less")
DIFFERENT = NameComparison("different", "姓名不同", "different names")


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character: names are no phrases, and the package's converter is slow for one name."""
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split() for line in table.splitlines())
    return {ord(pair[0]): pair[1] for pair in pairs if len(pair) > 1 and len(pair[0]) == 1}


def tidy(name: str) -> str:
    """NFKC, spaces out, middle dots as one, capital letters."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).translate(MIDDLE_DOTS)
    return folded.strip("·").upper()


def normalise_name(name: str) -> str:
    """`tidy`, then traditional characters simplified and dots dropped: equal results are one name written two ways."""
    return tidy(name).translate(_simplified()).replace("·", "")


@cache
def readings(character: str) -> frozenset[str]:
    """Pinyin syllables of a character without tones (ü as v); every reading of a polyphone, the character itself if it has none."""
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


@cache
def _spellings(character: str) -> tuple[str, ...]:
    """Readings in capital letters as clerks type them: 吕 is LV, LYU or LU."""
    plain = {reading.upper() for reading in readings(character) if reading.isascii() and reading != character}
    return tuple(sorted(plain | {reading.replace("V", other) for reading in plain for other in ("YU", "U")}, key=len, reverse=True))


def is_placeholder(character: str) -> bool:
    """Whether a character only says that the right one could not be written."""
    return character in PLACEHOLDERS or unicodedata.category(character) == "Co"


def homophones(a: str, b: str) -> bool:
    """Two characters that share a reading (tones aside)."""
    return not readings(a).isdisjoint(readings(b))


def _clear_characters(written: str, full: str) -> int | None:
    """How many characters of `full` stand in `written` as they are when placeholders or pinyin stand for the others.

    None if `written` cannot be read so.
    """

    @cache
    def clear_from(at: int, index: int) -> int | None:
        if at == len(written) or index == len(full):
            return 0 if at == len(written) and index == len(full) else None
        if written[at] == full[index]:
            rest = clear_from(at + 1, index + 1)
            return None if rest is None else rest + 1
        if is_placeholder(written[at]):
            steps = [width for width in PLACEHOLDER_WIDTHS if _all_placeholders(written[at : at + width], width)]
        else:
            steps = [len(way) for way in _spellings(full[index]) if written.startswith(way, at)]
        return max((rest for step in steps if (rest := clear_from(at + step, index + 1)) is not None), default=None)

    return clear_from(0, 0) if max(len(written), len(full)) <= LONGEST_NAME else None


def _all_placeholders(text: str, width: int) -> bool:
    return len(text) == width and all(map(is_placeholder, text))


def rare_character(a: str, b: str) -> NameComparison | None:
    """The names agree but for characters that one side writes as placeholders or in pinyin; at least one must be clear."""
    found = [(clear, len(full)) for written, full in ((a, b), (b, a)) if (clear := _clear_characters(written, full))]
    if not found:
        return None
    clear, length = max(found)
    return VARIANT_RARE if clear * 2 >= length else NEAR_MASKED


def cut_at_field_length(a: str, b: str) -> NameComparison | None:
    """The shorter is the beginning of the longer and long enough to be a name cut by a bank's field."""
    short, long = sorted((a, b), key=len)
    return VARIANT_CUT if len(short) >= SHORTEST_CUT and len(long) > len(short) and long.startswith(short) else None


def one_other_character(a: str, b: str) -> NameComparison | None:
    """Exactly one character differs, and it sounds or looks like its counterpart."""
    if len(a) != len(b) or len(a) < 2:
        return None
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(pairs) != 1:
        return None
    if homophones(*pairs[0]):
        return NEAR_HOMOPHONE
    return NEAR_LOOK_ALIKE if look_alike(*pairs[0]) else None


def one_slip(a: str, b: str) -> NameComparison | None:
    """One keystroke's slip: a character dropped or added, or two neighbours swapped, in a name of three or more."""
    if min(len(a), len(b)) < 2 or max(len(a), len(b)) < SHORTEST_SLIP or jellyfish.damerau_levenshtein_distance(a, b) != 1:
        return None
    if len(a) != len(b):
        return NEAR_DROPPED
    return NEAR_SWAPPED if sorted(a) == sorted(b) else None


# Evidence on normalised names that differ, strongest first; the first that speaks decides. Each is symmetric.
EVIDENCE: tuple[Callable[[str, str], NameComparison | None], ...] = (rare_character, cut_at_field_length, one_other_character, one_slip)


def compare_names(a: str, b: str) -> NameComparison:
    """Grade two names written for one ID or one card; symmetric.

    same: the same text. variant: one name in two spellings (spaces, dots, traditional, rare character, cut).
    near: one homophone, look-alike, swap or dropped character. different: all else.
    """
    if a == b:
        return SAME
    if tidy(a) == tidy(b):
        return VARIANT_SPACING
    left, right = normalise_name(a), normalise_name(b)
    if left == right:
        return VARIANT_SCRIPT
    return next((found for evidence in EVIDENCE if (found := evidence(left, right)) is not None), DIFFERENT)
