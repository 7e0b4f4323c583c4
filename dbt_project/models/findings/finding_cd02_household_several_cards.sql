-- Money due to a household as one, credited to several members' cards at a time (一户多卡): the rows beside the main card.
with spans as (
    select
        card_use.division, card_use.household_key, card_use.programme_code, card_use.resolved_key, card_use.card_key,
        min(card_use.first_on) as first_on, max(card_use.last_on) as last_on, sum(card_use.credits) as credits
    from {{ ref('int_card_use') }} as card_use
    inner join {{ ref('programmes') }} as programmes on card_use.programme_code = programmes.programme_code
    where programmes.paid_to = 'household' and card_use.household_key is not null
    group by card_use.division, card_use.household_key, card_use.programme_code, card_use.resolved_key, card_use.card_key
),

together as (
    select distinct spans.division, spans.household_key, spans.programme_code, spans.resolved_key, spans.card_key, spans.first_on, spans.credits
    from spans
    inner join spans as others
        on spans.division = others.division and spans.household_key = others.household_key
        and spans.programme_code = others.programme_code and spans.resolved_key <> others.resolved_key and spans.card_key <> others.card_key
        and spans.first_on <= others.last_on and others.first_on <= spans.last_on
),

cards as (
    select division, household_key, programme_code, card_key, min(first_on) as first_on, sum(credits) as credits
    from together
    group by division, household_key, programme_code, card_key
),

ranked as (
    select
        division, household_key, programme_code, card_key,
        row_number() over (
            partition by division, household_key, programme_code order by credits desc nulls last, first_on nulls last, card_key nulls last
        ) as place
    from cards
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key,
        lines.name_key, lines.credited_on as occurred_on, lines.amount_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join ranked
        on lines.division = ranked.division and lines.household_key = ranked.household_key
        and lines.programme_code = ranked.programme_code and lines.card_key = ranked.card_key and ranked.place > 1
    where lines.status = 'success'
)

{{ finding('CD02', ['division', 'household_key', 'programme_code'],
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'occurred_on'],
    row_fen='amount_fen') }}
