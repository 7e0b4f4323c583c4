-- The bank credited the card of a person of the roll under another ID: none of the person's own, nor that of a proxy on file, nor (money of households)
-- that of the head.
with cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.roll_person_key as person_key, lines.person_key as bank_person_key,
        lines.household_key, lines.card_key, lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on,
        lines.amount_fen, lines.roll_delivery_key, lines.roll_sheet_no, lines.roll_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('programmes') }} as programmes on lines.programme_code = programmes.programme_code
    left join {{ ref('int_proxies') }} as proxies
        on lines.resolved_key = proxies.person_key and lines.named_resolved_key = proxies.proxy_person_key
    where lines.matched_by = 'card' and lines.named_resolved_key <> lines.resolved_key and proxies.person_key is null
        and not (programmes.paid_to = 'household' and lines.named_resolved_key = coalesce(lines.head_resolved_key, -1))
)

{{ finding('ID03', ['division', 'card_key', 'bank_person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
