"""Releases: same input same bytes, every changed byte noticed, readers never between two releases."""

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_release import CODE, DAY, facts, id_of, scratch

from onecard.store import releases
from onecard.store.releases import current_release, open_release, publish, verify_release
from onecard.store.workspace import Workspace
from onecard.words.errors import GateRefused, InternalFault, NotFound

Write = Callable[..., Path]


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_release_holds_the_marts_twice_and_verifies(ws: Workspace, write: Write) -> None:
    path = write()
    assert path.name == f"2018-06-30-{path.name[-12:]}"
    assert verify_release(path) == []
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    table = manifest["tables"]["mart_payment"]
    assert table["rows"] == 500
    with releases.read_release(path) as con:
        assert con.execute("select sum(credited_fen) from mart_payment").fetchall()[0][0] == table["fen"]["credited_fen"]
        ids = [row[0] for row in con.execute("select payment_id from mart_payment").fetchall()]
        assert ids == sorted(ids)
        assert dict(con.execute("select name, value from release_info").fetchall())["release_id"] == path.name
        parquet = con.execute(f"select * from read_parquet('{path}/mart_payment.parquet')").fetchall()
        assert con.execute("select * from mart_payment").fetchall() == parquet
    assert current_release(ws) is None, "writing alone makes nothing current"


def test_same_input_twice_gives_the_same_bytes(tmp_path: Path, write: Write) -> None:
    """Rows in another order in the scratch file, another home: not one byte differs."""
    first = write(rows=200_000)
    other = Workspace(tmp_path / "another place").create()
    second = write(rows=200_000, home=other, order="hash(n)")
    assert hashes(first) == hashes(second)
    assert "onecard.duckdb" in hashes(first)
    third = write(2, rows=200_000)
    assert hashes(third)["onecard.duckdb"] != hashes(first)["onecard.duckdb"]


def test_the_bytes_do_not_depend_on_threads_or_memory(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(rows=200_000)
    monkeypatch.setattr(releases, "_EXPORT", {"threads": 1, "memory_limit": "100MB"})
    second = write(rows=200_000, home=Workspace(tmp_path / "small").create())
    assert hashes(first) == hashes(second)


def test_ties_in_the_given_order_are_broken(tmp_path: Path, ws: Workspace) -> None:
    content = facts()
    found = []
    for number, order in enumerate(["n", "-n"]):
        database = scratch(tmp_path / "s.duckdb", order=order)
        home = Workspace(tmp_path / str(number)).create()
        path = releases.write_release(
            home, database, release_id=id_of(content), manifest_facts=content, marts=[("mart_payment", ["division_name"])], extra_files={}
        )
        found.append(hashes(path))
    assert found[0] == found[1]


def test_publishing_is_idempotent(ws: Workspace, write: Write) -> None:
    path = write()
    publish(ws, path.name)
    publish(ws, path.name)
    before = {item: item.stat().st_mtime_ns for item in path.iterdir()}
    assert write() == path, "the same release again"
    assert {item: item.stat().st_mtime_ns for item in path.iterdir()} == before, "a published file is never written again"
    publish(ws, path.name)
    assert current_release(ws) == path
    assert [item.is_current for item in releases.list_releases(ws)] == [True]


def test_a_past_day_does_not_become_the_present(ws: Workspace, write: Write) -> None:
    late, early = write(), write(1, day=dt.date(2018, 3, 31))
    publish(ws, late.name)
    assert publish(ws, early.name) == early
    assert current_release(ws) == late, "a release of an earlier day stays beside the current one"
    (late / "mart_payment.parquet").write_bytes(b"")
    publish(ws, early.name)
    assert current_release(ws) == early, "but a damaged one is no present to keep"


def test_a_refused_release_is_kept_and_never_current(ws: Workspace, write: Write) -> None:
    good = write(1)
    publish(ws, good.name)
    refused = write(2, publishable=False, spoil="update mart_conservation set difference_fen = 1 where joint = 'J5'")
    assert refused.name.startswith("refused-")
    assert verify_release(refused) == []
    for name in (refused.name, refused.name.removeprefix("refused-")):
        with pytest.raises(GateRefused):
            publish(ws, name)
    assert current_release(ws) == good
    assert [(item.refused, item.is_current) for item in releases.list_releases(ws)] == sorted(
        [(False, True), (True, False)], key=lambda pair: (refused.name if pair[0] else good.name).removeprefix("refused-")
    )
    assert write(2, publishable=False) == refused, "a second refusal replaces the first"


def test_one_fen_in_a_joint_is_never_written_as_publishable(ws: Workspace, write: Write) -> None:
    with pytest.raises(InternalFault) as refused:
        write(spoil="update mart_conservation set difference_fen = 1 where joint = 'J5'")
    assert "J5" in refused.value.why
    assert releases.list_releases(ws) == []


@pytest.mark.parametrize("file", ["mart_payment.parquet", "onecard.duckdb", "report.html", "mart_household.parquet"])
def test_one_changed_byte_is_found(ws: Workspace, write: Write, file: str) -> None:
    path = write()
    content = bytearray((path / file).read_bytes())
    content[len(content) // 2] ^= 1
    (path / file).chmod(0o644)
    (path / file).write_bytes(content)
    assert any(file in problem for problem in verify_release(path))
    with pytest.raises(InternalFault):
        publish(ws, path.name)


def test_missing_and_strange_files_are_found(write: Write) -> None:
    path = write()
    (path / "report.html").unlink()
    (path / "notes.txt").write_text("?", encoding="utf-8")
    problems = verify_release(path)
    assert any("report.html" in problem and "missing" in problem for problem in problems)
    assert any("notes.txt" in problem and "not in the manifest" in problem for problem in problems)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda manifest: manifest["tables"]["mart_payment"].update(rows=499), "rows"),
        (lambda manifest: manifest["tables"]["mart_payment"]["fen"].update(credited_fen=1), "sum"),
        (lambda manifest: manifest["tables"]["mart_payment"]["columns"].pop(), "schema"),
        (lambda manifest: manifest["inputs"].pop(), "does not follow"),
        (lambda manifest: manifest.update(release_id="2018-06-30-000000000000"), "does not follow"),
        (lambda manifest: manifest.pop("files"), "unreadable"),
        (lambda manifest: manifest.pop("code_version"), "missing"),
        (lambda manifest: manifest["verdict"].update(publishable=False), "folder"),
    ],
)
def test_a_changed_manifest_is_found(write: Write, change: Callable[[dict], object], told: str) -> None:
    path = write()
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (path / "manifest.json").chmod(0o644)
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert any(told in problem for problem in verify_release(path)), verify_release(path)


