{# Sums of fen: wide inside, bigint outside; an empty sum is zero. #}
{% macro sum_fen(value, condition=none) -%}
coalesce(cast(sum(cast({{ value }} as decimal(38, 0))){% if condition %} filter (where {{ condition }}){% endif %} as bigint), cast(0 as bigint))
{%- endmacro %}

{# Document numbers in lakes of before the contract made them alike on receipt; a test holds this to onecard/words/doc_numbers.py. #}
{% macro tidy_doc_no(value) -%}
{%- set ns = namespace(expression=value) -%}
{%- for odd in [' ', '　'] -%}
{%- set ns.expression = "replace(" ~ ns.expression ~ ", '" ~ odd ~ "', '')" -%}
{%- endfor -%}
{%- for odd in '[［({（｛【〖「『《<＜' -%}
{%- set ns.expression = "replace(" ~ ns.expression ~ ", '" ~ odd ~ "', '〔')" -%}
{%- endfor -%}
{%- for odd in ']］)}）｝】〗」』》>＞' -%}
{%- set ns.expression = "replace(" ~ ns.expression ~ ", '" ~ odd ~ "', '〕')" -%}
{%- endfor -%}
{{ ns.expression }}
{%- endmacro %}
