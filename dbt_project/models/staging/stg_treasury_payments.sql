-- Rows of the deliveries in force.
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
    rows_.batch_no,
    rows_.subject_code,
    rows_.payroll_month
from {{ source('lake', 'treasury_payments') }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key
where deliveries.is_in_force
