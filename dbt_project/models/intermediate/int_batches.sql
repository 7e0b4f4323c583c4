-- One row per batch: what its control records state and what its lines add up to. `file_fen` counts lines in quarantine, too.
with lines as (
    select
        bank_code,
        batch_no,
        count(*) as line_count,
        {{ sum_fen('amount_fen') }} as line_fen,
        {{ sum_fen('amount_fen', "status = 'success'") }} as credited_fen,
        {{ sum_fen('amount_fen', "status = 'failed'") }} as failed_fen,
        min(credited_on) as first_line_on,
        min(case when status = 'success' then credited_on end) as first_credited_on,
        max(credited_on) as last_line_on
    from {{ ref('stg_bank_batches') }}
    group by bank_code, batch_no
),

-- A batch whose lines came in several files has a header and a trailer of each.
numbered as (
    select
        controls.*, deliveries.rows_quarantined, deliveries.quarantined_fen, deliveries.unreadable_fen_rows,
        row_number() over (
            partition by controls.bank_code, controls.batch_no
            order by deliveries.arrival nulls last, controls.sheet_no nulls last, controls.row_no nulls last
        ) as occurrence
    from {{ ref('stg_bank_batch_controls') }} as controls
    inner join {{ ref('stg_deliveries') }} as deliveries on controls.delivery_key = deliveries.delivery_key
),

stated as (
    select
        bank_code, batch_no, {{ sum_stated('header_count', 'int') }} as header_count, {{ sum_stated('header_fen', 'bigint') }} as header_fen,
        {{ sum_stated('trailer_count', 'int') }} as trailer_count, {{ sum_stated('trailer_fen', 'bigint') }} as trailer_fen
    from numbered
    group by bank_code, batch_no
),

set_aside as (
    select
        bank_code, batch_no, cast(sum(rows_quarantined) as bigint) as rows_quarantined, {{ sum_fen('quarantined_fen') }} as quarantined_fen,
        cast(sum(unreadable_fen_rows) as bigint) as unreadable_fen_rows
    from (
        select distinct bank_code, batch_no, delivery_key, rows_quarantined, quarantined_fen, unreadable_fen_rows
        from numbered
    ) as files
    group by bank_code, batch_no
)

select
    controls.delivery_key, controls.sheet_no, controls.row_no, controls.bank_code, controls.batch_no, controls.division,
    controls.programme_code, pools.pool_code, controls.payroll_month, controls.batch_kind, controls.original_batch_no, controls.batch_on,
    stated.header_count, stated.header_fen as stated_header_fen, stated.trailer_count, stated.trailer_fen as stated_fen,
    cast(coalesce(lines.line_count, 0) as bigint) as line_count,
    coalesce(lines.line_fen, cast(0 as bigint)) as line_fen,
    coalesce(lines.credited_fen, cast(0 as bigint)) as credited_fen,
    coalesce(lines.failed_fen, cast(0 as bigint)) as failed_fen,
    set_aside.rows_quarantined, set_aside.quarantined_fen, set_aside.unreadable_fen_rows,
    case
        when set_aside.unreadable_fen_rows > 0 and stated.trailer_fen is not null then stated.trailer_fen
        else coalesce(lines.line_fen, cast(0 as bigint)) + set_aside.quarantined_fen
    end as file_fen,
    lines.first_line_on, lines.first_credited_on, lines.last_line_on
from numbered as controls
inner join stated on controls.bank_code = stated.bank_code and controls.batch_no = stated.batch_no
inner join set_aside on controls.bank_code = set_aside.bank_code and controls.batch_no = set_aside.batch_no
left join lines on controls.bank_code = lines.bank_code and controls.batch_no = lines.batch_no
left join {{ ref('pool_programmes') }} as pools
    on controls.programme_code = pools.programme_code
    and {{ year_of('controls.payroll_month') }} between pools.valid_from_year and pools.valid_to_year
where controls.occurrence = 1
