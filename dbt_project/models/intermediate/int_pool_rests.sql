-- How long each part of an inflow lay in its pool: until the outflow that took it, or until the business date when none has.
select
    moves.delivery_key, moves.sheet_no, moves.row_no, moves.division, moves.pool_code, moves.fiscal_year, moves.kind, moves.reference,
    moves.day, case when matches.is_resting then {{ business_date() }} else matches.out_on end as until_day,
    matches.upper_fen - matches.lower_fen as rested_fen, matches.is_resting,
    {{ days_between('moves.day', 'case when matches.is_resting then ' ~ business_date() ~ ' else matches.out_on end') }} as days
from {{ ref('int_trace_matches') }} as matches
inner join {{ ref('int_trace_moves') }} as moves
    on matches.account = moves.account and moves.is_inflow and matches.in_move_lower_fen = moves.lower_fen
