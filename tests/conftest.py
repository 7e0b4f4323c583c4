"""What every test stands on: no deadline for an example, no width or language of whose terminal started the tests, the longest tests
first, and one planted city, received once and run once.

Whoever changes a workspace copies it first: other workers read the same one at the same time.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import judging
import nightly
import pytest
from hypothesis import HealthCheck, settings
from shared import once

from simulation import SimulationSummary

# A loaded machine is no defect: how long an example takes says nothing about it.
settings.register_profile("onecard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("onecard")

os.environ.pop("COLUMNS", None)
for name in ("ONECARD_LANG", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

# So that no worker is left alone with one of them at the end. The first makes the night that the others look at; the two
# that follow do not need it, and keep a second worker busy meanwhile.
LONGEST = (
    "test_diff", "test_county_year", "test_same_marts_on_spark", "test_nightly", "test_no_clear_values_at_night", "test_mishaps",
    "test_review_command", "test_review_pairs_notebook", "test_trace_command", "test_trace_funds", "test_trace",
    "test_money_conservation", "test_planted_truth",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return once(tmp_path_factory, "city", nightly.make_city)[1]


@pytest.fixture(scope="session")
def received(tmp_path_factory: pytest.TempPathFactory, city: SimulationSummary) -> Path:
    """A workspace into which all files were received and nothing was run."""
    return once(tmp_path_factory, "received", lambda folder: nightly.receive(folder / "home", city))[0] / "home"


@pytest.fixture(scope="session")
def night(
    tmp_path_factory: pytest.TempPathFactory, received: Path, city: SimulationSummary
) -> tuple[Path, subprocess.CompletedProcess[str], float]:
    """A workspace after an undisturbed run, what the run showed, and how many seconds it took."""

    def make(folder: Path) -> tuple[subprocess.CompletedProcess[str], float]:
        shutil.copytree(received, folder / "home")
        started = time.monotonic()
        done = nightly.fresh(folder / "home", "run", "--as-of", city.business_date.isoformat())
        assert done.returncode == 0, done.stderr
        return done, time.monotonic() - started

    folder, (done, seconds) = once(tmp_path_factory, "night", make)
    return folder / "home", done, seconds


@pytest.fixture(scope="session")
def published_home(night: tuple[Path, subprocess.CompletedProcess[str], float]) -> Path:
    return night[0]


@pytest.fixture(scope="session")
def published(published_home: Path) -> tuple[Path, Any]:
    """The workspace after the run, and what `status --json` says of its release."""
    return published_home, nightly.called(published_home, "status")


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory, published_home: Path, city: SimulationSummary) -> judging.Judged:
    """A workspace in which a pair of names was judged."""

    def make(folder: Path) -> dict[str, Any]:
        shutil.copytree(published_home, folder / "home", symlinks=True)
        return judging.judge(folder / "home", city)

    folder, told = once(tmp_path_factory, "judged", make)
    return judging.Judged(folder / "home", **told)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory, published_home: Path) -> Path:
    """A workspace whose files are all in the lake, and which has no release."""

    def make(folder: Path) -> None:
        shutil.copytree(published_home, folder / "home", symlinks=True)
        shutil.rmtree(folder / "home" / "releases")

    return once(tmp_path_factory, "ingested", make)[0] / "home"
