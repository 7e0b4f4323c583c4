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

known_years as (
    select distinct division, pool_code, fiscal_year
    from documents
),

-- What a year brings in as carried over left the year before on its last day (when that year is known here at all).
carried_on as (
    select
        documents.delivery_key, documents.sheet_no, documents.row_no, documents.division, documents.pool_code, known_years.fiscal_year,
        'carried_on' as kind, documents.amount_fen, make_date(known_years.fiscal_year, 12, 31) as day, documents.reference,
        false as is_inflow
    from documents
    inner join known_years
        on documents.division = known_years.division and documents.pool_code = known_years.pool_code
        and documents.fiscal_year - 1 = known_years.fiscal_year
    where documents.kind = 'carry_in'
),

flows as (
    select delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow from documents
    union all
    select delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow from payments
    union all
    select delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, amount_fen, day, reference, is_inflow from carried_on
),

ordered as (
    select
        flows.*,
        row_number() over (
            partition by division, pool_code, fiscal_year
            order by day nulls last, case when is_inflow then 0 when kind = 'carried_on' then 2 else 1 end, reference nulls last,
                sheet_no nulls last, row_no nulls last, delivery_key nulls last
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
