-- Credited for a month after that in which the beneficiary died. In good faith until a death registered in time was known.
with late as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen,
        {{ days_between('deaths.died_on', 'lines.credited_on') }} as days, deaths.delivery_key as death_delivery_key,
        deaths.sheet_no as death_sheet_no, deaths.row_no as death_row_no,
        coalesce(
            {{ days_between('deaths.died_on', 'deaths.registered_on') }} <= {{ threshold('late_registration_days') }}
            and lines.credited_on <= deaths.registered_on, false
        ) as is_good_faith
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('int_deaths') }} as deaths on lines.resolved_key = deaths.resolved_key
    where lines.status = 'success' and lines.payroll_month > {{ month_of('deaths.died_on') }}
),

cases as (
    select
        late.delivery_key, late.sheet_no, late.row_no, late.division, late.township, late.village, late.pool_code, late.programme_code,
        late.payroll_month, late.person_key, late.household_key, late.card_key, late.name_key, late.bank_code, late.batch_no,
        late.occurred_on, late.amount_fen, greatest(late.days, 0) as days, late.death_delivery_key, late.death_sheet_no, late.death_row_no,
        max(late.days) over (partition by late.division, late.person_key) as most_days
    from late
    where not late.is_good_faith
)

{{ finding('EN07', ['division', 'person_key'], against='death',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on', 'days'],
    reason="concat_ws('', '死亡后第 ', " ~ text('most_days') ~ ", ' 天仍有入账 · still credited ', " ~ text('most_days') ~ ", ' days after death')",
    row_fen='amount_fen') }}
