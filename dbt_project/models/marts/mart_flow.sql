-- Sums between the stops of the money, for the picture of its flow: from where, to where, how much, per pool and fiscal year.
with moves as (
    select
        moves.pool_code, moves.fiscal_year, moves.is_inflow, moves.kind, moves.level, moves.upper_fen - moves.lower_fen as amount_fen,
        issuers.level as issuer_level, receivers.level as receiver_level
    from {{ ref('int_trace_moves') }} as moves
    left join {{ ref('stg_budget_allocations') }} as documents
        on moves.delivery_key = documents.delivery_key and moves.sheet_no = documents.sheet_no and moves.row_no = documents.row_no
    left join {{ ref('divisions') }} as issuers on documents.issuer_division = issuers.division_code
    left join {{ ref('divisions') }} as receivers on documents.receiver_division = receivers.division_code
),

named as (
    select
        pool_code, fiscal_year, amount_fen,
        case
            when kind = 'received' then issuer_level
            when kind = 'own' then concat_ws('_', 'own', level)
            when kind = 'carry_in' then concat_ws('_', 'carry_in', level)
            when kind = 'clawback_in' then receiver_level
            when kind = 'returned' then 'bank'
            else level
        end as source_node,
        case
            when kind in ('received', 'own', 'carry_in', 'clawback_in', 'returned') then level
            when kind = 'paid' then 'bank'
            when kind = 'diverted' then 'other_payee'
            when kind = 'carried_on' then concat_ws('_', 'carried_on', level)
        end as target_node
    from moves
    -- What the sender says it sent counts at the receiver, as far as it came; the rest is in transit (below).
    where kind not in ('passed_down', 'clawback_out')
),

resting as (
    select
        pool_code, fiscal_year, resting_fen as amount_fen,
        case
            when place = 'pool' then level
            when place in ('in_transit', 'not_reporting')
                then case level when 'province' then 'central' when 'city' then 'province' else 'city' end
            else 'bank'
        end as source_node,
        case place
            when 'pool' then concat_ws('_', 'resting', level)
            else place
        end as target_node
    from {{ ref('mart_stranded') }}
    -- What went to another payee is a flow of its own above.
    where place <> 'other_payee'
),

credited as (
    select batches.pool_code, coalesce(traces.fiscal_year, {{ year_of('batches.payroll_month') }}) as fiscal_year, traces.credited_fen as amount_fen, 'bank' as source_node, 'card' as target_node
    from {{ ref('mart_trace') }} as traces
    inner join {{ ref('int_batches') }} as batches on traces.bank_code = batches.bank_code and traces.batch_no = batches.batch_no
),

flows as (
    select pool_code, fiscal_year, source_node, target_node, amount_fen from named
    union all
    select pool_code, fiscal_year, source_node, target_node, amount_fen from resting
    union all
    select pool_code, fiscal_year, source_node, target_node, amount_fen from credited
)

select
    concat_ws('|', pool_code, coalesce({{ text('fiscal_year') }}, '-'), source_node, target_node) as flow_id, pool_code, fiscal_year,
    source_node, target_node, {{ sum_fen('amount_fen') }} as amount_fen
from flows
group by pool_code, fiscal_year, source_node, target_node
having sum(amount_fen) > 0
