"""dbt over an empty lake, once: every relation exists, every test and unit test has run."""

import datetime as dt

import pytest
from city import Built, run_dbt

from onecard.store.workspace import Workspace


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("dbt")
    return run_dbt(folder, Workspace(folder / "home").create(), dt.date(2018, 12, 31), "build")
