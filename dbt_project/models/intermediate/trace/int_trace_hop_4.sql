-- Pieces up to 4 accounts away.
{{ trace_hop('int_trace_hop_2') }}
