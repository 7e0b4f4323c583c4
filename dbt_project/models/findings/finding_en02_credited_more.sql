-- One credit above what the roll says, for the person or for all whom it pays (int_joint_rolls).
with joint as (
    select division, programme_code, payroll_month, paid_with_key, sum(entitled_fen) as entitled_fen
    from {{ ref('int_joint_rolls') }}
    group by division, programme_code, payroll_month, paid_with_key
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key,
        lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on,
        lines.amount_fen - lines.entitled_fen - coalesce(joint.entitled_fen, 0) as excess_fen, lines.roll_delivery_key,
        lines.roll_sheet_no, lines.roll_row_no
    from {{ ref('int_credit_lines') }} as lines
    left join joint
        on lines.division = joint.division and lines.programme_code = joint.programme_code
        and lines.payroll_month = joint.payroll_month and lines.roll_person_key = joint.paid_with_key
    where lines.status = 'success' and lines.amount_fen > lines.entitled_fen + coalesce(joint.entitled_fen, 0)
)

{{ finding('EN02', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='excess_fen') }}
