"""How soon a command speaks: `onecard --version`, `--help`, `explain` and a completion, beside `python -c "import duckdb"` in the same run.

python -m benchmarks.startup
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Bound, parser, report

ONECARD = [sys.executable, "-c", "import sys; sys.argv[0] = 'onecard'; from onecard_app.cli import main; main()"]
COMMANDS: dict[str, tuple[list[str], dict[str, str]]] = {
    "version": ([*ONECARD, "--version"], {}),
    "help": ([*ONECARD, "--help"], {}),
    "completion": (ONECARD, {"_ONECARD_COMPLETE": "bash_complete", "COMP_WORDS": "onecard tr", "COMP_CWORD": "1"}),
    "explain": ([*ONECARD, "explain", "FS02"], {}),
}
YARDSTICK = [sys.executable, "-c", "import duckdb"]
TIMES = 7
MOST_SECONDS, MOST_BYTES = 0.4, 80 * 1024**2


@dataclass(frozen=True)
class Start:
    """One process from its start to its end: wall and processor seconds, peak resident bytes."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def start(command: list[str], variables: dict[str, str]) -> Start:
    """Run a command to its end, its output thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""} | variables
    )
    used: resource.struct_rusage
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return Start(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def measured(command: list[str], variables: dict[str, str], yardstick: list[Start]) -> dict[str, Any]:
    """Medians of a command, and its processor time as a share of the yardstick's."""
    start(command, variables)  # writes bytecode, fills the disk's cache
    runs = [start(command, variables) for _ in range(TIMES)]
    cpu = statistics.median(run.cpu_seconds for run in runs)
    return {
        "seconds": round(statistics.median(run.seconds for run in runs), 3),
        "cpu_seconds": round(cpu, 3),
        "peak_mb": round(max(run.peak_bytes for run in runs) / 1024**2, 1),
        "of_import_duckdb": round(cpu / statistics.median(run.cpu_seconds for run in yardstick), 2),
    }


def main() -> int:
    options = parser(__doc__ or "", "startup").parse_args()
    start(YARDSTICK, {})
    yardstick = [start(YARDSTICK, {}) for _ in range(TIMES)]
    figures = {name: measured(command, variables, yardstick) for name, (command, variables) in COMMANDS.items()}
    told = {"seconds": statistics.median(run.seconds for run in yardstick), "peak_mb": max(run.peak_bytes for run in yardstick) / 1024**2}
    bounds = [Bound(f"{name}: seconds below {MOST_SECONDS}", -MOST_SECONDS, -figure["seconds"]) for name, figure in figures.items()]
    bounds += [Bound(f"{name}: MB below {MOST_BYTES >> 20}", -(MOST_BYTES >> 20), -figure["peak_mb"]) for name, figure in figures.items()]
    return report({"starts": figures, "import_duckdb": told}, bounds, options.out, options.check)


if __name__ == "__main__":
    sys.exit(main())
