-- On a roll, while no register of the county knows the person (or, where money goes to households, the household) for that programme.
with reported as (
    select division, max(snapshot_month) as snapshot_month
    from {{ ref('stg_beneficiary_registers') }}
    group by division
),

listed as (
    select distinct register.division, register.programme_code, coalesce(persons.resolved_key, register.person_key) as resolved_key
    from {{ ref('stg_beneficiary_registers') }} as register
    left join {{ ref('int_persons') }} as persons on register.person_key = persons.person_key
),

listed_households as (
    select distinct
        register.division, register.programme_code, coalesce(households.resolved_household_key, register.household_key) as household_key
    from {{ ref('stg_beneficiary_registers') }} as register
    left join {{ ref('int_households') }} as households on register.household_key = households.household_key
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where programmes.paid_to = 'household'
),

rolled as (
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.township, rolls.village, rolls.programme_code,
        rolls.payroll_month, rolls.person_key, coalesce(persons.resolved_key, rolls.person_key) as resolved_key,
        coalesce(households.resolved_household_key, rolls.household_key) as household_key, rolls.name_key, rolls.card_key, rolls.amount_fen
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join reported on rolls.division = reported.division and rolls.payroll_month <= reported.snapshot_month
    left join {{ ref('int_persons') }} as persons on rolls.person_key = persons.person_key
    left join {{ ref('int_households') }} as households on rolls.household_key = households.household_key
    where rolls.person_key is not null
),

cases as (
    select
        rolled.delivery_key, rolled.sheet_no, rolled.row_no, rolled.division, rolled.township, rolled.village, rolled.programme_code,
        rolled.payroll_month, rolled.person_key, rolled.resolved_key, rolled.household_key, rolled.name_key, rolled.card_key,
        rolled.amount_fen
    from rolled
    left join listed
        on rolled.division = listed.division and rolled.programme_code = listed.programme_code and rolled.resolved_key = listed.resolved_key
    left join listed_households
        on rolled.division = listed_households.division and rolled.programme_code = listed_households.programme_code
        and rolled.household_key = listed_households.household_key
    where listed.resolved_key is null and listed_households.household_key is null
)

{{ finding('EN05', ['division', 'person_key', 'programme_code'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'name_key', 'card_key'],
    row_fen='amount_fen') }}
