-- Money between treasury and agent banks, cut into one piece for each batch: every fen of a payment or return once, `from_fen` on.
-- Payments that name the same batches and these batches lie on two lines of fen, in order of payment and in the order of the numbers.
with payments as (
    select
        delivery_key, sheet_no, row_no, voucher_no, payer_division, programme_code, pool_code, payee_bank_code, abs(amount_fen) as amount_fen,
        paid_on, batch_no, payroll_month, amount_fen < 0 as is_return,
        case
            when batch_no is null then concat_ws('|', 'row', {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }})
            else concat_ws('|', 'numbers', payer_division, payee_bank_code, batch_no)
        end as line_id
    from {{ ref('stg_treasury_payments') }}
    where payee_kind = 'agent_bank' and amount_fen <> 0
),

on_line as (
    select
        payments.*,
        sum(amount_fen) over (
            partition by line_id, is_return
            order by paid_on nulls last, voucher_no nulls last, sheet_no nulls last, row_no nulls last, delivery_key nulls last
            rows between unbounded preceding and current row
        ) as upper_fen
    from payments
),

named as (
    select distinct
        payments.line_id, payments.is_return, batches.position, batches.stated_batch_no, batches.bank_code, batches.batch_no, batches.matched_by
    from payments
    inner join {{ ref('int_voucher_batches') }} as batches
        on payments.delivery_key = batches.delivery_key and payments.sheet_no = batches.sheet_no and payments.row_no = batches.row_no
),

counted as (
    select line_id, is_return, count(*) as batches
    from named
    group by line_id, is_return
),

-- What a batch gets from payments that name it alone, lists need not give it.
alone as (
    select named.is_return, named.bank_code, named.batch_no, sum(payments.amount_fen) as fen
    from named
    inner join counted on named.line_id = counted.line_id and named.is_return = counted.is_return
    inner join payments on named.line_id = payments.line_id and named.is_return = payments.is_return
    where counted.batches = 1 and named.batch_no is not null
    group by named.is_return, named.bank_code, named.batch_no
),

wanted as (
    select
        named.*,
        case
            when named.batch_no is null then cast(0 as bigint)
            else greatest(
                cast(0 as bigint),
                case when named.is_return then batches.failed_fen else batches.file_fen end - coalesce(cast(alone.fen as bigint), cast(0 as bigint))
            )
        end as want_fen,
        row_number() over (
            partition by named.line_id, named.is_return
            order by case when named.batch_no is null then 1 else 0 end, named.position nulls last
        ) as turn
    from named
    left join {{ ref('int_batches') }} as batches on named.bank_code = batches.bank_code and named.batch_no = batches.batch_no
    left join alone
        on named.is_return = alone.is_return and named.bank_code = alone.bank_code and named.batch_no = alone.batch_no
),

-- Batches that came, as far as they want; the rest is the first's that did not come, else the last's.
stretches as (
    select
        wanted.line_id, wanted.is_return, wanted.stated_batch_no, wanted.bank_code, wanted.batch_no, wanted.matched_by,
        coalesce(sum(wanted.want_fen) over (
            partition by wanted.line_id, wanted.is_return order by wanted.turn rows between unbounded preceding and 1 preceding
        ), 0) as lower_fen,
        wanted.want_fen,
        wanted.batch_no is null or wanted.turn = counted.batches as takes_the_rest,
        wanted.batch_no is null as is_unknown,
        row_number() over (
            partition by wanted.line_id, wanted.is_return, case when wanted.batch_no is null then 1 else 0 end order by wanted.turn
        ) as turn
    from wanted
    inner join counted on wanted.line_id = counted.line_id and wanted.is_return = counted.is_return
)

select
    payments.delivery_key, payments.sheet_no, payments.row_no, payments.is_return, payments.voucher_no, payments.payer_division,
    payments.programme_code, payments.pool_code, payments.payee_bank_code,
    cast(
        case
            when stretches.line_id is null then payments.amount_fen
            when stretches.takes_the_rest then payments.upper_fen - greatest(payments.upper_fen - payments.amount_fen, stretches.lower_fen)
            else least(payments.upper_fen, stretches.lower_fen + stretches.want_fen)
                - greatest(payments.upper_fen - payments.amount_fen, stretches.lower_fen)
        end as bigint
    ) as amount_fen,
    cast(greatest(0, coalesce(stretches.lower_fen, 0) - (payments.upper_fen - payments.amount_fen)) as bigint) as from_fen, payments.paid_on,
    stretches.stated_batch_no, payments.payroll_month, stretches.bank_code, stretches.batch_no, stretches.matched_by
from on_line as payments
left join stretches
    on payments.line_id = stretches.line_id and payments.is_return = stretches.is_return
    and (
        stretches.takes_the_rest
        or (stretches.want_fen > 0 and stretches.lower_fen + stretches.want_fen > payments.upper_fen - payments.amount_fen)
    )
    and stretches.lower_fen < payments.upper_fen and (not stretches.is_unknown or stretches.turn = 1)
