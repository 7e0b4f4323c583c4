-- Inflows of pools that are, fen by fen, an outflow of another account: received from above, got back, carried over, returned by a bank.
with documents as (
    select moves.account, moves.is_inflow, lines.document_line_id as line_id, moves.lower_fen, moves.upper_fen
    from {{ ref('int_trace_moves') }} as moves
    inner join {{ ref('int_document_lines') }} as lines
        on moves.delivery_key = lines.delivery_key and moves.sheet_no = lines.sheet_no and moves.row_no = lines.row_no
        and moves.kind = lines.kind
),

clawbacks as (
    select
        moves.account, moves.is_inflow,
        concat_ws('|', 'clawback', rows_.doc_no, rows_.issuer_division, rows_.receiver_division, rows_.pool_code, {{ text('rows_.fiscal_year') }}) as line_id,
        moves.lower_fen, moves.upper_fen
    from {{ ref('int_trace_moves') }} as moves
    inner join {{ ref('stg_budget_allocations') }} as rows_
        on moves.delivery_key = rows_.delivery_key and moves.sheet_no = rows_.sheet_no and moves.row_no = rows_.row_no
        and moves.kind = rows_.kind
    where moves.kind in ('clawback_in', 'clawback_out')
),

carried as (
    select
        account, is_inflow,
        concat_ws('|', 'carry', {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }}) as line_id, lower_fen, upper_fen
    from {{ ref('int_trace_moves') }}
    where kind in ('carry_in', 'carried_on')
),

sides as (
    select account, is_inflow, line_id, lower_fen, upper_fen, false as is_return from documents
    union all
    select account, is_inflow, line_id, lower_fen, upper_fen, false as is_return from clawbacks
    union all
    select account, is_inflow, line_id, lower_fen, upper_fen, false as is_return from carried
    union all
    select
        moves.account, true as is_inflow,
        concat_ws('|', 'returned', returns.bank_code, returns.batch_no, returns.division) as line_id,
        moves.lower_fen + returns.from_fen as lower_fen, moves.lower_fen + returns.from_fen + returns.amount_fen as upper_fen, true as is_return
    from {{ ref('int_trace_moves') }} as moves
    inner join {{ ref('int_returns') }} as returns
        on moves.delivery_key = returns.delivery_key and moves.sheet_no = returns.sheet_no and moves.row_no = returns.row_no
    where moves.kind = 'returned'
),

-- Several rows of one line follow each other; failed lines stand in the order in which their money goes back.
offsets as (
    select
        account, is_inflow, line_id, is_return, lower_fen, upper_fen - lower_fen as amount_fen,
        sum(upper_fen - lower_fen) over (
            partition by line_id, is_inflow order by account nulls last, lower_fen nulls last rows between unbounded preceding and current row
        ) as upper_offset
    from sides
    union all
    select
        {{ batch_account('bank_code', 'batch_no') }} as account, false as is_inflow,
        concat_ws('|', 'returned', bank_code, batch_no, division) as line_id, true as is_return, lower_fen, amount_fen,
        upper_claim as upper_offset
    from {{ ref('int_trace_failed') }}
)

select
    inflows.account,
    cast(inflows.lower_fen + greatest(inflows.upper_offset - inflows.amount_fen, outflows.upper_offset - outflows.amount_fen)
        - (inflows.upper_offset - inflows.amount_fen) as bigint) as lower_fen,
    cast(inflows.lower_fen + least(inflows.upper_offset, outflows.upper_offset)
        - (inflows.upper_offset - inflows.amount_fen) as bigint) as upper_fen,
    outflows.account as from_account,
    cast(outflows.lower_fen + greatest(inflows.upper_offset - inflows.amount_fen, outflows.upper_offset - outflows.amount_fen)
        - (outflows.upper_offset - outflows.amount_fen) as bigint) as from_lower_fen,
    inflows.is_return
from offsets as inflows
inner join offsets as outflows
    on inflows.is_inflow and not outflows.is_inflow and inflows.line_id = outflows.line_id
    and inflows.upper_offset > outflows.upper_offset - outflows.amount_fen
    and inflows.upper_offset - inflows.amount_fen < outflows.upper_offset
