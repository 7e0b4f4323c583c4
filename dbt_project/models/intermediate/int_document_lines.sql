-- Rows by which governments say that money went from one to another, with the document line they speak of.
with rows_ as (
    select
        delivery_key, sheet_no, row_no, kind, doc_no, issuer_division, receiver_division, pool_code, fiscal_year, amount_fen, issued_on,
        received_on, coalesce(fund_source_level, '-') as source_level
    from {{ ref('stg_budget_allocations') }}
    where kind in ('passed_down', 'received')
),

-- Levels of government are told apart only where both sides name them in every row.
levelled as (
    select
        rows_.*,
        case
            when min(source_level) over (partition by doc_no, issuer_division, receiver_division, pool_code, fiscal_year) = '-' then '-'
            else source_level
        end as line_level
    from rows_
)

select
    concat_ws('|', doc_no, issuer_division, receiver_division, pool_code, {{ text('fiscal_year') }}, line_level) as document_line_id,
    delivery_key, sheet_no, row_no, kind, doc_no, issuer_division, receiver_division, pool_code, fiscal_year, line_level, amount_fen,
    issued_on, coalesce(received_on, issued_on) as received_on
from levelled
