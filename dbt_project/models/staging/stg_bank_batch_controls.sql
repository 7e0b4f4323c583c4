-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.batch_no,
    rows_.division,
    rows_.programme_code,
    rows_.payroll_month,
    rows_.batch_kind,
    rows_.original_batch_no,
    rows_.batch_on,
    rows_.header_count,
    rows_.header_fen,
    rows_.trailer_count,
    rows_.trailer_fen,
    rows_.success_count,
    rows_.success_fen,
    rows_.failed_count,
    rows_.failed_fen
from {{ source('lake', 'bank_batch_controls') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
