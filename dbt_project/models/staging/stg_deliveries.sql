-- Deliveries received by the end of the business date: in force while any of their rows is, superseded, or held until a person answers.
with standing as (
    select delivery_key
    from {{ ref('stg_delivery_series') }}
    where not is_shared
    union
    select told.delivery_key
    from {{ ref('stg_told_rows') }} as told
    left join {{ ref('stg_replaced_rows') }} as replaced
        on told.delivery_key = replaced.delivery_key and told.sheet_no = replaced.sheet_no and told.row_no = replaced.row_no
    where replaced.row_no is null
),

with_rows as (
    select distinct delivery_key
    from {{ ref('stg_delivery_series') }}
),

-- A file of which no row landed is sent anew by a whole of its scope that is about as large.
sent_anew as (
    select distinct earlier.delivery_key
    from {{ ref('stg_known_deliveries') }} as earlier
    inner join {{ ref('stg_known_deliveries') }} as later on earlier.scope = later.scope and earlier.arrival < later.arrival
    left join with_rows on earlier.delivery_key = with_rows.delivery_key
    where with_rows.delivery_key is null and coalesce(earlier.kind, 'restatement') = 'restatement'
        and coalesce(later.kind, 'restatement') = 'restatement'
        and not ({{ drops_much('earlier.rows_quarantined', 'later.rows_landed + later.rows_quarantined') }})
),

replaced_rows as (
    select delivery_key, count(*) as rows_replaced
    from {{ ref('stg_replaced_rows') }}
    group by delivery_key
),

judged as (
    select
        known.*, held.earlier_key as compared_with, coalesce(replaced_rows.rows_replaced, 0) as rows_replaced,
        case
            when sent_anew.delivery_key is not null then 'superseded'
            when with_rows.delivery_key is not null and standing.delivery_key is null then 'superseded'
            when held.delivery_key is not null then 'held'
            else 'in_force'
        end as state
    from {{ ref('stg_known_deliveries') }} as known
    left join with_rows on known.delivery_key = with_rows.delivery_key
    left join standing on known.delivery_key = standing.delivery_key
    left join sent_anew on known.delivery_key = sent_anew.delivery_key
    left join replaced_rows on known.delivery_key = replaced_rows.delivery_key
    left join {{ ref('stg_held_deliveries') }} as held on known.delivery_key = held.delivery_key
)

select
    delivery_key, source, sender_division, sender_bank, period, scope, file_name, sha256, size_bytes, received_at, encoding, rows_total,
    rows_header, rows_landed, rows_quarantined, landed_fen, quarantined_fen, unreadable_fen_rows, stated_kind, answer, kind, stated_rows,
    stated_fen, totals_state, office, arrival, state, state = 'in_force' as is_in_force,
    case when state = 'held' then compared_with end as compared_with,
    case when state = 'in_force' then rows_landed - rows_replaced else cast(0 as bigint) end as rows_in_force
from judged
