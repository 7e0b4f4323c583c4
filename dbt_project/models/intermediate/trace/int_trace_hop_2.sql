-- Pieces up to 2 accounts away.
{{ trace_hop('int_trace_hop_1') }}
