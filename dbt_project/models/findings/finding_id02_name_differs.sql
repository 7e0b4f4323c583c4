-- Credited under a name that differs from every name the county's registers give the same ID. Distinct triples are compared, not credits.
with credited_names as (
    select distinct division, coalesce(person_key, beneficiary_key) as person_key, name_key
    from {{ ref('int_credit_lines') }}
    where status = 'success' and name_key is not null and coalesce(person_key, beneficiary_key) is not null
),

register_rows as (
    select
        division, person_key, name_key, delivery_key, sheet_no, row_no,
        row_number() over (
            partition by division, person_key
            order by snapshot_month desc nulls last, delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from {{ ref('int_register') }}
),

registered_names as (
    select division, person_key, name_key, min(turn) as turn
    from register_rows
    where name_key is not null
    group by division, person_key, name_key
),

graded as (
    select
        credited_names.division, credited_names.person_key, credited_names.name_key, registered_names.turn,
        case when credited_names.name_key = registered_names.name_key then 'same' else grades.grade end as grade,
        {{ names_apart('credited.name_masked', '花名册', ' in the register', 'registered.name_masked', 'grades.reason') }} as reason
    from credited_names
    inner join registered_names
        on credited_names.division = registered_names.division and credited_names.person_key = registered_names.person_key
    left join {{ ref('int_name_grades') }} as grades
        on credited_names.person_key = grades.person_key
        and grades.name_key_a = least(credited_names.name_key, registered_names.name_key)
        and grades.name_key_b = greatest(credited_names.name_key, registered_names.name_key)
    left join {{ source('lake', 'names') }} as credited on credited_names.name_key = credited.name_key
    left join {{ source('lake', 'names') }} as registered on registered_names.name_key = registered.name_key
),

-- The reason speaks of the name in the latest row of the register.
ranked as (
    select
        graded.*,
        row_number() over (partition by division, person_key, name_key order by turn) as place,
        count(*) over (partition by division, person_key, name_key) as names,
        sum(case when grade = 'different' then 1 else 0 end) over (partition by division, person_key, name_key) as names_apart
    from graded
),

different as (
    select division, person_key, name_key, reason
    from ranked
    where names_apart = names and place = 1
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.programme_code,
        lines.payroll_month, different.person_key, lines.household_key, lines.card_key, lines.name_key, lines.bank_code, lines.batch_no,
        lines.credited_on as occurred_on, lines.amount_fen, different.reason, register_rows.delivery_key as register_delivery_key,
        register_rows.sheet_no as register_sheet_no, register_rows.row_no as register_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join different
        on lines.division = different.division and coalesce(lines.person_key, lines.beneficiary_key) = different.person_key
        and lines.name_key = different.name_key
    left join register_rows
        on different.division = register_rows.division and different.person_key = register_rows.person_key and register_rows.turn = 1
    where lines.status = 'success'
)

{{ finding('ID02', ['division', 'person_key', 'name_key'], against='register',
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key', 'name_key',
        'bank_code', 'batch_no', 'occurred_on', 'reason'],
    row_fen='amount_fen') }}
