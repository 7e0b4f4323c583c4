"""How benchmarks measure: in a fresh process on one core, the best of several times, peak memory; facts of the machine; JSON."""

import argparse
import importlib.metadata
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
_LOOK_EVERY = 0.05
ENGINES = ("pyarrow", "pandas", "numpy", "duckdb", "deltalake", "python-calamine", "dbt-core", "great-expectations")


@dataclass(frozen=True)
class Measured:
    """What a function returned, and what it cost: best wall and processor seconds, peak resident bytes.

    `peak_bytes` is the function's own process; `peak_tree_bytes` is the most that it and all processes below it were seen to
    hold together (looked at every 50 ms; pages they share are counted for each).
    """

    result: Any
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    peak_tree_bytes: int


def alone(function: Callable[..., Any], *arguments: Any, times: int = 1, cores: int | None = 1) -> Measured:
    """Run a function in a process of its own, `times` over, held to `cores` cores (all when None).

    Wall and processor time are the best of all runs: other work on the machine only ever adds to them. The first run
    also pays for imports and caches. The function and its arguments are pickled. Raises what the function raises.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    child = context.Process(target=_measure, args=(theirs, function, arguments, times, cores))
    child.start()
    theirs.close()
    peak_tree = 0
    while not mine.poll(_LOOK_EVERY):
        peak_tree = max(peak_tree, _resident(child.pid))
    try:
        outcome = mine.recv()
    except EOFError:
        child.join()
        raise RuntimeError(f"{function.__name__} died with exit code {child.exitcode}") from None
    child.join()
    if isinstance(outcome, BaseException):
        raise outcome
    result, seconds, cpu_seconds, peak = outcome
    return Measured(result, seconds, cpu_seconds, peak, max(peak_tree, peak))


def _measure(pipe: Any, function: Callable[..., Any], arguments: Sequence[Any], times: int, cores: int | None) -> None:
    try:
        if cores is not None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
        walls, cpus, result = [], [], None
        for _ in range(times):
            wall, cpu = time.perf_counter(), _cpu()
            result = function(*arguments)
            walls.append(time.perf_counter() - wall)
            cpus.append(_cpu() - cpu)
        pipe.send((result, min(walls), min(cpus), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
    except BaseException as error:
        pipe.send(error)


def _cpu() -> float:
    """Processor seconds of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def _resident(pid: int | None) -> int:
    """Resident bytes of a process and of all below it; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        below = {int(number) for thread in threads for number in (thread / "children").read_text(encoding="ascii").split()}
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(number) for number in below)


def machine() -> dict[str, Any]:
    """What the figures depend on besides our code."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory,
        "load_average": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "engines": {engine: importlib.metadata.version(engine) for engine in ENGINES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


@dataclass(frozen=True)
class Bound:
    """A figure that has to hold on a quiet machine of today."""

    name: str
    at_least: float
    measured: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"held": self.measured >= self.at_least}


def parser(description: str, name: str) -> argparse.ArgumentParser:
    """Options that all benchmarks share."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--out", type=Path, default=RESULTS / f"{name}.json", help="where the JSON goes besides the terminal")
    options.add_argument("--check", action="store_true", help="exit 1 when a bound does not hold")
    return options


def report(content: dict[str, Any], bounds: Sequence[Bound], out: Path, check: bool) -> int:
    """Write the JSON to `out` and to the terminal; the exit code of the program."""
    whole = content | {"machine": machine(), "bounds": [bound.as_dict() for bound in bounds]}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 1 if check and not all(bound.measured >= bound.at_least for bound in bounds) else 0
