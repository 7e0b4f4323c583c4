-- More went out than was there: a pool's running balance below zero, or a batch larger than the money paid for it.
with
-- A pool is judged when its government reports for that year at all.
reporting as (
    select distinct reporter_division, fiscal_year
    from {{ ref('stg_budget_allocations') }}
),

-- What the year before left and nobody reported as carried over is still there.
left_over as (
    select division, pool_code, fiscal_year + 1 as fiscal_year, sum(case when is_inflow then amount_fen else -amount_fen end) as left_fen
    from {{ ref('int_pool_flows') }}
    group by division, pool_code, fiscal_year
),

balances as (
    select
        flows.delivery_key, flows.sheet_no, flows.row_no, flows.division, flows.pool_code, flows.fiscal_year, flows.kind, flows.reference,
        flows.day, flows.is_inflow, flows.turn, flows.balance_fen + greatest(0, coalesce(left_over.left_fen, 0)) as there_fen
    from {{ ref('int_pool_flows') }} as flows
    inner join reporting on flows.division = reporting.reporter_division and flows.fiscal_year = reporting.fiscal_year
    left join left_over
        on flows.division = left_over.division and flows.pool_code = left_over.pool_code and flows.fiscal_year = left_over.fiscal_year
),

below_zero as (
    select
        balances.*,
        row_number() over (partition by division, pool_code, fiscal_year order by turn nulls last) as occurrence,
        min(there_fen) over (partition by division, pool_code, fiscal_year) as lowest_fen
    from balances
    where there_fen < 0 and not is_inflow
),

overdrawn as (
    select
        'pool' as what, division, pool_code, cast(null as {{ dbt.type_string() }}) as programme_code, cast(null as int) as payroll_month,
        {{ text('fiscal_year') }} as scope_key, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as batch_no, day as occurred_on, -lowest_fen as over_fen, delivery_key, sheet_no, row_no,
        case when kind in ('paid', 'diverted') then reference end as voucher_no,
        case when kind not in ('paid', 'diverted') then reference end as doc_no
    from below_zero
    where occurrence = 1
),

-- A voucher is missing only when the treasury has reported the month of the batch or a later one.
treasury_reports as (
    select sender_division as division, max(period) as last_period
    from {{ ref('stg_deliveries') }}
    where source = 'treasury_payments' and is_in_force
    group by sender_division
),

unfunded as (
    select
        matches.bank_code, matches.batch_no, batches.file_fen - matches.voucher_fen as over_fen
    from {{ ref('mart_batch_match') }} as matches
    inner join {{ ref('int_batches') }} as batches on matches.bank_code = batches.bank_code and matches.batch_no = batches.batch_no
    left join treasury_reports on batches.division = treasury_reports.division
    where matches.status in ('batch_over', 'no_voucher') and batches.batch_kind = 'original'
        and (
            matches.status = 'batch_over'
            or treasury_reports.last_period >= {{ text(month_of('batches.first_line_on')) }}
        )
),

first_lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.bank_code, lines.batch_no, lines.credited_on, unfunded.over_fen,
        row_number() over (
            partition by lines.bank_code, lines.batch_no
            order by lines.sheet_no nulls last, lines.row_no nulls last, lines.delivery_key nulls last
        ) as occurrence
    from {{ ref('int_credit_lines') }} as lines
    inner join unfunded on lines.bank_code = unfunded.bank_code and lines.batch_no = unfunded.batch_no
),

cases as (
    select
        what, division, pool_code, programme_code, payroll_month, scope_key, bank_code, batch_no, occurred_on, over_fen, delivery_key,
        sheet_no, row_no, voucher_no, doc_no, division as pool_division, '-' as batch_division,
        (year(occurred_on) - 1) * 100 + 1 as from_month, {{ month_of('occurred_on') }} as upto_month,
        greatest({{ month_of(add_days('occurred_on', -31)) }}, year(occurred_on) * 100 + 1) as running_month
    from overdrawn
    union all
    select
        'batch' as what, division, pool_code, programme_code, payroll_month, concat_ws('|', bank_code, batch_no) as scope_key, bank_code,
        batch_no, credited_on as occurred_on, over_fen, delivery_key, sheet_no, row_no, cast(null as {{ dbt.type_string() }}) as voucher_no,
        cast(null as {{ dbt.type_string() }}) as doc_no, '-' as pool_division, division as batch_division,
        {{ month_of(add_days('credited_on', -31)) }} as from_month, {{ month_of('credited_on') }} as upto_month,
        {{ month_of('credited_on') }} as running_month
    from first_lines
    where occurrence = 1
)

{{ finding('FS07', ['what', 'division', 'pool_code', 'scope_key'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'doc_no', 'voucher_no', 'bank_code', 'batch_no', 'occurred_on'],
    amount_fen='over_fen') }}
