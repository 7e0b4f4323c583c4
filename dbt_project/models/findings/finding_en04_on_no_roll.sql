-- Credited, but on no roll of that county, programme and month: neither the person nor the card.
with cases as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, programme_code, payroll_month, person_key, card_key, name_key, bank_code,
        batch_no, credited_on as occurred_on, amount_fen
    from {{ ref('int_credit_lines') }}
    where status = 'success' and matched_by is null
)

{{ finding('EN04', ['division', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key', 'bank_code', 'batch_no',
        'occurred_on'],
    row_fen='amount_fen') }}
