{# The only place where engines differ (DuckDB, Spark). Models call these and stay portable. #}

{% macro text(value) %}cast({{ value }} as {{ dbt.type_string() }}){% endmacro %}

{% macro business_date() %}cast('{{ var("business_date") }}' as date){% endmacro %}

{% macro days_between(earlier, later) %}{{ return(adapter.dispatch('days_between', 'onecard')(earlier, later)) }}{% endmacro %}
{% macro duckdb__days_between(earlier, later) %}cast(date_diff('day', {{ earlier }}, {{ later }}) as integer){% endmacro %}
{% macro spark__days_between(earlier, later) %}datediff({{ later }}, {{ earlier }}){% endmacro %}

{% macro add_days(day, count) %}{{ return(adapter.dispatch('add_days', 'onecard')(day, count)) }}{% endmacro %}
{% macro duckdb__add_days(day, count) %}cast({{ day }} + {{ count }} as date){% endmacro %}
{% macro spark__add_days(day, count) %}date_add({{ day }}, {{ count }}){% endmacro %}

{# Seconds of an instant since 1970. #}
{% macro seconds(moment) %}{{ return(adapter.dispatch('seconds', 'onecard')(moment)) }}{% endmacro %}
{% macro duckdb__seconds(moment) %}cast(floor(epoch({{ moment }})) as bigint){% endmacro %}
{% macro spark__seconds(moment) %}unix_seconds({{ moment }}){% endmacro %}

{# Items of a list written `a、b`, as two columns of a select: one row for each, and where it stands in the list. #}
{% macro list_items(value, item, position) %}{{ return(adapter.dispatch('list_items', 'onecard')(value, item, position)) }}{% endmacro %}
{% macro duckdb__list_items(value, item, position) -%}
unnest(string_split({{ value }}, '、')) as {{ item }}, cast(generate_subscripts(string_split({{ value }}, '、'), 1) - 1 as int) as {{ position }}
{%- endmacro %}
{% macro spark__list_items(value, item, position) %}posexplode(split({{ value }}, '、')) as ({{ position }}, {{ item }}){% endmacro %}

{# Midnight in Shanghai that ends the business date, as an instant: 16:00 UTC of the same day (no summer time since 1991). #}
{% macro end_of_business_date() %}{{ return(adapter.dispatch('end_of_business_date', 'onecard')()) }}{% endmacro %}
{% macro duckdb__end_of_business_date() %}cast('{{ var("business_date") }} 16:00:00+00' as timestamptz){% endmacro %}
{% macro spark__end_of_business_date() %}cast('{{ var("business_date") }} 16:00:00Z' as timestamp){% endmacro %}

{# One row per day from 2010 to 2049, column `day`. #}
{% macro day_spine() %}{{ return(adapter.dispatch('day_spine', 'onecard')()) }}{% endmacro %}
{% macro duckdb__day_spine() %}select cast(unnest(generate_series(date '2010-01-01', date '2049-12-31', interval 1 day)) as date) as day{% endmacro %}
{% macro spark__day_spine() %}select explode(sequence(date '2010-01-01', date '2049-12-31', interval 1 day)) as day{% endmacro %}

{# Monday is 1, Sunday is 7. #}
{% macro weekday(day) %}{{ return(adapter.dispatch('weekday', 'onecard')(day)) }}{% endmacro %}
{% macro duckdb__weekday(day) %}isodow({{ day }}){% endmacro %}
{% macro spark__weekday(day) %}(weekday({{ day }}) + 1){% endmacro %}

{# Day `day` of a month given as yyyymm. #}
{% macro day_of_month(month, day) %}make_date({{ year_of(month) }}, cast({{ month }} % 100 as int), cast({{ day }} as int)){% endmacro %}

{# The month after one given as yyyymm. #}
{% macro next_month(month) %}case when ({{ month }}) % 100 = 12 then ({{ month }}) + 89 else ({{ month }}) + 1 end{% endmacro %}

{# The last day of a month given as yyyymm. #}
{% macro month_end(month) %}{{ add_days(day_of_month(next_month(month), 1), -1) }}{% endmacro %}

{# Year of a month given as yyyymm, and the month as yyyymm of a day. #}
{% macro year_of(month) %}cast(floor({{ month }} / 100) as int){% endmacro %}
{% macro month_of(day) %}(year({{ day }}) * 100 + month({{ day }})){% endmacro %}

{# Months since year 0 of a month given as yyyymm. #}
{% macro months_counted(month) %}({{ year_of(month) }} * 12 + {{ month }} % 100){% endmacro %}

{# The different values of a group as one text, in order. #}
{% macro names_joined(value) %}{{ return(adapter.dispatch('names_joined', 'onecard')(value)) }}{% endmacro %}
{% macro duckdb__names_joined(value) %}string_agg(distinct {{ value }}, '、' order by {{ value }}){% endmacro %}
{% macro spark__names_joined(value) %}nullif(array_join(sort_array(collect_set({{ value }})), '、'), ''){% endmacro %}

{# Rows of a seed as literals: dbt-spark's own macro turns an empty field into the text None. Every column's type is stated (seeds/_seeds.yml). #}
{% macro spark__load_csv_rows(model, agate_table) %}
{%- set types = model.config.column_types -%}
{%- set sql -%}
insert into {{ this.render() }} values
{%- for row in agate_table.rows %}
({%- for name in agate_table.column_names -%}
    {%- set value = row[name] -%}
    cast({{ "null" if value is none else "'" ~ value | replace("\\", "\\\\") | replace("'", "\\'") ~ "'" }} as {{ types[name] }}){{ ", " if not loop.last }}
{%- endfor %}){{ "," if not loop.last }}
{%- endfor %}
{%- endset -%}
{%- do adapter.add_query(sql, abridge_sql_log=True) -%}
{{ return(sql) }}
{% endmacro %}
