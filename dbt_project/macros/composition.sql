{# How deliveries of each source make one whole, handed in from the contracts (onecard/catalogue/sources.py). #}
{% macro compositions() %}{{ return(var('compositions', {})) }}{% endmacro %}

{# The series a row belongs to: what a later delivery may speak of again. A day counts by its month. #}
{% macro series_of(composition, rows, deliveries) -%}
concat_ws('|'
    {%- for column, counts in composition.series -%}
    , coalesce({{ text(deliveries ~ '.period' if counts == 'period' else month_of(rows ~ '.' ~ column) if counts == 'month' else rows ~ '.' ~ column) }}, '-')
    {%- endfor -%}
)
{%- endmacro %}

{# What one row of a series is about. #}
{% macro row_key_of(composition, rows) -%}
concat_ws('|'{% for column in composition.row_key %}, coalesce({{ text(rows ~ '.' ~ column) }}, '-'){% endfor %})
{%- endmacro %}

{# Sources for which a flag of their contract is set, as the list of an SQL `in`. #}
{% macro sources_that(flag) -%}
(''{% for name, composition in compositions().items() if composition[flag] %}, '{{ name }}'{% endfor %})
{%- endmacro %}

{# Whether a restatement drops so much of the keys or the fen of what it restates that a person must say so (DOMAIN: more than 20 %). #}
{% macro drops_much(before, after) %}({{ before }} - {{ after }}) * 100 > {{ before }} * {{ var('restatement_drops_percent', 20) }}{% endmacro %}

{# Rows of a table of the lake that are in force: `rows_` of a delivery that is, and told by no later one. #}
{% macro in_force(table) -%}
from {{ source('lake', table) }} as rows_
inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key and deliveries.is_in_force
left join {{ ref('stg_replaced_rows') }} as replaced
    on rows_.delivery_key = replaced.delivery_key and rows_.sheet_no = replaced.sheet_no and rows_.row_no = replaced.row_no
{%- endmacro %}
