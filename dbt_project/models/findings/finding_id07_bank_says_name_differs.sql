-- The bank refused a line because its name is not the card's (户名不符).
with cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month,
        beneficiary_key as person_key, household_key, card_key, name_key, bank_code, batch_no, credited_on as occurred_on, amount_fen,
        roll_delivery_key, roll_sheet_no, roll_row_no
    from {{ ref('int_credit_lines') }}
    where status = 'failed' and failure_code = 'name_mismatch'
)

{{ finding('ID07', ['division', 'person_key', 'card_key', 'name_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
