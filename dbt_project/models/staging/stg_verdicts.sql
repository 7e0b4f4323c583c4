-- What people last decided about a pair of names of a person, or of two numbers, by the end of the business date in Shanghai.
with decided as (
    select subject, person_key, key_a, key_b, verdict, reviewer, decided_at
    from {{ source('lake', 'verdicts') }}
    where decided_at < {{ end_of_business_date() }}
),

ranked as (
    select
        decided.*,
        row_number() over (
            partition by subject, person_key, key_a, key_b
            order by decided_at desc nulls last, reviewer nulls last, verdict nulls last
        ) as recency
    from decided
)

select subject, person_key, key_a, key_b, verdict, reviewer, decided_at
from ranked
where recency = 1
