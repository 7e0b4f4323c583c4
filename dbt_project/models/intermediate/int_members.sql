-- Members of each household by any register, its head among them.
select household_key, person_key
from {{ ref('stg_beneficiary_registers') }}
where household_key is not null and person_key is not null
union
select household_key, head_person_key as person_key
from {{ ref('stg_beneficiary_registers') }}
where household_key is not null and head_person_key is not null
