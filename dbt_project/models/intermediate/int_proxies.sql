-- Lawful proxies on file: who may hold the card of whom, by any register (a person who has left keeps the proxy of their time).
select distinct person_key, proxy_person_key
from {{ ref('stg_beneficiary_registers') }}
where proxy_person_key is not null
