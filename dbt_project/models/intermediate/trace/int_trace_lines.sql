-- Every line of every batch as an interval on the line of its batch, failed ones too: that is where their money waits.
select
    delivery_key, sheet_no, row_no, bank_code, batch_no, seq_no, division, programme_code, payroll_month, beneficiary_key, card_key,
    credited_on, status, amount_fen,
    cast(sum(amount_fen) over (
        partition by bank_code, batch_no
        order by seq_no nulls last, sheet_no nulls last, row_no nulls last, delivery_key nulls last
        rows between unbounded preceding and current row
    ) as bigint) as upper_fen
from {{ ref('int_credit_lines') }}
