-- Row ledger: every delivered file, what became of it, and where its rows and fen went.
select
    deliveries.delivery_key, deliveries.source, deliveries.sender_division, deliveries.sender_bank, deliveries.period, deliveries.scope,
    deliveries.file_name, deliveries.sha256, deliveries.received_at, deliveries.is_in_force, deliveries.state, deliveries.stated_kind,
    deliveries.answer,
    case
        when deliveries.state = 'held' then
            concat_ws(
                '', '与“', others.file_name, '”说的是同一件事，却少了许多：是更正、补充还是部分？ · speaks of what “', others.file_name,
                '” says, and drops much of it: restatement, supplement or part?'
            )
    end as question,
    deliveries.compared_with, deliveries.encoding, deliveries.rows_total, deliveries.rows_header, deliveries.rows_landed,
    deliveries.rows_in_force, deliveries.rows_quarantined, deliveries.landed_fen, deliveries.quarantined_fen, deliveries.unreadable_fen_rows,
    deliveries.stated_rows, deliveries.stated_fen, deliveries.totals_state, deliveries.office
from {{ ref('stg_deliveries') }} as deliveries
left join {{ ref('stg_deliveries') }} as others on deliveries.compared_with = others.delivery_key
