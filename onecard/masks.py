"""What may be shown of a person: 张*, 6201**********1234, the last four digits of a card; free text starred but for trade words."""

import re
import unicodedata

_INSTITUTION = re.compile(
    r"(银行|信用社|信用联社|合作联社|财政|民政|中心|支行|公司|医院|学校|敬老院|福利院|委员会|人民政府|办公室|专户|局$|站$)"
)
_DIGITS = re.compile(r"\d+")


def mask_name(name: str) -> str:
    """First character, the rest starred: 张*, 欧**. A single character is starred whole."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + "*" * (len(name) - 1)


def mask_id(number: str) -> str:
    """First and last four, what is between starred; short numbers are starred whole."""
    if len(number) < 12:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def mask_card(number: str) -> str:
    """Last four digits."""
    return "*" + number[-4:] if len(number) > 8 else "*" * len(number)


def looks_like_institution(name: str) -> bool:
    """Whether a payee's name is an office's or a bank's, which may be shown in clear."""
    return len(name) >= 4 and _INSTITUTION.search(name) is not None


def scrub(text: str, vocabulary: tuple[str, ...]) -> str:
    """Free text in which only words of the trade and numbers of at most six digits survive; runs of the rest become one *.

    Memos and remarks can hold a name or a card number; nothing is kept that is not known to be harmless.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split())
    kept: list[str] = []
    at = 0
    while at < len(clean):
        word = next((word for word in vocabulary if clean.startswith(word, at)), None)
        number = _DIGITS.match(clean, at)
        if word is not None:
            kept.append(word)
            at += len(word)
        elif number is not None:
            kept.append(number[0] if len(number[0]) <= 6 else "*")
            at = number.end()
        else:
            if not kept or kept[-1] != "*":
                kept.append("*")
            at += 1
    return "".join(kept)
