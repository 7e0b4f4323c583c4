"""Several numbers in one cell: a voucher that pays two batches names both (B1、B2), each as written alone, in their order."""

import re

import pyarrow as pa

from onecard.words.number_writing import Fault, are_letters_and_digits, bare_number, identifier_fault, unguarded, unwrapped
from onecard.words.text_arrays import as_array, map_odd

SEPARATOR = "、"
# What stands between numbers and is part of none.
_BETWEEN = re.compile(r"[、,，;；|｜\n\r]+")
# What may be part of a number, too: only numbers alike are two.
_PERHAPS_BETWEEN = re.compile(r"[/／+＋\s]+")
# 20,180,301 is one number that a spreadsheet has grouped.
_GROUPED = re.compile(r"[0-9]{1,3}([,，][0-9]{3})+")
_DIGIT = re.compile(r"[0-9]")
_LONG_ENOUGH = 6


def bare_numbers(text: str) -> list[str]:
    """The numbers of a cell, each bare and once, in the order written; one number is a list of one."""
    whole = bare_number(text)
    numbers = [bare_number(number) for part in _BETWEEN.split(unwrapped(text.strip())) for number in _alike(part)]
    # A sign with a number on one side only is no list: what is missing is not known.
    return [whole] if _GROUPED.fullmatch(whole) or not all(numbers) else list(dict.fromkeys(numbers))


def one_list(text: str) -> str:
    """`bare_numbers` with one sign between them."""
    return SEPARATOR.join(bare_numbers(text))


def one_list_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`one_list` of each; a column of letters and digits alone is left as it is."""
    texts = unguarded(as_array(texts))
    plain = are_letters_and_digits(texts).fill_null(True).to_numpy(zero_copy_only=False)
    return map_odd(texts, texts, plain, one_list)


def list_fault(text: str) -> Fault | None:
    """The first fault of a number in a list (see `identifier_fault`)."""
    return next((fault for number in text.split(SEPARATOR) if (fault := identifier_fault(number))), None)


def _alike(text: str) -> list[str]:
    """Parts between slashes or spaces when they are plainly numbers of one kind: B1/B2, 20180301 20180302; 2018/03 is one."""
    parts = [part for part in _PERHAPS_BETWEEN.split(text.strip()) if part]
    shapes = {_DIGIT.sub("9", bare_number(part)) for part in parts}
    one_kind = len(parts) > 1 and len(shapes) == 1 and "9" in (shape := min(shapes)) and (shape[0] != "9" or len(shape) >= _LONG_ENOUGH)
    return parts if one_kind else [text]
