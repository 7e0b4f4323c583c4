-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.card_key,
    rows_.txn_no,
    rows_.withdrawn_at,
    rows_.withdrawn_on,
    rows_.channel,
    rows_.amount_fen,
    rows_.terminal_no,
    rows_.branch,
    rows_.agent_person_key
from {{ source('lake', 'card_withdrawals') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
