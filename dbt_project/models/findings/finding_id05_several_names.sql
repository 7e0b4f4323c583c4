-- One ID number under several names: rows of the latest registers, the rolls and the latest card lists that name somebody else than the
-- register does (else than most rows do).
with beneficiaries as (
    select register.person_key
    from {{ ref('int_register') }} as register
    where register.is_current
    union
    select rolls.person_key
    from {{ ref('stg_payment_rolls') }} as rolls
),

recognised as (
    select beneficiaries.person_key
    from beneficiaries
    inner join {{ source('lake', 'persons') }} as persons on beneficiaries.person_key = persons.person_key
    where {{ is_recognised('persons.id_status') }}
),

named as (
    select
        delivery_key, sheet_no, row_no, division, township, village, person_key, household_key, name_key, cast(null as bigint) as card_key,
        1 as in_register
    from {{ ref('int_register') }}
    where is_current
    union all
    select delivery_key, sheet_no, row_no, division, township, village, person_key, household_key, name_key, card_key, 0 as in_register
    from {{ ref('stg_payment_rolls') }}
    union all
    select
        holders.delivery_key, holders.sheet_no, holders.row_no, homes.division, homes.township, homes.village,
        holders.holder_person_key as person_key, homes.household_key, holders.holder_name_key as name_key, holders.card_key, 0 as in_register
    from {{ ref('int_holders') }} as holders
    left join {{ ref('int_homes') }} as homes on holders.holder_person_key = homes.person_key
),

counted as (
    select named.person_key, named.name_key, max(named.in_register) as in_register, count(*) as occurrences
    from named
    inner join recognised on named.person_key = recognised.person_key
    where named.name_key is not null
    group by named.person_key, named.name_key
),

ranked as (
    select
        person_key, name_key,
        row_number() over (
            partition by person_key order by in_register desc nulls last, occurrences desc nulls last, name_key nulls last
        ) as place
    from counted
),

different as (
    select
        others.person_key, others.name_key,
        {{ names_apart('other_names.name_masked', '主要姓名', ', the main name', 'main_names.name_masked', 'grades.reason') }} as reason
    from ranked as main
    inner join ranked as others on main.person_key = others.person_key and others.place > 1
    inner join {{ ref('int_name_grades') }} as grades
        on main.person_key = grades.person_key and grades.name_key_a = least(main.name_key, others.name_key)
        and grades.name_key_b = greatest(main.name_key, others.name_key)
    left join {{ source('lake', 'names') }} as main_names on main.name_key = main_names.name_key
    left join {{ source('lake', 'names') }} as other_names on others.name_key = other_names.name_key
    where main.place = 1 and grades.grade = 'different'
),

cases as (
    select
        named.delivery_key, named.sheet_no, named.row_no, named.division, named.township, named.village, named.person_key,
        named.household_key, named.name_key, named.card_key, different.reason
    from named
    inner join different on named.person_key = different.person_key and named.name_key = different.name_key
)

{{ finding('ID05', ['person_key'],
    carry=['division', 'township', 'village', 'person_key', 'household_key', 'name_key', 'card_key', 'reason']) }}
