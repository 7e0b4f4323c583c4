"""When the pipeline runs: every night at two in Asia/Shanghai, and when files arrive."""

import hashlib

import dagster as dg

from ingestion.inbox import waiting
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.language import Text
from onecard.words.months import SHANGHAI

NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("months"),
    executor_def=dg.in_process_executor,  # the lock of the workspace is held by one process from first step to last
    description="收件 → 入湖 → 建模 → 校验 → 发布 · inbox to published release",
    tags={"onecard/job": "nightly"},
)

MONTH_CLOSE = dg.define_asset_job(
    "month_close",
    selection=dg.AssetSelection.groups("months"),
    executor_def=dg.in_process_executor,
    description="月度关账 · close of a payroll month from the current release",
)


def run_config(as_of: str = "", home: str = "") -> dict:
    """Run configuration of a job: the business date (ISO) and the workspace."""
    return {"resources": {"onecard": {"config": {"home": home, "as_of": as_of}}}}


@dg.schedule(
    job=NIGHTLY,
    cron_schedule="0 2 * * *",
    execution_timezone=SHANGHAI.key,
    description="每晚两点 · every night at 02:00 in Shanghai, for the business date of that day",
)
def nightly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    day = context.scheduled_execution_time.astimezone(SHANGHAI).date().isoformat()
    return dg.RunRequest(run_key=day, run_config=run_config(as_of=day))


@dg.sensor(
    job=NIGHTLY,
    minimum_interval_seconds=60,
    description="收件箱有新文件且不再变化 · files lie in the inbox and have stopped changing",
)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when the inbox holds the same files at two looks in a row: half-copied files wait."""
    seen = _inbox_state(Workspace(Settings.load().home))
    if not seen:
        context.update_cursor("")
        return dg.SkipReason(str(Text("收件箱为空", "the inbox is empty")))
    if context.cursor != seen:
        context.update_cursor(seen)
        return dg.SkipReason(str(Text("文件刚到，等待写完", "files have just arrived; waiting until they are complete")))
    return dg.RunRequest(run_key=seen)


def _inbox_state(ws: Workspace) -> str:
    """One hash over names, sizes and times of the files that a run would receive; empty when there is none."""
    facts = [f"{path.relative_to(ws.inbox)}|{size}|{changed}" for path, (size, changed) in waiting(ws).items()]
    return hashlib.sha256("\n".join(facts).encode(errors="surrogateescape")).hexdigest() if facts else ""
