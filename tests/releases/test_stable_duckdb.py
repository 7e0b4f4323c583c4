"""DuckDB files made of their content: the trick with the identifier, and what happens when the format is not the known one."""

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.store import stable_duckdb
from onecard.store.stable_duckdb import write_stable
from onecard.words.errors import InternalFault

ROWS = st.lists(st.tuples(st.text(max_size=20), st.none() | st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=50)


def written(folder: Path, rows: list[tuple[str, int | None]]) -> bytes:
    def fill(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create table t (word varchar, fen bigint)")
        con.executemany("insert into t values (?, ?)", rows)

    folder.mkdir()
    write_stable(folder / "x.duckdb", folder / "spill", fill)
    assert [path.name for path in folder.iterdir() if path.name != "spill"] == ["x.duckdb"], "no log is left beside it"
    return (folder / "x.duckdb").read_bytes()


@settings(max_examples=15)
@given(ROWS)
def test_bytes_follow_from_content_and_the_file_still_opens(rows: list[tuple[str, int | None]]) -> None:
    rows = [(word.replace("\0", ""), fen) for word, fen in rows]
    with tempfile.TemporaryDirectory() as place:
        first, second = written(Path(place) / "a", rows), written(Path(place) / "b", rows)
        other = written(Path(place) / "c", [*rows, ("one more", 1)])
        assert first == second
        assert first[124:140] != other[124:140], "the identifier follows the content"
        with duckdb.connect(str(Path(place) / "a" / "x.duckdb")) as con:
            assert con.execute("select * from t").fetchall() == rows
            con.execute("insert into t values ('还能写', 1)")  # a copy of it is an ordinary database
        with duckdb.connect(str(Path(place) / "a" / "x.duckdb"), read_only=True) as con:
            assert con.execute("select count(*) from t").fetchall() == [(len(rows) + 1,)]


def test_an_unknown_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stable_duckdb, "_SEED", 1)
    with pytest.raises(InternalFault) as refused:
        written(tmp_path / "a", [("x", 1)])
    assert refused.value.code == "OC-REL-010"


def test_the_trick_is_still_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should DuckDB write stable files by itself one day, this fails and the module can go."""
    monkeypatch.setattr(stable_duckdb, "_settle_identifier", lambda path: None)
    assert written(tmp_path / "a", [("x", 1)]) != written(tmp_path / "b", [("x", 1)])
