"""dbt handed the parsed project: the same project without a parse, and a parse where what was kept cannot be used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.dbt import PROJECT, manifest, variables
from orchestration.dbt_process import main

PARSED = "Unable to do partial parsing"  # what dbt says when it parses everything


@pytest.fixture(scope="module")
def kept() -> bytes:
    return manifest().with_suffix(".msgpack").read_bytes()


def dbt(kept: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.dbt_process", str(kept), *arguments, "--vars", variables("2018-04-25")]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder / "target")]
    environment = os.environ | {"ONECARD_SCRATCH_DB": str(folder / "scratch.duckdb"), "DBT_LOG_PATH": str(folder / "logs")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_what_was_kept_is_not_parsed_again(kept: bytes, tmp_path: Path) -> None:
    """And the business date is that of the call, not the one of the parse."""
    (tmp_path / "kept").write_bytes(kept)
    done = dbt(tmp_path / "kept", tmp_path, "compile", "--select", "stg_known_deliveries")
    assert done.returncode == 0, done.stdout
    assert "2018-04-25 16:00:00+00" in done.stdout
    assert PARSED not in (tmp_path / "logs" / "dbt.log").read_text(encoding="utf-8")


def test_damaged_bytes_are_parsed_anew(kept: bytes, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(kept[: len(kept) // 2])
    done = dbt(tmp_path / "kept", tmp_path, "list", "--select", "mart_rule", "--resource-type", "model")
    assert done.returncode == 0 and "onecard.marts.mart_rule" in done.stdout
    assert PARSED in (tmp_path / "logs" / "dbt.log").read_text(encoding="utf-8")


def test_a_failure_has_an_exit_code(kept: bytes, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(kept)
    assert dbt(tmp_path / "kept", tmp_path, "build", "--select", "mart_delivery").returncode == 1  # stands on tables that are not there
    assert main(str(tmp_path / "kept"), "build", "--no-such-option") == 2
