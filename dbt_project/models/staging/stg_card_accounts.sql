-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.snapshot_month,
    rows_.card_key,
    rows_.holder_person_key,
    rows_.holder_name_key,
    rows_.opened_on,
    rows_.branch,
    rows_.agent_person_key,
    rows_.agent_name_key,
    rows_.account_status
from {{ source('lake', 'card_accounts') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
