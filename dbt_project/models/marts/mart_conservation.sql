-- Whole-money checks: each joint once from the rows as they landed and once from the marts; every difference must be zero.
with
{%- for name, table in [('documents', 'budget_allocations'), ('payments', 'treasury_payments'), ('lines', 'bank_batches'), ('rolls', 'payment_rolls')] %}
{{ name }} as (
    select rows_.*
    {{ in_force(table) | indent(4) }}
    where replaced.row_no is null
),
{% endfor %}
-- J1: what came into the pools of a government is what left them and what lies there.
j1_in as (
    select division, {{ sum_fen('fen') }} as fen
    from (
        select reporter_division as division, amount_fen as fen from documents where kind in ('received', 'own', 'carry_in', 'clawback_in')
        union all
        select payer_division as division, -amount_fen as fen from payments where amount_fen < 0
    ) as came
    group by division
),

j1_out as (
    select division, {{ sum_fen('passed_down_fen + clawback_out_fen + paid_fen + diverted_fen + balance_fen') }} as fen
    from {{ ref('mart_fund_position') }}
    group by division
),

-- The same seen from the outflows, so that a fen lost on either side shows.
j1_rows_out as (
    select division, {{ sum_fen('fen') }} as fen
    from (
        select reporter_division as division, amount_fen as fen from documents where kind in ('passed_down', 'clawback_out')
        union all
        select payer_division as division, amount_fen as fen from payments where amount_fen > 0
    ) as went
    group by division
),

j1_mart_out as (
    select division, {{ sum_fen('out_fen') }} as fen from {{ ref('mart_fund_position') }} group by division
),

-- FIFO: what rests or went on to the next year is the balance (and what is overdrawn is not hidden in it).
j1_rest as (
    select division, {{ sum_fen('balance_fen + overdrawn_fen') }} as left_fen, {{ sum_fen('resting_fen + carried_on_fen') }} as right_fen
    from {{ ref('mart_fund_position') }}
    group by division
),

-- J8: shares of each credit against the credit, and every root against what became of it.
j8_credits as (
    select lines.delivery_key, lines.sheet_no, lines.row_no, lines.amount_fen as credited_fen, cast(0 as bigint) as shares_fen
    from lines
    where lines.status = 'success'
    union all
    select delivery_key, sheet_no, row_no, cast(0 as bigint) as credited_fen, amount_fen as shares_fen
    from {{ ref('mart_credit_origin') }}
),

j8_differences as (
    select abs(sum(credited_fen) - sum(shares_fen)) as difference_fen
    from j8_credits
    group by delivery_key, sheet_no, row_no
),

-- Each inflow against its pieces: traced out, at rest, or spent before it arrived.
j8_inflows as (
    select account, lower_fen as move_lower_fen, upper_fen - lower_fen as inflow_fen, cast(0 as bigint) as pieces_fen
    from {{ ref('int_trace_moves') }}
    where is_inflow
    union all
    select account, in_move_lower_fen as move_lower_fen, cast(0 as bigint) as inflow_fen, upper_fen - lower_fen as pieces_fen
    from {{ ref('int_trace_matches') }}
    where in_lower_fen is not null
),

j8_inflow_differences as (
    select abs(sum(inflow_fen) - sum(pieces_fen)) as difference_fen
    from j8_inflows
    group by account, move_lower_fen
),

j8_roots as (
    select upper_fen - lower_fen as fen
    from {{ ref('int_trace_sources') }}
    where from_account is null
),

j8_ends as (
    select source_kind, credited_fen as fen from {{ ref('mart_trace') }}
    union all
    select source_kind, resting_fen as fen from {{ ref('mart_stranded') }}
),

j8_sums as (
    select
        (select {{ sum_fen('fen') }} from j8_roots) as roots_fen,
        {{ sum_fen('fen', "source_kind not in ('uncovered', 'circular')") }} as known_fen,
        {{ sum_fen('fen', "source_kind = 'circular'") }} as circular_fen
    from j8_ends
),

