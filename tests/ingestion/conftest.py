"""A workspace of its own for every test of ingestion."""

from pathlib import Path

import pytest
from sent import KEY

from onecard.store.settings import Settings
from onecard.store.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").create()


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path / "home", vault_key=KEY, workers=2)
