-- J2: what the upper level says it passed down against what the lower level says it received, per document line.
with reporting as (
    select distinct reporter_division, fiscal_year
    from {{ ref('stg_budget_allocations') }}
),

sent as (
    select
        doc_no, issuer_division, receiver_division, pool_code, fiscal_year, fund_source_level,
        {{ sum_fen('amount_fen') }} as sent_fen, min(issued_on) as sent_on, min(delivery_key) as delivery_key
    from {{ ref('stg_budget_allocations') }}
    where kind = 'passed_down'
    group by doc_no, issuer_division, receiver_division, pool_code, fiscal_year, fund_source_level
),

received as (
    select
        doc_no, issuer_division, receiver_division, pool_code, fiscal_year, fund_source_level,
        {{ sum_fen('amount_fen') }} as received_fen, min(coalesce(received_on, issued_on)) as received_on, min(issued_on) as issued_on
    from {{ ref('stg_budget_allocations') }}
    where kind = 'received'
    group by doc_no, issuer_division, receiver_division, pool_code, fiscal_year, fund_source_level
),

joined as (
    select
        coalesce(sent.doc_no, received.doc_no) as doc_no,
        coalesce(sent.issuer_division, received.issuer_division) as issuer_division,
        coalesce(sent.receiver_division, received.receiver_division) as receiver_division,
        coalesce(sent.pool_code, received.pool_code) as pool_code,
        coalesce(sent.fiscal_year, received.fiscal_year) as fiscal_year,
        coalesce(sent.fund_source_level, received.fund_source_level) as fund_source_level,
        sent.sent_fen, received.received_fen, coalesce(sent.sent_on, received.issued_on) as issued_on, received.received_on
    from sent
    full outer join received
        on sent.doc_no = received.doc_no and sent.issuer_division = received.issuer_division
        and sent.receiver_division = received.receiver_division and sent.pool_code = received.pool_code
        and sent.fiscal_year = received.fiscal_year
        and coalesce(sent.fund_source_level, '-') = coalesce(received.fund_source_level, '-')
)

select
    concat_ws('|', joined.doc_no, joined.issuer_division, joined.receiver_division, joined.pool_code, {{ text('joined.fiscal_year') }},
        coalesce(joined.fund_source_level, '-')) as document_line_id,
    joined.doc_no, joined.issuer_division, joined.receiver_division, joined.pool_code, joined.fiscal_year, joined.fund_source_level,
    coalesce(joined.sent_fen, cast(0 as bigint)) as sent_fen,
    coalesce(joined.received_fen, cast(0 as bigint)) as received_fen,
    coalesce(joined.sent_fen, cast(0 as bigint)) - coalesce(joined.received_fen, cast(0 as bigint)) as difference_fen,
    joined.issued_on, joined.received_on,
    {{ days_between('joined.issued_on', 'joined.received_on') }} as days_on_the_way,
    case
        when receivers.reporter_division is null or issuers.reporter_division is null then 'out_of_scope'
        when joined.sent_fen is null then 'not_sent'
        when joined.received_fen is null then 'not_received'
        when joined.sent_fen <> joined.received_fen then 'amount_differs'
        else 'matched'
    end as status
from joined
left join reporting as issuers on joined.issuer_division = issuers.reporter_division and joined.fiscal_year = issuers.fiscal_year
left join reporting as receivers on joined.receiver_division = receivers.reporter_division and joined.fiscal_year = receivers.fiscal_year
