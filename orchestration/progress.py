"""Tells whoever watches a run which stage it is in; silent unless somebody listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from onecard.words.language import Text, Words


class Listener(Protocol):
    def started(self, stage: str) -> None: ...

    def said(self, stage: str, text: Words) -> None: ...

    def ended(self, stage: str, text: Words) -> None: ...

    def noticed(self, text: Words) -> None: ...


_listener: ContextVar[Listener | None] = ContextVar("onecard_progress", default=None)

STAGES = {
    "receive": Text("收件", "receive"),
    "ingest": Text("入湖", "ingest"),
    "transform": Text("建模", "transform (dbt)"),
    "expectations": Text("校验", "expectations"),
    "release": Text("发布", "release"),
}


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send the progress of everything run inside to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class Stage:
    """One stage under way; `result` is what the line says when it ends."""

    def __init__(self, name: str, say: Callable[[str, Words], None]) -> None:
        self.name, self._say = name, say
        self.result: Words = ""

    def say(self, text: Words) -> None:
        self._say(self.name, text)


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Announce a stage of the run to the listener, if there is one."""
    listener = _listener.get()
    current = Stage(name, listener.said if listener else lambda _name, _text: None)
    if listener:
        listener.started(name)
    yield current
    if listener:
        listener.ended(name, current.result)


def notice(text: Words) -> None:
    """Tell the listener something that a person should know and that stops nothing."""
    if listener := _listener.get():
        listener.noticed(text)
