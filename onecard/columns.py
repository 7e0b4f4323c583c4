"""Helpers for columns of text: apply a Python function to distinct values only, and look at fixed-width text as a matrix of bytes."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def as_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One contiguous string array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return texts.cast(pa.string()) if texts.type != pa.string() else texts


def map_distinct(texts: pa.Array, function: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """`function` of each text, called once per distinct value; null stays null."""
    coded = texts.dictionary_encode()
    answers = pa.array([function(text) for text in coded.dictionary.to_pylist()], kind)
    return answers.take(coded.indices)


def byte_matrix(texts: pa.Array, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of exactly `width` bytes as a (n, width) uint8 matrix, and the mask of those rows among all."""
    fits = pc.fill_null(pc.equal(pc.binary_length(texts), width), False)
    chosen = texts.filter(fits)
    mask = fits.to_numpy(zero_copy_only=False)
    if len(chosen) == 0:
        return np.zeros((0, width), np.uint8), mask
    # Cast to fixed width gives one contiguous buffer whatever the slice offsets were.
    flat = pc.cast(chosen, pa.binary(width)) if chosen.type != pa.binary(width) else chosen
    buffer = np.frombuffer(flat.buffers()[1], np.uint8, count=len(chosen) * width, offset=flat.offset * width)
    return buffer.reshape(-1, width), mask
