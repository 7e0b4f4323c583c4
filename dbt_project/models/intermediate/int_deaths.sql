-- One death per person, whoever reports it: of several days the last, of several registrations the first.
with reported as (
    select
        deaths.delivery_key, deaths.sheet_no, deaths.row_no, coalesce(persons.resolved_key, deaths.person_key) as resolved_key,
        deaths.died_on, deaths.registered_on
    from {{ ref('stg_deaths') }} as deaths
    left join {{ ref('int_persons') }} as persons on deaths.person_key = persons.person_key
    where deaths.person_key is not null and deaths.died_on is not null
),

ranked as (
    select
        reported.*,
        row_number() over (
            partition by resolved_key
            order by died_on desc nulls last, registered_on nulls last, delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from reported
)

select delivery_key, sheet_no, row_no, resolved_key, died_on, registered_on
from ranked
where turn = 1
