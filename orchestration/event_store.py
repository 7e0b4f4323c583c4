"""Dagster's run history written without waiting for the disk at every event: a run stores about a thousand, one by one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def unhurried() -> Iterator[None]:
    """While it lasts, commits of this process into SQLite are on the disk after the next checkpoint instead of at once.

    A killed process loses nothing; a power cut may lose the last events of a history, never its consistency (write-ahead log).
    Dagster opens and closes a connection for every event, and the last one to close makes a checkpoint: so one of ours stays open
    for each database. Half of the time of a small run went into this.
    """
    kept: dict[str, sqlite3.Connection] = {}

    def prepare(connection: Any, _record: Any) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("pragma synchronous = normal")
        path = connection.execute("pragma database_list").fetchone()[2]
        if path and connection.execute("pragma journal_mode").fetchone()[0] == "wal" and path not in kept:
            kept[path] = sqlite3.connect(path, check_same_thread=False)
            kept[path].execute("select count(*) from sqlite_master").fetchone()  # only who has read holds the log open

    sa.event.listen(sa.Engine, "connect", prepare)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", prepare)
        for connection in kept.values():
            connection.close()
