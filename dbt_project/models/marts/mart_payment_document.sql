-- Which documents each payment says it draws on, how much of them it got, and how much was left to FIFO.
with drawn as (
    select account, out_lower_fen, position, {{ sum_fen('piece_fen') }} as drawn_fen
    from {{ ref('int_trace_claims') }}
    group by account, out_lower_fen, position
),

asked as (
    select
        named.delivery_key, named.sheet_no, named.row_no, named.position, moves.division, moves.pool_code, moves.fiscal_year,
        moves.reference as voucher_no, moves.day as paid_on, moves.upper_fen - moves.lower_fen as voucher_fen, named.doc_no, named.reference,
        named.stated_fen, named.asked_fen, coalesce(drawn.drawn_fen, cast(0 as bigint)) as drawn_fen
    from {{ ref('int_trace_named') }} as named
    inner join {{ ref('int_trace_moves') }} as moves
        on named.account = moves.account and named.out_lower_fen = moves.lower_fen and not moves.is_inflow
    left join drawn
        on named.account = drawn.account and named.out_lower_fen = drawn.out_lower_fen and named.position = drawn.position
        and named.reference is not null
)

select
    concat_ws('|', {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }}, {{ text('position') }}) as payment_document_id,
    delivery_key, sheet_no, row_no, position, division, pool_code, fiscal_year, voucher_no, paid_on, voucher_fen, doc_no,
    reference as received_doc_no, stated_fen, asked_fen, drawn_fen, asked_fen - drawn_fen as short_fen,
    case
        when reference is null then 'not_received'
        when drawn_fen < asked_fen then 'used_up'
        else 'drawn'
    end as status
from asked
