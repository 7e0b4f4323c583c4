"""One spelling for the number of an allocation document, however it was typed: 甘財社[2018] 12号 is 甘财社〔2018〕12号."""

from onecard.words.name_writing import simplified, without_noise

# As in printed documents. Every other kind of bracket that is typed for them, opening and closing; also in macros/money.sql.
OPENING, CLOSING = "〔", "〕"
BRACKETS = dict.fromkeys("[({【〖「『《<", OPENING) | dict.fromkeys("])}】〗」』》>", CLOSING)
_BRACKETS = str.maketrans(BRACKETS)


def one_spelling(text: str) -> str:
    """NFKC, no spaces, simplified characters, 〔〕 for every kind of bracket. What is in one spelling stays as it is."""
    # What is taken away may bring two characters together that NFKC makes one of.
    while (spelled := simplified(without_noise(text)).translate(_BRACKETS)) != text:
        text = spelled
    return text


def plain_spelling(text: str) -> str:
    """The same, characters as they are: for numbers that are simplified already, without loading the dictionaries."""
    while (spelled := without_noise(text).translate(_BRACKETS)) != text:
        text = spelled
    return text
