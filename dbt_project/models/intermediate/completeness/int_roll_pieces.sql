-- In how many files a programme's roll of a month came, beside the most that it came in, in any month; `is_short`: in fewer, with fewer supplements, or in these alone.
with pieces as (
    select
        cells.division, cells.programme_code, cells.month, count(distinct cells.delivery_key) as pieces,
        count(distinct case when deliveries.kind = 'supplement' then cells.delivery_key end) as supplements
    from {{ ref('int_delivery_cells') }} as cells
    inner join {{ ref('stg_deliveries') }} as deliveries on cells.delivery_key = deliveries.delivery_key
    where cells.source = 'payment_rolls' and cells.state = 'in_force' and cells.rows_landed > 0
    group by cells.division, cells.programme_code, cells.month
),

compared as (
    select
        division, programme_code, month, pieces, supplements,
        max(pieces) over (partition by division, programme_code) as most_pieces,
        max(supplements) over (partition by division, programme_code) as most_supplements
    from pieces
)

select
    division, programme_code, month, pieces, most_pieces > 1 or most_supplements > 0 as is_of_pieces,
    pieces < most_pieces or supplements < most_supplements or pieces = supplements as is_short
from compared
