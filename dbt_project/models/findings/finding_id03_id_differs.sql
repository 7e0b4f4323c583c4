-- The bank credited the card of a person of the roll under another ID.
with cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month,
        roll_person_key as person_key, person_key as bank_person_key, household_key, card_key, name_key, bank_code, batch_no,
        credited_on as occurred_on, amount_fen, roll_delivery_key, roll_sheet_no, roll_row_no
    from {{ ref('int_credit_lines') }}
    where matched_by = 'card' and person_key <> roll_person_key
)

{{ finding('ID03', ['division', 'card_key', 'bank_person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
