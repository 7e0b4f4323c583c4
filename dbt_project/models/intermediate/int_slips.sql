-- What to say of a number whose holder is met under other numbers, too, whether the slip is theirs or an office's: the others, masked.
with others as (
    select distinct one.person_key, numbers.id_masked
    from {{ ref('int_persons') }} as one
    inner join {{ ref('int_persons') }} as other on one.resolved_key = other.resolved_key and one.person_key <> other.person_key
    inner join {{ source('lake', 'persons') }} as numbers on other.person_key = numbers.person_key
    where numbers.id_masked is not null
)

select
    person_key,
    concat_ws('', '此人另有证件号 ', min(id_masked), ' · also met under ID number ', min(id_masked)) as reason
from others
group by person_key
