-- A province or city that passes received money down late, or keeps it: nothing of a received document may stay with them.
with upper_levels as (
    select division_code
    from {{ ref('divisions') }}
    where level in ('province', 'city')
),

documents as (
    select
        budget.delivery_key, budget.sheet_no, budget.row_no, budget.reporter_division as division, budget.receiver_division, budget.kind,
        budget.pool_code, budget.fiscal_year, budget.amount_fen, budget.issued_on, budget.doc_no,
        coalesce(budget.received_on, budget.issued_on) as received_on,
        case when budget.kind = 'received' then budget.doc_no else coalesce(budget.parent_doc_no, budget.doc_no) end as source_doc_no,
        coalesce(budget.fund_source_level, '-') as source_level
    from {{ ref('stg_budget_allocations') }} as budget
    inner join upper_levels on budget.reporter_division = upper_levels.division_code
    where budget.kind in ('received', 'passed_down', 'clawback_out')
),

-- Levels of government are told apart only where every line of the document names one.
levelled as (
    select
        documents.*,
        case
            when min(source_level) over (partition by division, source_doc_no, pool_code) = '-' then '-'
            else source_level
        end as line_level
    from documents
),

received as (
    select
        levelled.*,
        sum(amount_fen) over (
            partition by division, source_doc_no, pool_code, line_level
            order by received_on nulls last, delivery_key nulls last, sheet_no nulls last, row_no nulls last
            rows between unbounded preceding and current row
        ) as upto_fen
    from levelled
    where kind = 'received'
),

receipts as (
    select division, source_doc_no, pool_code, line_level, max(received_on) as received_on
    from received
    group by division, source_doc_no, pool_code, line_level
),

gone as (
    select division, source_doc_no, pool_code, line_level, sum(amount_fen) as gone_fen
    from levelled
    where kind in ('passed_down', 'clawback_out')
    group by division, source_doc_no, pool_code, line_level
),

late as (
    select
        'late' as what, passed.delivery_key, passed.sheet_no, passed.row_no, passed.division, passed.receiver_division, passed.pool_code,
        passed.fiscal_year, passed.doc_no, passed.line_level, passed.issued_on as occurred_on, passed.amount_fen,
        {{ days_between('receipts.received_on', 'passed.issued_on') }} as days
    from levelled as passed
    inner join receipts
        on passed.division = receipts.division and passed.source_doc_no = receipts.source_doc_no
        and passed.pool_code = receipts.pool_code and passed.line_level = receipts.line_level
    where passed.kind = 'passed_down'
),

-- What went on is taken from the lines of the document in the order in which they came.
kept as (
    select
        'kept' as what, received.delivery_key, received.sheet_no, received.row_no, received.division, received.receiver_division,
        received.pool_code, received.fiscal_year, received.doc_no, received.line_level, received.received_on as occurred_on,
        least(received.amount_fen, received.upto_fen - coalesce(gone.gone_fen, 0)) as amount_fen,
        {{ days_between('received.received_on', business_date()) }} as days
    from received
    left join gone
        on received.division = gone.division and received.source_doc_no = gone.source_doc_no
        and received.pool_code = gone.pool_code and received.line_level = gone.line_level
    where received.upto_fen > coalesce(gone.gone_fen, 0)
),

cases as (
    select
        what, delivery_key, sheet_no, row_no, division, receiver_division, pool_code, fiscal_year, doc_no, line_level, occurred_on,
        amount_fen, days, {{ month_of(add_days('occurred_on', '-days')) }} as from_month, {{ month_of('occurred_on') }} as upto_month
    from late
    where days > {{ threshold('days') }}
    union all
    select
        what, delivery_key, sheet_no, row_no, division, receiver_division, pool_code, fiscal_year, doc_no, line_level, occurred_on,
        amount_fen, days, {{ month_of('occurred_on') }} as from_month,
        {{ month_of(add_days('occurred_on', threshold('days'))) }} as upto_month
    from kept
    where days > {{ threshold('days') }}
)

{{ finding('FS01', ['what', 'division', 'doc_no', 'receiver_division', 'pool_code', 'fiscal_year', 'line_level'],
    carry=['division', 'pool_code', 'doc_no', 'occurred_on', 'days'], row_fen='amount_fen') }}
