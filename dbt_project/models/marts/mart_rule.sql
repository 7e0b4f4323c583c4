-- The rule catalogue, from the metadata that stands beside each rule's SQL.
{%- if execute %}
{%- for meta in rules_meta().values() %}
{%- if not loop.first %}
union all
{%- endif %}
select
    {%- for field in ['code', 'title_zh', 'title_en', 'suite', 'severity', 'seed_phrase', 'legal_basis', 'basis_confidence', 'handler', 'false_alarms_zh', 'false_alarms_en'] %}
    cast('{{ meta[field] | replace("'", "''") }}' as {{ dbt.type_string() }}) as {{ 'rule_code' if field == 'code' else field }},
    {%- endfor %}
    cast('{% for key, value in (meta.threshold | default({})).items() %}{{ key }}={{ value.value }} {{ value.unit }}{{ "; " if not loop.last }}{% endfor %}' as {{ dbt.type_string() }}) as threshold
{%- endfor %}
{%- else %}
select 1 as rule_code
{%- endif %}
