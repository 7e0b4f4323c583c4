-- Which beneficiary, of which household, was credited on which card, from when to when. Money of a household that a member took is the member's here.
with credited as (
    select
        division, case when matched_by = 'household' then person_key else beneficiary_key end as person_key,
        case when matched_by = 'household' then named_resolved_key else resolved_key end as resolved_key, card_key, household_key,
        programme_code, credited_on
    from {{ ref('int_credit_lines') }}
    where status = 'success' and card_key is not null
)

select
    division, person_key, resolved_key, card_key, household_key, programme_code,
    min(credited_on) as first_on,
    max(credited_on) as last_on,
    cast(count(*) as bigint) as credits
from credited
group by division, person_key, resolved_key, card_key, household_key, programme_code
