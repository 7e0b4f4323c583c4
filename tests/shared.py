"""What costs minutes to make is made once in a run of the tests, by the worker that asks first; all others read it."""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

Told = TypeVar("Told")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Told]) -> tuple[Path, Told]:
    """The folder that `make` filled, and what it returned (which must pickle). Nobody writes there afterwards."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # where the workers' own folders lie side by side
    folder, told = root / "shared" / name, root / "shared" / f"{name}.pickle"
    told.parent.mkdir(exist_ok=True)
    with FileLock(told.with_suffix(".lock")):
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed to make it
            folder.mkdir()
            made = pickle.dumps(make(folder))
            told.write_bytes(made)
    return folder, pickle.loads(told.read_bytes())  # noqa: S301  our own
