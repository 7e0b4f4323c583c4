-- Money of a pool paid to a payee that is no agent bank, or for a programme outside the pool.
with payments as (
    select
        delivery_key, sheet_no, row_no, voucher_no, payer_division as division, programme_code, pool_code, payee_kind,
        payee_bank_code as bank_code, amount_fen, paid_on as occurred_on, batch_no, payroll_month,
        coalesce({{ year_of('payroll_month') }}, year(paid_on)) as programme_year
    from {{ ref('stg_treasury_payments') }}
    where amount_fen > 0
),

cases as (
    select payments.*
    from payments
    left join {{ ref('pool_programmes') }} as pools
        on payments.pool_code = pools.pool_code and payments.programme_code = pools.programme_code
        and payments.programme_year between pools.valid_from_year and pools.valid_to_year
    where payments.payee_kind <> 'agent_bank' or (payments.programme_code is not null and pools.pool_code is null)
)

{{ finding('FS08', ['division', 'voucher_no', 'occurred_on'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'voucher_no', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
