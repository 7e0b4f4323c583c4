"""The folder of one run (scratch database, dbt artefacts, verdict) and the tidying up after runs that were killed."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onecard.store.files import write_json_atomic
from onecard.store.workspace import Workspace
from onecard.words.errors import ConfigError
from onecard.words.language import Text
from onecard.words.months import SHANGHAI


@dataclass(frozen=True)
class RunFolder:
    """Where one run keeps what nobody else reads: `runs/run-<id>/`."""

    path: Path

    @property
    def scratch_db(self) -> Path:
        return self.path / "scratch.duckdb"

    @property
    def dbt_target(self) -> Path:
        return self.path / "dbt"

    @property
    def intake(self) -> Path:
        return self.path / "intake.json"

    @property
    def results(self) -> Path:
        return self.path / "suite-results.json"

    def save(self, file: Path, content: object) -> None:
        write_json_atomic(file, content)

    def load(self, file: Path) -> Any:
        return json.loads(file.read_text(encoding="utf-8"))


def open_run(ws: Workspace, run_id: str) -> RunFolder:
    """Make the folder of a run; folders of earlier runs are swept. The caller holds the workspace lock, so none of them lives."""
    ws.runs.mkdir(parents=True, exist_ok=True)
    for old in ws.runs.glob("run-*"):
        if old.name != f"run-{run_id}":
            shutil.rmtree(old, ignore_errors=True)
    folder = RunFolder(ws.runs / f"run-{run_id}")
    folder.dbt_target.mkdir(parents=True, exist_ok=True)
    return folder


def close_run(folder: RunFolder) -> None:
    """Drop the folder of a run that ended well; a failed run keeps its own until the next one starts."""
    shutil.rmtree(folder.path, ignore_errors=True)


def business_date(text: str | None) -> dt.date:
    """The day the run speaks for; today in Asia/Shanghai unless it is given (ISO 8601).

    Raises ConfigError when the text is no date, or a day that has not come: its release would stand before every later one.
    """
    today = dt.datetime.now(SHANGHAI).date()
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            code="OC-RUN-001",
            what=Text("业务日期无法识别", "invalid business date"),
            where="--as-of",
            why=Text("不是 YYYY-MM-DD 格式的日期", "not a date of the form YYYY-MM-DD"),
            remedy=Text("改为例如 2018-09-30", "give a date such as 2018-09-30"),
        ) from None
    if day > today:
        raise ConfigError(
            code="OC-RUN-005",
            what=Text("业务日期尚未到来", "the business date is in the future"),
            where=f"--as-of {text}",
            why=Text(f"今天是 {today.isoformat()}", f"today is {today.isoformat()}"),
            remedy=Text("给出今天或更早的日期", "give today or an earlier day"),
        )
    return day


def end_of_day(day: dt.date) -> dt.datetime:
    """The instant at which a business date ends in Shanghai: what was received before it was known on that day."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set environment variables for the subprocesses of one step and put the old ones back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, old in before.items():
            if old is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = old
