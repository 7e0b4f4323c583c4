-- Verdicts of people in force on the business date: the latest on each pair made by the end of that day in Shanghai.
with made as (
    select subject, person_key, key_a, key_b, verdict, reviewer, decided_at
    from {{ source('lake', 'verdicts') }}
    where decided_at < {{ end_of_business_date() }}
),

ranked as (
    select
        made.*,
        row_number() over (
            partition by subject, person_key, key_a, key_b
            order by decided_at desc nulls last, reviewer nulls last, verdict nulls last
        ) as recency
    from made
)

select subject, person_key, key_a, key_b, verdict, reviewer, decided_at
from ranked
where recency = 1
