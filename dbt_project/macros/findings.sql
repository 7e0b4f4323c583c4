{# What every finding returns, in this order; attributes not given are null. #}
{% macro finding_shape() %}
{{ return([
    ('finding_id', 'string'), ('rule_code', 'string'), ('division', 'string'), ('township', 'string'), ('village', 'string'),
    ('pool_code', 'string'), ('programme_code', 'string'), ('payroll_month', 'int'), ('person_key', 'bigint'),
    ('household_key', 'bigint'), ('card_key', 'bigint'), ('name_key', 'bigint'), ('doc_no', 'string'), ('voucher_no', 'string'),
    ('bank_code', 'string'), ('batch_no', 'string'), ('occurred_on', 'date'), ('amount_fen', 'bigint'), ('days', 'int'),
    ('reason', 'string'), ('gap_key', 'string'), ('evidence_role', 'string'), ('delivery_key', 'bigint'), ('sheet_no', 'int'), ('row_no', 'int')
]) }}
{% endmacro %}

{# Columns of a finding as a whole, without those of its rows of evidence and of what blinds the rule. #}
{% macro finding_attributes() %}
{%- set names = [] -%}
{%- for name, kind in finding_shape() if name not in ('gap_key', 'evidence_role', 'delivery_key', 'sheet_no', 'row_no') -%}{%- do names.append(name) -%}{%- endfor -%}
{{ return(names) }}
{% endmacro %}

{# The end of every finding: each row of `cases` is wrong (primary); the row it contradicts, whose reference stands in the columns
   `<against>_delivery_key`, `_sheet_no`, `_row_no`, supports it. `key`: columns of the finding's natural key; `carry`: attributes that
   have a column of their own name in `cases`; others are given by name. `row_fen`: money of one row, summed over the finding;
   `amount_fen` instead: money of the finding as a whole. `role`: column that says primary or supporting for each row.
   Rows of cases that rest on what was not read keep the gap (`gap_key`): no finding, but told in mart_not_judged (see judged_cases).
   Attributes come out constant within the finding and belong together: they are those of its first row (a primary one with a place, by
   date, month, person, card and batch, so that files cut otherwise say the same). Days are the most of any row, money given by row the sum. #}
{% macro finding(code, key, cases='cases', carry=[], against=none, row_fen=none, role=none) %}
{%- set attributes = dict(kwargs) -%}
{%- for name in carry -%}{%- do attributes.update({name: name}) -%}{%- endfor -%}
{%- if row_fen -%}{%- do attributes.update({'amount_fen': row_fen}) -%}{%- endif -%}
{%- set folds = {'days': 'max', 'amount_fen': 'sum' if row_fen else 'max', 'reason': 'max'} -%}
{%- set parts = [] -%}
{%- for column in key -%}{%- do parts.append("coalesce(" ~ text(column) ~ ", '-')") -%}{%- endfor -%}
{{ judged_cases(cases, key, role) }}
, keyed as (
    select
        cases_judged.delivery_key, cases_judged.sheet_no, cases_judged.row_no, cases_judged.told_gap_key,
        {%- if against %}
        cases_judged.{{ against }}_delivery_key, cases_judged.{{ against }}_sheet_no, cases_judged.{{ against }}_row_no,
        {%- endif %}
        {%- if role %}
        cases_judged.{{ role }} as evidence_role,
        {%- endif %}
        {%- for name, column in attributes.items() %}
        {%- if name in folds %}
        {{ folds[name] }}({{ column }}) over same_finding as {{ name }},
        {%- else %}
        first_value({{ column }}) over by_row as {{ name }},
        {%- endif %}
        {%- endfor %}
        concat_ws(':', '{{ code }}', concat_ws('|', {{ parts | join(', ') }})) as finding_id
    from cases_judged
    window
        same_finding as (partition by {{ key | join(', ') }}, case when told_gap_key is null then 1 else 0 end),
        by_row as (partition by {{ key | join(', ') }}, case when told_gap_key is null then 1 else 0 end order by
            {%- if role %} case when {{ role }} = 'primary' then 0 else 1 end,{% endif %}
            {%- if 'division' in attributes %} case when {{ attributes['division'] }} is null then 1 else 0 end,{% endif %}
            {%- for name in ['occurred_on', 'payroll_month', 'person_key', 'card_key', 'batch_no'] if name in attributes %} {{ attributes[name] }} nulls last,{% endfor %}
            delivery_key nulls last, sheet_no nulls last, row_no nulls last)
)

{% set columns = dict(attributes, finding_id='finding_id', gap_key='told_gap_key') -%}
{%- for name in attributes -%}{%- do columns.update({name: name}) -%}{%- endfor -%}
{%- do columns.update({'evidence_role': 'evidence_role' if role else "'primary'"}) -%}
select
    {{- finding_columns(code, **columns) }}
from keyed
{%- if against %}
{%- do columns.update({'evidence_role': "'supporting'"}) -%}
{%- for name in ['delivery_key', 'sheet_no', 'row_no'] -%}{%- do columns.update({name: against ~ '_' ~ name}) -%}{%- endfor %}
union all
select
    {{- finding_columns(code, **columns) }}
from keyed
where {{ against }}_row_no is not null
{%- endif %}
{%- endmacro %}

{# Select list of a finding: the columns given by name, nulls for the others. #}
{% macro finding_columns(code) %}
{%- set given = {'rule_code': "'" ~ code ~ "'", 'delivery_key': 'delivery_key', 'sheet_no': 'sheet_no', 'row_no': 'row_no'} -%}
{%- do given.update(kwargs) -%}
{%- for name, kind in finding_shape() %}
    cast({{ given.get(name, 'null') }} as {{ dbt.type_string() if kind == 'string' else kind }}) as {{ name }}{{ "," if not loop.last }}
{%- endfor -%}
{% endmacro %}

{# A threshold of the rule being built, from the metadata beside its SQL: the one place where it stands. #}
{% macro threshold(name) -%}
{%- if execute -%}{{ model.config.meta.threshold[name].value }}{%- else -%}0{%- endif -%}
{%- endmacro %}

{# Models of the findings folder, handed in by whoever runs dbt: a new rule appears in the marts without an edit there.
   Parsing works without them; a build that forgot one would publish too few findings, so it stops. #}
{% macro finding_models() %}
{%- set names = var('finding_models', []) | sort -%}
{%- if execute -%}
{%- set known = [] -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and 'finding' in node.tags -%}{%- do known.append(node.name) -%}{%- endfor -%}
{%- if known | sort != names -%}
{{ exceptions.raise_compiler_error("var finding_models must name every rule; given " ~ names | join(', ') ~ "; known " ~ known | sort | join(', ')) }}
{%- endif -%}
{%- endif -%}
{{ return(names) }}
{% endmacro %}

{# Metadata of every rule by code, as it stands beside the rules' SQL; empty while dbt only parses. #}
{% macro rules_meta() %}
{%- set found = {} -%}
{%- if execute -%}
{%- for name in finding_models() -%}
{%- set meta = graph.nodes['model.onecard.' ~ name].config.meta -%}
{%- do found.update({meta.code: meta}) -%}
{%- endfor -%}
{%- endif -%}
{{ return(found) }}
{% endmacro %}

{# The rule whose business money at rest in a place is (`watches` of its metadata), null when it is nobody's. #}
{% macro rule_watching(place, level) %}
cast(case
    when false then null
    {%- for code, meta in rules_meta().items() %}
    {%- for watch in meta.watches | default([]) %}
    when {{ place }} = '{{ watch.place }}'{% if watch.levels %} and {{ level }} in ('{{ watch.levels | join("', '") }}'){% endif %} then '{{ code }}'
    {%- endfor %}
    {%- endfor %}
end as {{ dbt.type_string() }})
{%- endmacro %}

{# Whether a rule accuses different names: of all of its person's (`all`), or of the finding's own (`found`). #}
{% macro accuses_names(rule_code, which) %}
{{ rule_code }} in (''{% for code, meta in rules_meta().items() if meta.accuses_names == which %}, '{{ code }}'{% endfor %})
{%- endmacro %}

{# A number that stands for somebody: no invalid one (that is ID01) and no stand-in for a missing one. #}
{% macro is_recognised(status) %}({{ status }} not like 'invalid%' and {{ status }} <> 'placeholder'){% endmacro %}

{# What is wrong with a number, in words. #}
{% macro id_status_words(status) -%}
case {{ status }}
        when 'invalid_length' then '证件号位数不对 · wrong number of digits in the ID number'
        when 'invalid_characters' then '证件号含有不应有的字符 · invalid characters in the ID number'
        when 'invalid_date' then '证件号中的出生日期不存在 · birth date in the ID number does not exist'
        when 'invalid_division' then '证件号中的区划从未有过 · division in the ID number never existed'
        when 'invalid_check' then '证件号校验位不符 · invalid check digit in the ID number'
    end
{%- endmacro %}

{# Two names under one number, masked, and how they differ. #}
{% macro names_apart(name, where_zh, where_en, other_name, reason) -%}
concat_ws('', '户名“', {{ name }}, '”与{{ where_zh }}“', {{ other_name }}, '”：', {{ reason }}, '；身份证号一致 · name “', {{ name }}, '” against “',
    {{ other_name }}, '”{{ where_en }}; same ID number')
{%- endmacro %}
