"""Help pages wrapped by the width that characters take on a terminal: a Chinese one takes two cells, lines break between any."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import click
from rich.cells import cell_len

# A word of letters, one wide character with the punctuation that may not end or begin a line, or white space.
_PIECES = re.compile(r"[（〔《【]*[⺀-￯][、。，；：！？）〕】》”’…]*|[^\s⺀-￯]+[、。，；：！？）〕】》”’…]*|\s+")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells (a longer word stands alone); its own line breaks stay."""
    return [line for paragraph in text.splitlines() or [""] for line in _lines(paragraph, width)]


def _lines(paragraph: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECES.findall(paragraph):
        if line.strip() and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


class HelpFormatter(click.HelpFormatter):
    """click's formatter for text whose characters are not all of one width."""

    def write_text(self, text: str) -> None:
        for line in wrapped(text, self.width - self.current_indent):
            self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]] | Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms and what they mean: beside each other, below each other where a term is wide."""
        rows = list(rows)
        first = min(max((cell_len(term) for term, _ in rows), default=0), col_max) + col_spacing
        for term, meaning in rows:
            lines = wrapped(meaning, max(self.width - self.current_indent - first, 10))
            beside = cell_len(term) <= first - col_spacing
            self.write(f"{'':>{self.current_indent}}{term}" + (" " * (first - cell_len(term)) + lines.pop(0) if beside else "") + "\n")
            for line in lines:
                self.write(f"{'':>{self.current_indent + first}}{line}\n")
