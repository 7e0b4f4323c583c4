-- How much of each document reached cards by the payments of the pool it came into: named, by FIFO, and the range over all orders.
-- The money of payments that names no document (`loose`) may have been drawn on any inflow that no payment names. So of a document's
-- unnamed fen at least what all others together cannot have covered reached cards, at most all of them, or all loose money on cards.
with moves as (
    select account, division, pool_code, fiscal_year, is_inflow, kind, reference, lower_fen, upper_fen - lower_fen as amount_fen
    from {{ ref('int_trace_moves') }}
),

taken as (
    select account, from_lower_fen as lower_fen, {{ sum_fen('piece_fen') }} as named_fen
    from {{ ref('int_trace_claims') }}
    group by account, from_lower_fen
),

credited as (
    select
        pieces.pool_account as account, pieces.pool_in_lower_fen as lower_fen,
        {{ sum_fen('traces.credited_fen') }} as credited_fen,
        {{ sum_fen('traces.credited_fen', "pieces.pool_method = 'specific'") }} as named_credited_fen
    from {{ ref('int_trace_origins') }} as pieces
    inner join {{ ref('mart_trace') }} as traces on pieces.piece_no = traces.trace_no
    where pieces.pool_account is not null and traces.credited_fen > 0
    group by pieces.pool_account, pieces.pool_in_lower_fen
),

documents as (
    select
        moves.account, moves.division, moves.pool_code, moves.fiscal_year, moves.reference as doc_no,
        {{ sum_fen('moves.amount_fen') }} as inflow_fen, {{ sum_fen('taken.named_fen') }} as named_fen,
        {{ sum_fen('credited.credited_fen') }} as credited_fen, {{ sum_fen('credited.named_credited_fen') }} as named_credited_fen
    from moves
    left join taken on moves.account = taken.account and moves.lower_fen = taken.lower_fen
    left join credited on moves.account = credited.account and moves.lower_fen = credited.lower_fen
    where moves.is_inflow and moves.kind in ('received', 'own', 'carry_in')
    group by moves.account, moves.division, moves.pool_code, moves.fiscal_year, moves.reference
),

sums as (
    select
        account, {{ sum_fen('amount_fen', 'is_inflow') }} as in_fen, {{ sum_fen('amount_fen', 'not is_inflow') }} as out_fen,
        {{ sum_fen('amount_fen', "kind = 'returned'") }} as returned_fen, {{ sum_fen('amount_fen', "kind = 'paid'") }} as paid_fen
    from moves
    group by account
),

named as (
    select account, {{ sum_fen('named_fen') }} as named_fen
    from taken
    group by account
),

on_cards as (
    select account, {{ sum_fen('credited_fen') }} as credited_fen, {{ sum_fen('named_credited_fen') }} as named_credited_fen
    from credited
    group by account
),

pools as (
    select
        sums.account, sums.returned_fen, sums.in_fen - coalesce(named.named_fen, cast(0 as bigint)) as unnamed_fen,
        greatest(cast(0 as bigint), sums.out_fen - sums.in_fen) as uncovered_fen,
        coalesce(on_cards.credited_fen - on_cards.named_credited_fen, cast(0 as bigint)) as loose_fen
    from sums
    left join named on sums.account = named.account
    left join on_cards on sums.account = on_cards.account
    where sums.paid_fen > 0
)

select
    concat_ws('|', documents.account, documents.doc_no) as document_reach_id, documents.division, divisions.name_zh as division_name,
    documents.pool_code, documents.fiscal_year, documents.doc_no, documents.inflow_fen, documents.named_fen, documents.named_credited_fen,
    documents.credited_fen,
    documents.named_credited_fen + greatest(
        cast(0 as bigint),
        pools.loose_fen - pools.uncovered_fen - (pools.unnamed_fen - (documents.inflow_fen - documents.named_fen))
    ) as at_least_fen,
    least(
        documents.inflow_fen,
        documents.named_credited_fen + least(pools.loose_fen, documents.inflow_fen - documents.named_fen + pools.returned_fen)
    ) as at_most_fen
from documents
inner join pools on documents.account = pools.account
left join {{ ref('divisions') }} as divisions on documents.division = divisions.division_code
