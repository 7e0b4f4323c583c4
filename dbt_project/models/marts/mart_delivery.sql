-- Row ledger: every delivered file, whether it is in force, and where its rows and fen went.
select
    delivery_key, source, sender_division, sender_bank, period, scope, file_name, sha256, received_at, is_in_force, encoding, rows_total,
    rows_header, rows_landed, rows_quarantined, landed_fen, quarantined_fen, unreadable_fen_rows,
    stated_rows, stated_fen, totals_state, office
from {{ ref('stg_deliveries') }}
