{# Sums of fen: wide inside, bigint outside; an empty sum is zero. #}
{% macro sum_fen(value, condition=none) -%}
coalesce(cast(sum(cast({{ value }} as decimal(38, 0))){% if condition %} filter (where {{ condition }}){% endif %} as bigint), cast(0 as bigint))
{%- endmacro %}

{# Document numbers as typists vary them: 〔2018〕, [2018], (2018), 【2018】, spaces. #}
{% macro tidy_doc_no(value) -%}
{%- set ns = namespace(expression=value) -%}
{%- for odd, even in [(' ', ''), ('　', ''), ('[', '〔'), (']', '〕'), ('［', '〔'), ('］', '〕'), ('(', '〔'), (')', '〕'), ('（', '〔'), ('）', '〕'), ('【', '〔'), ('】', '〕')] -%}
{%- set ns.expression = "replace(" ~ ns.expression ~ ", '" ~ odd ~ "', '" ~ even ~ "')" -%}
{%- endfor -%}
{{ ns.expression }}
{%- endmacro %}
