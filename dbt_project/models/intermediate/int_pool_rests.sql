-- FIFO: each pool is a line of fen; an inflow [lower, upper) is spent by the outflows that cover the same fen. What no outflow covers rests.
with inflows as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference,
        upper_fen - amount_fen as lower_fen, upper_fen
    from {{ ref('int_pool_flows') }}
    where is_inflow
),

outflows as (
    select division, pool_code, fiscal_year, day, upper_fen - amount_fen as lower_fen, upper_fen
    from {{ ref('int_pool_flows') }}
    where not is_inflow
),

spent as (
    select
        inflows.delivery_key, inflows.sheet_no, inflows.row_no, outflows.day as until_day,
        least(inflows.upper_fen, outflows.upper_fen) - greatest(inflows.lower_fen, outflows.lower_fen) as rested_fen,
        false as is_resting
    from inflows
    inner join outflows
        on inflows.division = outflows.division and inflows.pool_code = outflows.pool_code and inflows.fiscal_year = outflows.fiscal_year
        and outflows.upper_fen > inflows.lower_fen and outflows.lower_fen < inflows.upper_fen
),

totals as (
    select division, pool_code, fiscal_year, max(upper_fen) as out_fen
    from outflows
    group by division, pool_code, fiscal_year
),

resting as (
    select
        inflows.delivery_key, inflows.sheet_no, inflows.row_no, {{ business_date() }} as until_day,
        inflows.upper_fen - greatest(inflows.lower_fen, coalesce(totals.out_fen, 0)) as rested_fen,
        true as is_resting
    from inflows
    left join totals
        on inflows.division = totals.division and inflows.pool_code = totals.pool_code and inflows.fiscal_year = totals.fiscal_year
    where inflows.upper_fen > coalesce(totals.out_fen, 0)
),

rests as (
    select delivery_key, sheet_no, row_no, until_day, rested_fen, is_resting from spent
    union all
    select delivery_key, sheet_no, row_no, until_day, rested_fen, is_resting from resting
)

select
    inflows.delivery_key, inflows.sheet_no, inflows.row_no, inflows.division, inflows.pool_code, inflows.fiscal_year, inflows.kind,
    inflows.reference, inflows.day, rests.until_day, cast(rests.rested_fen as bigint) as rested_fen, rests.is_resting,
    {{ days_between('inflows.day', 'rests.until_day') }} as days
from inflows
inner join rests on inflows.delivery_key = rests.delivery_key and inflows.sheet_no = rests.sheet_no and inflows.row_no = rests.row_no
