-- The roll's amount for a household or a person is not the standard of its category and month times the persons. Who is listed twice in a category
-- is due its standard once.
with rolled as (
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.township, rolls.village, rolls.programme_code,
        rolls.payroll_month, rolls.person_key, rolls.head_person_key,
        coalesce(households.resolved_household_key, rolls.household_key) as household_key, rolls.name_key, rolls.card_key, rolls.amount_fen,
        rolls.household_size, rolls.category, programmes.paid_to, standards.monthly_fen,
        coalesce(persons.resolved_key, rolls.person_key) as resolved_key,
        case
            when programmes.paid_to = 'household' then coalesce(households.resolved_household_key, rolls.household_key, rolls.person_key)
            else coalesce(persons.resolved_key, rolls.person_key)
        end as unit_key
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join {{ ref('programmes') }} as programmes on rolls.programme_code = programmes.programme_code
    left join {{ ref('int_persons') }} as persons on rolls.person_key = persons.person_key
    left join {{ ref('int_households') }} as households on rolls.household_key = households.household_key
    left join {{ ref('int_standards') }} as standards
        on rolls.division = standards.division and rolls.programme_code = standards.programme_code and rolls.category = standards.category
        and rolls.payroll_month = standards.payroll_month
),

listed as (
    select
        division, programme_code, payroll_month, unit_key, resolved_key, category, max(paid_to) as paid_to, sum(amount_fen) as amount_fen,
        max(monthly_fen) as monthly_fen, min(household_size) as least_size, max(household_size) as household_size,
        count(*) as row_count, count(monthly_fen) as judged_rows, count(household_size) as sized_rows
    from rolled
    where unit_key is not null
    group by division, programme_code, payroll_month, unit_key, resolved_key, category
),

-- A row may stand for as many persons as it says, for one of them, or (all of one category) for some of those whose number each row repeats;
-- every reading is lawful.
units as (
    select
        division, programme_code, payroll_month, unit_key, {{ sum_fen('amount_fen') }} as amount_fen,
        {{ sum_fen('monthly_fen * coalesce(household_size, 1)') }} as standard_fen,
        {{ sum_fen('monthly_fen') }} as standard_by_row_fen,
        case
            when min(monthly_fen) = max(monthly_fen) and min(least_size) = max(household_size) then max(monthly_fen) * max(household_size)
        end as standard_by_size_fen,
        count(*) as persons_listed, max(monthly_fen) as monthly_fen,
        max(case when sized_rows < row_count and paid_to = 'household' then 1 else 0 end) as is_size_unknown,
        max(paid_to) as paid_to
    from listed
    group by division, programme_code, payroll_month, unit_key
    having sum(row_count) = sum(judged_rows)
),

off as (
    select division, programme_code, payroll_month, unit_key, abs(amount_fen - standard_fen) as apart_fen
    from units
    where amount_fen <> standard_fen
        and not ((persons_listed > 1 or paid_to = 'person') and amount_fen = standard_by_row_fen)
        and not (paid_to = 'household' and amount_fen = coalesce(standard_by_size_fen, -1))
        -- Where nobody says how many persons the household has, any whole number of them will do.
        and not (is_size_unknown = 1 and amount_fen > 0 and amount_fen % monthly_fen = 0)
),

summed as (
    select division, programme_code, unit_key, {{ sum_fen('apart_fen') }} as apart_fen
    from off
    group by division, programme_code, unit_key
),

cases as (
    select
        rolled.delivery_key, rolled.sheet_no, rolled.row_no, rolled.division, rolled.township, rolled.village, rolled.programme_code,
        rolled.payroll_month, rolled.unit_key, rolled.person_key, rolled.head_person_key, rolled.household_key, rolled.name_key,
        rolled.card_key, summed.apart_fen
    from rolled
    inner join off
        on rolled.division = off.division and rolled.programme_code = off.programme_code and rolled.payroll_month = off.payroll_month
        and rolled.unit_key = off.unit_key
    inner join summed
        on rolled.division = summed.division and rolled.programme_code = summed.programme_code and rolled.unit_key = summed.unit_key
)

{{ finding('EN06', ['division', 'programme_code', 'unit_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'name_key', 'card_key'],
    amount_fen='apart_fen') }}
