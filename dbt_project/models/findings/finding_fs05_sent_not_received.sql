-- A document line that one government sent and the other received differently, or not at all.
with lines as (
    select
        document_line_id, doc_no, issuer_division, receiver_division, pool_code, fiscal_year, status, issued_on,
        -- Whose list lacks the line, or a part of it.
        case when status = 'not_received' or difference_fen > 0 then receiver_division else issuer_division end as silent_division,
        abs(difference_fen) as apart_fen, {{ days_between('issued_on', business_date()) }} as days
    from {{ ref('mart_document_match') }}
    where status in ('amount_differs', 'not_received', 'not_sent')
),

open as (
    select lines.*
    from lines
    where status = 'amount_differs' or days > {{ threshold('days') }}
),

cases as (
    select
        open.document_line_id, open.doc_no, open.receiver_division, open.pool_code, open.issued_on, open.apart_fen, open.days,
        open.silent_division, {{ month_of('open.issued_on') }} as from_month,
        case
            when open.silent_division = open.receiver_division then {{ next_month(month_of('open.issued_on')) }}
            else {{ month_of('open.issued_on') }}
        end as upto_month,
        case when rows_.kind = 'passed_down' or open.status = 'not_sent' then 'primary' else 'supporting' end as evidence_role,
        rows_.delivery_key, rows_.sheet_no, rows_.row_no
    from open
    inner join {{ ref('int_document_lines') }} as rows_ on open.document_line_id = rows_.document_line_id
)

{{ finding('FS05', ['document_line_id'], carry=['pool_code', 'doc_no', 'days'], division='receiver_division', occurred_on='issued_on',
    amount_fen='apart_fen', role='evidence_role') }}
