-- Cells of which rows are in force, and months for which a whole file came.
select source, division, bank_code, programme_code, month
from {{ ref('int_delivery_cells') }}
where state = 'in_force' and rows_landed > 0 and month is not null
union
select source, sender_division as division, sender_bank as bank_code, cast(null as {{ dbt.type_string() }}) as programme_code,
    cast({{ month_of_period('period') }} as int) as month
from {{ ref('stg_deliveries') }}
where is_in_force and length(period) = 6
