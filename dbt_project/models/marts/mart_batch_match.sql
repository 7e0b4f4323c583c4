-- J3 and J4: vouchers against batches, and what a batch states against its lines. Vouchers without a batch stand alone.
with vouchers as (
    select
        bank_code, batch_no,
        {{ sum_fen('amount_fen') }} as voucher_fen, min(paid_on) as paid_on, cast(count(*) as bigint) as voucher_count,
        min(voucher_no) as voucher_no, min(matched_by) as matched_by
    from {{ ref('int_vouchers') }}
    where batch_no is not null
    group by bank_code, batch_no
),

matched as (
    select
        concat_ws('|', 'batch', batches.bank_code, batches.batch_no) as batch_match_id,
        batches.division, batches.pool_code, batches.programme_code, batches.payroll_month, batches.bank_code, batches.batch_no,
        batches.batch_kind, batches.original_batch_no, vouchers.voucher_no, vouchers.matched_by, vouchers.paid_on, batches.first_credited_on,
        coalesce(vouchers.voucher_fen, cast(0 as bigint)) as voucher_fen, batches.line_fen as batch_fen, batches.credited_fen,
        batches.failed_fen, batches.stated_fen, batches.line_count, batches.trailer_count as stated_count,
        case
            when vouchers.voucher_fen is null and batches.batch_kind = 'reissue' then 'reissue'
            when vouchers.voucher_fen is null then 'no_voucher'
            when vouchers.voucher_fen > batches.file_fen then 'batch_short'
            when vouchers.voucher_fen < batches.file_fen then 'batch_over'
            else 'matched'
        end as status
    from {{ ref('int_batches') }} as batches
    left join vouchers on batches.bank_code = vouchers.bank_code and batches.batch_no = vouchers.batch_no
),

without_batch as (
    select
        concat_ws('|', 'voucher', payer_division, voucher_no, {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }}) as batch_match_id,
        payer_division as division, pool_code, programme_code, payroll_month, payee_bank_code as bank_code, stated_batch_no as batch_no,
        cast(null as {{ dbt.type_string() }}) as batch_kind, cast(null as {{ dbt.type_string() }}) as original_batch_no, voucher_no,
        matched_by, paid_on, cast(null as date) as first_credited_on, amount_fen as voucher_fen, cast(0 as bigint) as batch_fen,
        cast(0 as bigint) as credited_fen, cast(0 as bigint) as failed_fen, cast(null as bigint) as stated_fen,
        cast(0 as bigint) as line_count, cast(null as int) as stated_count, 'no_batch' as status
    from {{ ref('int_vouchers') }}
    where batch_no is null
),

together as (
    select * from matched
    union all
    select * from without_batch
)

select
    batch_match_id, division, pool_code, programme_code, payroll_month, bank_code, batch_no, batch_kind, original_batch_no, voucher_no,
    matched_by, paid_on, first_credited_on, voucher_fen, batch_fen, voucher_fen - batch_fen as difference_fen, credited_fen, failed_fen,
    stated_fen, stated_count, line_count, status
from together
