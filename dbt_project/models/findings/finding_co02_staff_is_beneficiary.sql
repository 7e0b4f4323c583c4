-- A member of staff receives.
with cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen, staff.delivery_key as staff_delivery_key,
        staff.sheet_no as staff_sheet_no, staff.row_no as staff_row_no,
        '领款人是经办人员 · the beneficiary is a staff member' as reason
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('int_staff') }} as staff on lines.resolved_key = staff.staff_resolved_key and staff.occurrence = 1
    where lines.status = 'success' and not staff.is_public_service_job
)

{{ finding('CO02', ['division', 'person_key'], against='staff',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on', 'reason'],
    row_fen='amount_fen') }}
