"""Pairs of identity numbers that one slip of a clerk's hand tells apart, and all such pairs among many, by wildcards."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.words.national_id import check_digits_of, fits_check, id_status_array, is_placeholder_id, to_18, to_18_array
from onecard.words.text_arrays import as_array, byte_matrix

# one_digit: one place differs (one of the two then fails its check). swapped: two neighbouring digits (so, too). length: one digit
# dropped or added. recomputed: one of the first 17 digits differs and both checks fit, as when somebody worked the check out anew.
KINDS = ("one_digit", "swapped", "length", "recomputed")
_LENGTH = 18
_SHORTEST, _LONGEST = 14, 19
# A last X counts ten; places so hold one of eleven values, and 18 of them fit 64 bits.
_X, _BASE = 10, 11


def id_slip(a: str, b: str) -> str | None:
    """One of KINDS when one slip makes one normalised number of the other; None for equal numbers, texts that are none, and all else.

    Symmetric. A number of 15 digits counts as its 18-digit form. One of the two has 18 digits, or the slip cannot be told.
    """
    if not (_is_number(a) and _is_number(b)):
        return None
    a, b = to_18(a), to_18(b)
    if a == b:
        return None
    if len(a) == len(b) == _LENGTH:
        return _same_length(a, b)
    full, odd = (a, b) if len(a) == _LENGTH else (b, a)
    if len(full) != _LENGTH:
        return None
    return "length" if any(_one_dropped(*sorted((form, odd), key=len)) for form in _forms(full)) else None


def _is_number(text: str) -> bool:
    """Digits with at most a last X, about as long as a number, and no stand-in such as 999999999999999999."""
    digits = text.removesuffix("X")
    return _SHORTEST <= len(text) <= _LONGEST and digits.isascii() and digits.isdigit() and not is_placeholder_id(text)


def _forms(id18: str) -> tuple[str, ...]:
    """The number, and its old form of 15 digits when it is of the last century."""
    return (id18, id18[:6] + id18[8:17]) if id18[6:8] == "19" else (id18,)


def _same_length(a: str, b: str) -> str | None:
    places = [place for place in range(_LENGTH) if a[place] != b[place]]
    first, last = places[0], places[-1]
    if len(places) == 1:
        return "one_digit"
    if len(places) != 2:
        return None
    if last == first + 1 and a[first] == b[last] and a[last] == b[first]:
        return "swapped"
    return "recomputed" if last == _LENGTH - 1 and fits_check(a) and fits_check(b) else None


def _one_dropped(short: str, long: str) -> bool:
    if len(long) != len(short) + 1:
        return False
    at = next((place for place in range(len(short)) if short[place] != long[place]), len(short))
    return short[at:] == long[at + 1 :]


def neighbour_pairs(ids: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """Indices (left < right, each pair once, in order) of all pairs for which `id_slip` finds a kind.

    Numbers should be distinct. Time grows with their count: for each of the 18 places all numbers are sorted with that place left
    open, which brings together every pair that differs there and no other; at most eleven numbers share such a form.
    """
    texts = as_array(ids)
    real = pc.invert(pc.fill_null(pc.equal(id_status_array(texts), "placeholder"), True))
    texts = to_18_array(pc.if_else(real, texts, pa.scalar(None, pa.string())))
    full, where = _numbers(texts, _LENGTH)
    wrong = check_digits_of(full[:, :17]) != full[:, 17]
    fitting = np.flatnonzero(~wrong)
    pairs = [*_one_place(full, wrong), *_swapped(full, wrong)]
    pairs += [(fitting[left], fitting[right]) for left, right in _recomputed(full[fitting])]
    values = _packed(full)
    # An old number and its new form are one number, not two that lie close.
    found = [
        (where[left[apart]], where[right[apart]]) for left, right in pairs if len(apart := np.flatnonzero(values[left] != values[right]))
    ]
    found += _other_length(texts, full, where)
    return _each_once(found, len(texts))


Pairs = Iterator[tuple[np.ndarray, np.ndarray]]


def _numbers(texts: pa.Array, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of one length as rows of digits (10 for a last X), and where they stand."""
    matrix, mask = byte_matrix(texts, width)
    digits = matrix - np.uint8(ord("0"))
    digits[matrix[:, -1] == ord("X"), -1] = _X
    good = (digits[:, :-1] <= 9).all(axis=1) & (digits[:, -1] <= _X)
    # A colon, which follows the nine, is no X.
    good &= matrix[:, -1] != ord("9") + 1
    return digits[good], np.flatnonzero(mask)[good]


