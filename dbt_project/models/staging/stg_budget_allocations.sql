-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.doc_no,
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
    rows_.parent_doc_no,
    rows_.kind
{{ in_force('budget_allocations') }}
where replaced.row_no is null
