-- One person credited on several cards at a time (一人多卡): the rows on the cards beside the main one. A card known under another number of the
-- person alone, at the bank as on the roll, is part of that slip (ID06) and no second card.
with spans as (
    select
        card_use.resolved_key, card_use.person_key, card_use.card_key,
        case when holders.holder_resolved_key = card_use.resolved_key then holders.holder_person_key else card_use.person_key end as listed_key,
        min(card_use.first_on) as first_on, max(card_use.last_on) as last_on, sum(card_use.credits) as credits
    from {{ ref('int_card_use') }} as card_use
    left join {{ ref('int_holders') }} as holders on card_use.card_key = holders.card_key
    where card_use.person_key is not null
    group by card_use.resolved_key, card_use.person_key, card_use.card_key, holders.holder_resolved_key, holders.holder_person_key
),

together as (
    select distinct spans.resolved_key, spans.person_key, spans.card_key, spans.first_on, spans.credits
    from spans
    inner join spans as others
        on spans.resolved_key = others.resolved_key and spans.card_key <> others.card_key
        and spans.first_on <= others.last_on and others.first_on <= spans.last_on
    where spans.person_key in (others.person_key, others.listed_key) or spans.listed_key in (others.person_key, others.listed_key)
),

cards as (
    select resolved_key, card_key, min(person_key) as person_key, min(first_on) as first_on, sum(credits) as credits
    from together
    group by resolved_key, card_key
),

ranked as (
    select
        resolved_key, card_key,
        first_value(person_key) over (
            partition by resolved_key order by credits desc nulls last, first_on nulls last, card_key nulls last
        ) as person_key,
        row_number() over (
            partition by resolved_key order by credits desc nulls last, first_on nulls last, card_key nulls last
        ) as place
    from cards
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.programme_code,
        lines.payroll_month, ranked.person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.credited_on as occurred_on, lines.amount_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join ranked on lines.resolved_key = ranked.resolved_key and lines.card_key = ranked.card_key and ranked.place > 1
    where lines.status = 'success'
)

{{ finding('CD01', ['person_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key', 'name_key',
        'occurred_on'],
    row_fen='amount_fen') }}
