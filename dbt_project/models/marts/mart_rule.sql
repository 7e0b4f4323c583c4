-- The rule catalogue, from the metadata that stands beside each rule's SQL.
{%- set names = finding_models() %}
{%- if execute %}
{%- set found = [] %}
{%- for name in names | sort %}
{%- do found.append(graph.nodes['model.onecard.' ~ name]) %}
{%- endfor %}
{%- for node in found %}
{%- set meta = node.config.meta %}
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
