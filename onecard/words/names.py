"""Comparing two Chinese names that stand for one person: a grade and its reason, from one function per kind of evidence."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import jellyfish
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.look_alikes import look_alike
from onecard.words.name_writing import normalise_name, tidy, with_dots
from onecard.words.pinyin import homophones, near_homophones, spellings
from onecard.words.text_arrays import as_array

# What banks and registers write for a character they cannot: also any private-use code.
PLACEHOLDERS = frozenset("?*□■�〓")
# One two-byte character that a system could not write leaves one placeholder, or one for each byte.
PLACEHOLDER_WIDTHS = (1, 2)
# Bank cores cut names at a field length; a minority name is longer than that. A shorter stump could be anybody's.
SHORTEST_CUT = 4
# Of a name in parts only the first, as people are called: from this length.
SHORTEST_FIRST_PART = 3
# Longer texts are no names; reading them as such would only cost time.
LONGEST_NAME = 64
# A dropped or added character leaves a name recognisable from this length of the longer one.
SHORTEST_SLIP = 3
# One character in so many may be another one that sounds or looks like it; two in a short name are two people.
LENGTH_PER_SLIP = 3
# Places that a reason names by number; slips further back are in names of foreign sound, and rare.
NUMBERED_PLACES = 12
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")


@dataclass(frozen=True)
class NameComparison:
    """`grade` is same, variant, near or different; the reasons are fixed phrases that name a place but nothing of either name."""

    grade: str
    reason_zh: str
    reason_en: str


SAME = NameComparison("same", "一致", "equal")
VARIANT_SPACING = NameComparison("variant", "空格、全半角、间隔号或不可见字符不同", "spaces, width, dots or invisible characters differ")
VARIANT_SCRIPT = NameComparison("variant", "繁体、异体字或间隔号不同", "traditional or variant characters, or dots, differ")
VARIANT_RARE = NameComparison("variant", "多个生僻字以拼音或占位符书写", "several rare characters in pinyin or as placeholders")
VARIANT_CUT = NameComparison("variant", "长姓名被截断", "long name cut at the field length")
NEAR_MASKED = NameComparison("near", "过半字符为占位符，无法核对", "mostly placeholders, cannot be compared")
NEAR_FIRST_PART = NameComparison("near", "只写了间隔号前的部分", "only the part before the middle dot is given")
NEAR_SEVERAL = NameComparison("near", "长姓名中数字音近或形近", "long name, several characters sound or look alike")
DIFFERENT = NameComparison("different", "姓名不同", "different names")

# Phrases about one character: (grade, after 第N字, after the Nth character).
_RARE = ("variant", "以拼音或占位符书写", "character in pinyin or as a placeholder")
_HOMOPHONE = ("near", "同音不同字", "character sounds the same")
_LOOK_ALIKE = ("near", "形近", "character looks alike")
_NEAR_HOMOPHONE = ("near", "读音相近", "character sounds similar")
_DROPPED = ("near", "一方没有", "character stands on one side only")
_SWAPPED = ("near", "与后一字颠倒", "character swapped with the next")
PHRASES = (_RARE, _HOMOPHONE, _LOOK_ALIKE, _NEAR_HOMOPHONE, _DROPPED, _SWAPPED)


@cache
def at_place(phrase: tuple[str, str, str], place: int) -> NameComparison:
    """The comparison whose phrase is about the character at `place` (from 0)."""
    grade, chinese, english = phrase
    if place >= NUMBERED_PLACES:
        return NameComparison(grade, f"靠后一字{chinese}", f"a later {english}")
    return NameComparison(grade, f"第{place + 1}字{chinese}", f"{_ORDINALS[place]} {english}")


def is_placeholder(character: str) -> bool:
    """Whether a character only says that the right one could not be written."""
    return character in PLACEHOLDERS or unicodedata.category(character) == "Co"


def _stood_for(written: str, full: str) -> tuple[int, ...] | None:
    """Places of `full` for which placeholders or pinyin stand in `written`, the fewest; None if `written` cannot be read so."""

    @cache
    def from_here(at: int, index: int) -> tuple[int, ...] | None:
        if at == len(written) or index == len(full):
            return () if at == len(written) and index == len(full) else None
        if written[at] == full[index]:
            return from_here(at + 1, index + 1)
        if is_placeholder(written[at]):
            steps = [width for width in PLACEHOLDER_WIDTHS if _all_placeholders(written[at : at + width], width)]
        else:
            steps = [len(way) for way in spellings(full[index]) if written.startswith(way, at)]
        ways = [rest for step in steps if (rest := from_here(at + step, index + 1)) is not None]
        return (index, *min(ways, key=len)) if ways else None

    return from_here(0, 0) if max(len(written), len(full)) <= LONGEST_NAME else None


def _all_placeholders(text: str, width: int) -> bool:
    return len(text) == width and all(map(is_placeholder, text))


def rare_character(a: str, b: str) -> NameComparison | None:
    """The names agree but for characters that one side writes as placeholders or in pinyin; at least one must be clear."""
    read = [(places, len(full)) for written, full in ((a, b), (b, a)) if (places := _stood_for(written, full)) is not None]
    found = [(len(places) * -1, length, places) for places, length in read if len(places) < length]
    if not found:
        return None
    _, length, places = max(found)
    if len(places) * 2 > length:
        return NEAR_MASKED
    return at_place(_RARE, places[0]) if len(places) == 1 else VARIANT_RARE


def cut_at_field_length(a: str, b: str) -> NameComparison | None:
    """The shorter is the beginning of the longer and long enough to be a name cut by a bank's field (a dot fills a place of it)."""
    short, long = sorted((a, b), key=len)
    if len(long) == len(short) or not long.startswith(short):
        return None
    if len(short) >= SHORTEST_CUT:
        return VARIANT_CUT
    return NEAR_FIRST_PART if len(short) >= SHORTEST_FIRST_PART and long[len(short)] == "·" else None


