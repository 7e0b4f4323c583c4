-- First payment of every entitlement that began under the eyes of this lake: by when it was due, and when anything was first tried.
with units as (
    select programme_code, paid_to
    from {{ ref('programmes') }}
    where pay_by_day is not null
),

rolled_months as (
    select distinct division, programme_code, payroll_month
    from {{ ref('int_rolls') }}
),

first_rolled as (
    select division, programme_code, min(payroll_month) as payroll_month
    from rolled_months
    group by division, programme_code
),

-- Due within the month after approval, or within its first month when that is later.
due as (
    select
        entitled.*,
        greatest({{ next_month(month_of('entitled.approved_on')) }}, entitled.start_month) as due_month
    from {{ ref('int_entitled_units') }} as entitled
    inner join units on entitled.programme_code = units.programme_code
    inner join first_rolled
        on entitled.division = first_rolled.division and entitled.programme_code = first_rolled.programme_code
        and entitled.start_month >= first_rolled.payroll_month
    where entitled.unit_key is not null and entitled.approved_on is not null
),

-- On a roll of any county, or credited (or refused) by any bank.
served as (
    select rolls.programme_code, case when units.paid_to = 'household' then rolls.household_key else rolls.resolved_key end as unit_key,
        rolls.payroll_month, cast(null as date) as tried_on
    from {{ ref('int_rolls') }} as rolls
    inner join units on rolls.programme_code = units.programme_code
    union all
    select
        lines.programme_code,
        case when units.paid_to = 'household' then coalesce(lines.household_key, members.household_key, lines.resolved_key) else lines.resolved_key end
            as unit_key,
        lines.payroll_month, lines.credited_on as tried_on
    from {{ ref('int_credit_lines') }} as lines
    inner join units on lines.programme_code = units.programme_code
    left join {{ ref('int_members') }} as members on lines.resolved_key = members.person_key and units.paid_to = 'household'
    union all
    -- A roll may name another head of the household than the register does.
    select rolls.programme_code, members.household_key as unit_key, rolls.payroll_month, cast(null as date) as tried_on
    from (select distinct programme_code, unit_key from due) as wanted
    inner join units on wanted.programme_code = units.programme_code and units.paid_to = 'household'
    inner join {{ ref('int_members') }} as members on wanted.unit_key = members.household_key
    inner join {{ ref('int_rolls') }} as rolls on wanted.programme_code = rolls.programme_code and members.person_key = rolls.resolved_key
),

first_served as (
    select programme_code, unit_key, min(payroll_month) as first_month, min(tried_on) as first_tried_on
    from served
    group by programme_code, unit_key
),

dated as (
    select
        due.delivery_key, due.sheet_no, due.row_no, due.division, due.township, due.village, due.programme_code, due.person_key,
        due.household_key, due.name_key, due.unit_key, due.approved_on, due.start_month, due.due_month,
        {{ month_end('due.due_month') }} as due_by, first_served.first_month, first_served.first_tried_on
    from due
    inner join rolled_months
        on due.division = rolled_months.division and due.programme_code = rolled_months.programme_code
        and due.due_month = rolled_months.payroll_month
    left join first_served on due.programme_code = first_served.programme_code and due.unit_key = first_served.unit_key
    where due.due_month <= due.snapshot_month and due.due_month <= due.end_month
)

select
    dated.*,
    coalesce(first_month > due_month, true) and coalesce(first_tried_on > due_by, true) as is_late
from dated
