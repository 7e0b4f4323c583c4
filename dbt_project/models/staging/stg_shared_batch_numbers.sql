-- Numbers that branches of one bank gave to batches of several counties: what each county's batch is called here.
with numbers as (
    select distinct controls.delivery_key, controls.bank_code, controls.batch_no, controls.division
    from {{ source('lake', 'bank_batch_controls') }} as controls
    inner join {{ ref('stg_deliveries') }} as deliveries on controls.delivery_key = deliveries.delivery_key and deliveries.is_in_force
    where controls.division is not null
),

several as (
    select bank_code, batch_no
    from numbers
    group by bank_code, batch_no
    having count(distinct division) > 1
)

select
    numbers.delivery_key, numbers.bank_code, numbers.batch_no, numbers.division,
    concat_ws('@', numbers.batch_no, numbers.division) as county_batch_no
from numbers
inner join several on numbers.bank_code = several.bank_code and numbers.batch_no = several.batch_no
