-- Pieces up to 16 accounts away.
{{ trace_hop('int_trace_hop_8') }}
