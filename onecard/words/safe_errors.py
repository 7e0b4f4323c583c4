"""Keeps values out of what is logged: any error that is not ours leaves a step as its type and its place, nothing more."""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onecard.words.errors import InternalFault, OnecardError
from onecard.words.language import Text
from onecard.words.system_faults import machine_fault


@contextmanager
def guarded(step: str) -> Iterator[None]:
    """Run a step; turn a foreign exception into an InternalFault without its message.

    Messages of Arrow, DuckDB and readers quote the value they stumbled over, and Dagster stores them: names and IDs
    would leave the vault through the event log (measured for all of them).
    """
    fault: OnecardError | None = None
    try:
        yield
    except OnecardError as error:
        fault = error
    except Exception as error:
        fault = machine_fault(error, workspace_home()) or without_values(step, error)
    if fault is not None:
        fault.__cause__ = fault.__context__ = None
        raise fault


def workspace_home() -> Path:
    """The workspace of this process's run."""
    return Path(os.environ.get("ONECARD_HOME") or "onecard-home")


def without_values(step: str, error: BaseException) -> InternalFault:
    """The error as an InternalFault that names type and source lines, and no value."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]]
    return InternalFault(
        code="OC-RUN-900",
        what=Text(f"程序内部错误（{type(error).__name__}）", f"internal error ({type(error).__name__})"),
        where=f"{step}: {' > '.join(places)}",
        why=Text("原始消息可能含有个人信息，未予保存", "the original message may quote personal data and was not kept"),
        remedy=Text(
            "在安全的终端上设 ONECARD_DEBUG=1 重新运行，可见全文",
            "run again with ONECARD_DEBUG=1 on a secure terminal to see it in full",
        ),
    )
