-- What a rule did not judge, since what it would rest on was not read: cases and money by rule and gap; `cases` is null where a list that would
-- itself show cases did not come, and nobody knows how many.
with findings as (
    select rule_code, gap_key, finding_id, max(amount_fen) as amount_fen
    from {{ ref('int_finding_rows') }}
    where gap_key is not null
    group by rule_code, gap_key, finding_id
),

withheld as (
    select rule_code, gap_key, cast(count(*) as bigint) as cases, {{ sum_fen('amount_fen') }} as amount_fen
    from findings
    group by rule_code, gap_key
),

gaps as (
    select distinct gap_key, cause, source, division, bank_code, programme_code, month, delivery_key, file_name
    from {{ ref('int_gaps') }}
),

blind as (
    {%- set blind = [] %}
    {%- for code, meta in rules_meta().items() %}{% for need in meta.needs | default([]) if need.blind %}{% do blind.append((code, need.source)) %}{% endfor %}{% endfor %}
    {%- for code, name in blind %}
    select '{{ code }}' as rule_code, gap_key, cast(null as bigint) as cases, cast(null as bigint) as amount_fen
    from gaps
    where source = '{{ name }}' and cause <> 'pending'
    {{ "union all" if not loop.last }}
    {%- else %}
    select cast(null as {{ dbt.type_string() }}) as rule_code, gap_key, cast(null as bigint) as cases, cast(null as bigint) as amount_fen
    from gaps
    where false
    {%- endfor %}
),

untold as (
    select rule_code, gap_key, cases, amount_fen from withheld
    union all
    select blind.rule_code, blind.gap_key, blind.cases, blind.amount_fen
    from blind
    left join withheld on blind.rule_code = withheld.rule_code and blind.gap_key = withheld.gap_key
    where withheld.gap_key is null
)

select
    untold.rule_code, untold.gap_key, gaps.cause, gaps.source, gaps.division, divisions.name_zh as division_name, gaps.bank_code,
    gaps.programme_code, cast(gaps.month as int) as payroll_month, gaps.delivery_key, gaps.file_name, untold.cases, untold.amount_fen
from untold
inner join gaps on untold.gap_key = gaps.gap_key
left join {{ ref('divisions') }} as divisions on gaps.division = divisions.division_code
