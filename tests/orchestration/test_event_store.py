"""A history that is written without waiting: whole when the run ends, and whole as far as it went when the run is killed."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from orchestration.event_store import unhurried

WRITE = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_event_store import database, store, unhurried
path = Path(sys.argv[1])
with unhurried():
    database(path)
    for number in range(50):
        store(path, number)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def database(path: Path) -> None:
    with sa.create_engine(f"sqlite:///{path}", poolclass=NullPool).connect() as con:
        con.execute(sa.text("create table events (number integer)"))
        con.execute(sa.text("pragma journal_mode = wal"))
        con.commit()


def store(path: Path, number: int) -> int:
    """As Dagster stores an event, on a connection of its own; how the connection waits for the disk."""
    with sa.create_engine(f"sqlite:///{path}", poolclass=NullPool).connect() as con:
        con.execute(sa.text("insert into events values (:number)"), {"number": number})
        con.commit()
        return int(con.execute(sa.text("pragma synchronous")).scalar_one())


def stored(path: Path) -> list[int]:
    con = sqlite3.connect(path)
    try:
        return [number for (number,) in con.execute("select number from events order by 1").fetchall()]
    finally:
        con.close()


def test_events_gather_in_the_log_and_are_all_there_at_the_end(tmp_path: Path) -> None:
    path, log = tmp_path / "history.db", tmp_path / "history.db-wal"
    with unhurried():
        database(path)
        assert {store(path, number) for number in range(50)} == {1}  # normal
        assert log.stat().st_size > 0
        assert stored(path) == list(range(50))  # another reader sees them meanwhile
    assert stored(path) == list(range(50)) and not log.exists()
    assert store(path, 50) == 2  # full: what is written at other times waits as before


def test_a_killed_process_loses_no_event(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    script = tmp_path / "write.py"
    script.write_text(WRITE, encoding="utf-8")
    killed = subprocess.run([sys.executable, str(script), str(path), str(Path(__file__).parent)], capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert stored(path) == list(range(50))
