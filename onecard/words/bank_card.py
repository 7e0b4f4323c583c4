"""Bank card numbers: length, issuer prefix and Luhn check; a number that fails the check is a warning, not a verdict."""

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.number_writing import Fault, digits_fault, ungrouped, unguarded
from onecard.words.reference_data import seed_rows
from onecard.words.text_arrays import as_array, byte_matrix, map_odd, named_codes, valid_mask

STATUSES = ("ok", "luhn", "length", "bin")
# ISO/IEC 7812-1: how long cards are; those of an agent bank have one length. A passbook account may be of any length and is no card.
WIDTHS = range(16, 20)


def normalise_card(text: str) -> str:
    """The number alone (see `bare_number`), without the hyphens that group its digits."""
    return ungrouped(text)


def card_fault(text: str) -> Fault | None:
    """What stands with the digits of a normalised number; None when nothing does."""
    return digits_fault(text, lambda number: number.isascii() and number.isdigit())


def luhn_ok(number: str) -> bool:
    """Luhn check (ISO/IEC 7812-1, annex B) of a text of digits."""
    total = 0
    for index, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@cache
def bins() -> dict[str, int]:
    """Issuer prefixes of the agent banks, and how many digits a card with each has."""
    return {prefix: int(row["card_length"]) for row in seed_rows("agent_banks") for prefix in row["bin_prefixes"].split("|") if prefix}


def card_status(text: str) -> str:
    """`ok`, or the first thing wrong: `length` (no card's, or not of its bank's cards), `bin` (no agent bank's), `luhn`."""
    if not (text.isascii() and text.isdigit() and len(text) in WIDTHS):
        return "length"
    lengths = [length for prefix, length in bins().items() if text.startswith(prefix)]
    if not lengths:
        return "bin"
    if len(text) not in lengths:
        return "length"
    return "ok" if luhn_ok(text) else "luhn"


def normalise_card_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`normalise_card` of each; texts of plain digits are left alone."""
    texts = unguarded(as_array(texts))
    plain = pc.fill_null(pc.match_substring_regex(texts, r"^[0-9]*$"), True)
    return map_odd(texts, texts, plain.to_numpy(zero_copy_only=False), normalise_card)


def card_status_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`card_status` of each, computed on bytes; null stays null."""
    texts = as_array(texts)
    codes = np.where(valid_mask(texts), STATUSES.index("length"), -1).astype(np.int8)
    for width in WIDTHS:
        matrix, mask = byte_matrix(texts, width)
        if len(matrix):
            codes[mask] = _status_codes(matrix)
    return named_codes(codes, STATUSES)


def _status_codes(matrix: np.ndarray) -> np.ndarray:
    """Index into STATUSES for rows of as many bytes as a card has digits."""
    digits = matrix - np.uint8(ord("0"))
    plain = (digits <= 9).all(axis=1)
    total = np.zeros(len(matrix), np.int16)
    for place in range(digits.shape[1]):
        value = digits[:, -1 - place]
        total += np.where(value > 4, value * 2 - 9, value * 2) if place % 2 else value
    issued, fits = np.zeros(len(matrix), bool), np.zeros(len(matrix), bool)
    for prefix, length in bins().items():
        begins = (matrix[:, : len(prefix)] == np.frombuffer(prefix.encode(), np.uint8)).all(axis=1)
        issued |= begins
        fits |= begins & (length == matrix.shape[1])
    wrong = [STATUSES.index(status) for status in ("length", "bin", "length", "luhn")]
    return np.select([~plain, ~issued, ~fits, total % 10 != 0], wrong, STATUSES.index("ok")).astype(np.int8)
