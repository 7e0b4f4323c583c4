-- Credits pile up untouched on a card opened by staff, or by an agent to whom its holder is nobody, while the bank reports all withdrawals.
with watched as (
    select
        holders.card_key, holders.bank_code, holders.delivery_key, holders.sheet_no, holders.row_no, holders.holder_person_key,
        staff.staff_resolved_key is not null as is_staff
    from {{ ref('int_holders') }} as holders
    inner join {{ ref('int_card_agents') }} as agents
        on holders.card_key = agents.card_key and holders.agent_person_key = agents.agent_person_key
    left join (select distinct staff_resolved_key from {{ ref('int_staff') }}) as staff on holders.agent_resolved_key = staff.staff_resolved_key
    where holders.agent_resolved_key <> coalesce(holders.holder_resolved_key, -1)
        and (staff.staff_resolved_key is not null or not agents.is_related)
),

last_drawn as (
    select card_key, max(withdrawn_on) as withdrawn_on
    from {{ ref('stg_card_withdrawals') }}
    group by card_key
),

-- Only what came after the last withdrawal is untouched.
untouched as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.credited_on as occurred_on, lines.amount_fen, watched.bank_code, watched.is_staff, watched.delivery_key as card_delivery_key,
        watched.sheet_no as card_sheet_no, watched.row_no as card_row_no,
        {{ text(month_of('lines.credited_on')) }} as credited_month
    from {{ ref('int_credit_lines') }} as lines
    inner join watched on lines.card_key = watched.card_key
    left join last_drawn on lines.card_key = last_drawn.card_key
    where lines.status = 'success' and coalesce(lines.credited_on > last_drawn.withdrawn_on, true)
),

reported as (
    select distinct sender_bank as bank_code, period
    from {{ ref('stg_deliveries') }}
    where source = 'card_withdrawals' and is_in_force
),

held as (
    select untouched.card_key, count(distinct untouched.payroll_month) as months
    from untouched
    left join reported on untouched.bank_code = reported.bank_code and untouched.credited_month = reported.period
    group by untouched.card_key
    having count(distinct untouched.payroll_month) >= {{ threshold('months') }} and count(*) = count(reported.period)
),

cases as (
    select
        untouched.delivery_key, untouched.sheet_no, untouched.row_no, untouched.division, untouched.township, untouched.village,
        untouched.pool_code, untouched.programme_code, untouched.payroll_month, untouched.person_key, untouched.household_key,
        untouched.card_key, untouched.name_key, untouched.bank_code, untouched.occurred_on, untouched.amount_fen,
        untouched.card_delivery_key, untouched.card_sheet_no, untouched.card_row_no,
        concat_ws(
            '', case when untouched.is_staff then '经办人员代开的卡' else '无关代办人代开的卡' end, '，', {{ text('held.months') }},
            ' 个月入账未支取 · credits of ', {{ text('held.months') }}, ' months untouched on a card opened by ',
            case when untouched.is_staff then 'staff' else 'an unrelated agent' end
        ) as reason
    from untouched
    inner join held on untouched.card_key = held.card_key
)

{{ finding('CD07', ['card_key'], against='card',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'occurred_on', 'reason'],
    row_fen='amount_fen') }}
