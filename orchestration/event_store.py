"""Dagster's history in SQLite, written without making an engine and waiting for the disk at every event: a run stores about a thousand.

Dagster makes an engine for each, compiles its SQL anew, opens the file and, being the last to close it, writes a checkpoint: a third
of the time of a small run went into this. The files are Dagster's own, in its own places and form.
"""

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from dagster import Field, StringSource
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

from onecard.store.workspace import Workspace
from onecard.words.safe_errors import workspace_home

# Runs of which the database stays open in one process: the present one, the index, and what somebody looks at.
_OPEN = 8


class RunHistory(DagsterSqliteStorage):
    """Dagster's own storage, of which runs and events keep their connections. In the folder DAGSTER_HOME, else in that of the workspace."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._run_storage = _Runs.from_local(str(Path(base_dir) / "history"))
        self._event_log_storage = _Events(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def config_type(cls) -> Any:
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "RunHistory":
        folder = config_value.get("base_dir") or os.environ.get("DAGSTER_HOME") or str(Workspace(workspace_home()).dagster_home.resolve())
        return cls(folder, inst_data)


class _Runs(SqliteRunStorage):
    @cached_property
    def _engine(self) -> sa.Engine:
        return _engine(self._conn_string)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        self._engine.dispose()


class _Events(SqliteEventLogStorage):
    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._engine_of(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine_of(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            self._engines[shard] = _engine(self.conn_string_for_shard(shard))
        self._engines.move_to_end(shard)
        if len(self._engines) > _OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def wipe(self) -> None:
        self._close()
        super().wipe()

    def dispose(self) -> None:
        super().dispose()
        self._close()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


def _engine(address: str) -> sa.Engine:
    """An engine that keeps a connection of the process and no more than writes the log of SQLite.

    A killed process loses nothing; a power cut may lose the last events of a history, never its consistency (write-ahead log).
    """
    wait = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(address, poolclass=sa.QueuePool, pool_size=1, connect_args=wait)
    sa.event.listen(engine, "connect", _without_waiting)
    return engine


def _without_waiting(connection: Any, _record: Any) -> None:
    cast(sqlite3.Connection, connection).execute("pragma synchronous = normal")
