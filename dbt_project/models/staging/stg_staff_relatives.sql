-- Rows of the deliveries in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.staff_person_key,
    rows_.staff_name_key,
    rows_.unit,
    rows_.position,
    rows_.relative_person_key,
    rows_.relative_name_key,
    rows_.relation,
    rows_.is_filed
from {{ source('lake', 'staff_relatives') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
