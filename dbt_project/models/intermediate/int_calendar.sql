-- Days with a running count of working days, so that the working days between two dates are a subtraction.
with days as (
    {{ day_spine() }}
),

marked as (
    select
        days.day,
        coalesce(exceptions.is_workday, {{ weekday('days.day') }} <= 5) as is_workday
    from days
    left join {{ ref('workday_exceptions') }} as exceptions on days.day = exceptions.day
)

select
    day,
    is_workday,
    cast(sum(case when is_workday then 1 else 0 end) over (order by day nulls last rows between unbounded preceding and current row) as int) as workday_index
from marked
