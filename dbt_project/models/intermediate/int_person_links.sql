-- Pairs of numbers that may be one person, graded: by a person's verdict, else by the evidence. Who is unsure merges nobody.
with verdicts as (
    select key_a as person_key_a, key_b as person_key_b, verdict
    from {{ ref('stg_verdicts') }}
    where subject = 'person'
)

select
    coalesce(links.person_key_a, verdicts.person_key_a) as person_key_a,
    coalesce(links.person_key_b, verdicts.person_key_b) as person_key_b,
    coalesce(links.kind, 'verdict') as kind,
    case when verdicts.verdict = 'unsure' then 'doubtful' else coalesce(verdicts.verdict, links.grade) end as grade,
    case
        when verdicts.verdict = 'same' then '人工复核认定为同一人 one person by review'
        when verdicts.verdict = 'different' then '人工复核认定为两个人 two persons by review'
        else links.reason
    end as reason,
    verdicts.verdict
from {{ ref('int_known_links') }} as links
full outer join verdicts on links.person_key_a = verdicts.person_key_a and links.person_key_b = verdicts.person_key_b
