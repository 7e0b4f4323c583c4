-- Which batches each payment to an agent bank, and each return from one, names or adds up to, in their order: by number, else by amount.
with payments as (
    select
        delivery_key, sheet_no, row_no, voucher_no, payer_division, programme_code, payee_bank_code, amount_fen, paid_on, batch_no, payroll_month
    from {{ ref('stg_treasury_payments') }}
    where payee_kind = 'agent_bank'
),

listed as (
    select delivery_key, sheet_no, row_no, payer_division, payee_bank_code, batch_no as numbers, {{ list_items('batch_no', 'batch_no', 'position') }}
    from payments
    where batch_no is not null
),

-- A number that a bank gave to batches of several counties is the county's own here; within a list nothing has told them apart yet.
shared as (
    select distinct bank_code, batch_no, division, county_batch_no
    from {{ ref('stg_shared_batch_numbers') }}
),

-- One voucher may pay batches of several banks: a number of a list that no batch of the payee bears is the one of another bank that does.
elsewhere as (
    select
        listed.delivery_key, listed.sheet_no, listed.row_no, listed.position, min(batches.bank_code) as bank_code
    from listed
    inner join (
        select all_.bank_code, all_.division, coalesce(shared.batch_no, all_.batch_no) as batch_no
        from {{ ref('int_batches') }} as all_
        left join shared on all_.bank_code = shared.bank_code and all_.batch_no = shared.county_batch_no
    ) as batches
        on listed.batch_no = batches.batch_no and listed.payer_division = batches.division
    where listed.numbers <> listed.batch_no
    group by listed.delivery_key, listed.sheet_no, listed.row_no, listed.position
    having count(*) = 1
),

by_number as (
    select
        listed.delivery_key, listed.sheet_no, listed.row_no, listed.position, listed.batch_no as stated_batch_no, batches.bank_code, batches.batch_no
    from listed
    left join elsewhere
        on listed.delivery_key = elsewhere.delivery_key and listed.sheet_no = elsewhere.sheet_no and listed.row_no = elsewhere.row_no
        and listed.position = elsewhere.position
    left join shared
        on listed.batch_no = shared.batch_no and listed.payer_division = shared.division
        and coalesce(elsewhere.bank_code, listed.payee_bank_code) = shared.bank_code
    left join {{ ref('int_batches') }} as batches
        on coalesce(shared.county_batch_no, listed.batch_no) = batches.batch_no and listed.payer_division = batches.division
        and coalesce(elsewhere.bank_code, listed.payee_bank_code) = batches.bank_code
),

loose_vouchers as (
    select
        payments.*,
        row_number() over (
            partition by payer_division, payee_bank_code, programme_code, payroll_month, amount_fen
            order by paid_on nulls last, voucher_no nulls last, row_no nulls last
        ) as turn
    from payments
    where batch_no is null and amount_fen > 0
),

numbered as (
    select distinct by_number.bank_code, by_number.batch_no
    from by_number
    inner join payments
        on by_number.delivery_key = payments.delivery_key and by_number.sheet_no = payments.sheet_no and by_number.row_no = payments.row_no
    where by_number.bank_code is not null and payments.amount_fen > 0
),

loose_batches as (
    select
        batches.*,
        row_number() over (
            partition by batches.division, batches.bank_code, batches.programme_code, batches.payroll_month, batches.file_fen
            order by batches.first_line_on nulls last, batches.batch_no nulls last
        ) as turn
    from {{ ref('int_batches') }} as batches
    left join numbered on batches.bank_code = numbered.bank_code and batches.batch_no = numbered.batch_no
    where numbered.batch_no is null and batches.batch_kind = 'original'
),

by_amount as (
    select loose_vouchers.delivery_key, loose_vouchers.sheet_no, loose_vouchers.row_no, loose_batches.bank_code, loose_batches.batch_no
    from loose_vouchers
    inner join loose_batches
        on loose_vouchers.payer_division = loose_batches.division
        and loose_vouchers.payee_bank_code = loose_batches.bank_code
        and loose_vouchers.programme_code = loose_batches.programme_code
        and loose_vouchers.payroll_month = loose_batches.payroll_month
        and loose_vouchers.amount_fen = loose_batches.file_fen
        and loose_vouchers.turn = loose_batches.turn
),

