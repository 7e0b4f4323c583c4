"""The pipeline run in this process: the command line's door to the very definitions that Dagster serves."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import redirect_stdout
from contextvars import copy_context
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg

from onecard.store.workspace import Workspace
from onecard.words.errors import InternalFault, OnecardError
from onecard.words.language import Text
from onecard.words.safe_errors import workspace_home
from onecard.words.system_faults import machine_fault
from orchestration.dead_runs import reap
from orchestration.jobs import run_config

DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")
Result = TypeVar("Result")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def dagster_home(ws: Workspace) -> Path:
    """The DAGSTER_HOME of a workspace, with the shipped configuration (telemetry off) in it."""
    ws.dagster_home.mkdir(parents=True, exist_ok=True)
    config = ws.dagster_home / "dagster.yaml"
    shipped = DAGSTER_YAML.read_text(encoding="utf-8")
    if not config.exists() or config.read_text(encoding="utf-8") != shipped:
        config.write_text(shipped, encoding="utf-8")
    return ws.dagster_home


def run_nightly(ws: Workspace, as_of: str = "") -> dict[str, Any]:
    """Run inbox to release for the business date `as_of` (ISO; today when empty); returns what the release step reported.

    Raises the OnecardError that stopped the run, or InternalFault. On Ctrl-C it leaves at once, and the run is one that was killed:
    the caller must end the process.
    """
    # Dagster catches Ctrl-C in the main thread and may forget it between two steps; in another thread it leaves it to us.
    return _beside(lambda: _run_nightly(ws, as_of))


def _beside(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, run in a thread that ends with the process."""
    outcome: Future[Result] = Future()

    def run() -> None:
        # Children inherit this: the command line ends them, and none prints a traceback of its own.
        # The tracker comes first: starting it lifts the block.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return outcome.result()


def _run_nightly(ws: Workspace, as_of: str) -> dict[str, Any]:
    os.environ["DAGSTER_HOME"] = str(dagster_home(ws).resolve())
    os.environ["ONECARD_HOME"] = str(ws.home.resolve())
    from orchestration.definitions import defs  # loads dbt's manifest: only runs pay for it

    job = defs.resolve_job_def("nightly")
    with dg.DagsterInstance.get() as instance:
        reap(instance)
        try:
            # dbt's lines come through Dagster to standard output, which here belongs to the answer; they are in the run's dbt.log.
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
                result = job.execute_in_process(
                    run_config=run_config(as_of=as_of, home=str(ws.home.resolve())) | QUIET,
                    instance=instance,
                    raise_on_error=True,
                )
        except Exception as error:
            raise _root(error) from None
    release = result.asset_materializations_for_node("publish__release")
    return {key: value.value for key, value in release[-1].metadata.items()} if release else {}


def _root(error: BaseException) -> OnecardError:
    """The error of ours inside the layers that Dagster puts around it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OnecardError):
            return seen
        seen = getattr(seen, "user_exception", None) or seen.__cause__ or seen.__context__
    if (fault := machine_fault(error, workspace_home())) is not None:
        return fault
    return InternalFault(
        code="OC-RUN-901",
        what=Text(f"运行未完成（{type(error).__name__}）", f"the run did not finish ({type(error).__name__})"),
        where="dagster",
        why=Text("编排层出错", "the orchestration layer failed"),
        remedy=Text(
            "设 ONECARD_DEBUG=1 重新运行；onecard doctor 检查环境", "run again with ONECARD_DEBUG=1; onecard doctor checks the machine"
        ),
    )
