-- Credited on a card whose holder is neither the beneficiary, nor a proxy on file, nor (money of households) the head of the household.
with cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month, person_key, household_key,
        card_key, name_key, bank_code, batch_no, occurred_on, amount_fen, holder_delivery_key, holder_sheet_no, holder_row_no
    from {{ ref('int_foreign_cards') }}
)

{{ finding('ID04', ['division', 'person_key', 'card_key'], against='holder',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