def _packed(digits: np.ndarray) -> np.ndarray:
    """Rows of up to 18 digits as one integer each."""
    value = np.zeros(len(digits), np.int64)
    for place in range(digits.shape[1]):
        value = value * _BASE + digits[:, place]
    return value


def _weight(place: int, width: int = _LENGTH) -> int:
    """What one unit of a place adds to the packed number."""
    return _BASE ** (width - 1 - place)


def _one_place(full: np.ndarray, wrong: np.ndarray) -> Pairs:
    """Numbers that are equal with one place left open. The check tells one digit off, so one of them fails it."""
    values = _packed(full)
    for place in range(_LENGTH):
        yield from _among(values - full[:, place].astype(np.int64) * _weight(place), wrong)


def _swapped(full: np.ndarray, wrong: np.ndarray) -> Pairs:
    """Numbers that are equal with two neighbouring digits put in order; again one of them fails its check."""
    values = _packed(full)
    for place in range(_LENGTH - 1):
        a, b = full[:, place].astype(np.int64), full[:, place + 1].astype(np.int64)
        ordered = values + np.maximum(a - b, 0) * (_weight(place + 1) - _weight(place))
        movable = np.flatnonzero((a != b) & (b != _X))
        for left, right in _among(ordered[movable], wrong[movable]):
            yield movable[left], movable[right]


def _recomputed(full: np.ndarray) -> Pairs:
    """Numbers, all fitting their check, whose first 17 digits are equal with one place left open."""
    values = _packed(full[:, :17])
    for place in range(_LENGTH - 1):
        yield from _equal_pairs(values - full[:, place].astype(np.int64) * _weight(place, 17))


def _among(keys: np.ndarray, wrong: np.ndarray) -> Pairs:
    """Pairs of equal keys; only groups that hold one of the (few) wrong numbers are looked at."""
    few = np.sort(keys[wrong])
    if len(few):
        near = np.searchsorted(few, keys)
        near[near == len(few)] = 0
        rows = np.flatnonzero(few[near] == keys)
        for left, right in _equal_pairs(keys[rows]):
            yield rows[left], rows[right]


def _equal_pairs(keys: np.ndarray) -> Pairs:
    """Index pairs of all equal keys."""
    order = np.argsort(keys)
    ordered = keys[order]
    for step in range(1, len(keys)):
        same = ordered[step:] == ordered[:-step]
        if not same.any():
            break
        yield order[:-step][same], order[step:][same]


def _other_length(texts: pa.Array, full: np.ndarray, where: np.ndarray) -> Pairs:
    """Numbers of 18 digits, or their old forms of 15, against the few that have a digit too many or too few."""
    last_century = np.flatnonzero((full[:, 6] == 1) & (full[:, 7] == 9))
    old = np.delete(full[last_century], (6, 7, 17), axis=1)
    for whole, places in ((full, where), (old, where[last_century])):
        width = whole.shape[1]
        short, short_at = _numbers(texts, width - 1)
        long, long_at = _numbers(texts, width + 1)
        if len(short):
            keys = _packed(short)
            for place in range(width):
                left, right = _lookup(_packed(np.delete(whole, place, axis=1)), keys)
                yield places[left], short_at[right]
        if len(long):
            values = _packed(whole)
            for place in range(width + 1):
                left, right = _lookup(values, _packed(np.delete(long, place, axis=1)))
                yield places[left], long_at[right]


def _lookup(many: np.ndarray, few: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All index pairs of equal values between two arrays."""
    order = np.argsort(few)
    ordered = few[order]
    first, end = np.searchsorted(ordered, many, "left"), np.searchsorted(ordered, many, "right")
    counts = end - first
    left = np.repeat(np.arange(len(many)), counts)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, order[np.repeat(first, counts) + offset]


def _each_once(pairs: list[tuple[np.ndarray, np.ndarray]], size: int) -> tuple[np.ndarray, np.ndarray]:
    if not pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = (np.concatenate(side).astype(np.int64) for side in zip(*pairs, strict=True))
    codes = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    return codes // size, codes % size
