-- J2: what the upper level says it passed down against what the lower level says it received, per document line.
with reporting as (
    select distinct reporter_division, fiscal_year
    from {{ ref('stg_budget_allocations') }}
),

lines as (
    select
        document_line_id, doc_no, issuer_division, receiver_division, pool_code, fiscal_year, line_level,
        {{ sum_fen('amount_fen', "kind = 'passed_down'") }} as sent_fen,
        {{ sum_fen('amount_fen', "kind = 'received'") }} as received_fen,
        count(*) filter (where kind = 'passed_down') as sent_rows,
        count(*) filter (where kind = 'received') as received_rows,
        coalesce(min(case when kind = 'passed_down' then issued_on end), min(issued_on)) as issued_on,
        min(case when kind = 'received' then received_on end) as received_on
    from {{ ref('int_document_lines') }}
    group by document_line_id, doc_no, issuer_division, receiver_division, pool_code, fiscal_year, line_level
)

select
    lines.document_line_id, lines.doc_no, lines.issuer_division, lines.receiver_division, lines.pool_code, lines.fiscal_year,
    case when lines.line_level <> '-' then lines.line_level end as fund_source_level,
    lines.sent_fen, lines.received_fen, lines.sent_fen - lines.received_fen as difference_fen, lines.issued_on, lines.received_on,
    {{ days_between('lines.issued_on', 'lines.received_on') }} as days_on_the_way,
    case
        when receivers.reporter_division is null or issuers.reporter_division is null then 'out_of_scope'
        when lines.sent_rows = 0 then 'not_sent'
        when lines.received_rows = 0 then 'not_received'
        when lines.sent_fen <> lines.received_fen then 'amount_differs'
        else 'matched'
    end as status
from lines
left join reporting as issuers on lines.issuer_division = issuers.reporter_division and lines.fiscal_year = issuers.fiscal_year
left join reporting as receivers on lines.receiver_division = receivers.reporter_division and lines.fiscal_year = receivers.fiscal_year
