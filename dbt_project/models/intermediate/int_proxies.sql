-- Lawful proxies on file: who may hold the card of whom, by any register (a person who has left keeps the proxy of their time); both under the one
-- key of int_persons.
select distinct
    coalesce(persons.resolved_key, register.person_key) as person_key,
    coalesce(proxies.resolved_key, register.proxy_person_key) as proxy_person_key
from {{ ref('stg_beneficiary_registers') }} as register
left join {{ ref('int_persons') }} as persons on register.person_key = persons.person_key
left join {{ ref('int_persons') }} as proxies on register.proxy_person_key = proxies.person_key
where register.proxy_person_key is not null
