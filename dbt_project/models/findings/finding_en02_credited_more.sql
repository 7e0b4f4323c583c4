-- One credit above what the roll says.
with cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month,
        beneficiary_key as person_key, household_key, card_key, name_key, bank_code, batch_no, credited_on as occurred_on,
        amount_fen - entitled_fen as excess_fen, roll_delivery_key, roll_sheet_no, roll_row_no
    from {{ ref('int_credit_lines') }}
    where status = 'success' and amount_fen > entitled_fen
)

{{ finding('EN02', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='excess_fen') }}
