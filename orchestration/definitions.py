"""All that Dagster serves: assets, checks, jobs, the nightly schedule, the inbox sensor and the reaper."""

import dagster as dg

from orchestration.assets import intake, months, publish, quality, transform
from orchestration.dbt import dbt_resource
from orchestration.dead_runs import reaper_sensor
from orchestration.jobs import MONTH_CLOSE, NIGHTLY, inbox_sensor, nightly_schedule
from orchestration.resources import OnecardRun

defs = dg.Definitions(
    assets=[
        intake.landing,
        intake.lake,
        transform.dbt_models,
        quality.suites,
        publish.release,
        months.month_close,
    ],
    jobs=[NIGHTLY, MONTH_CLOSE],
    schedules=[nightly_schedule],
    sensors=[inbox_sensor, reaper_sensor],
    resources={"onecard": OnecardRun(), "dbt": dbt_resource()},
    executor=dg.in_process_executor,
)
