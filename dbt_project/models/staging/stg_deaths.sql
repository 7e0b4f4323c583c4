-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.person_key,
    rows_.name_key,
    rows_.died_on,
    rows_.registered_on
from {{ source('lake', 'deaths') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
