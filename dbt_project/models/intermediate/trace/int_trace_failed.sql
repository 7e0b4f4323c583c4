-- Failed lines on the line of their batch: which part went back to the treasury, and which reissue without a voucher paid the rest again.
with funded as (
    select distinct bank_code, batch_no
    from {{ ref('int_vouchers') }}
    where batch_no is not null
),

paid_again as (
    select
        failed.delivery_key, failed.sheet_no, failed.row_no, failed.reissue_delivery_key, failed.reissue_sheet_no, failed.reissue_row_no,
        funded.batch_no is not null as is_by_voucher
    from {{ ref('int_failed_lines') }} as failed
    inner join {{ ref('int_trace_lines') }} as reissues
        on failed.reissue_delivery_key = reissues.delivery_key and failed.reissue_sheet_no = reissues.sheet_no
        and failed.reissue_row_no = reissues.row_no
    left join funded on reissues.bank_code = funded.bank_code and reissues.batch_no = funded.batch_no
),

-- What was paid again by a voucher must have come back first; then what was not paid again; what the bank paid again itself comes last.
queued as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.bank_code, lines.batch_no, lines.division, lines.amount_fen, lines.upper_fen,
        lines.credited_on as failed_on,
        case when not paid_again.is_by_voucher then paid_again.reissue_delivery_key end as held_delivery_key,
        case when not paid_again.is_by_voucher then paid_again.reissue_sheet_no end as held_sheet_no,
        case when not paid_again.is_by_voucher then paid_again.reissue_row_no end as held_row_no,
        sum(lines.amount_fen) over (
            partition by lines.bank_code, lines.batch_no, lines.division
            order by case when paid_again.is_by_voucher then 0 when paid_again.row_no is null then 1 else 2 end, lines.upper_fen nulls last,
                lines.row_no nulls last
            rows between unbounded preceding and current row
        ) as upper_claim
    from {{ ref('int_trace_lines') }} as lines
    left join paid_again
        on lines.delivery_key = paid_again.delivery_key and lines.sheet_no = paid_again.sheet_no and lines.row_no = paid_again.row_no
    where lines.status = 'failed' and lines.amount_fen > 0
),

returned as (
    select bank_code, batch_no, division, sum(amount_fen) as returned_fen
    from {{ ref('int_returns') }}
    group by bank_code, batch_no, division
)

select
    queued.delivery_key, queued.sheet_no, queued.row_no, queued.bank_code, queued.batch_no, queued.division, queued.failed_on,
    queued.amount_fen, queued.upper_fen - queued.amount_fen as lower_fen, queued.upper_fen, cast(queued.upper_claim as bigint) as upper_claim,
    cast(least(queued.amount_fen, greatest(0, coalesce(returned.returned_fen, 0) - (queued.upper_claim - queued.amount_fen))) as bigint) as returned_fen,
    queued.held_delivery_key, queued.held_sheet_no, queued.held_row_no
from queued
left join returned
    on queued.bank_code = returned.bank_code and queued.batch_no = returned.batch_no and queued.division = returned.division
