"""The close of a month: for one payroll month, is every entitled fen at home, and if not, where is it?"""

import dagster as dg

from onecard.store.releases import open_release
from onecard.words.months import SHANGHAI
from onecard.words.safe_errors import guarded
from orchestration.resources import OnecardRun

MONTHS = dg.MonthlyPartitionsDefinition(start_date="201801", timezone=SHANGHAI.key, fmt="%Y%m")

CLOSE = """
    select
        count(*) as payments,
        coalesce(sum(entitled_fen), 0) as entitled_fen,
        coalesce(sum(credited_fen), 0) as credited_fen,
        count(*) filter (where status = 'credited') as paid_in_full,
        count(distinct division) as counties
    from mart_payment
    where payroll_month = ?
"""


@dg.asset(
    key=["months", "month_close"],
    deps=[["publish", "release"]],
    partitions_def=MONTHS,
    group_name="months",
    owners=["team:finance-bureau"],
    kinds={"duckdb"},
    tags={"onecard/personal_data": "pseudonyms"},
    description="月度关账 · per payroll month, from the current release: entitled, credited and still open, in fen",
)
def month_close(context: dg.AssetExecutionContext, onecard: OnecardRun) -> dg.MaterializeResult:
    month = int(context.partition_key)
    with guarded("month close"), open_release(onecard.ws) as con:
        payments, entitled, credited, paid, counties = con.execute(CLOSE, [month]).fetchall()[0]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": int(payments),
            "counties": int(counties),
            "entitled_fen": int(entitled),
            "credited_fen": int(credited),
            "open_fen": int(entitled) - int(credited),
            "paid_in_full": int(paid),
        }
    )
