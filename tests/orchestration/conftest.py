"""Two days of one city, for the tests that look at what came between them and at what stood around the run."""

from pathlib import Path

import pytest
import two_days
from shared import once

from simulation import SimulationSummary


@pytest.fixture(scope="session")
def days(tmp_path_factory: pytest.TempPathFactory, city: SimulationSummary, ingested: Path) -> two_days.Days:
    """The workspace is the same for all: whoever changes it copies it."""
    folder, told = once(tmp_path_factory, "days", lambda folder: two_days.live(folder / two_days.HOME, city, ingested))
    return two_days.Days(folder / two_days.HOME, **told)
