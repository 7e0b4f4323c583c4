-- What the registers of a county last said of each person and programme; `is_current`: the county's latest register says it.
with latest_of_county as (
    select division, max(snapshot_month) as snapshot_month
    from {{ ref('stg_beneficiary_registers') }}
    group by division
),

latest_of_person as (
    select division, person_key, programme_code, max(snapshot_month) as snapshot_month
    from {{ ref('stg_beneficiary_registers') }}
    group by division, person_key, programme_code
)

select
    register.delivery_key, register.sheet_no, register.row_no, register.division, register.township, register.village,
    register.snapshot_month, coalesce(households.resolved_household_key, register.household_key) as household_key, register.head_person_key, register.head_name_key, register.person_key,
    register.name_key, register.relation, register.programme_code, register.category, register.approved_on, register.start_month,
    register.end_month, register.proxy_person_key, register.proxy_name_key, register.disability_grade, register.id_agrees,
    coalesce(persons.resolved_key, register.person_key) as resolved_key,
    register.snapshot_month = latest_of_county.snapshot_month as is_current,
    row_number() over (
        partition by register.division, register.person_key, register.programme_code
        order by register.delivery_key nulls last, register.sheet_no nulls last, register.row_no nulls last
    ) as occurrence
from {{ ref('stg_beneficiary_registers') }} as register
inner join latest_of_county on register.division = latest_of_county.division
inner join latest_of_person
    on register.division = latest_of_person.division and register.person_key = latest_of_person.person_key
    and register.programme_code = latest_of_person.programme_code and register.snapshot_month = latest_of_person.snapshot_month
left join {{ ref('int_persons') }} as persons on register.person_key = persons.person_key
left join {{ ref('int_households') }} as households on register.household_key = households.household_key
