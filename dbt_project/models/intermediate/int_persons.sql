-- The one key of a person written under several numbers: the least of those linked as the same. Numbers not in here stand for themselves.
with links as (
    select person_key_a, person_key_b
    from {{ ref('int_person_links') }}
    where grade = 'same'
),

-- Everybody hears their own label, too.
edges as (
    select person_key_a as person_key, person_key_b as other_key from links
    union all
    select person_key_b as person_key, person_key_a as other_key from links
    union all
    select person_key_a as person_key, person_key_a as other_key from links
    union all
    select person_key_b as person_key, person_key_b as other_key from links
),

round_0 as (
    select person_key, min(other_key) as label
    from edges
    group by person_key
),
{% for round in range(1, 5) %}
-- Round {{ round }}: the least label heard, then that label's own label; each round at least doubles how far a key is seen. (An engine that plans each
-- mention anew plans the first round 2^4 times.)
heard_{{ round }} as (
    select edges.person_key, min(others.label) as label
    from edges
    inner join round_{{ round - 1 }} as others on edges.other_key = others.person_key
    group by edges.person_key
),

round_{{ round }} as (
    select heard.person_key, further.label
    from heard_{{ round }} as heard
    inner join heard_{{ round }} as further on heard.label = further.person_key
),
{% endfor %}
-- Numbers that somebody has told apart and that others yet link make a contradiction, which merges nobody.
contradicted as (
    select distinct one.label
    from {{ ref('int_person_links') }} as links
    inner join round_4 as one on links.person_key_a = one.person_key
    inner join round_4 as other on links.person_key_b = other.person_key and one.label = other.label
    where links.grade = 'different'
)

select
    labels.person_key,
    case when contradicted.label is null then labels.label else labels.person_key end as resolved_key
from round_4 as labels
left join contradicted on labels.label = contradicted.label
