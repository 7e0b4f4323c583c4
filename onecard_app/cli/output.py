"""How the command line speaks: tables and progress for people, JSON for programs, errors in four lines."""

import json
import os
import sys
import time
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onecard.words.errors import OnecardError
from orchestration.progress import STAGES


class Output:
    """Speaks to a person (rich) or to a program (one JSON document on standard output)."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        # A file or a pipe has no width of its own; a terminal's and one that is asked for (COLUMNS) are respected.
        own_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
        self.console = Console(highlight=False, width=None if own_width else 120)
        self.errors = Console(stderr=True, highlight=False)

    def result(self, content: dict[str, Any] | list[Any]) -> bool:
        """Print the result as JSON if asked for; returns whether it did, so that a person gets a table instead."""
        if self.as_json:
            print(json.dumps(content, ensure_ascii=False, indent=2, default=str))
        return self.as_json

    def say(self, text: str, markup: bool = True) -> None:
        """A line for a person; without `markup` it is printed as it is and in one piece, to be copied."""
        if not self.as_json:
            self.console.print(text, markup=markup, soft_wrap=not markup)

    def table(
        self, title: str, columns: list[str], rows: list[list[Any]], numbers: set[int] | None = None, codes: set[int] | None = None
    ) -> None:
        """Print a table; columns whose index is in `numbers` are set right, those in `codes` are never folded, to be copied."""
        if title:
            self.console.print(f"[bold]{escape(title)}[/]")
        table = Table(header_style="bold", box=None, pad_edge=False)
        for index, column in enumerate(columns):
            right = index in (numbers or set())
            table.add_column(column, justify="right" if right else "left", no_wrap=right or index in (codes or set()), overflow="fold")
        for row in rows:
            table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
        self.console.print(table)
        self.console.print()

    def error(self, error: OnecardError) -> None:
        facts = {"what": error.what, "where": error.where, "why": error.why, "remedy": error.remedy}
        if self.as_json:
            told = {"error": {"code": error.code, "exit_code": error.exit_code} | facts} | error.answer
            print(json.dumps(told, ensure_ascii=False, default=str))
            return
        # Names and paths stay whole, to be copied; the terminal folds the line.
        self.errors.print(f"[bold red]✗ {escape(error.what)}[/]  [dim]{error.code}[/]", soft_wrap=True)
        for label, name in (("何处 where", "where"), ("原因 why", "why"), ("办法 remedy", "remedy")):
            self.errors.print(f"  [bold]{label}[/]  {escape(facts[name])}", soft_wrap=True)


class TerminalProgress:
    """One line per stage, with a spinner while it runs on a terminal."""

    def __init__(self, output: Output) -> None:
        self._console = output.errors
        self._quiet = output.as_json
        self._since = 0.0
        self._status: Any = None

    def started(self, stage: str) -> None:
        self._since = time.monotonic()
        if not self._quiet and self._console.is_terminal:
            self._status = self._console.status(STAGES[stage])
            self._status.start()

    def said(self, stage: str, text: str) -> None:
        if self._status is not None:
            self._status.update(f"{STAGES[stage]}  [dim]{escape(text)}[/]")

    def ended(self, stage: str, text: str) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
        if not self._quiet:
            seconds = time.monotonic() - self._since
            self._console.print(f"[green]✓[/] {STAGES[stage]:<24} {escape(text)} [dim]{seconds:.1f} s[/]")

    def noticed(self, text: str) -> None:
        if not self._quiet:
            self._console.print(f"[yellow]{escape(text)}[/]", soft_wrap=True)
