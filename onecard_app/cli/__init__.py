"""The command line: `onecard simulate | receive | run | status | trace | diff | review | quarantine | explain | verify | doctor`."""

from onecard_app.cli.app import main

__all__ = ["main"]
