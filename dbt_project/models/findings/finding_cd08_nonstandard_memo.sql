-- Credited under a memo that is none of the agreed texts of the batch's programme (摘要不规范).
with cases as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, programme_code, payroll_month, bank_code, batch_no,
        credited_on as occurred_on, amount_fen
    from {{ ref('int_credit_lines') }}
    where status = 'success' and coalesce(memo_programme, '-') <> programme_code
)

{{ finding('CD08', ['bank_code', 'batch_no'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'bank_code', 'batch_no', 'occurred_on'], row_fen='amount_fen') }}
