-- Every movement of every pool: (government, pool, fiscal year), in or out, in the order in which it counts.
with documents as (
    select
        delivery_key, sheet_no, row_no, reporter_division as division, pool_code, fiscal_year, kind, amount_fen,
        coalesce(received_on, issued_on) as day, doc_no as reference,
        kind in ('received', 'own', 'carry_in', 'clawback_in') as is_inflow
    from {{ ref('stg_budget_allocations') }}
),

payments as (
    select
        delivery_key, sheet_no, row_no, payer_division as division, pool_code, cast(year(paid_on) as int) as fiscal_year,
        case when amount_fen < 0 then 'returned' when payee_kind = 'agent_bank' then 'paid' else 'diverted' end as kind,
        abs(amount_fen) as amount_fen, paid_on as day, voucher_no as reference, amount_fen < 0 as is_inflow
    from {{ ref('stg_treasury_payments') }}
),

flows as (
    select delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow from documents
    union all
    select delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow from payments
),

ordered as (
    select
        flows.*,
        row_number() over (
            partition by division, pool_code, fiscal_year
            order by day nulls last, case when is_inflow then 0 else 1 end, reference nulls last, sheet_no nulls last, row_no nulls last,
                delivery_key nulls last
        ) as turn
    from flows
)

select
    delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow, turn,
    cast(sum(case when is_inflow then amount_fen else -amount_fen end) over (
        partition by division, pool_code, fiscal_year order by turn rows between unbounded preceding and current row
    ) as bigint) as balance_fen,
    cast(sum(amount_fen) over (
        partition by division, pool_code, fiscal_year, is_inflow order by turn rows between unbounded preceding and current row
    ) as bigint) as upper_fen
from ordered
