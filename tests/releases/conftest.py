"""A workspace, and releases written into it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_release import DAY, MARTS, facts, id_of, scratch

from onecard.store import releases
from onecard.store.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").create()


@pytest.fixture
def write(ws: Workspace, tmp_path: Path) -> Callable[..., Path]:
    def _write(
        seed: int = 1,
        *,
        home: Workspace = ws,
        publishable: bool = True,
        report: bytes = b"<html></html>",
        day: dt.date = DAY,
        **more: Any,
    ) -> Path:
        content = facts(seed, publishable=publishable, day=day)
        database = scratch(tmp_path / "scratch.duckdb", seed=seed, **more)
        return releases.write_release(
            home,
            database,
            release_id=id_of(content),
            manifest_facts=content,
            marts=MARTS,
            extra_files={"report.html": report},
        )

    return _write
