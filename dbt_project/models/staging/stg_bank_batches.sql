-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    coalesce(numbers.county_batch_no, rows_.batch_no) as batch_no,
    rows_.seq_no,
    rows_.name_key,
    rows_.person_key,
    rows_.card_key,
    rows_.amount_fen,
    rows_.credited_at,
    rows_.credited_on,
    rows_.status,
    rows_.failure_code,
    rows_.memo_scrubbed,
    rows_.memo_programme
{{ in_force('bank_batches') }}
left join {{ ref('stg_shared_batch_numbers') }} as numbers
    on rows_.delivery_key = numbers.delivery_key and rows_.bank_code = numbers.bank_code and rows_.batch_no = numbers.batch_no
where replaced.row_no is null
