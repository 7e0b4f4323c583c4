"""A small planted city, received into a workspace, and the nightly run over it as a process of its own."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import warm

from simulation import Canary, SimulationSummary, simulate

KEY = base64.b64encode(bytes(range(32))).decode()
CANARIES = (
    Canary("欧阳金丝雀", "621102197001010013", "6230659999999999919", "13900001111"),
    Canary("慕容黄莺儿", "621121198002290014", "6228489999999999919", "13900002222"),
)
DRIVER = """
import runpy, sys
{patch}
if __name__ == "__main__":
    sys.argv = ["onecard", *sys.argv[1:]]
    from onecard_app.cli import main
    main()
"""


def make_city(folder: Path, seed: int = 2) -> SimulationSummary:
    return simulate(folder, rows=3_000, seed=seed, plant=True, canaries=CANARIES)


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from onecard_app.cli import main; main()", "--home", str(home), *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"ONECARD_VAULT_KEY": KEY}


def call(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`onecard --home HOME …`; the exit code is left to the caller."""
    return warm.run(["--home", str(home), *arguments], environment())


def fresh(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, as people start it."""
    return subprocess.run(command(home, *arguments), env=environment(), capture_output=True, text=True, timeout=3600)


def called(home: Path, *arguments: str) -> Any:
    """What `onecard … --json` answers; it must succeed."""
    done = call(home, *arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def call_with(patch: str, folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, after the Python statements `patch` have changed the program: how failures are forced."""
    script = folder / "driver.py"
    script.write_text(DRIVER.format(patch=patch), encoding="utf-8")
    arguments = ("--home", str(home), *arguments)
    return subprocess.run([sys.executable, str(script), *arguments], env=environment(), capture_output=True, text=True, timeout=3600)


def receive(home: Path, city: SimulationSummary) -> None:
    files = [str(path) for path in sorted(city.inbox.iterdir())]
    called(home, "receive", *files)


def run(home: Path, city: SimulationSummary, *more: str) -> Any:
    return called(home, "run", "--as-of", city.business_date.isoformat(), *more)


def killed_run(home: Path, city: SimulationSummary, after: float) -> bool:
    """Start a run and kill -9 its whole process group after some seconds; False if it was done before."""
    arguments = command(home, "run", "--as-of", city.business_date.isoformat())
    with subprocess.Popen(
        arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        time.sleep(after)
        finished = process.poll() is not None
        if not finished:
            os.killpg(process.pid, signal.SIGKILL)
        return not finished


def killed_after(stage: str, home: Path, city: SimulationSummary, seconds: float) -> None:
    """Start a run and kill -9 its whole process group some seconds after it said that a stage had ended."""
    arguments = command(home, "run", "--as-of", city.business_date.isoformat())
    with subprocess.Popen(
        arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        while stage not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


@contextmanager
def reading(home: Path) -> Iterator[tuple[Counter[str], list[str]]]:
    """Auditors read `current` all the time meanwhile: how often each release was seen, and each that was seen as a mix."""
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            folder = (home / "releases" / "current").resolve()
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            with duckdb.connect(str(folder / "onecard.duckdb"), read_only=True) as con:
                release = con.execute("select value from release_info where name = 'release_id'").fetchall()[0][0]
                rows = con.execute("select count(*) from mart_payment").fetchall()[0][0]
            if release != manifest["release_id"] or rows != manifest["tables"]["mart_payment"]["rows"]:
                wrong.append(release)
            seen[release] += 1
            time.sleep(0.05)  # the runs need the machine, too

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen, wrong
    finally:
        done.set()
        reader.join()


def digests(release: Path) -> dict[str, str]:
    """SHA-256 of every file of a release, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(release.resolve().iterdir())}
