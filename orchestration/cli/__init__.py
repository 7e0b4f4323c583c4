"""The command line: `onecard simulate | receive | run | status | trace | diff | review | quarantine | explain | verify | doctor`."""

from orchestration.cli.app import main

__all__ = ["main"]
