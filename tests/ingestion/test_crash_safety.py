"""kill -9 anywhere in an ingestion: the next one ends with the same lake, quarantine and vault as an undisturbed one."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import deltalake
import pyarrow as pa
import pytest
import sent
from sent import KEY

from ingestion import pipeline, receiving
from onecard.store import answers, lake
from onecard.store.lake import LAKE_TABLES, Lake, parquet_files, read
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace

MOMENT = dt.datetime(2018, 3, 10, tzinfo=dt.UTC)
# The steps of an ingestion that leave something on disk; the process dies before or after one of them.
STEPS = (
    "onecard.store.lake.Lake.append",
    "onecard.store.vault.Vault.write",
    "onecard.store.lake.Lake.begin",
    "onecard.store.lake.Lake.commit",
)
DRIVER = """
import importlib, os, signal, sys
step, nth, when, home = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from ingestion import pipeline
if len(sys.argv) > 5:
    import onecard.store.lake
    onecard.store.lake.LAKE_VERSION = int(sys.argv[5])
module, owner, name = step.rsplit(".", 2)
owner = getattr(importlib.import_module(module), owner)
real, calls = getattr(owner, name), [0]
def dying(*args, **kwargs):
    calls[0] += 1
    if calls[0] == nth and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args, **kwargs)
    if calls[0] == nth and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, name, dying)
if __name__ == "__main__":
    pipeline.ingest(Workspace(home), Settings.load(home=home))
"""


def deliver(ws: Workspace, config: Settings, folder: Path) -> None:
    paths = [
        sent.put(folder, "RCU_B001_回盘.txt", sent.pipe([sent.line(1), sent.line(2), "D|缺列", sent.line(4, ok=False)], total="450.00")),
        sent.put(folder, "RCU_B002_回盘.txt", sent.pipe([sent.line(1), sent.line(2), sent.line(3, who=1)], "B002", total="1.00")),
        sent.put(folder, "PSBC_P001_回盘.csv", "\n".join([sent.CSV_HEAD, *map(sent.csv_line, range(1, 9))])),
        sent.put(folder, sent.ROLL_NAME, sent.roll([sent.roll_row(seq) for seq in range(1, 9)])),
    ]
    receiving.receive(ws, config, paths, received_at=MOMENT)


def content(ws: Workspace, config: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of lake, quarantine and vault, in an order of its own."""
    found = {}
    for table in [*LAKE_TABLES, "quarantine_rows"]:
        folder = ws.quarantine / "rows" if table == "quarantine_rows" else ws.lake / table
        if not deltalake.DeltaTable.is_deltatable(str(folder)):
            continue
        names = deltalake.DeltaTable(folder).schema().to_arrow().names
        rows = read(ws, table, [str(name) for name in names]).to_pylist()
        found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
    vault = Vault(ws, config)
    for kind in sorted(path.name for path in ws.vault.iterdir() if path.is_dir()):
        rows = [row for table in vault.read(kind) for row in table.to_pylist()]
        found[f"vault {kind}"] = sorted((tuple(row.values()) for row in rows), key=repr)
    found["refused"] = sorted((path.name,) for path in (ws.quarantine / "files").glob("*"))
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    home = tmp_path_factory.mktemp("undisturbed")
    ws, config = Workspace(home / "home").create(), Settings.load(home=home / "home", vault_key=KEY)
    deliver(ws, config, home / "sent")
    pipeline.ingest(ws, config)
    return content(ws, config)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("step", "nth"), [(STEPS[0], 1), (STEPS[0], 6), (STEPS[1], 1), (STEPS[1], 4), (STEPS[2], 1), (STEPS[3], 1)])
def test_a_killed_ingestion_leaves_nothing_half_and_nothing_double(
    step: str, nth: int, when: str, ws: Workspace, config: Settings, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    deliver(ws, config, tmp_path / "sent")
    script = tmp_path / "driver.py"
    script.write_text(DRIVER, encoding="utf-8")
    environment = os.environ | {"ONECARD_VAULT_KEY": KEY}
    killed = subprocess.run([sys.executable, str(script), step, str(nth), when, str(ws.home)], env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-400:]
    pipeline.ingest(ws, config)
    assert content(ws, config) == undisturbed


def test_the_same_files_again_change_nothing_but_try_the_refused_one(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    deliver(ws, config, tmp_path / "sent")
    pipeline.ingest(ws, config)
    before = content(ws, config)
    deliver(ws, config, tmp_path / "sent")
    assert pipeline.ingest(ws, config).files == 1
    assert pipeline.ingest(ws, config).files == 0
    assert content(ws, config) == before


NEWER = 1_000


def old_lake(ws: Workspace, config: Settings, folder: Path) -> None:
    """What an older version of us left: rows read otherwise, and answers of people, which nobody can read again."""
    deliver(ws, config, folder)
    pipeline.ingest(ws, config)
    writer, row = Lake(ws), read(ws, "payment_rolls", LAKE_TABLES["payment_rolls"].names).slice(0, 1)
    writer.begin()
    writer.append("payment_rolls", row)
    writer.append("person_links", links(1))
    writer.commit()
    vault = Vault(ws, config)
    with ws.lock():
        answers.decide(ws, vault, 7, answer="part", reviewer="复核员", reason="", decided_at=MOMENT)


def links(size: int) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(LAKE_TABLES["person_links"].names)] * size, LAKE_TABLES["person_links"])


