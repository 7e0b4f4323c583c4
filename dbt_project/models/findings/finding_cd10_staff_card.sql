-- Credited on the card of a member of staff who is not the one paid, nor a proxy on file, nor (money of households) the head.
with cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.person_key, lines.household_key, lines.card_key, lines.name_key, lines.bank_code,
        lines.batch_no, lines.occurred_on, lines.amount_fen, staff.delivery_key as staff_delivery_key, staff.sheet_no as staff_sheet_no,
        staff.row_no as staff_row_no
    from {{ ref('int_foreign_cards') }} as lines
    inner join {{ ref('int_staff') }} as staff on lines.holder_resolved_key = staff.staff_resolved_key and staff.occurrence = 1
)

{{ finding('CD10', ['division', 'card_key'], against='staff',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