-- What is left of a programme and month on two lines of fen: a voucher may pay for batches that follow each other and add up to it.
left_vouchers as (
    select
        vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, vouchers.payer_division, vouchers.payee_bank_code, vouchers.programme_code,
        vouchers.payroll_month, vouchers.amount_fen,
        row_number() over (
            partition by vouchers.payer_division, vouchers.programme_code, vouchers.payroll_month
            order by vouchers.payee_bank_code nulls last, vouchers.paid_on nulls last, vouchers.voucher_no nulls last,
                vouchers.sheet_no nulls last, vouchers.row_no nulls last, vouchers.delivery_key nulls last
        ) as place,
        sum(vouchers.amount_fen) over (
            partition by vouchers.payer_division, vouchers.programme_code, vouchers.payroll_month
            order by vouchers.payee_bank_code nulls last, vouchers.paid_on nulls last, vouchers.voucher_no nulls last,
                vouchers.sheet_no nulls last, vouchers.row_no nulls last, vouchers.delivery_key nulls last
            rows between unbounded preceding and current row
        ) - vouchers.amount_fen as lower_fen
    from loose_vouchers as vouchers
    left join by_amount
        on vouchers.delivery_key = by_amount.delivery_key and vouchers.sheet_no = by_amount.sheet_no and vouchers.row_no = by_amount.row_no
    where by_amount.row_no is null
),

left_batches as (
    select
        batches.division, batches.programme_code, batches.payroll_month, batches.bank_code, batches.batch_no, batches.file_fen,
        row_number() over (
            partition by batches.division, batches.programme_code, batches.payroll_month
            order by batches.bank_code nulls last, batches.first_line_on nulls last, batches.batch_no nulls last
        ) as place,
        sum(batches.file_fen) over (
            partition by batches.division, batches.programme_code, batches.payroll_month
            order by batches.bank_code nulls last, batches.first_line_on nulls last, batches.batch_no nulls last
            rows between unbounded preceding and current row
        ) as upper_fen
    from loose_batches as batches
    left join by_amount on batches.bank_code = by_amount.bank_code and batches.batch_no = by_amount.batch_no
    where by_amount.batch_no is null and batches.file_fen > 0
),

-- Of several such runs the one within the payee's bank, then the one nearest to the voucher's own place.
runs as (
    select
        vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, vouchers.place as voucher_place, first_.division, first_.programme_code,
        first_.payroll_month, first_.place as first_place, last_.place as last_place,
        row_number() over (
            partition by vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no
            order by case when first_.bank_code = last_.bank_code then 0 else 1 end,
                abs(first_.upper_fen - first_.file_fen - vouchers.lower_fen) nulls last, first_.place nulls last
        ) as choice
    from left_vouchers as vouchers
    inner join left_batches as first_
        on vouchers.payer_division = first_.division and vouchers.programme_code = first_.programme_code
        and vouchers.payroll_month = first_.payroll_month
    inner join left_batches as last_
        on first_.division = last_.division and first_.programme_code = last_.programme_code and first_.payroll_month = last_.payroll_month
        and last_.place > first_.place and last_.upper_fen - first_.upper_fen + first_.file_fen = vouchers.amount_fen
    where vouchers.payee_bank_code in (first_.bank_code, last_.bank_code)
),

run_batches as (
    select
        runs.delivery_key, runs.sheet_no, runs.row_no, batches.place - runs.first_place as position, batches.bank_code, batches.batch_no,
        row_number() over (partition by batches.bank_code, batches.batch_no order by runs.voucher_place nulls last) as claim
    from runs
    inner join left_batches as batches
        on runs.division = batches.division and runs.programme_code = batches.programme_code and runs.payroll_month = batches.payroll_month
        and batches.place between runs.first_place and runs.last_place
    where runs.choice = 1
),

contested as (
    select distinct delivery_key, sheet_no, row_no
    from run_batches
    where claim > 1
),

by_sum as (
    select runs.delivery_key, runs.sheet_no, runs.row_no, runs.position, runs.bank_code, runs.batch_no
    from run_batches as runs
    left join contested
        on runs.delivery_key = contested.delivery_key and runs.sheet_no = contested.sheet_no and runs.row_no = contested.row_no
    where contested.row_no is null
)

select
    delivery_key, sheet_no, row_no, cast(position as bigint) as position, stated_batch_no, bank_code, batch_no,
    case when batch_no is not null then 'batch_no' end as matched_by
from by_number
union all
select
    delivery_key, sheet_no, row_no, cast(1 as bigint) as position, cast(null as {{ dbt.type_string() }}) as stated_batch_no, bank_code, batch_no,
    'amount' as matched_by
from by_amount
union all
select
    delivery_key, sheet_no, row_no, cast(position as bigint) as position, cast(null as {{ dbt.type_string() }}) as stated_batch_no, bank_code,
    batch_no, 'amount' as matched_by
from by_sum
