"""The command line: `app` is its entry, every file of `commands` one command."""

from onecard_app.cli.app import main

__all__ = ["main"]
