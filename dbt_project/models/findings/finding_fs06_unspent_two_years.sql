-- Money of a budget year that still lies in a pool when the next year is over, brought on as carried over or not, and was not taken back.
with rests as (
    select
        moves.delivery_key, moves.sheet_no, moves.row_no, moves.division, moves.pool_code, moves.fiscal_year, moves.kind, moves.reference,
        moves.day, moves.lower_fen as move_lower_fen,
        -- A carry-over whose year before is not known here is money of that year; what nobody had is of the year it was received for.
        coalesce(
            pieces.root_year - case when pieces.root_kind = 'carry_in' then 1 else 0 end,
            moves.fiscal_year - case when moves.kind = 'carry_in' then 1 else 0 end
        ) as budget_year,
        least(pieces.upper_fen, matches.upper_fen) - greatest(pieces.lower_fen, matches.lower_fen) as resting_fen
    from {{ ref('int_trace_matches') }} as matches
    inner join {{ ref('int_trace_origins') }} as pieces
        on matches.account = pieces.account and pieces.out_kind = 'resting' and pieces.upper_fen > matches.lower_fen
        and pieces.lower_fen < matches.upper_fen
    inner join {{ ref('int_trace_moves') }} as moves
        on matches.account = moves.account and moves.is_inflow and matches.in_move_lower_fen = moves.lower_fen
    where matches.is_resting
),

by_inflow as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, reference, day, move_lower_fen, min(budget_year) as budget_year,
        sum(resting_fen) as resting_fen,
        coalesce(
            sum(resting_fen) filter (where year({{ business_date() }}) - budget_year >= {{ threshold('years') }}), cast(0 as bigint)
        ) as old_fen
    from rests
    group by delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, reference, day, move_lower_fen
),

-- Spent later by a list that forgot to carry it on: what no inflow of those years covers.
uncovered as (
    select moves.division, moves.pool_code, moves.fiscal_year, sum(matches.upper_fen - matches.lower_fen) as uncovered_fen
    from {{ ref('int_trace_matches') }} as matches
    inner join {{ ref('int_trace_moves') }} as moves
        on matches.account = moves.account and not moves.is_inflow and matches.lower_fen >= moves.lower_fen and matches.lower_fen < moves.upper_fen
    where matches.in_lower_fen is null
    group by moves.division, moves.pool_code, moves.fiscal_year
),

spent_later as (
    select by_inflow.delivery_key, by_inflow.sheet_no, by_inflow.row_no, by_inflow.kind, sum(uncovered.uncovered_fen) as spent_fen
    from by_inflow
    inner join uncovered
        on by_inflow.division = uncovered.division and by_inflow.pool_code = uncovered.pool_code
        and by_inflow.fiscal_year < uncovered.fiscal_year
    group by by_inflow.delivery_key, by_inflow.sheet_no, by_inflow.row_no, by_inflow.kind
),

queued as (
    select
        by_inflow.*, coalesce(spent_later.spent_fen, 0) as spent_fen,
        sum(by_inflow.resting_fen) over (
            partition by by_inflow.division, by_inflow.pool_code
            order by by_inflow.fiscal_year nulls last, by_inflow.move_lower_fen nulls last rows between unbounded preceding and current row
        ) as upto_fen
    from by_inflow
    left join spent_later
        on by_inflow.delivery_key = spent_later.delivery_key and by_inflow.sheet_no = spent_later.sheet_no
        and by_inflow.row_no = spent_later.row_no and by_inflow.kind = spent_later.kind
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, reference, day, (fiscal_year - 1) * 100 + 1 as from_month,
        make_date(cast(budget_year + 1 as int), 12, 31) as occurred_on, least(old_fen, upto_fen - spent_fen) as unused_fen,
        {{ days_between('make_date(cast(budget_year + 1 as int), 12, 31)', business_date()) }} as days
    from queued
    where least(old_fen, upto_fen - spent_fen) > 0
)

{{ finding('FS06', ['division', 'pool_code', 'fiscal_year', 'kind', 'reference', 'day'],
    carry=['division', 'pool_code', 'occurred_on', 'days'], row_fen='unused_fen',
    doc_no="case when kind <> 'returned' then reference end", voucher_no="case when kind = 'returned' then reference end") }}
