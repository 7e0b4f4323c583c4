-- Which fen of an account went where: pieces of outflows over pieces of inflows, specific first, then first in, first out.
-- What no outflow took rests (`resting`, at the end of the line); what no inflow covers has no origin (`in_lower_fen` is null).
with moves as (
    select account, is_inflow, kind, day, lower_fen, upper_fen, delivery_key, sheet_no, row_no
    from {{ ref('int_trace_moves') }}
),

-- Claims take a document from its first fen on, and fill an outflow from its first fen on.
taken as (
    select account, true as is_inflow, from_lower_fen as lower_fen, sum(piece_fen) as taken_fen
    from {{ ref('int_trace_claims') }}
    group by account, from_lower_fen
    union all
    select account, false as is_inflow, out_lower_fen as lower_fen, sum(piece_fen) as taken_fen
    from {{ ref('int_trace_claims') }}
    group by account, out_lower_fen
),

left_over as (
    select
        moves.account, moves.is_inflow, moves.lower_fen + coalesce(taken.taken_fen, 0) as lower_fen,
        moves.upper_fen - moves.lower_fen - coalesce(taken.taken_fen, 0) as amount_fen,
        sum(moves.upper_fen - moves.lower_fen - coalesce(taken.taken_fen, 0)) over (
            partition by moves.account, moves.is_inflow order by moves.lower_fen nulls last rows between unbounded preceding and current row
        ) as upper_queue
    from moves
    left join taken
        on moves.account = taken.account and moves.is_inflow = taken.is_inflow and moves.lower_fen = taken.lower_fen
    where moves.upper_fen - moves.lower_fen > coalesce(taken.taken_fen, 0)
),

queues as (
    select
        account,
        max(case when is_inflow then upper_queue end) as in_fen,
        coalesce(max(case when not is_inflow then upper_queue end), 0) as out_fen
    from left_over
    group by account
),

ends as (
    select account, max(case when not is_inflow then upper_fen end) as out_upper_fen
    from moves
    group by account
),

-- The queue of what left, lengthened by what rests so that every inflow is used up.
outgoing as (
    select account, lower_fen, amount_fen, upper_queue, false as is_resting
    from left_over
    where not is_inflow
    union all
    select
        queues.account, coalesce(ends.out_upper_fen, 0) as lower_fen, queues.in_fen - queues.out_fen as amount_fen, queues.in_fen as upper_queue,
        true as is_resting
    from queues
    inner join ends on queues.account = ends.account
    where queues.in_fen > queues.out_fen
),

incoming as (
    select account, lower_fen, amount_fen, upper_queue
    from left_over
    where is_inflow
),

fifo as (
    select
        outgoing.account, outgoing.is_resting,
        outgoing.lower_fen + greatest(outgoing.upper_queue - outgoing.amount_fen, incoming.upper_queue - incoming.amount_fen)
            - (outgoing.upper_queue - outgoing.amount_fen) as lower_fen,
        incoming.lower_fen + greatest(outgoing.upper_queue - outgoing.amount_fen, incoming.upper_queue - incoming.amount_fen)
            - (incoming.upper_queue - incoming.amount_fen) as in_lower_fen,
        least(outgoing.upper_queue, incoming.upper_queue)
            - greatest(outgoing.upper_queue - outgoing.amount_fen, incoming.upper_queue - incoming.amount_fen) as piece_fen
    from outgoing
    inner join incoming
        on outgoing.account = incoming.account and outgoing.upper_queue > incoming.upper_queue - incoming.amount_fen
        and outgoing.upper_queue - outgoing.amount_fen < incoming.upper_queue
),

uncovered as (
    select
        outgoing.account,
        outgoing.lower_fen + greatest(0, coalesce(queues.in_fen, 0) - (outgoing.upper_queue - outgoing.amount_fen)) as lower_fen,
        outgoing.upper_queue - greatest(outgoing.upper_queue - outgoing.amount_fen, coalesce(queues.in_fen, 0)) as piece_fen
    from outgoing
    inner join queues on outgoing.account = queues.account
    where not outgoing.is_resting and outgoing.upper_queue > coalesce(queues.in_fen, 0)
),

pieces as (
    select account, lower_fen, in_lower_fen, piece_fen, 'specific' as method, false as is_resting from {{ ref('int_trace_claims') }}
    union all
    select account, lower_fen, in_lower_fen, piece_fen, 'fifo' as method, is_resting from fifo
    union all
    select account, lower_fen, cast(null as bigint) as in_lower_fen, piece_fen, 'fifo' as method, false as is_resting from uncovered
)

select
    pieces.account, cast(pieces.lower_fen as bigint) as lower_fen, cast(pieces.lower_fen + pieces.piece_fen as bigint) as upper_fen,
    cast(pieces.in_lower_fen as bigint) as in_lower_fen, pieces.method, pieces.is_resting,
    case when pieces.is_resting then 'resting' else outflows.kind end as out_kind, outflows.day as out_on,
    outflows.delivery_key as out_delivery_key, outflows.sheet_no as out_sheet_no, outflows.row_no as out_row_no,
    inflows.lower_fen as in_move_lower_fen, inflows.kind as in_kind, inflows.day as in_on
from pieces
left join moves as outflows
    on pieces.account = outflows.account and not outflows.is_inflow and not pieces.is_resting
    and pieces.lower_fen >= outflows.lower_fen and pieces.lower_fen < outflows.upper_fen
left join moves as inflows
    on pieces.account = inflows.account and inflows.is_inflow
    and pieces.in_lower_fen >= inflows.lower_fen and pieces.in_lower_fen < inflows.upper_fen
