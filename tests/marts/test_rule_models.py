"""A build that is not handed every rule stops: too few findings would look like good news."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from onecard.catalogue.rules import rules
from orchestration.dbt import DBT, PROJECT, variables

RELATIONS = [rule.relation for rule in rules().values()]


@pytest.mark.parametrize("handed", [RELATIONS[1:], []])
def test_a_forgotten_rule_stops_the_build(tmp_path: Path, handed: list[str]) -> None:
    command = [str(DBT), "compile", "--select", "mart_rule", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    told = json.loads(variables("2018-12-31")) | {"finding_models": handed}
    command += ["--target-path", str(tmp_path), "--vars", json.dumps(told)]
    environment = os.environ | {"ONECARD_SCRATCH_DB": ":memory:", "DBT_LOG_PATH": str(tmp_path / "logs")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "must name every rule" in done.stdout and RELATIONS[0] in done.stdout