def apart_from_answers(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Tables that hold something; what people answered is no part of what an undisturbed ingestion leaves."""
    return {table: rows for table, rows in found.items() if rows and table != "delivery_answers"}


def test_a_lake_of_another_version_is_read_anew_from_landing(
    ws: Workspace, config: Settings, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    old_lake(ws, config, tmp_path / "sent")
    assert not Lake(ws).is_outdated() and apart_from_answers(content(ws, config)) != apart_from_answers(undisturbed)
    assert pipeline.ingest(ws, config).files == 0
    monkeypatch.setattr("onecard.store.lake.LAKE_VERSION", NEWER)
    assert Lake(ws).is_outdated()
    assert pipeline.ingest(ws, config).files == 3, "the refused one is as refused as before"
    assert apart_from_answers(content(ws, config)) == apart_from_answers(undisturbed)
    assert [given.answer for given in answers.history(ws)] == ["part"]
    assert not Lake(ws).is_outdated() and pipeline.ingest(ws, config).files == 0
    # Nothing of what was read before is left on the disk.
    for table in LAKE_TABLES:
        assert {path.name for path in (ws.lake / table).glob("*.parquet")} == {Path(file).name for file in parquet_files(ws)[table]}


def test_a_lake_from_before_versions_is_outdated_and_an_empty_one_is_not(ws: Workspace, config: Settings, tmp_path: Path) -> None:
    assert not Lake(ws).is_outdated()
    deliver(ws, config, tmp_path / "sent")
    pipeline.ingest(ws, config)
    (ws.lake / "version.json").unlink()
    assert Lake(ws).is_outdated()


def test_another_shape_of_a_table_is_another_version(
    ws: Workspace, config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(ws, config, tmp_path / "sent")
    pipeline.ingest(ws, config)
    shapes = lake._DELTA
    monkeypatch.setattr(lake, "_DELTA", shapes | {"deaths": shapes["deaths"].append(pa.field("place", pa.string()))})
    assert Lake(ws).is_outdated()
    # What people decide is not read from landing.
    monkeypatch.setattr(lake, "_DELTA", shapes | {"verdicts": shapes["verdicts"].append(pa.field("place", pa.string()))})
    assert not Lake(ws).is_outdated()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("step", "nth"),
    [
        ("onecard.store.lake.Lake.empty", 1),
        (STEPS[0], 1),
        (STEPS[0], 6),
        (STEPS[1], 1),
        ("onecard.store.lake.Lake.note_version", 1),
        (STEPS[3], 1),
        ("onecard.store.lake.Lake._finish", 1),
    ],
)
def test_killed_while_it_is_read_anew_it_is_read_anew_again(
    step: str,
    nth: int,
    when: str,
    ws: Workspace,
    config: Settings,
    tmp_path: Path,
    undisturbed: dict[str, list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old_lake(ws, config, tmp_path / "sent")
    before = content(ws, config)
    script = tmp_path / "driver.py"
    script.write_text(DRIVER, encoding="utf-8")
    environment = os.environ | {"ONECARD_VAULT_KEY": KEY}
    command = [sys.executable, str(script), step, str(nth), when, str(ws.home), str(NEWER)]
    killed = subprocess.run(command, env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-400:]
    committed = step.endswith("_finish") or (step, when) == (STEPS[3], "after")
    # Until it was read to the end, a version that knows no better finds what it left.
    if not committed:
        assert Lake(ws).recover()
        assert content(ws, config) == before and not Lake(ws).is_outdated()
    monkeypatch.setattr("onecard.store.lake.LAKE_VERSION", NEWER)
    pipeline.ingest(ws, config)
    assert apart_from_answers(content(ws, config)) == apart_from_answers(undisturbed)
    assert [given.answer for given in answers.history(ws)] == ["part"] and not (ws.lake / "ingesting.json").exists()
