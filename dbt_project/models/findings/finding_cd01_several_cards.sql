-- One person credited on several cards at a time (一人多卡): the rows on the cards beside the main one.
with spans as (
    select person_key, card_key, min(first_on) as first_on, max(last_on) as last_on, sum(credits) as credits
    from {{ ref('int_card_use') }}
    where person_key is not null
    group by person_key, card_key
),

together as (
    select distinct spans.person_key, spans.card_key, spans.first_on, spans.credits
    from spans
    inner join spans as others
        on spans.person_key = others.person_key and spans.card_key <> others.card_key
        and spans.first_on <= others.last_on and others.first_on <= spans.last_on
),

ranked as (
    select
        person_key, card_key,
        row_number() over (
            partition by person_key order by credits desc nulls last, first_on nulls last, card_key nulls last
        ) as place
    from together
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.programme_code,
        lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.credited_on as occurred_on, lines.amount_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join ranked on lines.beneficiary_key = ranked.person_key and lines.card_key = ranked.card_key and ranked.place > 1
    where lines.status = 'success'
)

{{ finding('CD01', ['person_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key', 'name_key',
        'occurred_on'],
    row_fen='amount_fen') }}
