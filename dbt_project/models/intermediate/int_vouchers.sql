-- Payments of the treasury to agent banks with the batches they paid for: a row for each voucher and batch, `from_fen` into the voucher.
select
    delivery_key, sheet_no, row_no, voucher_no, payer_division, programme_code, pool_code, payee_bank_code, amount_fen, paid_on, stated_batch_no,
    payroll_month, bank_code, batch_no, matched_by, from_fen
from {{ ref('int_bank_payments') }}
where not is_return
