"""Bank card numbers: length, issuer prefix and Luhn check; a number that fails the check is a warning, not a verdict."""

import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.columns import as_array, byte_matrix, map_distinct
from onecard.seeds import seed_rows

STATUSES = ("ok", "luhn", "length", "bin")


def normalise_card(text: str) -> str:
    """Half-width digits without spaces or hyphens."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")


def luhn_ok(number: str) -> bool:
    """Luhn check (ISO/IEC 7812-1, annex B) of a text of digits."""
    total = 0
    for index, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@cache
def bins() -> tuple[str, ...]:
    """Issuer prefixes of the agent banks."""
    return tuple(prefix for row in seed_rows("agent_banks") for prefix in row["bin_prefixes"].split("|") if prefix)


def card_status(text: str) -> str:
    """`ok`, or the first thing wrong: `length` (16 to 19 digits), `bin` (no agent bank's), `luhn`."""
    if not (text.isascii() and text.isdigit() and 16 <= len(text) <= 19):
        return "length"
    if not text.startswith(bins()):
        return "bin"
    return "ok" if luhn_ok(text) else "luhn"


def normalise_card_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`normalise_card` of each; texts of plain digits are left alone."""
    texts = as_array(texts)
    plain = pc.fill_null(pc.match_substring_regex(texts, r"^[0-9]*$"), True)
    if pc.all(plain).as_py() is not False:
        return texts
    odd = pc.invert(plain)
    return pc.replace_with_mask(texts, odd, map_distinct(texts.filter(odd), normalise_card, pa.string()))


def card_status_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`card_status` of each; cards of 19 plain digits with a known prefix are checked on bytes."""
    texts = as_array(texts)
    matrix, mask = byte_matrix(texts, 19)
    code = np.full(len(texts), -1, np.int8)
    if len(matrix):
        digits = matrix.astype(np.int16) - ord("0")
        plain = ((digits >= 0) & (digits <= 9)).all(axis=1)
        doubled = digits[:, -2::-2] * 2
        total = digits[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
        issuer = np.zeros(len(matrix), bool)
        for prefix in bins():
            issuer |= (matrix[:, : len(prefix)] == np.frombuffer(prefix.encode(), np.uint8)).all(axis=1)
        code[mask] = np.select([~plain, ~issuer, total % 10 != 0], [2, 3, 1], 0)
    answers = pa.DictionaryArray.from_arrays(pa.array(np.where(code < 0, 0, code), pa.int8()), pa.array(STATUSES)).dictionary_decode()
    rest = pc.or_(pa.array(~mask, pa.bool_()), pc.is_null(texts))
    if not pc.any(rest).as_py():
        return answers
    return pc.replace_with_mask(answers, rest, map_distinct(texts.filter(rest), card_status, pa.string()))
