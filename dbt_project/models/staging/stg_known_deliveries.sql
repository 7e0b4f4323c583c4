-- Deliveries received by the end of the business date, in order, and what each is to the ones before it: by what people answered, whenever they
-- did, else by its own words.
with answered as (
    select
        delivery_key, answer,
        row_number() over (
            partition by delivery_key order by decided_at desc nulls last, reviewer nulls last, answer nulls last
        ) as recency
    from {{ source('lake', 'delivery_answers') }}
)

select
    known.delivery_key, known.source, known.sender_division, known.sender_bank, known.period, known.scope, known.file_name, known.sha256,
    known.size_bytes, known.received_at, known.encoding, known.rows_total, known.rows_header, known.rows_landed, known.rows_quarantined,
    known.landed_fen, known.quarantined_fen, known.unreadable_fen_rows, known.stated_kind, known.stated_rows, known.stated_fen,
    known.totals_state, known.office, answered.answer, coalesce(answered.answer, known.stated_kind) as kind,
    row_number() over (order by known.received_at nulls last, known.delivery_key nulls last) as arrival
from {{ source('lake', 'deliveries') }} as known
left join answered on known.delivery_key = answered.delivery_key and answered.recency = 1
where known.received_at < {{ end_of_business_date() }}
