-- Pieces up to 8 accounts away.
{{ trace_hop('int_trace_hop_4') }}
