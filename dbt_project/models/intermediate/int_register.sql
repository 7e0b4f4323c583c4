-- The latest register of each county, one row per person and programme.
with latest as (
    select division, max(snapshot_month) as snapshot_month
    from {{ ref('stg_beneficiary_registers') }}
    group by division
),

numbered as (
    select
        register.*,
        row_number() over (
            partition by register.division, register.person_key, register.programme_code
            order by register.delivery_key nulls last, register.sheet_no nulls last, register.row_no nulls last
        ) as occurrence
    from {{ ref('stg_beneficiary_registers') }} as register
    inner join latest on register.division = latest.division and register.snapshot_month = latest.snapshot_month
)

select
    delivery_key, sheet_no, row_no, division, township, village, snapshot_month, household_key, head_person_key, head_name_key,
    person_key, name_key, relation, programme_code, category, approved_on, start_month, end_month, proxy_person_key, proxy_name_key,
    occurrence
from numbered
