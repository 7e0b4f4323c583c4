-- The one key of a household whose head is written under several numbers: the least of theirs. Households not in here stand for themselves.
with headed as (
    select rolls.household_key, persons.resolved_key
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join {{ ref('int_persons') }} as persons on rolls.head_person_key = persons.person_key
    where rolls.household_key is not null
    union
    select register.household_key, persons.resolved_key
    from {{ ref('stg_beneficiary_registers') }} as register
    inner join {{ ref('int_persons') }} as persons on register.head_person_key = persons.person_key
    where register.household_key is not null
),

labelled as (
    select household_key, min(household_key) over (partition by resolved_key) as resolved_household_key
    from headed
)

select household_key, min(resolved_household_key) as resolved_household_key
from labelled
group by household_key
