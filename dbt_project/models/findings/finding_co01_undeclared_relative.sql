-- A relative of staff receives, and the relation was never filed.
with pairs as (
    select
        delivery_key, sheet_no, row_no, relative_resolved_key,
        max(case when is_filed = 'yes' then 1 else 0 end) over (partition by staff_resolved_key, relative_resolved_key) as is_filed,
        max(case when is_public_service_job then 0 else 1 end) over (partition by staff_resolved_key) as handles_money
    from {{ ref('int_staff') }}
    where relative_resolved_key is not null and relative_resolved_key <> staff_resolved_key
),

unfiled as (
    select
        delivery_key, sheet_no, row_no, relative_resolved_key,
        row_number() over (
            partition by relative_resolved_key order by delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from pairs
    where is_filed = 0 and handles_money = 1
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key,
        lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, lines.amount_fen,
        '经办人员的亲属，未备案 · relative of a staff member, not declared' as reason,
        unfiled.delivery_key as staff_delivery_key, unfiled.sheet_no as staff_sheet_no, unfiled.row_no as staff_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join unfiled on lines.resolved_key = unfiled.relative_resolved_key and unfiled.turn = 1
    where lines.status = 'success'
)

{{ finding('CO01', ['division', 'person_key'], against='staff',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on', 'reason'],
    row_fen='amount_fen') }}
