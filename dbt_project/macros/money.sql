{# Sums of fen: wide inside, bigint outside; an empty sum is zero. #}
{% macro sum_fen(value, condition=none) -%}
coalesce(cast(sum(cast({{ value }} as decimal(38, 0))){% if condition %} filter (where {{ condition }}){% endif %} as bigint), cast(0 as bigint))
{%- endmacro %}

{# What several files state together; null unless each of them states it. #}
{% macro sum_stated(value, kind) -%}
case when count(*) = count({{ value }}) then cast(sum({{ value }}) as {{ kind }}) end
{%- endmacro %}