joints as (
    select 'J1' as joint, concat_ws(' ', coalesce(j1_in.division, j1_out.division), 'in') as scope, j1_in.fen as left_fen, j1_out.fen as right_fen
    from j1_in full outer join j1_out on j1_in.division = j1_out.division
    union all
    select 'J1' as joint, concat_ws(' ', coalesce(j1_rows_out.division, j1_mart_out.division), 'out') as scope, j1_rows_out.fen as left_fen, j1_mart_out.fen as right_fen
    from j1_rows_out full outer join j1_mart_out on j1_rows_out.division = j1_mart_out.division
    union all
    select 'J1' as joint, concat_ws(' ', division, 'rest') as scope, left_fen, right_fen from j1_rest
    union all
    select 'J2' as joint, 'sent' as scope, (select {{ sum_fen('amount_fen') }} from documents where kind = 'passed_down') as left_fen,
        (select {{ sum_fen('sent_fen') }} from {{ ref('mart_document_match') }}) as right_fen
    union all
    select 'J2' as joint, 'received' as scope, (select {{ sum_fen('amount_fen') }} from documents where kind = 'received') as left_fen,
        (select {{ sum_fen('received_fen') }} from {{ ref('mart_document_match') }}) as right_fen
    union all
    select 'J3' as joint, 'vouchers' as scope,
        (select {{ sum_fen('amount_fen') }} from payments where amount_fen > 0 and payee_kind = 'agent_bank') as left_fen,
        (select {{ sum_fen('voucher_fen') }} from {{ ref('mart_batch_match') }}) as right_fen
    union all
    select 'J3' as joint, 'batches' as scope, (select {{ sum_fen('amount_fen') }} from lines) as left_fen,
        (select {{ sum_fen('batch_fen') }} from {{ ref('mart_batch_match') }}) as right_fen
    union all
    select 'J4' as joint, 'stated' as scope,
        (
            select {{ sum_fen('controls.trailer_fen') }}
            from {{ ref('stg_bank_batch_controls') }} as controls
            inner join {{ ref('int_batches') }} as batches on controls.bank_code = batches.bank_code and controls.batch_no = batches.batch_no
            where batches.unreadable_fen_rows = 0 and batches.stated_fen is not null
        ) as left_fen,
        (
            select {{ sum_fen('matches.batch_fen + batches.quarantined_fen') }}
            from {{ ref('mart_batch_match') }} as matches
            inner join {{ ref('int_batches') }} as batches on matches.bank_code = batches.bank_code and matches.batch_no = batches.batch_no
            where matches.status <> 'no_batch' and batches.unreadable_fen_rows = 0 and matches.stated_fen is not null
        ) as right_fen
    union all
    select 'J5' as joint, 'entitled' as scope, (select {{ sum_fen('amount_fen') }} from rolls) as left_fen,
        (select {{ sum_fen('entitled_fen') }} from {{ ref('mart_payment') }}) as right_fen
    union all
    select 'J5' as joint, 'credited' as scope, (select {{ sum_fen('amount_fen') }} from lines where status = 'success') as left_fen,
        (select {{ sum_fen('credited_fen') }} from {{ ref('mart_payment') }}) as right_fen
    union all
    select 'J5' as joint, 'by pool' as scope, (select {{ sum_fen('amount_fen') }} from lines where status = 'success') as left_fen,
        (select {{ sum_fen('credited_fen') }} from {{ ref('mart_fund_position') }}) as right_fen
    union all
    select 'J6' as joint, 'failed' as scope,
        (
            select {{ sum_fen('lines.amount_fen') }}
            from {{ ref('stg_bank_batches') }} as lines
            inner join {{ ref('int_batches') }} as batches on lines.bank_code = batches.bank_code and lines.batch_no = batches.batch_no
            where lines.status = 'failed' and batches.batch_kind = 'original'
        ) as left_fen,
        (
            select {{ sum_fen('amount_fen') }}
            from {{ ref('int_failed_lines') }}
            where outcome in ('reissued', 'returned', 'open')
        ) as right_fen
    union all
    select 'J8' as joint, 'shares' as scope, (select {{ sum_fen('credited_fen') }} from j8_credits) as left_fen,
        (select {{ sum_fen('shares_fen') }} from j8_credits) as right_fen
    union all
    select 'J8' as joint, 'each credit' as scope, (select {{ sum_fen('difference_fen') }} from j8_differences) as left_fen, cast(0 as bigint) as right_fen
    union all
    select 'J8' as joint, 'each inflow' as scope, (select {{ sum_fen('difference_fen') }} from j8_inflow_differences) as left_fen,
        cast(0 as bigint) as right_fen
    union all
    -- A root may end in money that runs in a circle, and only there.
    select 'J8' as joint, 'roots' as scope, roots_fen as left_fen,
        known_fen + least(circular_fen, greatest(cast(0 as bigint), roots_fen - known_fen)) as right_fen
    from j8_sums
)

select
    joint, scope, coalesce(left_fen, cast(0 as bigint)) as left_fen, coalesce(right_fen, cast(0 as bigint)) as right_fen,
    coalesce(left_fen, cast(0 as bigint)) - coalesce(right_fen, cast(0 as bigint)) as difference_fen
from joints