def test_a_damaged_release_is_replaced_by_the_same_run_again(ws: Workspace, write: Write) -> None:
    path = write()
    (path / "report.html").chmod(0o644)
    (path / "report.html").write_bytes(b"damaged")
    assert verify_release(write()) == []


def test_another_content_under_one_id_is_refused(write: Write) -> None:
    path = write()
    with pytest.raises(InternalFault):
        write(report=b"<html>another</html>")
    assert verify_release(path) == []


def test_types_that_parquet_would_blur_are_refused(write: Write) -> None:
    for kind in ("hugeint", "double", "decimal(18, 2)"):
        with pytest.raises(InternalFault) as refused:
            write(spoil=f"alter table mart_payment alter credited_fen type {kind};")
        assert "mart_payment.credited_fen" in refused.value.where


def test_money_beyond_64_bits_in_the_sum_is_exact(write: Write) -> None:
    path = write(rows=3, spoil="update mart_payment set credited_fen = 9223372036854775807;")
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["mart_payment"]["fen"]["credited_fen"] == 3 * 9223372036854775807
    assert verify_release(path) == []


def test_nothing_published_is_said_plainly(ws: Workspace) -> None:
    with pytest.raises(NotFound), open_release(ws):
        pass
    with pytest.raises(NotFound):
        publish(ws, "2018-06-30-000000000000")
    assert releases.list_releases(ws) == []
    assert verify_release(ws.releases / "none")


def test_readers_never_see_a_mix_while_releases_swap(ws: Workspace, write: Write) -> None:
    """50 swaps between two releases under a reader that opens `current` as fast as it can."""
    names = [write(seed).name for seed in (1, 2)]
    publish(ws, names[0])
    seen: set[str] = set()
    mixes: list[object] = []
    done = threading.Event()

    def reader() -> None:
        while not done.is_set():
            with open_release(ws) as con:
                path = current_release(ws)
                told = dict(con.execute("select name, value from release_info").fetchall())["release_id"]
                manifest = json.loads((ws.releases / told / "manifest.json").read_text(encoding="utf-8"))
                fen = con.execute("select sum(credited_fen) from mart_payment").fetchall()[0][0]
                if manifest["tables"]["mart_payment"]["fen"]["credited_fen"] != fen or path is None:
                    mixes.append(told)
                seen.add(told)

    thread = threading.Thread(target=reader)
    thread.start()
    for turn in range(50):
        publish(ws, names[turn % 2])
    time.sleep(0.05)
    done.set()
    thread.join()
    assert not mixes
    assert seen == set(names)


