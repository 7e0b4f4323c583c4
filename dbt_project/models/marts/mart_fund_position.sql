-- J1 and where the money is at rest: (government, pool, fiscal year); total in = total out + balance.
with flows as (
    select
        division, pool_code, fiscal_year,
        {{ sum_fen('amount_fen', "kind = 'received'") }} as received_fen,
        {{ sum_fen('amount_fen', "kind = 'own'") }} as own_fen,
        {{ sum_fen('amount_fen', "kind = 'carry_in'") }} as carry_in_fen,
        {{ sum_fen('amount_fen', "kind = 'clawback_in'") }} as clawback_in_fen,
        {{ sum_fen('amount_fen', "kind = 'returned'") }} as returned_fen,
        {{ sum_fen('amount_fen', "kind = 'passed_down'") }} as passed_down_fen,
        {{ sum_fen('amount_fen', "kind = 'clawback_out'") }} as clawback_out_fen,
        {{ sum_fen('amount_fen', "kind = 'paid'") }} as paid_fen,
        {{ sum_fen('amount_fen', "kind = 'diverted'") }} as diverted_fen,
        {{ sum_fen('amount_fen', "kind = 'carried_on'") }} as carried_on_fen
    from {{ ref('int_pool_flows') }}
    group by division, pool_code, fiscal_year
),

rests as (
    select division, pool_code, fiscal_year, {{ sum_fen('rested_fen') }} as resting_fen, max(days) as oldest_rest_days
    from {{ ref('int_pool_rests') }}
    where is_resting
    group by division, pool_code, fiscal_year
),

vouchered as (
    select
        payer_division as division, pool_code, cast(year(paid_on) as int) as fiscal_year, bank_code, batch_no,
        row_number() over (partition by bank_code, batch_no order by paid_on nulls last, voucher_no nulls last, row_no nulls last) as turn
    from {{ ref('int_vouchers') }}
    where batch_no is not null
),

-- A batch is booked where its first voucher was; without one, where its programme and credit date put it.
at_the_bank as (
    select
        coalesce(vouchered.division, batches.division) as division,
        coalesce(vouchered.pool_code, batches.pool_code) as pool_code,
        coalesce(vouchered.fiscal_year, cast(year(batches.first_line_on) as int)) as fiscal_year,
        {{ sum_fen('batches.credited_fen') }} as credited_fen
    from {{ ref('int_batches') }} as batches
    left join vouchered on batches.bank_code = vouchered.bank_code and batches.batch_no = vouchered.batch_no and vouchered.turn = 1
    group by 1, 2, 3
),

keys as (
    select division, pool_code, fiscal_year from flows
    union
    select division, pool_code, fiscal_year from at_the_bank
),

sums as (
    select
        keys.division, keys.pool_code, keys.fiscal_year,
        {%- for name in ['received', 'own', 'carry_in', 'clawback_in', 'returned', 'passed_down', 'clawback_out', 'paid', 'diverted', 'carried_on'] %}
        coalesce(flows.{{ name }}_fen, cast(0 as bigint)) as {{ name }}_fen,
        {%- endfor %}
        coalesce(rests.resting_fen, cast(0 as bigint)) as resting_fen,
        rests.oldest_rest_days,
        coalesce(at_the_bank.credited_fen, cast(0 as bigint)) as credited_fen
    from keys
    left join flows on keys.division = flows.division and keys.pool_code = flows.pool_code and keys.fiscal_year = flows.fiscal_year
    left join rests on keys.division = rests.division and keys.pool_code = rests.pool_code and keys.fiscal_year = rests.fiscal_year
    left join at_the_bank
        on keys.division = at_the_bank.division and keys.pool_code = at_the_bank.pool_code and keys.fiscal_year = at_the_bank.fiscal_year
),

balanced as (
    select
        sums.*,
        received_fen + own_fen + carry_in_fen + clawback_in_fen + returned_fen as in_fen,
        passed_down_fen + clawback_out_fen + paid_fen + diverted_fen as out_fen
    from sums
)

select
    concat_ws('|', balanced.division, balanced.pool_code, {{ text('balanced.fiscal_year') }}) as fund_position_id,
    balanced.division, divisions.name_zh as division_name, divisions.level, balanced.pool_code, pools.name_zh as pool_name,
    balanced.fiscal_year, received_fen, own_fen, carry_in_fen, clawback_in_fen, returned_fen, in_fen, passed_down_fen, clawback_out_fen,
    paid_fen, diverted_fen, out_fen, in_fen - out_fen as balance_fen, resting_fen,
    case when out_fen > in_fen then out_fen - in_fen else cast(0 as bigint) end as overdrawn_fen,
    oldest_rest_days, least(balanced.carried_on_fen, greatest(in_fen - out_fen, cast(0 as bigint))) as carried_on_fen, credited_fen,
    paid_fen - returned_fen - credited_fen as held_by_bank_fen
from balanced
left join {{ ref('divisions') }} as divisions on balanced.division = divisions.division_code
left join {{ ref('fund_pools') }} as pools on balanced.pool_code = pools.pool_code
