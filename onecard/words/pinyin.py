"""How Chinese characters sound: every reading, homophones, and readings that the speech of the north-west does not tell apart."""

from functools import cache

from pypinyin import Style, pinyin

# Lanzhou and its neighbours (兰银官话) say n and l, flat and curled tongue alike, and hardly an -n from an -ng after e, i, u, ü;
# a clerk who types what he hears types the other one. Initials first, then finals.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("iong", "vn"), ("ing", "in"), ("eng", "en"), ("ong", "un"))
# Pinyin writes ün as un after these.
_U_WITH_DOTS = ("ju", "qu", "xu", "yu")


@cache
def readings(character: str) -> frozenset[str]:
    """Pinyin syllables of a character without tones (ü as v); every reading of a polyphone, the character itself if it has none."""
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


@cache
def spellings(character: str) -> tuple[str, ...]:
    """Readings in capital letters as clerks type them: 吕 is LV, LYU or LU."""
    plain = {reading.upper() for reading in readings(character) if reading.isascii() and reading != character}
    return tuple(sorted(plain | {reading.replace("V", other) for reading in plain for other in ("YU", "U")}, key=len, reverse=True))


def homophones(a: str, b: str) -> bool:
    """Two characters that share a reading (tones aside)."""
    return not readings(a).isdisjoint(readings(b))


def near_homophones(a: str, b: str) -> bool:
    """Two characters that share a reading for those who speak as in the north-west."""
    return not _spoken(a).isdisjoint(_spoken(b))


@cache
def _spoken(character: str) -> frozenset[str]:
    return frozenset(map(as_spoken, readings(character)))


def as_spoken(syllable: str) -> str:
    """A syllable with the sounds that the north-west does not tell apart as one; equal results are near homophones."""
    if not (syllable.isascii() and syllable.isalpha()):
        return syllable
    if syllable.startswith(_U_WITH_DOTS):
        syllable = syllable[0] + "v" + syllable[2:]
    if syllable == "yong":
        return "yvn"
    for initial, spoken in _INITIALS:
        if syllable.startswith(initial):
            syllable = spoken + syllable[len(initial) :]
            break
    for final, spoken in _FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + spoken
    return "wun" if syllable == "weng" else syllable
