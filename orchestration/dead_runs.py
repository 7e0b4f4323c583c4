"""Ends the record of runs whose process is gone: Dagster's local launcher never notices a SIGKILL (measured)."""

import os

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

ALIVE = [DagsterRunStatus.STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.CANCELING]


def reap(instance: DagsterInstance) -> list[str]:
    """Mark as failed every run tagged with a process that no longer exists on this machine; returns their ids."""
    reaped = []
    for run in instance.get_runs(RunsFilter(statuses=ALIVE)):
        pid = run.tags.get("onecard/pid")
        if pid and pid.isdigit() and int(pid) != os.getpid() and not _alive(int(pid)):
            instance.report_run_failed(run, message=f"process {pid} is gone (killed); the next run recovers its work")
            reaped.append(run.run_id)
    return reaped


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dg.sensor(
    name="reaper",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="被强制终止的运行记为失败 · runs whose process was killed are marked as failed",
)
def reaper_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    reaped = reap(context.instance)
    return dg.SkipReason(f"{len(reaped)} runs ended by the reaper" if reaped else "no dead run")
