"""A history that is written without waiting: where and as Dagster writes it, whole when the run ends, and when it is killed."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage

from onecard.store.workspace import Workspace
from orchestration.event_store import RunHistory
from orchestration.execute import dagster_home

EVENTS = 20
WRITE = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_event_store import instance_in, written
written(instance_in(Path(sys.argv[1])))
if sys.argv[3:]:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@dg.asset
def noted(context: dg.AssetExecutionContext) -> None:
    for number in range(EVENTS):
        context.log_event(dg.AssetObservation("noted", metadata={"number": number}))


def instance_in(home: Path) -> dg.DagsterInstance:
    """As a run of the workspace gets it, with the shipped configuration."""
    return dg.DagsterInstance.from_config(str(dagster_home(Workspace(home)).resolve()))


def written(instance: dg.DagsterInstance) -> str:
    """The id of a run that stored its events."""
    result = dg.materialize([noted], instance=instance, run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}})
    assert result.success
    return result.run_id


def stored(instance: dg.DagsterInstance, run_id: str) -> list[object]:
    found = instance.fetch_observations(dg.AssetKey("noted"), limit=1000, ascending=True).records
    return [row.asset_observation.metadata["number"].value for row in found if row.asset_observation and row.run_id == run_id]


def database(home: Path, run_id: str) -> Path:
    return Workspace(home).dagster_home / "history" / "runs" / f"{run_id}.db"


def write(home: Path, *more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", WRITE, str(home), str(Path(__file__).parent), *more], stderr=subprocess.DEVNULL)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home" / "runs" / "dagster"))
    return tmp_path / "home"


def test_what_we_put_in_place_of_dagsters_own_is_there() -> None:
    """These are private to Dagster: a version that knows them no longer would quietly make its engines again."""
    assert {"_connect", "_initdb", "conn_string_for_shard", "wipe", "dispose"} <= set(vars(SqliteEventLogStorage))
    assert {"connect", "from_local"} <= set(vars(SqliteRunStorage))


def test_a_run_makes_few_engines(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    create = sa.create_engine
    monkeypatch.setattr(sa, "create_engine", lambda *given, **more: made.append(given) or create(*given, **more))
    monkeypatch.setattr("dagster._core.storage.event_log.sqlite.sqlite_event_log.create_engine", sa.create_engine)
    monkeypatch.setattr("dagster._core.storage.runs.sqlite.sqlite_run_storage.create_engine", sa.create_engine)
    with instance_in(home) as instance:
        assert type(instance.event_log_storage).__module__ == type(instance.run_storage).__module__ == RunHistory.__module__
        written(instance)
        made.clear()
        run_id = written(instance)
        assert stored(instance, run_id) == list(range(EVENTS))
        assert len(made) <= 2  # that of the run, and one with which Dagster asks whether a table is there
        assert database(home, run_id).with_suffix(".db-wal").stat().st_size > 0
    assert not database(home, run_id).with_suffix(".db-wal").exists()


def test_it_is_the_history_that_dagster_itself_reads(home: Path) -> None:
    with instance_in(home) as instance:
        run_id = written(instance)
        # Another reader sees it meanwhile.
        with sqlite3.connect(database(home, run_id)) as con:
            assert con.execute("select count(*) from event_logs where dagster_event_type = 'ASSET_OBSERVATION'").fetchall() == [(EVENTS,)]
    config = Workspace(home).dagster_home / "dagster.yaml"
    config.write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    with dg.DagsterInstance.from_config(str(config.parent)) as plain:
        assert type(plain.event_log_storage) is SqliteEventLogStorage
        assert stored(plain, run_id) == list(range(EVENTS))
        before = written(plain)
    with instance_in(home) as instance:
        assert stored(instance, before) == list(range(EVENTS))
        assert [run.run_id for run in instance.get_runs()] == [before, run_id]


def test_a_killed_process_loses_no_event(home: Path) -> None:
    assert write(home, "kill").wait() == -signal.SIGKILL
    with instance_in(home) as instance:
        (run,) = instance.get_runs()
        assert stored(instance, run.run_id) == list(range(EVENTS))


def test_processes_write_one_history_at_the_same_time(home: Path) -> None:
    with instance_in(home) as instance:
        other = write(home)
        mine = []
        while other.poll() is None:
            mine.append(written(instance))
        assert other.returncode == 0
        runs = [run.run_id for run in instance.get_runs()]
        assert len(runs) == len(mine) + 1 and set(mine) < set(runs)
        assert all(stored(instance, run) == list(range(EVENTS)) for run in runs)


def test_many_runs_keep_few_files_open_and_a_wiped_history_begins_anew(home: Path) -> None:
    with instance_in(home) as instance:
        runs = [written(instance) for _ in range(9)]
        assert all(instance.all_logs(run) for run in runs)
        opened = {path.readlink().name for path in Path("/proc/self/fd").iterdir() if path.is_symlink()}
        assert sum(1 for run in runs if f"{run}.db" in opened) <= 8
        instance.wipe()
        assert instance.get_runs() == [] and not database(home, runs[0]).exists()
        assert stored(instance, written(instance)) == list(range(EVENTS))


def test_without_a_folder_of_dagster_the_history_is_that_of_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv("ONECARD_HOME", str(tmp_path))
    assert RunHistory.from_config_value(None, {}).base_dir == str(Workspace(tmp_path).dagster_home)
