"""docs/recipes/add-a-source.md, followed to the letter in a copy of the tree: a contract, a derivation, a model, and no other edit."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("onecard", "ingestion", "dbt_project", "expectations", "orchestration", "onecard_app")

pytestmark = pytest.mark.xdist_group("add a source")  # one copy of the tree for all of them

BLOCK = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.M | re.S)
RECIPE = ROOT / "docs" / "recipes" / "add-a-source.md"
# Two people, one of whom is paid nothing that can be read.
LIST = """姓名,身份证号,上岗日期,批准文号,岗位,岗位补贴
张三,62242119850312421X,2018-01-05,定人社[2018] 7号,护林,600
李四,622421196808151227,2018-01-05,定人社（2018）7号,保洁,六百
"""

ASKED = '''
"""What the house knows of a source that was described in its contract alone."""
import datetime as dt, json, os, subprocess, sys
from pathlib import Path

import duckdb

from expectations.suite_catalogue import suite_catalogue
from ingestion.pipeline import ingest
from ingestion.quarantine import quarantine_report
from ingestion.receiving import receive
from onecard.catalogue.sources import source_titles
from onecard.store.lake import attach, read
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from orchestration.dbt import DBT, PROJECT, variables


def main(folder: Path) -> None:
    ws = Workspace(folder / "home").create()
    settings = Settings.load(home=ws.home)
    receive(ws, settings, [folder / "安定区公益性岗位人员名单_201803.csv"], received_at=dt.datetime(2018, 4, 2, tzinfo=dt.UTC))
    summary = ingest(ws, settings)
    scratch = folder / "scratch.duckdb"
    with duckdb.connect(str(scratch)) as con:
        attach(con, ws)
    command = [DBT, "build", "--select", "+stg_public_jobs", "--exclude-resource-type", "unit_test"]
    command += ["--vars", variables("2018-04-30"), "--target-path", folder / "target"]
    command += ["--project-dir", PROJECT, "--profiles-dir", PROJECT]
    environment = os.environ | {"ONECARD_SCRATCH_DB": str(scratch), "DBT_LOG_PATH": str(folder / "logs")}
    built = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    with duckdb.connect(str(scratch)) as con:
        staged = con.execute("select division, started_on::varchar, contract_no, job, amount_fen from stg_public_jobs").fetchall()
        graded = con.execute("select count(*) from lake.public_jobs").fetchall()
    answer = {
        "refused": summary.refused,
        "title": str(source_titles()["public_jobs"]),
        "keyed": [value > 0 for name in ("person_key", "name_key") for value in read(ws, "public_jobs", [name])[name].to_pylist()],
        "attached": graded,
        "dbt": built.returncode and built.stdout[-2000:],
        "staged": staged,
        "suite": next(suite.model_dump() for suite in suite_catalogue() if suite.name == "source_public_jobs"),
        "quarantine": quarantine_report(ws)["rows"],
        "meetings": json.loads(variables("2018-04-30"))["name_meetings"],
        "house": str(PROJECT),
    }
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which somebody added a source and ran `make docs`."""
    house = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, house / room, ignore=shutil.ignore_patterns("__pycache__", "target", "logs", ".*"))
    files = BLOCK.findall(RECIPE.read_text(encoding="utf-8"))
    # Two more of the simulated city make five.
    assert len(files) == 3
    for name, text in files:
        path = house / name
        path.write_text(path.read_text(encoding="utf-8") + text if path.exists() else text, encoding="utf-8")
    python(house, "-m", "onecard_app.operations.reference_docs")
    return house


def python(house: Path, *arguments: str) -> str:
    """What a Python that runs the copy prints; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(house), "ONECARD_WORKERS": "1"}
    done = subprocess.run([sys.executable, *arguments], cwd=house, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def answer(house: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("night")
    (folder / "安定区公益性岗位人员名单_201803.csv").write_text(LIST, encoding="utf-8")
    (folder / "ask.py").write_text(ASKED, encoding="utf-8")
    found: dict[str, Any] = json.loads(python(house, str(folder / "ask.py"), str(folder)))
    assert found["house"] == str(house / "dbt_project"), "the copy was asked, not the tree"
    return found


def test_its_files_are_read_into_the_lake_and_staged(answer: dict[str, Any]) -> None:
    assert answer["refused"] == []
    assert answer["keyed"] == [True, True]
    assert answer["attached"] == [[1]]
    assert answer["dbt"] == 0
    assert answer["staged"] == [["621102", "2018-01-05", "定人社〔2018〕7号", "forest_guard", 60000]]


def test_what_does_not_fit_is_in_quarantine_in_words(answer: dict[str, Any]) -> None:
    (row,) = answer["quarantine"]
    assert (row["file"], row["field"], row["first_row"]) == ("安定区公益性岗位人员名单_201803.csv", "amount_fen", 3)
    assert row["column"] == "岗位补贴 amount_fen" and "金额无法识别" in row["why"]


def test_it_is_in_the_catalogue_of_suites(answer: dict[str, Any]) -> None:
    suite = answer["suite"]
    assert (suite["title_zh"], suite["title_en"]) == ("来源：公益性岗位人员名单", "Source: public-service jobs")
    assert answer["title"] == "公益性岗位人员名单 Public-service jobs"
    names = [check["name"] for check in suite["checks"]]
    assert names == ["landed_rows_counted", "landed_fen_counted", "deliveries_fresh", "delivered_on_time", "mostly_landed", "job_known"]


def test_its_names_are_met(answer: dict[str, Any]) -> None:
    assert {"source": "public_jobs", "number": "person_key", "name": "name_key", "division": True} in answer["meetings"]


def test_it_is_documented_for_people_and_for_dbt(house: Path) -> None:
    lake = (house / "docs" / "reference" / "lake.md").read_text(encoding="utf-8")
    page = (house / "docs" / "reference" / "contracts" / "public_jobs.md").read_text(encoding="utf-8")
    assert "## `public_jobs`" in lake and "岗位补贴（分） · pay (fen)" in lake
    assert "公益性岗位人员名单" in page and "护林 = forest_guard" in page
    made = yaml.safe_load((house / "dbt_project" / "models" / "staging" / "_sources.yml").read_text(encoding="utf-8"))
    table = next(table for table in made["sources"][0]["tables"] if table["name"] == "public_jobs")
    assert table["config"]["freshness"]["warn_after"] == {"count": 93, "period": "day"}
    model = next(model for model in made["models"] if model["name"] == "stg_public_jobs")
    tests = {column["name"]: column["data_tests"] for column in model["columns"] if "data_tests" in column}
    assert tests["job"] == [{"accepted_values": {"arguments": {"values": ["cleaner", "forest_guard"]}}}]
    assert tests["amount_fen"] == tests["started_on"] == ["not_null"]
