"""The command line: `onecard simulate | receive | run | status | quarantine | explain | verify | doctor`."""

from orchestration.cli.app import main

__all__ = ["main"]
