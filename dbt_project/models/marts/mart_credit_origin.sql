-- J8: each credit's shares by source document; the shares of a credit add up to it.
select
    lines.delivery_key, lines.sheet_no, lines.row_no, pieces.piece_no as trace_no, lines.bank_code, lines.batch_no, lines.seq_no,
    lines.division, lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.card_key, lines.credited_on,
    pieces.root_doc_no as source_doc_no, pieces.root_level as source_level, pieces.method,
    least(lines.upper_fen, pieces.upper_fen) - greatest(lines.upper_fen - lines.amount_fen, pieces.lower_fen) as amount_fen
from {{ ref('int_trace_lines') }} as lines
inner join {{ ref('int_trace_origins') }} as pieces
    on {{ batch_account('lines.bank_code', 'lines.batch_no') }} = pieces.account
    and lines.upper_fen > pieces.lower_fen and lines.upper_fen - lines.amount_fen < pieces.upper_fen
where lines.status = 'success'
