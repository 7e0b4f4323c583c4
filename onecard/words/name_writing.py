"""One name, many ways to write it down: width, spaces, dots, invisible signs, private codes, radicals, variant and traditional forms."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources

MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧․.・･∙⋅⸱∘◦●。", "·"))
# Joiners, direction marks, selectors of glyph variants: what copies along from web pages and other systems and shows nothing.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
# GBK put 80 characters that Unicode did not have yet at its codes FE50 to FEA0 and, until it had, at these private ones.
_GBK_PRIVATE = range(0xE815, 0xE865)
_GBK_FIRST, _GBK_GAP = 0xFE50, 0xFE7F


def tidy(name: str) -> str:
    """NFKC, spaces and invisible signs out, middle dots as one, capital letters."""
    return _plain(name).strip("·").upper()


def _plain(name: str) -> str:
    return without_noise(name).translate(MIDDLE_DOTS)


def without_noise(text: str) -> str:
    """NFKC, spaces and invisible signs out."""
    return "".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def simplified(text: str) -> str:
    """Every character in its simplified, usual form."""
    return text.translate(_usual_forms())


def normalise_name(name: str) -> str:
    """`tidy`, then every character in its simplified, usual form and dots dropped: equal results are one name written two ways."""
    return with_dots(name).replace("·", "")


def with_dots(name: str) -> str:
    """`normalise_name`, but with the dots between the parts of a name, and one at its end, where a field cut it."""
    return simplified(_plain(name).lstrip("·").upper())


@cache
def _usual_forms() -> dict[int, str]:
    """Character by character: names are no phrases, and OpenCC's own converter is slow for one name."""
    simplified = dict(_opencc("TSCharacters"))
    steps = _private_codes() | _look_the_same() | _regional_forms(simplified)
    # A variant of a traditional character is simplified, too.
    usual = {character: simplified.get(form, form) for character, form in steps.items()}
    return {ord(character): form for character, form in (simplified | usual).items() if character != form}


def _opencc(dictionary: str) -> Iterator[tuple[str, str]]:
    """Single characters and the first single character they stand for, of one of OpenCC's lists."""
    table = resources.files("opencc").joinpath("dictionary", f"{dictionary}.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        parts = line.split()
        if len(parts) > 1 and len(parts[0]) == len(parts[1]) == 1:
            yield parts[0], parts[1]


def _private_codes() -> dict[str, str]:
    """What banks' systems still hold for rare characters: the private codes of GBK, by the codec's word for what they became."""
    found = {}
    for index, private in enumerate(_GBK_PRIVATE):
        code = _GBK_FIRST + index + (_GBK_FIRST + index >= _GBK_GAP)
        character = code.to_bytes(2, "big").decode("gb18030", "replace")
        if len(character) == 1 and unicodedata.category(character) == "Lo":
            found[chr(private)] = character
    return found


def _look_the_same() -> dict[str, str]:
    """Radicals and rare forms that nobody can tell from a usual character (Unicode's confusables).

    Only what is not in GB 2312 becomes what is: 土 and 士 are confusable for Unicode, but are two characters for an office.
    """
    table = json.loads(resources.files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8"))
    found = {}
    for character, others in table.items():
        usual = {other["c"] for other in others if _is_han(other["c"]) and _in_gb2312(other["c"])}
        if len(usual) == 1 and (_is_han(character) or _is_radical(character)) and not _in_gb2312(character):
            found[character] = usual.pop()
    return found


def _regional_forms(simplified: dict[str, str]) -> dict[str, str]:
    """Forms of Taiwan, Hong Kong and Japan: the lists go from the standard traditional form to the regional one."""
    found = {}
    for dictionary in ("TWVariants", "HKVariants", "JPVariants"):
        for standard, regional in _opencc(dictionary):
            if not _in_gb2312(regional) and regional not in simplified:
                found[regional] = standard
    return found


def _is_han(text: str) -> bool:
    return len(text) == 1 and unicodedata.name(text, "").startswith("CJK UNIFIED IDEOGRAPH")


def _is_radical(text: str) -> bool:
    return len(text) == 1 and unicodedata.name(text, "").startswith(("CJK RADICAL", "KANGXI RADICAL"))


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
