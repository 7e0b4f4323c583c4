-- Where a person belongs: by the latest register, else by the latest roll.
with placed as (
    select
        person_key, division, township, village, household_key, snapshot_month as month, 1 as rank_of_source, delivery_key, sheet_no, row_no
    from {{ ref('int_register') }}
    union all
    select
        person_key, division, township, village, household_key, payroll_month as month, 2 as rank_of_source, delivery_key, sheet_no, row_no
    from {{ ref('int_rolls') }}
),

ranked as (
    select
        placed.*,
        row_number() over (
            partition by person_key
            order by rank_of_source nulls last, month desc nulls last, delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from placed
    where person_key is not null
)

select person_key, division, township, village, household_key
from ranked
where turn = 1
