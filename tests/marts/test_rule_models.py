"""A build that is not handed every rule stops: too few findings would look like good news."""

import json
import os
import subprocess
import sys
from pathlib import Path

from onecard.catalogue.rules import rules
from orchestration.dbt import PROJECT, manifest, variables

RELATIONS = [rule.relation for rule in rules().values()]
# One process for both, handed the parsed project as a run's is.
COMPILE = """
import sys
from orchestration.dbt_process import main
kept, folder, project, *told = sys.argv[1:]
for variables in told:
    arguments = ["--project-dir", project, "--profiles-dir", project, "--target-path", folder, "--vars", variables]
    print("code", main(kept, "compile", "--select", "mart_rule", *arguments))
"""


def test_a_forgotten_rule_stops_the_build(tmp_path: Path) -> None:
    handed = [json.dumps(json.loads(variables("2018-12-31")) | {"finding_models": models}) for models in (RELATIONS[1:], [], RELATIONS)]
    command = [sys.executable, "-c", COMPILE, str(manifest().with_suffix(".msgpack")), str(tmp_path), str(PROJECT), *handed]
    environment = os.environ | {"ONECARD_SCRATCH_DB": ":memory:", "DBT_LOG_PATH": str(tmp_path / "logs")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    one_left_out, none, all_of_them = done.stdout.split("code ")[:3]
    codes = [line.removeprefix("code ") for line in done.stdout.splitlines() if line.startswith("code ")]
    assert [code == "0" for code in codes] == [False, False, True]
    for refused in (one_left_out, none):
        assert "must name every rule" in refused and RELATIONS[0] in refused
    assert "must name every rule" not in all_of_them
