-- The finished trace: pieces of every outflow with the root they come from. `piece_no` numbers them within one release.
-- What is still led on after sixteen accounts is `circular`: an overdrawn pool paid out money that the bank gave back only later.
select
    cast(row_number() over (order by pieces.account nulls last, pieces.lower_fen nulls last) as bigint) as piece_no,
    pieces.account, pieces.lower_fen, pieces.upper_fen, pieces.in_on, pieces.out_kind, pieces.out_delivery_key, pieces.out_sheet_no, pieces.out_row_no,
    pieces.method, pieces.is_overdrawn or pieces.root_kind is null as is_overdrawn, pieces.returns,
    coalesce(pieces.root_kind, 'circular') as root_kind, roots.reference as root_doc_no, roots.division as root_division,
    case when pieces.root_kind in ('received', 'carry_in') then coalesce(roots.source_level, roots.level) else roots.level end as root_level,
    roots.day as root_on, roots.fiscal_year as root_year, pieces.root_delivery_key, pieces.root_sheet_no, pieces.root_row_no,
    pieces.pool_account, pieces.pool_in_lower_fen, pieces.pool_method,
    {%- for level in trace_levels() %}
    pieces.{{ level }}_doc_no, pieces.{{ level }}_in_on, pieces.{{ level }}_out_on{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref('int_trace_hop_16') }} as pieces
left join {{ ref('int_trace_moves') }} as roots
    on pieces.root_delivery_key = roots.delivery_key and pieces.root_sheet_no = roots.sheet_no and pieces.root_row_no = roots.row_no
    and pieces.root_kind = roots.kind and roots.is_inflow
