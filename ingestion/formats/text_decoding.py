"""Bytes become lines: the encoding nobody declared, every kind of line ending, and an independent count of lines."""

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

LF, CR, NUL, QUOTE = 10, 13, 0, 34
_SPECIAL = np.zeros(256, bool)
_SPECIAL[list(b'\n\r\0"|,;\t')] = True
_ENDINGS = re.compile(rb"\r\n|\n|\r")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_THREE_BYTES = re.compile(rb"[\xe0-\xf4]")
_SOME_RUNS = 1 << 10
_BLOCK = 1 << 20
_SOME_ROWS = 1 << 14


class Lines:
    """A text as UTF-8 (or raw fixed-width) bytes and the start and end of each physical line, endings left out.

    LF, CRLF or a lone CR ends a line; a last line without an ending counts. `undecodable` are lines (from 0) that are no text.
    """

    def __init__(self, content: bytes, undecodable: list[int] | None = None) -> None:
        self.data = np.frombuffer(content, np.uint8)
        # One look at every byte; what follows looks at the few that matter.
        self._places = np.flatnonzero(_SPECIAL[self.data])
        self._kinds = self.data[self._places]
        self.start, self.end = self._split()
        self.undecodable = np.array(undecodable or [], np.int64)

    def _split(self) -> tuple[np.ndarray, np.ndarray]:
        size = len(self.data)
        breaks = self._of(LF)
        returns = self._of(CR)
        if len(returns):
            following = np.where(returns + 1 < size, self.data[np.minimum(returns + 1, size - 1)], 0)
            lone = returns[following != LF]
            breaks = np.sort(np.concatenate([breaks, lone])) if len(lone) else breaks
        start = np.concatenate([[0], breaks + 1])
        end = np.concatenate([breaks, [size]])
        if start[-1] >= size:
            start, end = start[:-1], end[:-1]
        if len(returns):
            ended_by_crlf = (end > start) & (end < size) & (self.data[np.minimum(end, size - 1)] == LF) & (self.data[end - 1] == CR)
            end = end - ended_by_crlf
        return start, end

    def _of(self, byte: int) -> np.ndarray:
        return self._places[self._kinds == byte] if _SPECIAL[byte] else np.flatnonzero(self.data == byte)

    def text(self, index: int) -> str:
        return self.data[self.start[index] : self.end[index]].tobytes().decode("utf-8", "replace")

    def counts(self, byte: int) -> np.ndarray:
        """How often a byte stands in each line."""
        places = self._of(byte)
        if not len(places):
            return np.zeros(len(self.start), np.int64)
        return np.searchsorted(places, self.end) - np.searchsorted(places, self.start)

    def joined(self, keep: np.ndarray) -> np.ndarray:
        """Bytes of the lines of a mask, an ending behind each."""
        chosen = np.flatnonzero(keep)
        if len(chosen) and chosen[-1] - chosen[0] + 1 == len(chosen):
            return np.append(self.data[self.start[chosen[0]] : self.end[chosen[-1]]], np.uint8(LF))
        length = (self.end - self.start)[keep]
        # One more byte than the line itself: its ending, or a line feed put behind a last line that has none.
        source = np.append(self.data, np.uint8(LF))
        edge = np.zeros(len(source) + 1, np.int8)
        edge[self.start[keep]] += 1
        edge[self.end[keep] + 1] -= 1
        taken = source[np.cumsum(edge[:-1], dtype=np.int8).astype(bool)]
        taken[np.cumsum(length + 1) - 1] = LF
        return taken

    def matrix(self, keep: np.ndarray, width: int) -> np.ndarray:
        """Lines of a mask, all of one width, as rows of bytes."""
        start = self.start[keep]
        step = int(start[1] - start[0]) if len(start) > 1 else width
        if len(start) and (np.diff(start) == step).all() and start[0] + len(start) * step <= len(self.data):
            return self.data[start[0] : start[0] + len(start) * step].reshape(-1, step)[:, :width]
        rows = np.empty((len(start), width), np.uint8)
        for at in range(0, len(start), _SOME_ROWS):
            rows[at : at + _SOME_ROWS] = self.data[start[at : at + _SOME_ROWS, None] + np.arange(width)]
        return rows


