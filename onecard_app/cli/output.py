"""How the command line speaks: tables for people in the language they chose, JSON for programs, errors in four lines."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Literal

from rich import console as rich_console
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from onecard.words.errors import OnecardError
from onecard.words.language import Language, Text, Words, in_language
from onecard_app.cli.help_format import wrapped

# Of the JSON that commands print: raised when a key changes its meaning or goes; keys may come without it.
SCHEMA_VERSION = 1
# Cells of a terminal: what a column of text folds to at the least, what heads of numbers are wrapped to, what stands between columns.
FOLDED, NARROW, GAP = 12, 10, 2
LABELS = (
    (Text("何处", "where"), "where"),
    (Text("原因", "why"), "why"),
    (Text("办法", "remedy"), "remedy"),
)


class Console(rich_console.Console):
    """rich's, but whose reader went away is told by the exception that says so, not by an exit code of its own."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Output:
    """Speaks to a person (rich, one language or both) or to a program (one JSON document on standard output)."""

    def __init__(self, as_json: bool, language: Language = "both") -> None:
        self.as_json, self.language = as_json, language
        # A file or a pipe has no width of its own; a terminal's and one that is asked for (COLUMNS) are respected.
        own_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
        self.console = Console(highlight=False, width=None if own_width else 120)
        self.errors = Console(stderr=True, highlight=False)

    def words(self, words: object, between: str = " ") -> str:
        """A text in the reader's language."""
        return in_language(words, self.language, between)

    def result(self, content: dict[str, Any] | list[Any]) -> bool:
        """Print the result as JSON if asked for; returns whether it did, so that a person gets a table instead.

        An object says by which version of the schema it is made; a list is of the same version and has no place to say it.
        """
        if self.as_json:
            told = {"schema_version": SCHEMA_VERSION} | content if isinstance(content, dict) else content
            print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return self.as_json

    def say(self, text: Words, markup: bool = True) -> None:
        """A line for a person; without `markup` it is printed as it is and in one piece, to be copied."""
        if not self.as_json:
            self.console.print(self.words(text), markup=markup, soft_wrap=not markup)

    def fact(self, label: Words, value: object, markup: bool = True) -> None:
        """A line that names a value; the value is said once, in whatever language its name is."""
        self.say(self.labelled(label, value), markup)

    def labelled(self, label: Words, value: object) -> str:
        """A label and its value, with the colon of the language."""
        return f"{self.words(label)}{'：' if self.language == 'zh' else ': '}{self.words(value)}"

    def note(self, text: Words) -> None:
        """A line beside the matter: where to read on, what was left out."""
        self.say(f"[dim]{escape(self.words(text))}[/]")

    def warn(self, text: Words) -> None:
        """A line that must not be overlooked."""
        self.say(f"[yellow]![/] {escape(self.words(text))}")

    def table(
        self,
        title: Words,
        columns: list[Any],
        rows: list[list[Any]],
        numbers: set[int] | None = None,
        codes: set[int] | None = None,
    ) -> None:
        """Print a table; columns whose index is in `numbers` are set right, those in `codes` are never folded, to be copied.

        A terminal that is too narrow folds text. It never cuts a number: where even folding does not help, lines are wider than it is.
        """
        if title:
            self.console.print(f"[bold]{escape(self.words(title))}[/]")
        numbers, whole = numbers or set(), (numbers or set()) | (codes or set())
        cells = [["" if cell is None else self.words(cell) for cell in row] for row in rows]
        heads = [self._head(column, [row[at] for row in cells], at in whole) for at, column in enumerate(columns)]
        natural = [_width([head, *(row[at] for row in cells)]) for at, head in enumerate(heads)]
        least = [wide if at in whole else min(wide, FOLDED) for at, wide in enumerate(natural)]
        needed = sum(least) + GAP * (len(columns) - 1)
        table = Table(header_style="bold", box=None, pad_edge=False, width=needed if needed > self.console.width else None)
        for at, head in enumerate(heads):
            justify: Literal["left", "right"] = "right" if at in numbers else "left"
            table.add_column(head, justify=justify, no_wrap=at in whole, overflow="fold", min_width=least[at])
        for row in cells:
            table.add_row(*map(escape, row))
        self.console.print(table, crop=False)
        self.console.print()

    def _head(self, column: Words, cells: list[str], is_whole: bool) -> str:
        """What stands above a column. Above numbers and codes both languages stand below each other, as narrow as those allow."""
        if not is_whole:
            return self.words(column)
        return "\n".join(wrapped(self.words(column, "\n"), max(_width(cells), NARROW)))

    def error(self, error: OnecardError) -> None:
        """An error: four lines for a person, one object for a program."""
        facts = {"what": error.what, "where": error.where, "why": error.why, "remedy": error.remedy}
        if self.as_json:
            told = {"error": {"code": error.code, "exit_code": error.exit_code} | {name: str(text) for name, text in facts.items()}}
            print(json.dumps({"schema_version": SCHEMA_VERSION} | told | error.answer, ensure_ascii=False, default=str))
            return
        # Names and paths stay whole, to be copied; the terminal folds the line.
        self.errors.print(f"[bold red]✗ {escape(self.words(error.what))}[/]  [dim]{error.code}[/]", soft_wrap=True)
        for label, name in LABELS:
            self.errors.print(f"  [bold]{self.words(label)}[/]  {escape(self.words(facts[name]))}", soft_wrap=True)


def _width(texts: Iterable[str]) -> int:
    """Cells that the longest line of the texts takes."""
    return max((cell_len(line) for text in texts for line in text.splitlines()), default=0)
