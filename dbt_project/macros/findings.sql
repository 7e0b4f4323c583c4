{# What every finding returns, in this order; attributes not given are null. #}
{% macro finding_shape() %}
{{ return([
    ('finding_id', 'string'), ('rule_code', 'string'), ('division', 'string'), ('township', 'string'), ('village', 'string'),
    ('pool_code', 'string'), ('programme_code', 'string'), ('payroll_month', 'int'), ('person_key', 'bigint'),
    ('household_key', 'bigint'), ('card_key', 'bigint'), ('name_key', 'bigint'), ('doc_no', 'string'), ('voucher_no', 'string'),
    ('bank_code', 'string'), ('batch_no', 'string'), ('occurred_on', 'date'), ('amount_fen', 'bigint'), ('days', 'int'),
    ('evidence_role', 'string'), ('delivery_key', 'bigint'), ('sheet_no', 'int'), ('row_no', 'int')
]) }}
{% endmacro %}

{# Select list of a finding: `code`, `key` (list of columns of its natural key), `row` (alias of the evidence row), attributes. #}
{% macro finding_columns(code, key, row, role='primary') %}
{%- set given = {'rule_code': "'" ~ code ~ "'", 'evidence_role': "'" ~ role ~ "'",
                 'delivery_key': row ~ '.delivery_key', 'sheet_no': row ~ '.sheet_no', 'row_no': row ~ '.row_no'} -%}
{%- do given.update(kwargs) -%}
{%- set parts = [] -%}
{%- for column in key -%}{%- do parts.append("coalesce(" ~ text(column) ~ ", '-')") -%}{%- endfor -%}
{%- do given.update({'finding_id': "concat('" ~ code ~ ":', concat_ws('|', " ~ parts | join(', ') ~ "))"}) -%}
{%- for name, kind in finding_shape() %}
    cast({{ given.get(name, 'null') }} as {{ dbt.type_string() if kind == 'string' else kind }}) as {{ name }}{{ "," if not loop.last }}
{%- endfor -%}
{% endmacro %}

{# A threshold of the rule being built, from the metadata beside its SQL: the one place where it stands. #}
{% macro threshold(name) -%}
{%- if execute -%}{{ model.config.meta.threshold[name].value }}{%- else -%}0{%- endif -%}
{%- endmacro %}

{# Models of the findings folder, handed in by whoever runs dbt: a new rule appears in the marts without an edit there. #}
{% macro finding_models() %}{{ return(var('finding_models')) }}{% endmacro %}
