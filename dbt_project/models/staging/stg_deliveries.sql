-- Deliveries in force on the business date: the latest of each scope that was received by the end of that day in Shanghai.
with received as (
    select
        delivery_key, source, sender_division, sender_bank, period, scope, file_name, sha256, size_bytes, received_at, encoding,
        rows_total, rows_header, rows_landed, rows_quarantined, landed_fen, quarantined_fen, unreadable_fen_rows,
        stated_rows, stated_fen, totals_state, office
    from {{ source('lake', 'deliveries') }}
    where received_at < {{ end_of_business_date() }}
),

ranked as (
    select
        received.*,
        row_number() over (partition by scope order by received_at desc nulls last, delivery_key desc nulls last) as recency
    from received
)

select
    delivery_key, source, sender_division, sender_bank, period, scope, file_name, sha256, size_bytes, received_at, encoding,
    rows_total, rows_header, rows_landed, rows_quarantined, landed_fen, quarantined_fen, unreadable_fen_rows,
    stated_rows, stated_fen, totals_state, office, recency = 1 as is_in_force
from ranked
