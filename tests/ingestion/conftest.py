"""A workspace of its own for every test of ingestion."""

import base64
from pathlib import Path

import pytest

from onecard.settings import Settings
from onecard.workspace import Workspace

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").create()


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path / "home", vault_key=KEY, workers=2)
