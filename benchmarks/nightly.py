"""The nightly run on a county: receive, ingest, model, check and publish, beside plain pandas doing the same parse and reconcile.

python -m benchmarks.nightly --rows 1500000
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import plain_reconcile
from benchmarks.measure import Bound, alone, parser, report

# A county's year, 1.5 million bank rows, on two cores: in under three minutes and four gibibytes.
MOST_SECONDS = 180
MOST_BYTES = 4 * 1024**3
STAGE = re.compile(r"✓ \S+ (?P<stage>[a-z]+).*? (?P<seconds>[0-9.]+) s$", re.M)


def city(folder: str, rows: int) -> dict[str, Any]:
    """A simulated city of about that many bank rows: where its files lie and from which day it is looked at."""
    from simulation.run import simulate

    made = simulate(Path(folder), rows=rows, plant=True)
    return {"inbox": str(made.inbox), "day": made.business_date.isoformat(), "sources": made.sources}


def receive(home: str, inbox: str) -> None:
    _onecard(home, "receive", *map(str, sorted(Path(inbox).iterdir())))


def night(home: str, day: str) -> dict[str, Any]:
    """The run itself: what it published, and the seconds of its stages."""
    done = _onecard(home, "run", "--as-of", day)
    status = json.loads(_onecard(home, "status", "--json").stdout)
    stages = {found["stage"]: float(found["seconds"]) for found in STAGE.finditer(done.stderr)}
    return {"stages": stages, "findings": sum(item["findings"] for item in status["findings"]), "joints": status["joints"]}


def _onecard(home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from onecard_app.cli import main; main()", "--home", home, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def main() -> int:
    options = parser(__doc__ or "", "nightly")
    options.add_argument("--rows", type=int, default=1_500_000, help="bank rows of the simulated city")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = city(str(Path(folder) / "city"), chosen.rows)
        home = str(Path(folder) / "home")
        received = alone(receive, home, made["inbox"], cores=None)
        run = alone(night, home, made["day"], cores=None)
        plain = alone(plain_reconcile.reconcile, made["inbox"], cores=None)
    seconds = received.seconds + run.seconds
    peak = max(received.peak_tree_bytes, run.peak_tree_bytes)
    content = {
        "benchmark": "nightly",
        "bank_rows": made["sources"]["bank_batches"]["rows"],
        "files": sum(source["files"] for source in made["sources"].values()),
        "onecard": {
            "receive_seconds": round(received.seconds, 1),
            "run_seconds": round(run.seconds, 1),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(received.cpu_seconds + run.cpu_seconds, 1),
            "peak_mb_with_children": round(peak / 1e6),
            **run.result,
        },
        "pandas": {
            "seconds": round(plain.seconds, 1),
            "cpu_seconds": round(plain.cpu_seconds, 1),
            "peak_mb_with_children": round(plain.peak_tree_bytes / 1e6),
            **plain.result,
        },
        "onecard_seconds_over_pandas": round(seconds / plain.seconds, 2),
        "onecard_memory_over_pandas": round(peak / plain.peak_tree_bytes, 2),
    }
    bounds = [
        Bound("seconds to spare", 0, MOST_SECONDS - seconds),
        Bound("bytes to spare", 0, MOST_BYTES - peak),
    ]
    return report(content, bounds, chosen.out, chosen.check)


if __name__ == "__main__":
    sys.exit(main())
