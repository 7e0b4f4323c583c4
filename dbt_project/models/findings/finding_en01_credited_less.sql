-- Something was credited, but less than the roll says; what failed and still lies at the bank is on its way and not missing.
with at_the_bank as (
    select division, programme_code, payroll_month, beneficiary_key, sum(amount_fen) as waiting_fen
    from {{ ref('int_failed_lines') }}
    where outcome = 'open'
    group by division, programme_code, payroll_month, beneficiary_key
),

-- Rows of a household that one credit pays stand together, under the row that it names.
owed as (
    select
        payments.division, payments.programme_code, payments.payroll_month, coalesce(joint.paid_with_key, payments.person_key) as person_key,
        sum(payments.entitled_fen) as entitled_fen, sum(payments.credited_fen) as credited_fen
    from {{ ref('mart_payment') }} as payments
    left join {{ ref('int_joint_rolls') }} as joint
        on payments.division = joint.division and payments.programme_code = joint.programme_code
        and payments.payroll_month = joint.payroll_month and payments.person_key = joint.person_key
    where payments.is_on_roll
    group by payments.division, payments.programme_code, payments.payroll_month, coalesce(joint.paid_with_key, payments.person_key)
),

short as (
    select
        payments.division, payments.programme_code, payments.payroll_month, payments.person_key,
        payments.entitled_fen - payments.credited_fen - coalesce(at_the_bank.waiting_fen, 0) as missing_fen
    from owed as payments
    left join at_the_bank
        on payments.division = at_the_bank.division and payments.programme_code = at_the_bank.programme_code
        and payments.payroll_month = at_the_bank.payroll_month and payments.person_key = at_the_bank.beneficiary_key
    where payments.credited_fen > 0
        and payments.credited_fen + coalesce(at_the_bank.waiting_fen, 0) < payments.entitled_fen
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key,
        lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, short.missing_fen, lines.roll_delivery_key,
        lines.roll_sheet_no, lines.roll_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join short
        on lines.division = short.division and lines.programme_code = short.programme_code
        and lines.payroll_month = short.payroll_month and lines.beneficiary_key = short.person_key
    where lines.status = 'success'
)

{{ finding('EN01', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    amount_fen='missing_fen') }}
