-- One person credited for one programme and month by two counties: the rows of the county that is not the person's main one.
with paid as (
    select resolved_key, programme_code, payroll_month, division
    from {{ ref('int_credit_lines') }}
    where status = 'success' and resolved_key is not null
    group by resolved_key, programme_code, payroll_month, division
),

several as (
    select resolved_key, programme_code, payroll_month
    from paid
    group by resolved_key, programme_code, payroll_month
    having count(*) > 1
),

counties as (
    select paid.resolved_key, paid.programme_code, paid.division, count(*) as months, min(paid.payroll_month) as first_month
    from paid
    inner join (select distinct resolved_key, programme_code from several) as persons
        on paid.resolved_key = persons.resolved_key and paid.programme_code = persons.programme_code
    group by paid.resolved_key, paid.programme_code, paid.division
),

-- Of the counties that paid a month, the person's is that which paid more months, paid earlier, has the lesser code: in that order.
ranked as (
    select
        paid.resolved_key, paid.programme_code, paid.payroll_month, paid.division,
        row_number() over (
            partition by paid.resolved_key, paid.programme_code, paid.payroll_month
            order by counties.months desc nulls last, counties.first_month nulls last, paid.division nulls last
        ) as place
    from paid
    inner join several
        on paid.resolved_key = several.resolved_key and paid.programme_code = several.programme_code
        and paid.payroll_month = several.payroll_month
    inner join counties
        on paid.resolved_key = counties.resolved_key and paid.programme_code = counties.programme_code
        and paid.division = counties.division
),

named as (
    select
        others.resolved_key, others.programme_code, others.payroll_month, others.division, main.division as main_division,
        concat_ws('', main_names.name_zh, '同月已发 · another county paid for the same month') as reason
    from ranked as others
    inner join ranked as main
        on others.resolved_key = main.resolved_key and others.programme_code = main.programme_code
        and others.payroll_month = main.payroll_month and main.place = 1
    left join {{ ref('divisions') }} as main_names on main.division = main_names.division_code
    where others.place > 1
),

roles as (
    select resolved_key, programme_code, payroll_month, division, 'primary' as evidence_role, reason
    from named
    union
    select
        resolved_key, programme_code, payroll_month, main_division as division, 'supporting' as evidence_role,
        cast(null as {{ dbt.type_string() }}) as reason
    from named
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.programme_code, lines.pool_code, lines.payroll_month,
        lines.resolved_key as person_key, roles.evidence_role, roles.reason,
        case when roles.evidence_role = 'primary' then lines.division end as division,
        case when roles.evidence_role = 'primary' then lines.township end as township,
        case when roles.evidence_role = 'primary' then lines.village end as village,
        case when roles.evidence_role = 'primary' then lines.household_key end as household_key,
        case when roles.evidence_role = 'primary' then lines.card_key end as card_key,
        case when roles.evidence_role = 'primary' then lines.name_key end as name_key,
        case when roles.evidence_role = 'primary' then lines.credited_on end as occurred_on,
        case when roles.evidence_role = 'primary' then lines.amount_fen end as amount_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join roles
        on lines.resolved_key = roles.resolved_key and lines.programme_code = roles.programme_code
        and lines.payroll_month = roles.payroll_month and lines.division = roles.division
    where lines.status = 'success'
)

{{ finding('EN10', ['person_key', 'programme_code'],
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'occurred_on', 'reason'],
    row_fen='amount_fen', role='evidence_role') }}
