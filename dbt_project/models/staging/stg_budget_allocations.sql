-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    {{ tidy_doc_no('rows_.doc_no') }} as doc_no,
    rows_.issuer_division,
    rows_.receiver_division,
    rows_.reporter_division,
    rows_.fund_name,
    rows_.pool_code,
    rows_.programme_code,
    rows_.fiscal_year,
    rows_.amount_fen,
    rows_.issued_on,
    rows_.received_on,
    rows_.fund_source_level,
    {{ tidy_doc_no('rows_.parent_doc_no') }} as parent_doc_no,
    rows_.kind
from {{ source('lake', 'budget_allocations') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
