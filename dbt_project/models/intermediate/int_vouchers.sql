-- Payments of the treasury to agent banks with the batch they paid for: by batch number, else by programme, month and amount in order.
with vouchers as (
    select
        delivery_key, sheet_no, row_no, voucher_no, payer_division, programme_code, pool_code, payee_bank_code, amount_fen, paid_on,
        batch_no, payroll_month
    from {{ ref('stg_treasury_payments') }}
    where payee_kind = 'agent_bank' and amount_fen > 0
),

by_number as (
    select vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, batches.bank_code, batches.batch_no
    from vouchers
    inner join {{ ref('int_batches') }} as batches
        on vouchers.batch_no = batches.batch_no and vouchers.payee_bank_code = batches.bank_code
        and vouchers.payer_division = batches.division
),

loose_vouchers as (
    select
        vouchers.*,
        row_number() over (
            partition by payer_division, payee_bank_code, programme_code, payroll_month, amount_fen
            order by paid_on nulls last, voucher_no nulls last, vouchers.row_no nulls last
        ) as turn
    from vouchers
    left join by_number
        on vouchers.delivery_key = by_number.delivery_key and vouchers.sheet_no = by_number.sheet_no and vouchers.row_no = by_number.row_no
    where by_number.row_no is null and vouchers.batch_no is null
),

loose_batches as (
    select
        batches.*,
        row_number() over (
            partition by batches.division, batches.bank_code, batches.programme_code, batches.payroll_month, batches.file_fen
            order by batches.first_line_on nulls last, batches.batch_no nulls last
        ) as turn
    from {{ ref('int_batches') }} as batches
    left join by_number on batches.bank_code = by_number.bank_code and batches.batch_no = by_number.batch_no
    where by_number.batch_no is null and batches.batch_kind = 'original'
),

by_amount as (
    select loose_vouchers.delivery_key, loose_vouchers.sheet_no, loose_vouchers.row_no, loose_batches.bank_code, loose_batches.batch_no
    from loose_vouchers
    inner join loose_batches
        on loose_vouchers.payer_division = loose_batches.division
        and loose_vouchers.payee_bank_code = loose_batches.bank_code
        and loose_vouchers.programme_code = loose_batches.programme_code
        and loose_vouchers.payroll_month = loose_batches.payroll_month
        and loose_vouchers.amount_fen = loose_batches.file_fen
        and loose_vouchers.turn = loose_batches.turn
),

matched as (
    select delivery_key, sheet_no, row_no, bank_code, batch_no, 'batch_no' as matched_by from by_number
    union all
    select delivery_key, sheet_no, row_no, bank_code, batch_no, 'amount' as matched_by from by_amount
)

select
    vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, vouchers.voucher_no, vouchers.payer_division, vouchers.programme_code,
    vouchers.pool_code, vouchers.payee_bank_code, vouchers.amount_fen, vouchers.paid_on, vouchers.batch_no as stated_batch_no,
    vouchers.payroll_month, matched.bank_code, matched.batch_no, matched.matched_by
from vouchers
left join matched
    on vouchers.delivery_key = matched.delivery_key and vouchers.sheet_no = matched.sheet_no and vouchers.row_no = matched.row_no
