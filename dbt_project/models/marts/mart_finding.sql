-- One row per finding: what, where, whose (masked), how much, since when, and how many rows prove it.
{%- set attributes = finding_attributes() %}
{%- set beside = {
    'rule_code': 'rules.title_zh, rules.title_en, rules.suite, rules.severity, rules.handler', 'division': 'divisions.name_zh as division_name',
    'person_key': 'persons.id_masked', 'card_key': 'cards.card_masked', 'name_key': 'names.name_masked'
} %}
with grouped as (
    select
        finding_id, rule_code,
        {%- for column in attributes if column not in ('finding_id', 'rule_code') %}
        max({{ column }}) as {{ column }},
        {%- endfor %}
        cast(count(distinct case when evidence_role = 'primary'
            then concat_ws('|', {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }}) end) as bigint) as case_count
    from {{ ref('int_finding_rows') }}
    where gap_key is null
    group by finding_id, rule_code
)

select
    {%- for column in attributes %}
    {{ 'case when ' ~ "grouped.rule_code = 'ID06' or slips.reason is null then grouped.reason else concat_ws('；', grouped.reason, slips.reason) end as reason" if column == 'reason' else 'grouped.' ~ column }},
    {%- if column in beside %} {{ beside[column] }},{% endif %}
    {%- endfor %}
    grouped.case_count
from grouped
inner join {{ ref('mart_rule') }} as rules on grouped.rule_code = rules.rule_code
left join {{ ref('divisions') }} as divisions on grouped.division = divisions.division_code
left join {{ source('lake', 'persons') }} as persons on grouped.person_key = persons.person_key
left join {{ ref('int_slips') }} as slips on grouped.person_key = slips.person_key
left join {{ source('lake', 'cards') }} as cards on grouped.card_key = cards.card_key
left join {{ source('lake', 'names') }} as names on grouped.name_key = names.name_key
