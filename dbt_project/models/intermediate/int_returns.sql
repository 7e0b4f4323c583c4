-- Money that came back from agent banks for batches they name: a row for each return and batch, `from_fen` into the return.
select
    delivery_key, sheet_no, row_no, coalesce(bank_code, payee_bank_code) as bank_code, coalesce(batch_no, stated_batch_no) as batch_no,
    payer_division as division, amount_fen, from_fen, paid_on
from {{ ref('int_bank_payments') }}
where is_return and coalesce(batch_no, stated_batch_no) is not null
