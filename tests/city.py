"""A small simulated city brought into a lake, and dbt over a lake in a scratch database of its own."""

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.pipeline import ingest
from ingestion.receiving import receive
from onecard.store.lake import attach
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from orchestration import dbt
from simulation import simulate


@dataclass(frozen=True)
class Built:
    """What dbt left behind: the scratch database, the manifest, and one result per node."""

    database: Path
    manifest: dict[str, Any]
    results: list[dict[str, Any]]


def make_lake(folder: Path, **city: Any) -> tuple[Workspace, dt.date]:
    """Simulate a city (arguments of `simulate`), receive and ingest it; its workspace and business date."""
    summary = simulate(folder / "city", **city)
    ws = Workspace(folder / "home").create()
    settings = Settings.load(home=ws.home)
    receive(ws, settings, sorted(summary.inbox.iterdir()))
    assert ingest(ws, settings).files > 0
    return ws, summary.business_date


def run_dbt(folder: Path, ws: Workspace, business_date: dt.date, *arguments: str) -> Built:
    """`dbt ARGUMENTS` over the lake, into a database in `folder`; it must succeed. The parsed project is handed to it, as in a run."""
    database, target = folder / "scratch.duckdb", folder / "target"
    with duckdb.connect(str(database)) as con:
        attach(con, ws)
    environment = os.environ | {"ONECARD_SCRATCH_DB": str(database), "DBT_LOG_PATH": str(folder / "logs")}
    command = [sys.executable, "-m", "orchestration.dbt_process", str(dbt.manifest().with_suffix(".msgpack")), *arguments]
    command += ["--vars", dbt.variables(business_date.isoformat()), "--target-path", str(target)]
    command += ["--project-dir", str(dbt.PROJECT), "--profiles-dir", str(dbt.PROJECT)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    manifest, results = (json.loads((target / name).read_text(encoding="utf-8")) for name in ("manifest.json", "run_results.json"))
    return Built(database, manifest, results["results"])