def encoding_of(data: bytes) -> str:
    """utf-8-sig, utf-16 (marked), utf-16-le, utf-16-be, utf-8 or gb18030, from the mark, the zeros, or the bytes beyond ASCII."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Digits, commas and line feeds have a zero byte on one side in UTF-16, and hardly any on the other.
    zeros = np.frombuffer(data[:4096], np.uint8) == NUL
    odd, even = int(zeros[1::2].sum()), int(zeros[::2].sum())
    if max(odd, even) * 20 > len(zeros) and min(odd, even) * 20 <= max(odd, even):
        return "utf-16-le" if odd > even else "utf-16-be"
    if data.isascii():
        return "utf-8"
    if decodes(data, "utf-8"):
        # A Chinese character has three bytes in UTF-8; what has only two there (Ԫ) is one in GB18030, too (元).
        return "utf-8" if _THREE_BYTES.search(data) else "gb18030"
    runs = [found[0] for found in islice(_HIGH_BYTES.finditer(data), _SOME_RUNS)]
    chinese = sum(1 for run in runs if _THREE_BYTES.search(run) and decodes(run, "utf-8"))
    foreign = sum(1 for run in runs if not decodes(run, "utf-8"))
    return "utf-8" if chinese > foreign else "gb18030"


def decodes(line: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def count_lines(data: bytes, encoding: str) -> int:
    """Physical lines, counted on the raw bytes and by other means than the reader's."""
    raw = data.decode(encoding, "replace").encode("utf-8", "replace") if encoding.startswith("utf-16") else data
    if encoding == "utf-8-sig":
        raw = raw[3:]
    returns = raw.count(b"\r")
    endings = raw.count(b"\n") + returns - (raw.count(b"\r\n") if returns else 0)
    return endings + (0 if not raw or raw[-1:] in (b"\n", b"\r") else 1)


def utf8_lines(data: bytes, encoding: str) -> Lines:
    """Lines as UTF-8; a line that is no text in the file's encoding is marked, its bad bytes replaced."""
    if encoding.startswith("utf-16"):
        return _utf16_lines(data, encoding)
    raw = data[3:] if encoding == "utf-8-sig" else data
    codec = "gb18030" if encoding == "gb18030" else "utf-8"
    try:
        return Lines(raw.decode(codec).encode("utf-8"))
    except UnicodeDecodeError:
        return Lines(*_decoded_in_blocks(raw, codec))


def _decoded_in_blocks(raw: bytes, codec: str) -> tuple[bytes, list[int]]:
    """UTF-8 of the whole, and the numbers (from 0) of lines that are no text; only the blocks they are in are read line by line."""
    parts: list[bytes] = []
    undecodable: list[int] = []
    before = 0
    for block in _blocks(raw):
        try:
            parts.append(block.decode(codec).encode("utf-8"))
        except UnicodeDecodeError:
            lines = _lines_of(block)
            undecodable += [before + index for index, line in enumerate(lines) if not decodes(line, codec)]
            parts.append("".join(line.decode(codec, "replace") + "\n" for line in lines).encode("utf-8"))
        before += count_lines(block, codec)
    return b"".join(parts), undecodable


def _utf16_lines(data: bytes, encoding: str) -> Lines:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    lines = Lines(text.encode("utf-8", "replace"))
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        lines.undecodable = np.array([index for index in range(len(lines.start)) if "\ufffd" in lines.text(index)], np.int64)
    return lines


def _blocks(raw: bytes) -> Iterator[bytes]:
    """The bytes in pieces of about a megabyte that end with a line."""
    at = 0
    while at < len(raw):
        cut = raw.find(b"\n", min(at + _BLOCK, len(raw)))
        upto = len(raw) if cut < 0 else cut + 1
        yield raw[at:upto]
        at = upto


def _lines_of(raw: bytes) -> list[bytes]:
    lines = _ENDINGS.split(raw)
    return lines[:-1] if lines and lines[-1] == b"" else lines
