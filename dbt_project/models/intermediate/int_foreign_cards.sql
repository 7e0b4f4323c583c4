-- Credits on a card whose holder is neither the beneficiary, nor a proxy on file, nor (money of households) the head of the household.
with lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.resolved_key, lines.household_key, lines.head_resolved_key,
        lines.card_key, lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen,
        holders.holder_person_key, holders.holder_resolved_key, programmes.paid_to,
        holders.delivery_key as holder_delivery_key, holders.sheet_no as holder_sheet_no, holders.row_no as holder_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('int_holders') }} as holders on lines.card_key = holders.card_key
    inner join {{ ref('programmes') }} as programmes on lines.programme_code = programmes.programme_code
    where lines.status = 'success' and lines.resolved_key <> holders.holder_resolved_key
)

select
    lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
    lines.programme_code, lines.payroll_month, lines.person_key, lines.household_key, lines.card_key, lines.name_key, lines.bank_code,
    lines.batch_no, lines.occurred_on, lines.amount_fen, lines.holder_person_key, lines.holder_resolved_key, lines.holder_delivery_key,
    lines.holder_sheet_no, lines.holder_row_no
from lines
left join {{ ref('int_proxies') }} as proxies
    on lines.resolved_key = proxies.person_key and lines.holder_resolved_key = proxies.proxy_person_key
where proxies.person_key is null
    and not (lines.paid_to = 'household' and lines.holder_resolved_key = coalesce(lines.head_resolved_key, -1))
