-- Control records of batches of which a line is in force, or of which no line landed.
with original_numbers as (
    select distinct bank_code, batch_no, division, county_batch_no
    from {{ ref('stg_shared_batch_numbers') }}
),

-- Lines of a delivery's batch that a later delivery told again: what the control records state holds for the others.
told_again as (
    select
        lines.delivery_key, lines.batch_no, count(*) = count(replaced.row_no) as is_whole, count(replaced.row_no) as lines,
        {{ sum_fen('lines.amount_fen', 'replaced.row_no is not null') }} as fen,
        count(replaced.row_no) filter (where lines.status = 'success') as good_lines,
        {{ sum_fen('lines.amount_fen', "replaced.row_no is not null and lines.status = 'success'") }} as good_fen
    from {{ source('lake', 'bank_batches') }} as lines
    left join {{ ref('stg_replaced_rows') }} as replaced
        on lines.delivery_key = replaced.delivery_key and lines.sheet_no = replaced.sheet_no and lines.row_no = replaced.row_no
    where lines.delivery_key in (select delivery_key from {{ ref('stg_replaced_rows') }})
    group by lines.delivery_key, lines.batch_no
)

select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    coalesce(numbers.county_batch_no, rows_.batch_no) as batch_no,
    rows_.division,
    rows_.programme_code,
    rows_.payroll_month,
    rows_.batch_kind,
    coalesce(originals.county_batch_no, rows_.original_batch_no) as original_batch_no,
    rows_.batch_on,
    cast(rows_.header_count - coalesce(told_again.lines, 0) as int) as header_count,
    cast(rows_.header_fen - coalesce(told_again.fen, 0) as bigint) as header_fen,
    cast(rows_.trailer_count - coalesce(told_again.lines, 0) as int) as trailer_count,
    cast(rows_.trailer_fen - coalesce(told_again.fen, 0) as bigint) as trailer_fen,
    cast(rows_.success_count - coalesce(told_again.good_lines, 0) as int) as success_count,
    cast(rows_.success_fen - coalesce(told_again.good_fen, 0) as bigint) as success_fen,
    cast(rows_.failed_count - coalesce(told_again.lines - told_again.good_lines, 0) as int) as failed_count,
    cast(rows_.failed_fen - coalesce(told_again.fen - told_again.good_fen, 0) as bigint) as failed_fen
from {{ source('lake', 'bank_batch_controls') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key and deliveries.is_in_force
left join {{ ref('stg_shared_batch_numbers') }} as numbers
    on rows_.delivery_key = numbers.delivery_key and rows_.bank_code = numbers.bank_code and rows_.batch_no = numbers.batch_no
left join original_numbers as originals
    on rows_.bank_code = originals.bank_code and rows_.original_batch_no = originals.batch_no and rows_.division = originals.division
left join told_again
    on rows_.delivery_key = told_again.delivery_key and rows_.batch_no = told_again.batch_no
where coalesce(not told_again.is_whole, true)
