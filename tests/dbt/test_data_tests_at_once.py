"""The data tests of a whole build in one statement: the same tests, and the one that fails is named with how many rows fail it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from orchestration.assets.transform import data_tests
from orchestration.dbt import DBT, PROJECT, variables


def test_what_fails_is_named_and_counted(tmp_path: Path) -> None:
    copy, database, target = tmp_path / "project", tmp_path / "scratch.duckdb", tmp_path / "target"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    with (copy / "seeds" / "agreed_memos.csv").open("a", encoding="utf-8") as seed:
        seed.write("扶贫,no_such_programme\n扶贫,no_such_programme\n")
    command = [str(DBT), "build", "--select", "resource_type:seed", "--exclude-resource-types", "test", "unit_test"]
    command += ["--project-dir", str(copy), "--profiles-dir", str(copy), "--vars", variables("2018-04-25")]
    environment = os.environ | {"ONECARD_SCRATCH_DB": str(database), "DBT_TARGET_PATH": str(target)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    told = data_tests(database)
    assert {name: failures for name, failures in told.items() if failures} == {
        "unique_agreed_memos_memo": 1,
        "relationships_agreed_memos_programme_code__programme_code__ref_programmes_": 2,
    }
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    of_seeds = {
        node["name"] for node in nodes
        if node["resource_type"] == "test" and all(parent.startswith("seed.") for parent in node["depends_on"]["nodes"])
    }  # fmt: skip
    assert told.keys() == of_seeds and len(of_seeds) > 50
