-- Every movement of every pool as an interval on its line of fen, inflows and outflows apart, in the order in which they count.
select
    {{ pool_account('flows.division', 'flows.pool_code', 'flows.fiscal_year') }} as account, flows.division, divisions.level,
    flows.pool_code, flows.fiscal_year, flows.is_inflow, flows.kind, flows.reference, documents.parent_doc_no as parent_reference,
    documents.fund_source_level as source_level, flows.day, flows.upper_fen - flows.amount_fen as lower_fen, flows.upper_fen,
    flows.delivery_key, flows.sheet_no, flows.row_no
from {{ ref('int_pool_flows') }} as flows
left join {{ ref('divisions') }} as divisions on flows.division = divisions.division_code
left join {{ ref('stg_budget_allocations') }} as documents
    on flows.delivery_key = documents.delivery_key and flows.sheet_no = documents.sheet_no and flows.row_no = documents.row_no
where flows.amount_fen > 0
