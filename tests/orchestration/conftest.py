"""One planted city, received once and run once, for all tests that look at a night; who changes a workspace copies it first."""

import shutil
import time
from pathlib import Path
from typing import Any

import nightly
import pytest

from simulation import SimulationSummary


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return nightly.make_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def received(tmp_path_factory: pytest.TempPathFactory, city: SimulationSummary) -> Path:
    """A workspace into which all files were received and nothing was run."""
    home = tmp_path_factory.mktemp("received") / "home"
    nightly.receive(home, city)
    return home


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, received: Path, city: SimulationSummary) -> tuple[Path, Any]:
    """A workspace after an undisturbed run, and what `run --json` said."""
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(received, home)
    started = time.monotonic()
    said = nightly.run(home, city)
    said["seconds"] = time.monotonic() - started
    return home, said


@pytest.fixture(scope="session")
def published_home(published: tuple[Path, Any]) -> Path:
    return published[0]
