-- Pieces of every account's outflows with the account they lead to, or their root: one step of the trace.
with pool_pieces as (
    select
        matches.account,
        matches.lower_fen + greatest(matches.in_lower_fen, sources.lower_fen) - matches.in_lower_fen as lower_fen,
        matches.lower_fen + least(matches.in_lower_fen + matches.upper_fen - matches.lower_fen, sources.upper_fen) - matches.in_lower_fen as upper_fen,
        sources.from_account as to_account,
        sources.from_lower_fen + greatest(matches.in_lower_fen, sources.lower_fen) - sources.lower_fen as to_lower_fen,
        sources.day as in_on, matches.out_kind, matches.out_delivery_key, matches.out_sheet_no, matches.out_row_no, matches.method,
        coalesce(sources.day > matches.out_on, false) as is_overdrawn,
        case when sources.is_return then 1 else 0 end as returns,
        case when sources.from_account is null then sources.kind end as root_kind,
        case when sources.from_account is null then sources.delivery_key end as root_delivery_key,
        case when sources.from_account is null then sources.sheet_no end as root_sheet_no,
        case when sources.from_account is null then sources.row_no end as root_row_no,
        matches.account as pool_account, matches.in_move_lower_fen as pool_in_lower_fen, matches.method as pool_method,
        {%- for level in trace_levels() %}
        case when sources.level = '{{ level }}' and not sources.is_return then sources.reference end as {{ level }}_doc_no,
        case when sources.level = '{{ level }}' then sources.day end as {{ level }}_in_on,
        case when sources.level = '{{ level }}' and matches.out_kind <> 'carried_on' then matches.out_on end as {{ level }}_out_on{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_trace_matches') }} as matches
    inner join {{ ref('int_trace_sources') }} as sources
        on matches.account = sources.account and sources.lower_fen < matches.in_lower_fen + matches.upper_fen - matches.lower_fen
        and sources.upper_fen > matches.in_lower_fen
),

batches as (
    select {{ batch_account('bank_code', 'batch_no') }} as account, max(upper_fen) as total_fen
    from {{ ref('int_trace_lines') }}
    group by bank_code, batch_no
),

vouchers as (
    select
        {{ batch_account('vouchers.bank_code', 'vouchers.batch_no') }} as account,
        cast(sum(vouchers.amount_fen) over (
            partition by vouchers.bank_code, vouchers.batch_no
            order by vouchers.paid_on nulls last, vouchers.voucher_no nulls last, vouchers.sheet_no nulls last, vouchers.row_no nulls last,
                vouchers.delivery_key nulls last
            rows between unbounded preceding and current row
        ) as bigint) as upper_fen,
        vouchers.amount_fen, vouchers.paid_on, moves.account as to_account, moves.lower_fen + vouchers.from_fen as to_lower_fen, vouchers.delivery_key, vouchers.sheet_no,
        vouchers.row_no
    from {{ ref('int_vouchers') }} as vouchers
    inner join {{ ref('int_trace_moves') }} as moves
        on vouchers.delivery_key = moves.delivery_key and vouchers.sheet_no = moves.sheet_no and vouchers.row_no = moves.row_no
        and not moves.is_inflow
    where vouchers.batch_no is not null
),

-- A line of a reissue without a voucher is paid from the failed line it repeats, as far as that did not go back to the treasury.
held as (
    select
        {{ batch_account('lines.bank_code', 'lines.batch_no') }} as account, lines.upper_fen - lines.amount_fen + failed.returned_fen as lower_fen,
        lines.upper_fen, {{ batch_account('failed.bank_code', 'failed.batch_no') }} as to_account,
        failed.lower_fen + failed.returned_fen as to_lower_fen, failed.failed_on, failed.delivery_key, failed.sheet_no, failed.row_no
    from {{ ref('int_trace_failed') }} as failed
    inner join {{ ref('int_trace_lines') }} as lines
        on failed.held_delivery_key = lines.delivery_key and failed.held_sheet_no = lines.sheet_no and failed.held_row_no = lines.row_no
    where failed.returned_fen < failed.amount_fen
),

covered as (
    select
        account, upper_fen - amount_fen as lower_fen, upper_fen, to_account, to_lower_fen, paid_on as in_on, 'voucher' as out_kind,
        delivery_key, sheet_no, row_no, 0 as returns
    from vouchers
    union all
    select account, lower_fen, upper_fen, to_account, to_lower_fen, failed_on as in_on, 'held' as out_kind, delivery_key, sheet_no, row_no, 1 as returns
    from held
),

edges as (
    select account, upper_fen as lower_fen from covered
    union
    select account, cast(0 as bigint) as lower_fen from batches
),

gaps as (
    select edges.account, edges.lower_fen, min(coalesce(covered.lower_fen, batches.total_fen)) as upper_fen
    from edges
    inner join batches on edges.account = batches.account
    left join covered on edges.account = covered.account and covered.lower_fen >= edges.lower_fen
    group by edges.account, edges.lower_fen
),

uncovered as (
    select account, lower_fen, upper_fen, out_kind, out_delivery_key, out_sheet_no, out_row_no, account as pool_account, method as pool_method
    from {{ ref('int_trace_matches') }}
    where in_lower_fen is null
    union all
    select
        account, lower_fen, upper_fen, 'voucher' as out_kind, cast(null as bigint) as out_delivery_key, cast(null as int) as out_sheet_no,
        cast(null as int) as out_row_no, cast(null as {{ dbt.type_string() }}) as pool_account,
        cast(null as {{ dbt.type_string() }}) as pool_method
    from gaps
    where upper_fen > lower_fen
),

pieces as (
    select {{ trace_columns() }} from pool_pieces
    union all
    select
        account, lower_fen, upper_fen, to_account, to_lower_fen, in_on, out_kind, delivery_key as out_delivery_key, sheet_no as out_sheet_no,
        row_no as out_row_no, 'specific' as method, false as is_overdrawn, returns, cast(null as {{ dbt.type_string() }}) as root_kind,
        cast(null as bigint) as root_delivery_key, cast(null as int) as root_sheet_no, cast(null as int) as root_row_no,
        cast(null as {{ dbt.type_string() }}) as pool_account, cast(null as bigint) as pool_in_lower_fen,
        cast(null as {{ dbt.type_string() }}) as pool_method,
        {%- for level in trace_levels() %}
        cast(null as {{ dbt.type_string() }}) as {{ level }}_doc_no, cast(null as date) as {{ level }}_in_on,
        cast(null as date) as {{ level }}_out_on{{ "," if not loop.last }}
        {%- endfor %}
    from covered
    union all
    select
        account, lower_fen, upper_fen, cast(null as {{ dbt.type_string() }}) as to_account, cast(null as bigint) as to_lower_fen,
        cast(null as date) as in_on, out_kind, out_delivery_key, out_sheet_no, out_row_no, 'fifo' as method, true as is_overdrawn, 0 as returns, 'uncovered' as root_kind,
        cast(null as bigint) as root_delivery_key, cast(null as int) as root_sheet_no, cast(null as int) as root_row_no,
        pool_account, cast(null as bigint) as pool_in_lower_fen, pool_method,
        {%- for level in trace_levels() %}
        cast(null as {{ dbt.type_string() }}) as {{ level }}_doc_no, cast(null as date) as {{ level }}_in_on,
        cast(null as date) as {{ level }}_out_on{{ "," if not loop.last }}
        {%- endfor %}
    from uncovered
)

select {{ trace_columns() }}
from pieces
