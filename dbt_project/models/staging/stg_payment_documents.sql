-- Rows of the payments in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.position,
    rows_.doc_no,
    rows_.stated_fen,
    rows_.in_order
from {{ source('lake', 'payment_documents') }} as rows_
inner join {{ ref('stg_treasury_payments') }} as payments
    on rows_.delivery_key = payments.delivery_key and rows_.sheet_no = payments.sheet_no and rows_.row_no = payments.row_no
