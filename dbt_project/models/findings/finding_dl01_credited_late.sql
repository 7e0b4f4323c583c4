-- Credits of original batches after the due date of their month; programmes without one (temporary relief) are left out.
with lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.bank_code, lines.batch_no, lines.amount_fen, lines.credited_on as occurred_on,
        {{ day_of_month('lines.payroll_month', 'programmes.pay_by_day') }} as pay_by
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('programmes') }} as programmes on lines.programme_code = programmes.programme_code
    where lines.status = 'success' and lines.batch_kind = 'original' and programmes.pay_by_day is not null
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, programme_code, pool_code, payroll_month, bank_code, batch_no, amount_fen, occurred_on,
        {{ days_between('pay_by', 'occurred_on') }} as days
    from lines
    where {{ days_between('pay_by', 'occurred_on') }} > {{ threshold('days') }}
)

{{ finding('DL01', ['bank_code', 'batch_no'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'bank_code', 'batch_no', 'occurred_on', 'days'],
    row_fen='amount_fen') }}
