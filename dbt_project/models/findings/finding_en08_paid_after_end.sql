-- Credited for a month after the entitlement ended, by what the county's registers last said of the person and programme.
with last_said as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.programme_code, register.resolved_key,
        register.household_key, register.end_month, register.snapshot_month, register.is_current,
        max(register.snapshot_month) over (
            partition by register.division, register.resolved_key, register.programme_code
        ) as latest_month
    from {{ ref('int_register') }} as register
),

spells as (
    select
        delivery_key, sheet_no, row_no, division, programme_code, resolved_key, end_month, snapshot_month,
        max(coalesce(end_month, 999912)) over (partition by division, resolved_key, programme_code) as last_month,
        row_number() over (
            partition by division, resolved_key, programme_code
            order by end_month desc nulls first, delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from last_said
    where snapshot_month = latest_month
),

-- Money of a household goes on while any of its members is entitled.
households as (
    select last_said.division, last_said.programme_code, last_said.household_key, max(coalesce(last_said.end_month, 999912)) as last_month
    from last_said
    inner join {{ ref('programmes') }} as programmes on last_said.programme_code = programmes.programme_code
    where programmes.paid_to = 'household' and last_said.is_current and last_said.household_key is not null
    group by last_said.division, last_said.programme_code, last_said.household_key
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen, spells.last_month, spells.snapshot_month as said_month,
        spells.delivery_key as register_delivery_key, spells.sheet_no as register_sheet_no, spells.row_no as register_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join spells
        on lines.division = spells.division and lines.programme_code = spells.programme_code and lines.resolved_key = spells.resolved_key
        and spells.turn = 1
    left join households
        on lines.division = households.division and lines.programme_code = households.programme_code
        and lines.household_key = households.household_key
    where lines.status = 'success' and lines.payroll_month > spells.last_month
        and coalesce(lines.payroll_month > households.last_month, true)
)

{{ finding('EN08', ['division', 'person_key', 'programme_code'], against='register',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    reason="concat_ws('', '花名册终止于 ', " ~ text('last_month') ~ ", ' · ended in ', " ~ text('last_month') ~ ", ' by the register')", row_fen='amount_fen') }}
