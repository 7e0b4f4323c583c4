-- Which beneficiary, of which household, was credited on which card, from when to when.
select
    division, beneficiary_key as person_key, resolved_key, card_key, household_key, programme_code,
    min(credited_on) as first_on,
    max(credited_on) as last_on,
    cast(count(*) as bigint) as credits
from {{ ref('int_credit_lines') }}
where status = 'success' and card_key is not null
group by division, beneficiary_key, resolved_key, card_key, household_key, programme_code
