-- Credited, but on no roll of that county, programme and month: neither the person nor the card.
with unmatched as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, programme_code, payroll_month, person_key, card_key, name_key, bank_code,
        batch_no, credited_on as occurred_on, amount_fen
    from {{ ref('int_credit_lines') }}
    where status = 'success' and matched_by is null
),

{{ unexplained('unmatched', 'payment_rolls', ['division', 'programme_code', 'payroll_month'], 'amount_fen') }},

cases as (
    select
        unmatched.delivery_key, unmatched.sheet_no, unmatched.row_no, unmatched.division, unmatched.pool_code, unmatched.programme_code,
        unmatched.payroll_month, unmatched.person_key, unmatched.card_key, unmatched.name_key, unmatched.bank_code, unmatched.batch_no,
        unmatched.occurred_on, unmatched.amount_fen
    from unmatched
    inner join unexplained
        on unmatched.division = unexplained.division and unmatched.programme_code = unexplained.programme_code
        and unmatched.payroll_month = unexplained.payroll_month
)

{{ finding('EN04', ['division', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key', 'bank_code', 'batch_no',
        'occurred_on'],
    row_fen='amount_fen') }}
