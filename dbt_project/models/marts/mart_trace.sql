-- J8: where the money of each batch came from, piece by piece: source document, stops on the way down, payment, batch, and days at each stop.
with batches as (
    select {{ batch_account('bank_code', 'batch_no') }} as account, bank_code, batch_no, division, pool_code, programme_code, payroll_month,
        batch_kind, first_credited_on
    from {{ ref('int_batches') }}
),

credited as (
    select trace_no, {{ sum_fen('amount_fen') }} as credited_fen, min(credited_on) as first_credited_on, max(credited_on) as last_credited_on
    from {{ ref('mart_credit_origin') }}
    group by trace_no
)

select
    pieces.piece_no as trace_no, pieces.root_kind as source_kind, pieces.root_doc_no as source_doc_no, pieces.root_division as source_division,
    pieces.root_level as source_level, pieces.root_on as source_on, pieces.root_year as fiscal_year, batches.pool_code, batches.division,
    divisions.name_zh as division_name, pieces.province_doc_no, pieces.city_doc_no, pieces.county_doc_no, pieces.county_in_on,
    vouchers.voucher_no, coalesce(vouchers.paid_on, pieces.county_out_on) as paid_on, batches.bank_code, batches.batch_no, batches.batch_kind,
    batches.programme_code, batches.payroll_month, pieces.upper_fen - pieces.lower_fen as amount_fen,
    coalesce(credited.credited_fen, cast(0 as bigint)) as credited_fen, credited.first_credited_on, credited.last_credited_on,
    {{ days_between('pieces.central_in_on', 'pieces.central_out_on') }} as days_at_central,
    {{ days_between('pieces.province_in_on', 'pieces.province_out_on') }} as days_at_province,
    {{ days_between('pieces.city_in_on', 'pieces.city_out_on') }} as days_at_city,
    {{ days_between('pieces.county_in_on', 'pieces.county_out_on') }} as days_at_county,
    {{ days_between('pieces.county_out_on', 'credited.first_credited_on') }} as days_at_bank,
    {{ days_between('pieces.root_on', 'credited.first_credited_on') }} as days_in_all,
    pieces.method, pieces.is_overdrawn, pieces.returns
from {{ ref('int_trace_origins') }} as pieces
inner join batches on pieces.account = batches.account
left join {{ ref('int_vouchers') }} as vouchers
    on pieces.out_kind = 'voucher' and pieces.out_delivery_key = vouchers.delivery_key and pieces.out_sheet_no = vouchers.sheet_no
    and pieces.out_row_no = vouchers.row_no and batches.bank_code = vouchers.bank_code and batches.batch_no = vouchers.batch_no
left join credited on pieces.piece_no = credited.trace_no
left join {{ ref('divisions') }} as divisions on batches.division = divisions.division_code