def other_characters(a: str, b: str) -> NameComparison | None:
    """One character (in long names, one of every three) is another one that sounds or looks like its counterpart."""
    if len(a) != len(b) or len(a) < 2:
        return None
    places = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(places) > max(1, len(a) // LENGTH_PER_SLIP):
        return None
    kinds = [_slip_of(a[place], b[place]) for place in places]
    if None in kinds:
        return None
    return at_place(kinds[0], places[0]) if kinds[0] is not None and len(kinds) == 1 else NEAR_SEVERAL


def _slip_of(a: str, b: str) -> tuple[str, str, str] | None:
    if homophones(a, b):
        return _HOMOPHONE
    if look_alike(a, b):
        return _LOOK_ALIKE
    return _NEAR_HOMOPHONE if near_homophones(a, b) else None


def one_slip(a: str, b: str) -> NameComparison | None:
    """One keystroke's slip: a character dropped or added, or two neighbours swapped, in a name of three or more."""
    if min(len(a), len(b)) < 2 or max(len(a), len(b)) < SHORTEST_SLIP or jellyfish.damerau_levenshtein_distance(a, b) != 1:
        return None
    place = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) != len(b):
        return at_place(_DROPPED, place)
    return at_place(_SWAPPED, place) if sorted(a) == sorted(b) else None


# Evidence on normalised names that differ, strongest first; the first that speaks decides. Each is symmetric.
EVIDENCE: tuple[Callable[[str, str], NameComparison | None], ...] = (rare_character, cut_at_field_length, other_characters, one_slip)


def compare_names(a: str, b: str) -> NameComparison:
    """Grade two names written for one ID or one card; symmetric.

    same: the same text. variant: one name in two spellings (spaces, dots, traditional or variant forms, rare character, cut).
    near: one character that sounds or looks alike, a swap, a dropped character. different: all else.
    """
    if a == b:
        return SAME
    if tidy(a) == tidy(b):
        return VARIANT_SPACING
    left, right = normalise_name(a), normalise_name(b)
    if left == right:
        return VARIANT_SCRIPT
    found = next((found for evidence in EVIDENCE if (found := evidence(left, right)) is not None), None)
    return found or cut_at_field_length(with_dots(a), with_dots(b)) or DIFFERENT


def compare_pairs(left: pa.Array | pa.ChunkedArray, right: pa.Array | pa.ChunkedArray) -> pa.Table:
    """`compare_names` of each pair of two columns as columns grade, reason_zh, reason_en; null where a name is.

    Python sees each distinct unordered pair of unequal names once, however many rows hold it.
    """
    a, b = as_array(left), as_array(right)
    known = pc.and_(a.is_valid(), b.is_valid()).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(pc.fill_null(pc.not_equal(a, b), False).to_numpy(zero_copy_only=False))
    # Place 0 stands for equal names.
    found, places = [SAME], np.zeros(len(a), np.int32)
    if len(rows):
        unequal = pa.array(rows)
        coded = pa.concat_arrays([a.take(unequal), b.take(unequal)]).dictionary_encode()
        words, codes = coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)
        one, other = codes[: len(rows)], codes[len(rows) :]
        pairs, back = np.unique(np.minimum(one, other) * len(words) + np.maximum(one, other), return_inverse=True)
        found += [compare_names(words[pair // len(words)], words[pair % len(words)]) for pair in pairs.tolist()]
        places[rows] = back + 1
    taken = pa.array(places, mask=~known)
    return pa.table({name: pa.array([getattr(item, name) for item in found]).take(taken) for name in ("grade", "reason_zh", "reason_en")})
