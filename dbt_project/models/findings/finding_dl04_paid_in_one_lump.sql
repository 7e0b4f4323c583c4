-- Several months of one person and programme credited on one day, months already over among them. Paid ahead is no lump, nor is a reissue.
with lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.beneficiary_key, lines.amount_fen, lines.credited_on as occurred_on,
        {{ day_of_month('lines.payroll_month', 'programmes.pay_by_day') }} as pay_by,
        -- A month, or a quarter where the programme is paid by quarter: counted from year 0.
        cast(floor(({{ months_counted('lines.payroll_month') }} - 1) / programmes.months_per_payment) as int) as period,
        cast(floor(({{ months_counted(month_of('lines.credited_on')) }} - 1) / programmes.months_per_payment) as int) as credited_period
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('programmes') }} as programmes on lines.programme_code = programmes.programme_code
    where lines.status = 'success' and lines.batch_kind = 'original' and programmes.pay_by_day is not null
        and lines.beneficiary_key is not null
),

lumps as (
    select division, programme_code, beneficiary_key, occurred_on
    from lines
    group by division, programme_code, beneficiary_key, occurred_on
    having count(distinct period) >= {{ threshold('months') }} and min(period) < min(credited_period)
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.occurred_on, case when lines.period < lines.credited_period then lines.amount_fen end as arrears_fen,
        case when lines.period < lines.credited_period then {{ days_between('lines.pay_by', 'lines.occurred_on') }} end as days,
        case when lines.period < lines.credited_period then 'primary' else 'supporting' end as evidence_role
    from lines
    inner join lumps
        on lines.division = lumps.division and lines.programme_code = lumps.programme_code
        and lines.beneficiary_key = lumps.beneficiary_key and lines.occurred_on = lumps.occurred_on
)

{{ finding('DL04', ['division', 'programme_code', 'occurred_on'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'occurred_on', 'days'], row_fen='arrears_fen', role='evidence_role') }}
