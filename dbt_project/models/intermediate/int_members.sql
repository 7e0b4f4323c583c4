-- Members of each household by any register, its head among them; persons under the one key of int_persons.
with stated as (
    select household_key, person_key
    from {{ ref('stg_beneficiary_registers') }}
    where household_key is not null and person_key is not null
    union
    select household_key, head_person_key as person_key
    from {{ ref('stg_beneficiary_registers') }}
    where household_key is not null and head_person_key is not null
)

select distinct
    coalesce(households.resolved_household_key, stated.household_key) as household_key,
    coalesce(persons.resolved_key, stated.person_key) as person_key
from stated
left join {{ ref('int_persons') }} as persons on stated.person_key = persons.person_key
left join {{ ref('int_households') }} as households on stated.household_key = households.household_key
