-- Every two names written for one person, graded: by a person's verdict, else by comparison. Equal names are not in here.
with met as (
    select person_key, name_key from {{ ref('stg_beneficiary_registers') }}
    union
    select person_key, name_key from {{ ref('stg_payment_rolls') }}
    union
    select person_key, name_key from {{ ref('int_credit_lines') }}
    union
    select beneficiary_key as person_key, name_key from {{ ref('int_credit_lines') }}
    union
    select holder_person_key as person_key, holder_name_key as name_key from {{ ref('int_holders') }}
),

several as (
    select person_key
    from met
    where person_key is not null and name_key is not null
    group by person_key
    having count(*) > 1
),

names as (
    select met.person_key, met.name_key
    from met
    inner join several on met.person_key = several.person_key
    where met.name_key is not null
),

pairs as (
    select names.person_key, names.name_key as name_key_a, others.name_key as name_key_b
    from names
    inner join names as others on names.person_key = others.person_key and names.name_key < others.name_key
)

-- "Unsure" leaves things as the comparison sees them.
select
    pairs.person_key, pairs.name_key_a, pairs.name_key_b,
    case when verdicts.verdict in ('same', 'different') then verdicts.verdict else comparisons.grade end as grade,
    case
        when verdicts.verdict = 'same' then '人工复核认定为同一人的姓名 names of one person by review'
        when verdicts.verdict = 'different' then '人工复核认定为不同的人 names of different persons by review'
        else comparisons.reason
    end as reason
from pairs
left join {{ source('lake', 'name_comparisons') }} as comparisons
    on pairs.name_key_a = comparisons.name_key_a and pairs.name_key_b = comparisons.name_key_b
left join {{ ref('stg_verdicts') }} as verdicts
    on verdicts.subject = 'name' and pairs.person_key = verdicts.person_key
    and pairs.name_key_a = verdicts.key_a and pairs.name_key_b = verdicts.key_b
