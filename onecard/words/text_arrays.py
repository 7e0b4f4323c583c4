"""Helpers for columns of text: a Python function over distinct values only, and the bytes of text as numpy arrays."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Rows worked on at a time: few enough that the temporary arrays stay in the processor's cache.
BLOCK = 1 << 15


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


def map_odd(texts: pa.Array, answers: pa.Array, done: np.ndarray, function: Callable[[str], object]) -> pa.Array:
    """`answers` where `done`, else `function` of the text, called once per distinct value; null stays null."""
    if done.all():
        return answers
    odd = pa.array(~done)
    return pc.replace_with_mask(answers, odd, map_distinct(texts.filter(odd), function, answers.type))


def valid_mask(texts: pa.Array) -> np.ndarray:
    """True where a text is not null."""
    if texts.null_count == 0:
        return np.ones(len(texts), bool)
    return texts.is_valid().to_numpy(zero_copy_only=False)


def byte_blocks(texts: pa.Array) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Blocks of rows as (rows, first byte of each, end of each) into `text_bytes`."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, texts.offset * 4) if len(texts) else np.zeros(1, np.int32)
    for start in range(0, len(texts), BLOCK):
        edges = offsets[start : start + BLOCK + 1].astype(np.int64)
        yield slice(start, start + len(edges) - 1), edges[:-1], edges[1:]


def text_bytes(texts: pa.Array) -> np.ndarray:
    """All bytes of the column's texts; one zero when there are none, so that an index never fails."""
    data = texts.buffers()[2]
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)


def byte_matrix(texts: pa.Array, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of exactly `width` bytes as a (n, width) uint8 matrix, and the mask of those rows among all."""
    fits = pc.fill_null(pc.equal(pc.binary_length(texts), width), False)
    mask = fits.to_numpy(zero_copy_only=False)
    if not mask.any():
        return np.zeros((0, width), np.uint8), mask
    chosen = texts if mask.all() else texts.filter(fits)
    # Cast to fixed width gives one contiguous buffer whatever the slice offsets were.
    flat = pc.cast(chosen, pa.binary(width))
    buffer = np.frombuffer(flat.buffers()[1], np.uint8, count=len(chosen) * width, offset=flat.offset * width)
    return buffer.reshape(-1, width), mask


def matrix_texts(matrix: np.ndarray) -> pa.Array:
    """Rows of ASCII bytes as a string array."""
    count, width = matrix.shape
    flat = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, pa.py_buffer(np.ascontiguousarray(matrix))])
    return flat.cast(pa.binary()).cast(pa.string())


def named_codes(codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    """The name of each code; a negative code is null."""
    indices = pa.array(codes, pa.int8(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names)).dictionary_decode()
