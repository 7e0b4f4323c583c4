-- Rows of evidence of all rules in one table, those that were not judged (`gap_key`) among them.
{%- for name in finding_models() %}
select {% for column, kind in finding_shape() %}{{ column }}{{ ", " if not loop.last }}{% endfor %} from {{ ref(name) }}
{{ "union all" if not loop.last }}
{%- endfor %}
