-- A beneficiary's ID number breaks GB 11643: every row of register (the latest), rolls and banks that carries it; or the register's own
-- birth date or sex says otherwise than a valid number: the register's row.
with invalid as (
    select person_key, {{ id_status_words('id_status') }} as reason
    from {{ source('lake', 'persons') }}
    where id_status like 'invalid%'
),

registered as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.person_key, register.household_key,
        register.name_key, register.township, register.village, cast(0 as bigint) as credited_fen, cast(null as date) as occurred_on,
        invalid.reason
    from {{ ref('int_register') }} as register
    inner join invalid on register.person_key = invalid.person_key
    where register.is_current
),

rolled as (
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.person_key, rolls.household_key, rolls.name_key,
        rolls.township, rolls.village, cast(0 as bigint) as credited_fen, cast(null as date) as occurred_on, invalid.reason
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join invalid on rolls.person_key = invalid.person_key
),

-- A wrong number that only a bank writes is ID03 or EN04.
beneficiaries as (
    select division, person_key, reason from registered
    union
    select division, person_key, reason from rolled
),

banked as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.person_key, lines.household_key, lines.name_key,
        lines.township, lines.village, case when lines.status = 'success' then lines.amount_fen else 0 end as credited_fen,
        lines.credited_on as occurred_on, beneficiaries.reason
    from {{ ref('int_credit_lines') }} as lines
    inner join beneficiaries on lines.division = beneficiaries.division and lines.person_key = beneficiaries.person_key
),

disagreeing as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.person_key, register.household_key,
        register.name_key, register.township, register.village, cast(null as bigint) as credited_fen, cast(null as date) as occurred_on,
        case register.id_agrees
            when 'birth_differs' then '花名册的出生日期与证件号不符 · birth date in the register contradicts the ID number'
            else '花名册的性别与证件号不符 · sex in the register contradicts the ID number'
        end as reason
    from {{ ref('int_register') }} as register
    left join invalid on register.person_key = invalid.person_key
    where register.is_current and register.id_agrees in ('birth_differs', 'sex_differs') and invalid.person_key is null
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, person_key, household_key, name_key, township, village, credited_fen, occurred_on, reason
    from registered
    union all
    select
        delivery_key, sheet_no, row_no, division, person_key, household_key, name_key, township, village, credited_fen, occurred_on, reason
    from rolled
    union all
    select
        delivery_key, sheet_no, row_no, division, person_key, household_key, name_key, township, village, credited_fen, occurred_on, reason
    from banked
    union all
    select
        delivery_key, sheet_no, row_no, division, person_key, household_key, name_key, township, village, credited_fen, occurred_on, reason
    from disagreeing
)

{{ finding('ID01', ['division', 'person_key'],
    carry=['division', 'township', 'village', 'person_key', 'household_key', 'name_key', 'occurred_on', 'reason'], row_fen='credited_fen') }}
