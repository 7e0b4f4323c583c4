{# All data tests of a whole build in one statement, at its end: how many rows of each fail, in the table `data_tests`. As nodes of their own they took
   a third of dbt's time (measured). For a build that leaves them out (`--exclude-resource-type test`); tests that dbt itself runs are not repeated. #}
{% macro data_tests_at_once() %}
  {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list -%}
  {%- if execute and flags.WHICH == 'build' and not failed -%}
    {%- set counts = [] -%}
    {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'test') | sort(attribute='name') -%}
      {%- if node.unique_id not in selected_resources and node.depends_on.nodes | reject('in', selected_resources) | list | length == 0 -%}
        {%- do counts.append("select '" ~ node.name ~ "' as test, count(*) as failures from (" ~ failing_rows(node) ~ ") as failing") -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if counts -%}
      create table {{ target.schema }}.data_tests as
      {{ counts | join('\nunion all\n') }}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{# What dbt's own test of that name selects. #}
{% macro failing_rows(node) %}
  {%- set asked = dict(node.test_metadata.kwargs, model=graph.nodes[node.attached_node].relation_name) -%}
  {%- if 'to' in asked -%}
    {%- set other = (node.depends_on.nodes | reject('equalto', node.attached_node) | list + [node.attached_node])[0] -%}
    {%- do asked.update({'to': graph.nodes[other].relation_name}) -%}
  {%- endif -%}
  {{ return(context['test_' ~ node.test_metadata.name](**asked)) }}
{% endmacro %}
