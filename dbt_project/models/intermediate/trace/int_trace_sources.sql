-- Every fen that came into a pool: linked to an outflow elsewhere, or the root of its own trace. Each inflow is covered once, without gaps.
with links as (
    select account, lower_fen, upper_fen, from_account, from_lower_fen, is_return
    from {{ ref('int_trace_links') }}
),

totals as (
    select account, max(upper_fen) as total_fen
    from {{ ref('int_trace_moves') }}
    where is_inflow
    group by account
),

-- Ends of what is linked, and the beginning of the line: after each of them a gap may follow.
edges as (
    select account, upper_fen as lower_fen from links
    union
    select account, cast(0 as bigint) as lower_fen from totals
),

gaps as (
    select edges.account, edges.lower_fen, min(coalesce(links.lower_fen, totals.total_fen)) as upper_fen
    from edges
    inner join totals on edges.account = totals.account
    left join links on edges.account = links.account and links.lower_fen >= edges.lower_fen
    group by edges.account, edges.lower_fen
),

pieces as (
    select account, lower_fen, upper_fen, from_account, from_lower_fen, is_return from links
    union all
    select
        account, lower_fen, upper_fen, cast(null as {{ dbt.type_string() }}) as from_account, cast(null as bigint) as from_lower_fen,
        false as is_return
    from gaps
    where upper_fen > lower_fen
)

select
    moves.account, greatest(pieces.lower_fen, moves.lower_fen) as lower_fen, least(pieces.upper_fen, moves.upper_fen) as upper_fen,
    pieces.from_account, pieces.from_lower_fen + greatest(pieces.lower_fen, moves.lower_fen) - pieces.lower_fen as from_lower_fen,
    pieces.is_return, moves.kind, moves.level, moves.reference, moves.day, moves.delivery_key, moves.sheet_no, moves.row_no
from pieces
inner join {{ ref('int_trace_moves') }} as moves
    on pieces.account = moves.account and moves.is_inflow and pieces.upper_fen > moves.lower_fen and pieces.lower_fen < moves.upper_fen
