-- Money the treasury paid to an agent bank that was not in lines (credited or failed) within the working days allowed; lines that came
-- later support the case.
with vouchers as (
    select
        vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, vouchers.voucher_no, vouchers.payer_division as division,
        vouchers.programme_code, vouchers.pool_code, vouchers.payroll_month, coalesce(vouchers.bank_code, vouchers.payee_bank_code) as bank_code,
        coalesce(vouchers.batch_no, vouchers.stated_batch_no) as batch_no, vouchers.amount_fen, vouchers.paid_on,
        calendar.workday_index + {{ threshold('working_days') }} as last_index,
        case
            when coalesce(vouchers.batch_no, vouchers.stated_batch_no) is null
                then concat_ws('|', {{ text('vouchers.delivery_key') }}, {{ text('vouchers.sheet_no') }}, {{ text('vouchers.row_no') }})
        end as without_number
    from {{ ref('int_vouchers') }} as vouchers
    inner join {{ ref('int_calendar') }} as calendar on vouchers.paid_on = calendar.day
),

judged as (
    select
        vouchers.*,
        sum(vouchers.amount_fen) over (
            partition by vouchers.division, vouchers.bank_code, vouchers.batch_no, vouchers.without_number
            order by vouchers.paid_on nulls last, vouchers.voucher_no nulls last, vouchers.row_no nulls last
            rows between unbounded preceding and current row
        ) as upto_fen
    from vouchers
    inner join {{ ref('int_calendar') }} as today on today.day = {{ business_date() }}
    where today.workday_index > vouchers.last_index
),

lines as (
    select bank_code, batch_no, credited_on as day, sum(amount_fen) as fen
    from {{ ref('stg_bank_batches') }}
    group by bank_code, batch_no, credited_on
),

-- Lines in quarantine came with their file; money that came back beyond what failed was never sent to anybody.
returned as (
    select division, bank_code, batch_no, sum(amount_fen) as returned_fen, min(paid_on) as day
    from {{ ref('int_returns') }}
    group by division, bank_code, batch_no
),

arrived as (
    select batches.division, lines.bank_code, lines.batch_no, lines.day, lines.fen
    from lines
    inner join {{ ref('int_batches') }} as batches on lines.bank_code = batches.bank_code and lines.batch_no = batches.batch_no
    union all
    select division, bank_code, batch_no, coalesce(first_line_on, batch_on, cast('2010-01-01' as date)) as day, file_fen - line_fen as fen
    from {{ ref('int_batches') }}
    union all
    select
        returned.division, returned.bank_code, returned.batch_no, returned.day,
        greatest(0, returned.returned_fen - coalesce(batches.failed_fen, 0)) as fen
    from returned
    left join {{ ref('int_batches') }} as batches
        on returned.division = batches.division and returned.bank_code = batches.bank_code and returned.batch_no = batches.batch_no
),

arrived_by_index as (
    select arrived.division, arrived.bank_code, arrived.batch_no, arrived.day, calendar.workday_index, arrived.fen
    from arrived
    inner join {{ ref('int_calendar') }} as calendar on arrived.day = calendar.day
),

weighed as (
    select
        judged.delivery_key, judged.sheet_no, judged.row_no, judged.voucher_no, judged.division, judged.programme_code, judged.pool_code,
        judged.payroll_month, judged.bank_code, judged.batch_no, judged.amount_fen, judged.paid_on, judged.upto_fen, judged.last_index,
        coalesce(sum(case when arrived.workday_index <= judged.last_index then arrived.fen end), 0) as in_time_fen,
        coalesce(sum(arrived.fen), 0) as arrived_fen,
        max(arrived.day) as last_on
    from judged
    left join arrived_by_index as arrived
        on judged.division = arrived.division and judged.bank_code = arrived.bank_code and judged.batch_no = arrived.batch_no
    group by
        judged.delivery_key, judged.sheet_no, judged.row_no, judged.voucher_no, judged.division, judged.programme_code, judged.pool_code,
        judged.payroll_month, judged.bank_code, judged.batch_no, judged.amount_fen, judged.paid_on, judged.upto_fen, judged.last_index
),

late as (
    select
        delivery_key, sheet_no, row_no, voucher_no, division, programme_code, pool_code, payroll_month, bank_code, batch_no,
        paid_on as occurred_on, last_index, least(amount_fen, upto_fen - in_time_fen) as waiting_fen,
        {{ days_between('paid_on', 'case when arrived_fen >= upto_fen then last_on else ' ~ business_date() ~ ' end') }} as days
    from weighed
    where upto_fen > in_time_fen
),

cases as (
    select
        delivery_key, sheet_no, row_no, voucher_no, division, programme_code, pool_code, payroll_month, bank_code, batch_no, occurred_on,
        waiting_fen, days, {{ month_of('occurred_on') }} as paid_month, 'primary' as evidence_role
    from late
    union all
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, late.voucher_no, late.division, null, null, null, late.bank_code, late.batch_no,
        late.occurred_on, null, null, {{ month_of('late.occurred_on') }}, 'supporting'
    from late
    inner join {{ ref('int_batches') }} as batches
        on late.division = batches.division and late.bank_code = batches.bank_code and late.batch_no = batches.batch_no
    inner join {{ ref('stg_bank_batches') }} as lines on batches.bank_code = lines.bank_code and batches.batch_no = lines.batch_no
    inner join {{ ref('int_calendar') }} as calendar on lines.credited_on = calendar.day
    where calendar.workday_index > late.last_index
)

{{ finding('FS03', ['division', 'voucher_no', 'occurred_on', 'bank_code', 'batch_no'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'voucher_no', 'bank_code', 'batch_no', 'occurred_on', 'days'],
    row_fen='waiting_fen', role='evidence_role') }}
