"""`onecard …` in a process forked from one that has loaded everything: what a start costs, seconds for a run, is paid once in each worker.

All of them order sets alike, which processes that people start do not: a test that needs another order starts one (`nightly.fresh`).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from typing import IO

_PROGRAM = """
import atexit, gc, json, os, sys

import dagster_dbt, duckdb, openpyxl, pandas, pyarrow, rich.console, rich.table, yaml
import ingestion.pipeline, orchestration.definitions, orchestration.execute
from expectations.engine import great_expectations
from onecard_app.answers import deliveries, diff, review, status, trace, trace_credit, trace_workbook
from onecard_app.cli import main

great_expectations()
gc.freeze()  # what is shared stays shared
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
for number, path in enumerate((os.devnull, asked["out"], asked["err"])):
    os.dup2(os.open(path, os.O_RDWR), number)
os.environ.clear()
os.environ.update(asked["environment"], GX_ANALYTICS_ENABLED="false")
sys.argv = ["onecard", *asked["arguments"]]
code = 0
try:
    main()
except SystemExit as ended:
    code = ended.code or 0
atexit._run_exitfuncs()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)  # taking all that was loaded to pieces would take longer than to load it
"""


@cache
def _process() -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _exit_code(question: str) -> int:
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def run(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`onecard` with these arguments, as `subprocess.run` would tell of it; nobody types anything."""
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as out, tempfile.NamedTemporaryFile("w+", encoding="utf-8") as err:
        asked = {"arguments": arguments, "environment": dict(environment), "out": out.name, "err": err.name}
        code = _exit_code(json.dumps(asked))
        return subprocess.CompletedProcess(["onecard", *arguments], code, _told(out), _told(err))


def _told(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
