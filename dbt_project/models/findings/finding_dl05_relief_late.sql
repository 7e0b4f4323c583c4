-- Temporary relief (a programme without a due date) first credited more than the days allowed after it was approved.
with approvals as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.township, register.village,
        register.programme_code, register.person_key, register.household_key, register.name_key, register.start_month,
        coalesce(register.end_month, register.start_month) as end_month,
        -- Approved ahead for a later month: counted from that month.
        greatest(register.approved_on, {{ day_of_month('register.start_month', 1) }}) as approved_on
    from {{ ref('int_register') }} as register
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where programmes.pay_by_day is null and register.approved_on is not null and register.start_month is not null
),

-- Of several approvals of a month the last one before the credit counts.
credits as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.beneficiary_key as person_key, lines.card_key, lines.bank_code, lines.batch_no, lines.amount_fen,
        lines.credited_on as occurred_on, approvals.household_key, approvals.name_key, approvals.township, approvals.village,
        approvals.approved_on, approvals.delivery_key as register_delivery_key, approvals.sheet_no as register_sheet_no,
        approvals.row_no as register_row_no,
        row_number() over (
            partition by lines.delivery_key, lines.sheet_no, lines.row_no
            order by approvals.approved_on desc nulls last, approvals.delivery_key nulls last, approvals.sheet_no nulls last,
                approvals.row_no nulls last
        ) as turn
    from {{ ref('int_credit_lines') }} as lines
    inner join approvals
        on lines.division = approvals.division and lines.programme_code = approvals.programme_code
        and lines.beneficiary_key = approvals.person_key and lines.payroll_month between approvals.start_month and approvals.end_month
        and approvals.approved_on <= lines.credited_on
    where lines.status = 'success' and lines.batch_kind = 'original'
),

firsts as (
    select
        credits.*,
        min(occurred_on) over (partition by division, programme_code, person_key, payroll_month) as first_on
    from credits
    where turn = 1
),

cases as (
    select firsts.*, {{ days_between('approved_on', 'occurred_on') }} as days
    from firsts
    where occurred_on = first_on and {{ days_between('approved_on', 'occurred_on') }} > {{ threshold('days') }}
)

{{ finding('DL05', ['division', 'programme_code', 'payroll_month', 'person_key'], against='register',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on', 'days'], row_fen='amount_fen') }}
