"""Errors people can act on: what happened, where, why, and what to do, in both languages; never a value from a person's record."""

from functools import partial
from pathlib import Path
from typing import Any

from onecard.words.language import Text, Words


class OnecardError(Exception):
    """An expected failure. `code` is stable (OC-<room>-<number>); `exit_code` is what the command line leaves with."""

    exit_code = 70

    def __init__(self, *, code: str, what: Words, where: Words, why: Words, remedy: Words) -> None:
        super().__init__(code, what, where, why, remedy)
        self.code, self.what, self.where, self.why, self.remedy = code, what, where, why, remedy
        # What was done all the same, for programs that read the answer.
        self.answer: dict[str, Any] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are pickled with positional arguments; parsers raise these in a child process.
        again = partial(type(self), code=self.code, what=self.what, where=self.where, why=self.why, remedy=self.remedy)
        return again, ()

    def __str__(self) -> str:
        return f"{self.code} {self.what}\n  何处 where: {self.where}\n  原因 why: {self.why}\n  办法 remedy: {self.remedy}"


class InputRefused(OnecardError):
    """A file or an argument cannot be taken (EX_DATAERR)."""

    exit_code = 65


class NotFound(OnecardError):
    """What was asked for does not exist (EX_NOINPUT)."""

    exit_code = 66


class InternalFault(OnecardError):
    """Our own mistake or the machine's (EX_SOFTWARE)."""

    exit_code = 70


class Locked(OnecardError):
    """Somebody else is at work in the workspace (EX_TEMPFAIL)."""

    exit_code = 75


class GateRefused(OnecardError):
    """The release did not pass a blocking check."""

    exit_code = 76


class ConfigError(OnecardError):
    """Settings, contracts or rule metadata are wrong (EX_CONFIG)."""

    exit_code = 78


def broken_config(code: str, what: Text, path: Path, why: Words) -> ConfigError:
    """A file of the catalogue (YAML) does not say what it must: which file, and what is wrong in it."""
    remedy = Text("对照同目录的其他文件改正", "correct it, following the other files of its directory")
    return ConfigError(code=code, what=what, where=str(path), why=why, remedy=remedy)
