-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.batch_no,
    rows_.seq_no,
    rows_.name_key,
    rows_.person_key,
    rows_.card_key,
    rows_.amount_fen,
    rows_.credited_at,
    rows_.credited_on,
    rows_.status,
    rows_.failure_code,
    rows_.memo_scrubbed,
    rows_.memo_programme
from {{ source('lake', 'bank_batches') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
