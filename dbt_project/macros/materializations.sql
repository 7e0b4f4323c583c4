{# A table made where it stays. A run builds into a scratch database of its own, so there is nothing to swap, to keep meanwhile or to roll back; all that
   took more of dbt's time than the SQL of the models (measured). #}
{% materialization table, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {%- do adapter.drop_relation(target) if load_cached_relation(this) is not none -%}
  {%- call statement('main', auto_begin=False) -%}{{ create_table_as(False, target, compiled_code) }}{%- endcall -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
