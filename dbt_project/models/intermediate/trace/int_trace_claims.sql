-- Specific before FIFO: outflows that cite a document which their account received take fen of that document first, in order. A pass-down cites
-- one, a payment may name several; what a document does not have any more is left to FIFO.
with inflows as (
    select
        account, reference, coalesce(source_level, '-') as source_level, kind, day, lower_fen, upper_fen, delivery_key, sheet_no, row_no,
        upper_fen - lower_fen as amount_fen
    from {{ ref('int_trace_moves') }}
    where is_inflow and kind in ('received', 'own', 'carry_in')
),

outflows as (
    select
        account, parent_reference as reference, coalesce(source_level, '-') as source_level, lower_fen, 0 as position,
        upper_fen - lower_fen as amount_fen
    from {{ ref('int_trace_moves') }}
    where not is_inflow and kind = 'passed_down' and parent_reference is not null
    union all
    select account, reference, '-' as source_level, out_lower_fen as lower_fen, position, asked_fen as amount_fen
    from {{ ref('int_trace_named') }}
    where reference is not null and asked_fen > 0
),

-- Whose money it is counts only where every row that names the document says so.
both_sides as (
    select account, reference, source_level from inflows
    union all
    select account, reference, source_level from outflows
),

documents as (
    select account, reference, min(source_level) <> '-' as is_levelled
    from both_sides
    group by account, reference
),

offered as (
    select
        inflows.account, inflows.reference, case when documents.is_levelled then inflows.source_level else '-' end as source_level,
        inflows.lower_fen, inflows.amount_fen,
        sum(inflows.amount_fen) over (
            partition by inflows.account, inflows.reference, case when documents.is_levelled then inflows.source_level else '-' end
            order by inflows.lower_fen nulls last rows between unbounded preceding and current row
        ) as upper_claim
    from inflows
    inner join documents on inflows.account = documents.account and inflows.reference = documents.reference
),

asked as (
    select
        outflows.account, outflows.reference, case when documents.is_levelled then outflows.source_level else '-' end as source_level,
        outflows.lower_fen, outflows.position, outflows.amount_fen,
        sum(outflows.amount_fen) over (
            partition by outflows.account, outflows.reference, case when documents.is_levelled then outflows.source_level else '-' end
            order by outflows.lower_fen nulls last, outflows.position nulls last rows between unbounded preceding and current row
        ) as upper_claim
    from outflows
    inner join documents on outflows.account = documents.account and outflows.reference = documents.reference
),

met as (
    select
        asked.account, asked.lower_fen as out_lower_fen, asked.position, offered.lower_fen as from_lower_fen,
        offered.lower_fen + greatest(asked.upper_claim - asked.amount_fen, offered.upper_claim - offered.amount_fen)
            - (offered.upper_claim - offered.amount_fen) as in_lower_fen,
        least(asked.upper_claim, offered.upper_claim)
            - greatest(asked.upper_claim - asked.amount_fen, offered.upper_claim - offered.amount_fen) as piece_fen
    from asked
    inner join offered
        on asked.account = offered.account and asked.reference = offered.reference and asked.source_level = offered.source_level
        and asked.upper_claim > offered.upper_claim - offered.amount_fen and asked.upper_claim - asked.amount_fen < offered.upper_claim
)

-- What was met fills an outflow from its first fen on.
select
    account,
    cast(out_lower_fen + sum(piece_fen) over (
        partition by account, out_lower_fen order by position nulls last, in_lower_fen nulls last rows between unbounded preceding and current row
    ) - piece_fen as bigint) as lower_fen,
    cast(in_lower_fen as bigint) as in_lower_fen, cast(piece_fen as bigint) as piece_fen, out_lower_fen, from_lower_fen, position
from met
