-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.voucher_no,
    rows_.payer_division,
    rows_.programme_code,
    rows_.pool_code,
    rows_.payee_kind,
    rows_.payee_bank_code,
    rows_.payee_display,
    rows_.purpose_scrubbed,
    rows_.amount_fen,
    rows_.paid_on,
    coalesce(numbers.county_batch_no, rows_.batch_no) as batch_no,
    rows_.subject_code,
    rows_.payroll_month
{{ in_force('treasury_payments') }}
left join (
    select distinct bank_code, batch_no, division, county_batch_no
    from {{ ref('stg_shared_batch_numbers') }}
) as numbers
    on rows_.payee_bank_code = numbers.bank_code and rows_.batch_no = numbers.batch_no and rows_.payer_division = numbers.division
where replaced.row_no is null
