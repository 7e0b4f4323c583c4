-- Credited for a programme that is not for people of that age. The day of birth is not known here: whoever has a birthday in the month is given the
-- age that is allowed.
-- Whoever stands under several sound numbers is given the birth of each.
with born as (
    select
        coalesce(links.resolved_key, persons.person_key) as resolved_key, persons.born_month,
        row_number() over (partition by coalesce(links.resolved_key, persons.person_key) order by persons.person_key nulls last) as turn
    from {{ source('lake', 'persons') }} as persons
    left join {{ ref('int_persons') }} as links on persons.person_key = links.person_key
    where persons.born_month is not null and {{ is_recognised('persons.id_status') }}
),

ages as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.resolved_key, lines.household_key,
        lines.card_key, lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen, born.turn,
        cast(floor(({{ months_counted('lines.payroll_month') }} - {{ months_counted('born.born_month') }} - 1) / 12) as int) as least_age,
        cast(floor(({{ months_counted('lines.payroll_month') }} - {{ months_counted('born.born_month') }}) / 12) as int) as greatest_age
    from {{ ref('int_credit_lines') }} as lines
    inner join born on lines.resolved_key = born.resolved_key
    where lines.status = 'success' and lines.programme_code in (select programme_code from {{ ref('programme_ages') }})
),

disabled as (
    select distinct resolved_key
    from {{ ref('int_register') }}
    where disability_grade is not null and disability_grade <> ''
),

judged as (
    select
        ages.delivery_key, ages.sheet_no, ages.row_no,
        max(case when ages.greatest_age >= limits.min_age_years and ages.least_age <= limits.max_age_years then 1 else 0 end) as is_of_age,
        max(case when limits.unless_disabled and disabled.resolved_key is not null then 1 else 0 end) as is_excused
    from ages
    inner join {{ ref('programme_ages') }} as limits on ages.programme_code = limits.programme_code
    left join disabled on ages.resolved_key = disabled.resolved_key
    group by ages.delivery_key, ages.sheet_no, ages.row_no
),

cases as (
    select
        ages.delivery_key, ages.sheet_no, ages.row_no, ages.division, ages.township, ages.village, ages.pool_code, ages.programme_code,
        ages.payroll_month, ages.person_key, ages.household_key, ages.card_key, ages.name_key, ages.bank_code, ages.batch_no,
        ages.occurred_on, ages.amount_fen,
        min(ages.least_age) over (partition by ages.division, ages.person_key, ages.programme_code) as age,
        register.delivery_key as register_delivery_key, register.sheet_no as register_sheet_no, register.row_no as register_row_no
    from ages
    inner join judged
        on ages.delivery_key = judged.delivery_key and ages.sheet_no = judged.sheet_no and ages.row_no = judged.row_no
    left join {{ ref('int_register') }} as register
        on ages.division = register.division and ages.person_key = register.person_key and ages.programme_code = register.programme_code
        and register.occurrence = 1
    where judged.is_of_age = 0 and judged.is_excused = 0 and ages.turn = 1
)

{{ finding('EN11', ['division', 'person_key', 'programme_code'], against='register',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    reason="concat_ws('', '按证件号发放月初已满 ', " ~ text('age') ~ ", ' 周岁 · aged ', " ~ text('age') ~ ", ' at the start of the month by the ID number')", row_fen='amount_fen') }}
