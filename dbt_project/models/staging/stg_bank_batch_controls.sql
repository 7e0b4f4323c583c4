-- Control records of batches of which a line is in force, or of which no line landed.
with original_numbers as (
    select distinct bank_code, batch_no, division, county_batch_no
    from {{ ref('stg_shared_batch_numbers') }}
),

-- Batches of a delivery whose every line a later one told again.
told_anew as (
    select lines.delivery_key, lines.batch_no
    from {{ source('lake', 'bank_batches') }} as lines
    left join {{ ref('stg_replaced_rows') }} as replaced
        on lines.delivery_key = replaced.delivery_key and lines.sheet_no = replaced.sheet_no and lines.row_no = replaced.row_no
    where lines.delivery_key in (select delivery_key from {{ ref('stg_replaced_rows') }})
    group by lines.delivery_key, lines.batch_no
    having count(*) = count(replaced.row_no)
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
    rows_.header_count,
    rows_.header_fen,
    rows_.trailer_count,
    rows_.trailer_fen,
    rows_.success_count,
    rows_.success_fen,
    rows_.failed_count,
    rows_.failed_fen
from {{ source('lake', 'bank_batch_controls') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key and deliveries.is_in_force
left join {{ ref('stg_shared_batch_numbers') }} as numbers
    on rows_.delivery_key = numbers.delivery_key and rows_.bank_code = numbers.bank_code and rows_.batch_no = numbers.batch_no
left join original_numbers as originals
    on rows_.bank_code = originals.bank_code and rows_.original_batch_no = originals.batch_no and rows_.division = originals.division
left join told_anew
    on rows_.delivery_key = told_anew.delivery_key and rows_.batch_no = told_anew.batch_no
where told_anew.batch_no is null
