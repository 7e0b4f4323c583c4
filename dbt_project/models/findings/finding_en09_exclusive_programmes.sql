-- Two programmes that exclude each other, received by one person for one month; of household money, the members have received it.
with at_risk as (
    select distinct lines.resolved_key
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('exclusive_programmes') }} as exclusive on lines.programme_code = exclusive.programme_code
    where lines.status = 'success' and lines.resolved_key is not null
    union
    select register.resolved_key
    from {{ ref('int_register') }} as register
    inner join {{ ref('exclusive_programmes') }} as exclusive on register.programme_code = exclusive.programme_code
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where programmes.paid_to = 'household' and register.is_current
),

-- Members of households that are paid as one, by the latest register.
members as (
    select distinct
        register.division, register.programme_code, register.household_key, register.resolved_key, register.start_month,
        coalesce(register.end_month, 999912) as end_month
    from {{ ref('int_register') }} as register
    inner join at_risk on register.resolved_key = at_risk.resolved_key
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where programmes.paid_to = 'household' and register.is_current and register.household_key is not null
),

receipts as (
    select lines.delivery_key, lines.sheet_no, lines.row_no, lines.programme_code, lines.payroll_month, lines.resolved_key
    from {{ ref('int_credit_lines') }} as lines
    inner join at_risk on lines.resolved_key = at_risk.resolved_key
    where lines.status = 'success'
    union
    select lines.delivery_key, lines.sheet_no, lines.row_no, lines.programme_code, lines.payroll_month, members.resolved_key
    from {{ ref('int_credit_lines') }} as lines
    inner join members
        on lines.division = members.division and lines.programme_code = members.programme_code
        and lines.household_key = members.household_key and lines.payroll_month between members.start_month and members.end_month
    where lines.status = 'success'
),

clashes as (
    select distinct
        one.resolved_key, one.payroll_month, exclusive.programme_code, exclusive.excluded_programme_code, programmes.name_zh,
        programmes.name_en, excluded.name_zh as excluded_zh, excluded.name_en as excluded_en
    from receipts as one
    inner join {{ ref('exclusive_programmes') }} as exclusive on one.programme_code = exclusive.programme_code
    inner join receipts as other
        on one.resolved_key = other.resolved_key and one.payroll_month = other.payroll_month
        and exclusive.excluded_programme_code = other.programme_code
    inner join {{ ref('programmes') }} as programmes on exclusive.programme_code = programmes.programme_code
    inner join {{ ref('programmes') }} as excluded on exclusive.excluded_programme_code = excluded.programme_code
),

involved as (
    select
        receipts.delivery_key, receipts.sheet_no, receipts.row_no, clashes.resolved_key, clashes.excluded_programme_code,
        'primary' as evidence_role,
        concat_ws('', clashes.name_zh, '与', clashes.excluded_zh, '不得同时享受 · ', clashes.name_en, ' and ', clashes.excluded_en, ' are mutually exclusive') as reason
    from receipts
    inner join clashes
        on receipts.resolved_key = clashes.resolved_key and receipts.payroll_month = clashes.payroll_month
        and receipts.programme_code = clashes.excluded_programme_code
    union
    select
        receipts.delivery_key, receipts.sheet_no, receipts.row_no, clashes.resolved_key, clashes.excluded_programme_code,
        'supporting' as evidence_role, cast(null as {{ dbt.type_string() }}) as reason
    from receipts
    inner join clashes
        on receipts.resolved_key = clashes.resolved_key and receipts.payroll_month = clashes.payroll_month
        and receipts.programme_code = clashes.programme_code
),

-- A row that excludes by two programmes is one row.
once as (
    select delivery_key, sheet_no, row_no, resolved_key, excluded_programme_code, evidence_role, max(reason) as reason
    from involved
    group by delivery_key, sheet_no, row_no, resolved_key, excluded_programme_code, evidence_role
),

cases as (
    select
        once.delivery_key, once.sheet_no, once.row_no, lines.division, lines.township, lines.village, lines.payroll_month,
        once.resolved_key as person_key, once.excluded_programme_code as programme_code, once.evidence_role, once.reason,
        case when once.evidence_role = 'primary' then lines.household_key end as household_key,
        case when once.evidence_role = 'primary' then lines.card_key end as card_key,
        case when once.evidence_role = 'primary' then lines.name_key end as name_key,
        case when once.evidence_role = 'primary' then lines.pool_code end as pool_code,
        lines.division as home_division,
        case when once.evidence_role = 'primary' then lines.credited_on end as occurred_on,
        case when once.evidence_role = 'primary' then lines.amount_fen end as amount_fen
    from once
    inner join {{ ref('int_credit_lines') }} as lines
        on once.delivery_key = lines.delivery_key and once.sheet_no = lines.sheet_no and once.row_no = lines.row_no
)

{{ finding('EN09', ['person_key', 'programme_code'],
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'occurred_on', 'reason'],
    row_fen='amount_fen', role='evidence_role') }}
