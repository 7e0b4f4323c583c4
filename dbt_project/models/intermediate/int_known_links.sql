-- Pairs of IDs that may be one person, by the strongest evidence that was delivered by the end of the business date in Shanghai.
with ranked as (
    select
        person_key_a, person_key_b, kind, grade, reason,
        row_number() over (
            partition by person_key_a, person_key_b
            order by strength desc nulls last, known_at nulls first, grade nulls last, reason nulls last
        ) as recency
    from {{ source('lake', 'person_links') }}
    where known_at is null or known_at < {{ end_of_business_date() }}
)

select person_key_a, person_key_b, kind, grade, reason
from ranked
where recency = 1
