-- Whom the latest register of a county would have paid: the household as one where money goes to households, shown by the row of its head.
with units as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.township, register.village,
        register.programme_code, register.person_key, register.head_person_key, register.household_key, register.name_key,
        register.snapshot_month, register.approved_on, register.start_month, coalesce(register.end_month, 999912) as end_month,
        case when programmes.paid_to = 'household' then register.household_key else register.resolved_key end as unit_key
    from {{ ref('int_register') }} as register
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where register.is_current
),

ranked as (
    select
        units.*,
        row_number() over (
            partition by division, programme_code, unit_key
            order by case when person_key = head_person_key then 0 else 1 end, delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from units
)

select
    delivery_key, sheet_no, row_no, division, township, village, programme_code, person_key, household_key, name_key, snapshot_month,
    approved_on, start_month, end_month, unit_key
from ranked
where turn = 1
