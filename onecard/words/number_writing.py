"""One number, many ways to write it down: widths, spaces, invisible signs, what spreadsheets put around it, and what they leave of it."""

import re
from collections.abc import Callable
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.name_writing import INVISIBLE
from onecard.words.text_arrays import as_array, map_odd, text_bytes


class Fault(StrEnum):
    """Why a text is no number: a spreadsheet made a figure of it and digits may be lost, or something else stands with it."""

    LOST = "lost"
    WORDS = "words"
    LETTERS = "letters"
    SIGNS = "signs"


# Full-width forms, and the Roman ten that input methods offer for X. Not NFKC: it makes digits of ① and ², which nobody meant as digits.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("Ⅹ"): "X", ord("ⅹ"): "x"}
# What a spreadsheet shows as text because of it: a leading apostrophe, and a formula that is nothing but a text.
_APOSTROPHES = "'`´‘’‛′ʼ"
_FORMULA = re.compile('=["“”](.*)["“”]')
# Without a sign after the E, digits around it may be a number of a batch: 2018E03.
_FIGURE = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+|[0-9]\.[0-9]+E[0-9]+|[0-9]+\.0+", re.IGNORECASE)
_FIGURE_OF_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?E[+-]?[0-9]+|[0-9]+\.0+", re.IGNORECASE)
_HYPHENS = "-‐‑‒–—―−"
_GROUPING = re.compile(f"(?<=[0-9])[{_HYPHENS}](?=[0-9])")
_OPENING = "([{<〔【〖「『《"

_LETTERS_OR_DIGITS = np.zeros(256, bool)
_LETTERS_OR_DIGITS[list(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] = True
_GUARDS = np.zeros(256, bool)
_GUARDS[list(b"'=")] = True
_DIGITS = np.zeros(256, bool)
_DIGITS[list(b"0123456789")] = True
_DIGITS_OR_X = _DIGITS.copy()
_DIGITS_OR_X[ord("X")] = True


def bare_number(text: str) -> str:
    """Half-width, without spaces, invisible signs and the guards of spreadsheets (`="…"`, a leading `'`); digits are never repaired."""
    return unwrapped("".join(INVISIBLE.sub("", text).translate(_HALF_WIDTH).split()))


def unwrapped(text: str) -> str:
    """Without the guards of spreadsheets around it."""
    while True:
        inner = text.lstrip(_APOSTROPHES)
        if formula := _FORMULA.fullmatch(inner):
            inner = formula[1]
        if inner == text:
            return text
        text = inner


def ungrouped(text: str) -> str:
    """`bare_number` without the hyphens that group digits."""
    return _GROUPING.sub("", bare_number(text))


def unguarded(texts: pa.Array) -> pa.Array:
    """Columns without the usual guards, which stand before every number of a file; other texts (and rarer guards) as they are."""
    if not _GUARDS[text_bytes(texts)].any():
        return texts
    return pc.replace_substring_regex(pc.replace_substring_regex(texts, r"^'([0-9A-Za-z]+)$", r"\1"), r'^="([0-9A-Za-z]+)"$', r"\1")


def bare_number_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`bare_number` of each; a column of letters and digits alone is left as it is."""
    texts = unguarded(as_array(texts))
    plain = pc.fill_null(are_letters_and_digits(texts), True)
    return map_odd(texts, texts, plain.to_numpy(zero_copy_only=False), bare_number)


def are_digits(texts: pa.Array) -> pa.Array:
    """Which texts are digits alone; null for null."""
    return _all_are(texts, _DIGITS, r"^[0-9]+$")


def are_ids(texts: pa.Array) -> pa.Array:
    """Which texts are digits alone, but for an X at the end; null for null."""
    return _all_are(texts, _DIGITS_OR_X, r"^[0-9]+X?$")


def are_letters_and_digits(texts: pa.Array) -> pa.Array:
    """Which texts are ASCII letters and digits alone; null for null."""
    return _all_are(texts, _LETTERS_OR_DIGITS, r"^[0-9A-Za-z]+$")


def _all_are(texts: pa.Array, allowed: np.ndarray, pattern: str) -> pa.Array:
    """Hardly any column holds a byte that does not belong, and looking at its bytes costs next to nothing; else each text is looked at."""
    if allowed[text_bytes(texts)].all() and pc.min(pc.binary_length(texts)).as_py():
        return pc.if_else(texts.is_valid(), True, pa.scalar(None, pa.bool_()))
    return pc.match_substring_regex(texts, pattern)


def digits_fault(text: str, stands: Callable[[str], bool]) -> Fault | None:
    """What is wrong with a bare text that should be digits; `stands` says which texts are right in its column."""
    if _FIGURE_OF_DIGITS.fullmatch(text):
        return Fault.LOST
    return None if stands(text) else _beside(text)


def identifier_fault(text: str) -> Fault | None:
    """What is wrong with a bare number that may hold letters and signs (a batch's, a document's): lost digits, or signs at its ends."""
    if _FIGURE.fullmatch(text):
        return Fault.LOST
    first, last = text[:1], text[-1:]
    if (_of_number(first) or first in _OPENING) and _of_number(last):
        return None
    # A remark in brackets behind it is words.
    return Fault.WORDS if _of_number(first) and last in ")]}>〕】〗」』》" else Fault.SIGNS


def _of_number(character: str) -> bool:
    return character.isalpha() or (character.isascii() and character.isdigit())


def _beside(text: str) -> Fault:
    """What stands in a text besides digits."""
    others = [character for character in text if character not in "0123456789X"]
    letters = [character for character in others if character.isalpha()]
    if any(not character.isascii() for character in letters):
        return Fault.WORDS
    return Fault.LETTERS if letters or not others else Fault.SIGNS


def has_digit(text: str) -> bool:
    """Whether a bare text holds any digit: one that does not names no number."""
    return any(character.isdigit() for character in text)
