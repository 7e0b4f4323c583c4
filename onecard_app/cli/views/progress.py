"""The stages of a run on a terminal: one line each, with a spinner while it runs."""

import time
from typing import Any

from rich.cells import cell_len
from rich.markup import escape

from onecard.words.language import Words
from onecard_app.cli.output import Output
from orchestration.progress import STAGES

_WIDTH = 24


class TerminalProgress:
    """Listens to a run for a person."""

    def __init__(self, output: Output) -> None:
        self._out = output
        self._console = output.errors
        self._quiet = output.as_json
        self._since = 0.0
        self._status: Any = None

    def started(self, stage: str) -> None:
        self._since = time.monotonic()
        if not self._quiet and self._console.is_terminal:
            self._status = self._console.status(self._out.words(STAGES[stage]))
            self._status.start()

    def said(self, stage: str, text: Words) -> None:
        if self._status is not None:
            self._status.update(f"{self._out.words(STAGES[stage])}  [dim]{escape(self._out.words(text))}[/]")

    def ended(self, stage: str, text: Words) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
        if not self._quiet:
            name = self._out.words(STAGES[stage])
            seconds = time.monotonic() - self._since
            line = f"{name}{'':<{max(_WIDTH - cell_len(name), 1)}} {escape(self._out.words(text))}"
            self._console.print(f"[green]✓[/] {line} [dim]{seconds:.1f} s[/]")

    def noticed(self, text: Words) -> None:
        if not self._quiet:
            self._console.print(f"[yellow]{escape(self._out.words(text))}[/]", soft_wrap=True)
