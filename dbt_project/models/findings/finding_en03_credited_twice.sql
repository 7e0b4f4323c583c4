-- Two or more credits for one person, programme and month, together above what the roll says: the second and later ones; the first supports.
-- A person listed under two numbers with one amount is entitled to it once.
with listed as (
    select
        payments.division, payments.programme_code, payments.payroll_month, coalesce(joint.paid_with_key, payments.person_key) as person_key,
        sum(payments.entitled_fen) as entitled_fen, sum(payments.credited_fen) as credited_fen, sum(payments.credit_count) as credit_count
    from {{ ref('mart_payment') }} as payments
    left join {{ ref('int_joint_rolls') }} as joint
        on payments.division = joint.division and payments.programme_code = joint.programme_code
        and payments.payroll_month = joint.payroll_month and payments.person_key = joint.person_key
    left join {{ ref('int_persons') }} as persons on payments.person_key = persons.person_key
    -- Most are credited once, under their one number.
    where payments.is_on_roll and payments.credited_fen > 0
        and (payments.credit_count > 1 or joint.person_key is not null or persons.person_key is not null)
    group by payments.division, payments.programme_code, payments.payroll_month, coalesce(joint.paid_with_key, payments.person_key)
),

twice as (
    select
        listed.division, listed.programme_code, listed.payroll_month, coalesce(persons.resolved_key, listed.person_key) as resolved_key,
        sum(listed.credited_fen) - sum(distinct listed.entitled_fen) as excess_fen
    from listed
    left join {{ ref('int_persons') }} as persons on listed.person_key = persons.person_key
    group by listed.division, listed.programme_code, listed.payroll_month, coalesce(persons.resolved_key, listed.person_key)
    having sum(listed.credit_count) > 1 and sum(listed.credited_fen) > sum(distinct listed.entitled_fen)
),

credits as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month,
        first_value(lines.beneficiary_key) over in_order as person_key, lines.household_key, lines.card_key,
        lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, twice.excess_fen, lines.roll_delivery_key,
        lines.roll_sheet_no, lines.roll_row_no,
        row_number() over in_order as turn
    from {{ ref('int_credit_lines') }} as lines
    inner join twice
        on lines.division = twice.division and lines.programme_code = twice.programme_code
        and lines.payroll_month = twice.payroll_month and lines.resolved_key = twice.resolved_key
    where lines.status = 'success'
    window in_order as (
        partition by lines.division, lines.programme_code, lines.payroll_month, lines.resolved_key
        order by lines.credited_at nulls last, lines.batch_no nulls last, lines.seq_no nulls last, lines.bank_code nulls last,
            lines.row_no nulls last
    )
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month, person_key, household_key,
        excess_fen, case when turn = 1 then 'supporting' else 'primary' end as evidence_role, roll_delivery_key, roll_sheet_no, roll_row_no,
        -- Card, bank and day of a finding are those of what was too much, not of the first credit.
        {%- for name in ['card_key', 'name_key', 'bank_code', 'batch_no', 'occurred_on'] %}
        case when turn > 1 then {{ name }} end as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from credits
)

{{ finding('EN03', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    amount_fen='excess_fen', role='evidence_role') }}