def test_a_release_being_read_survives_the_swap(ws: Workspace, write: Write) -> None:
    old, new = write(1), write(2)
    publish(ws, old.name)
    with open_release(ws) as con:
        publish(ws, new.name)
        assert dict(con.execute("select name, value from release_info").fetchall())["release_id"] == old.name
    with open_release(ws) as con:
        assert dict(con.execute("select name, value from release_info").fetchall())["release_id"] == new.name


def test_left_overs_of_a_killed_run_are_swept(ws: Workspace, write: Write) -> None:
    half = ws.releases / ".tmp-2018-06-30-000000000000"
    half.mkdir()
    (half / "mart_payment.parquet").write_bytes(b"half")
    (ws.releases / ".tmp-current").symlink_to("nowhere")
    path = write()
    assert [item.name for item in ws.releases.iterdir()] == [path.name]


KILLED = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from small_release import MARTS, facts, id_of
from onecard.store import releases
from onecard.store.workspace import Workspace
content = facts()
ws = Workspace(Path(sys.argv[2]))
print("ready", flush=True)
path = releases.write_release(ws, Path(sys.argv[3]), release_id=id_of(content), manifest_facts=content, marts=MARTS,
    extra_files={"report.html": b"<html></html>"})
releases.publish(ws, path.name)
"""


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_kill_at_any_moment_leaves_no_half_release(ws: Workspace, write: Write, tmp_path: Path, after: float) -> None:
    undisturbed = hashes(write(rows=50_000))
    shutil.rmtree(ws.releases)
    ws.create()
    database = tmp_path / "scratch.duckdb"
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(ws.home), str(database)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(after)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    for item in releases.list_releases(ws):
        assert verify_release(item.path) == []
    path = write(rows=50_000)
    publish(ws, path.name)
    assert hashes(path) == undisturbed
    assert not [item.name for item in ws.releases.iterdir() if item.name.startswith(".tmp-")]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=3), max_size=5), st.randoms())
def test_the_id_depends_on_the_set_of_inputs_not_on_their_order(inputs: list[dict], random: object) -> None:
    shuffled = list(inputs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = releases.make_release_id(DAY, inputs=inputs, code_version=CODE)
    assert releases.make_release_id(DAY, inputs=shuffled, code_version=CODE) == first
    assert releases.make_release_id(DAY, inputs=[*inputs, {"new": 1}], code_version=CODE) != first
    assert releases.make_release_id(DAY, inputs=inputs, code_version=CODE + "x") != first
    assert releases.make_release_id(DAY, inputs=inputs, code_version=CODE, settings={"a": 1}) != first
    assert releases.make_release_id(DAY + dt.timedelta(1), inputs=inputs, code_version=CODE)[:10] == "2018-07-01"


def test_the_code_version_follows_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from onecard.store import release_identity

    release_identity.code_version.cache_clear()
    known = release_identity.code_version()
    assert known.startswith("0.1.0+")
    house = tmp_path / "house"
    for room in ("onecard", "dbt_project"):
        (house / room).mkdir(parents=True)
        (house / room / "a.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(release_identity, "shipped", lambda: house)
    decides = (None, "dbt_project/a.py", "dbt_project/models/new.sql", "ingestion/contracts/a.yml", "orchestration/assets/a.py")
    does_not = (
        "dbt_project/target/manifest.json",
        "onecard/__pycache__/a.pyc",
        "onecard_app/cli/commands/trace.py",
        "onecard_app/answers/trace_workbook.py",
        "orchestration/jobs.py",
        "README.md",
        "docs/auditor.md",
    )
    seen = set()
    for change in (*decides, *does_not):
        if change:
            (house / change).parent.mkdir(parents=True, exist_ok=True)
            (house / change).write_text("y = 2\n", encoding="utf-8")
        release_identity.code_version.cache_clear()
        seen.add(release_identity.code_version())
    release_identity.code_version.cache_clear()
    assert len(seen) == len(decides), "what decides a row counts; artefacts, help texts, workbooks and documentation do not"


def test_a_released_database_cannot_be_written(write: Write) -> None:
    with releases.read_release(write()) as con, pytest.raises(duckdb.Error):
        con.execute("delete from mart_payment")
