-- Rows in quarantine by what they would have been about: the month of a roll or of batches; of registers the county, in its fullest month.
with roll_files as (
    select distinct delivery_key, division, programme_code, payroll_month
    from {{ ref('stg_payment_rolls') }}
),

rolls as (
    select
        roll_files.division, roll_files.programme_code, roll_files.payroll_month, sum(deliveries.rows_quarantined) as rows_quarantined,
        sum(deliveries.quarantined_fen) as quarantined_fen, sum(deliveries.unreadable_fen_rows) as unreadable_fen_rows
    from roll_files
    inner join {{ ref('stg_deliveries') }} as deliveries on roll_files.delivery_key = deliveries.delivery_key
    group by roll_files.division, roll_files.programme_code, roll_files.payroll_month
),

batches as (
    select
        division, programme_code, payroll_month, sum(rows_quarantined) as rows_quarantined, sum(quarantined_fen) as quarantined_fen,
        sum(unreadable_fen_rows) as unreadable_fen_rows
    from {{ ref('int_batches') }}
    group by division, programme_code, payroll_month
),

register_files as (
    select distinct delivery_key, division, snapshot_month
    from {{ ref('stg_beneficiary_registers') }}
),

register_months as (
    select register_files.division, register_files.snapshot_month, sum(deliveries.rows_quarantined) as rows_quarantined
    from register_files
    inner join {{ ref('stg_deliveries') }} as deliveries on register_files.delivery_key = deliveries.delivery_key
    group by register_files.division, register_files.snapshot_month
),

registers as (
    select division, max(rows_quarantined) as rows_quarantined
    from register_months
    group by division
)

select
    'payment_rolls' as source, division, programme_code, payroll_month, cast(rows_quarantined as bigint) as rows_quarantined,
    cast(quarantined_fen as bigint) as quarantined_fen, cast(unreadable_fen_rows as bigint) as unreadable_fen_rows
from rolls
union all
select
    'bank_batches' as source, division, programme_code, payroll_month, cast(rows_quarantined as bigint) as rows_quarantined,
    cast(quarantined_fen as bigint) as quarantined_fen, cast(unreadable_fen_rows as bigint) as unreadable_fen_rows
from batches
union all
select
    'beneficiary_registers' as source, division, cast(null as {{ dbt.type_string() }}) as programme_code, cast(null as int) as payroll_month,
    cast(rows_quarantined as bigint) as rows_quarantined, cast(null as bigint) as quarantined_fen, cast(null as bigint) as unreadable_fen_rows
from registers
