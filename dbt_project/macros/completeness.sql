{# The month as yyyymm that a row's cell is of: of its days the first that is known, else its month, else the period of its delivery. #}
{% macro month_of_cell(cell, rows, deliveries) -%}
coalesce(
    {%- for column, counts in cell.months %}
    {{- month_of(rows ~ '.' ~ column) if counts == 'day' else month_of_period(deliveries ~ '.period') if counts == 'period' else rows ~ '.' ~ column }},
    {%- endfor %} null)
{%- endmacro %}

{# A period that is one month. #}
{% macro month_of_period(period) -%}case when length({{ period }}) = 6 then cast({{ period }} as int) end{%- endmacro %}

{# The day by which the files of a month are due; `schedule` is delivery_schedule. #}
{% macro due_day(month) %}{{ add_days(month_end(month), 'schedule.due_days') }}{% endmacro %}

{# A cell as one text: source, division, bank, programme, month. #}
{% macro cell_name() -%}
concat_ws('|'{% for part in varargs %}, coalesce({{ text(part) }}, '*'){% endfor %})
{%- endmacro %}

{# What names a gap (`cause` or a text that begins with it) behind a digit, so that the least is the one to tell first: a file at hand before one that did
   not come, for somebody can do something about it. The order is that of the catalogue. #}
{% macro ranked(name, cause='cause') -%}
concat_ws('|',
    case {{ cause }}{% for known in var('gap_causes') %} when '{{ known }}' then '{{ loop.index }}'{% endfor %} end,
    {{ name }})
{%- endmacro %}
{% macro without_rank(name) %}substr({{ name }}, 3){% endmacro %}

{# Whether a part of a gap's scope touches that of a case: what either does not say may be the other's. #}
{% macro may_be(gap, case) %}coalesce({{ gap }} = {{ case }}, true){% endmacro %}

{# Whether a gap may be about the person of a case: one of the marks (`column` of a gap, or `column=column of the case`) agrees, or both show none. #}
{% macro may_be_about(who, gaps, cases) -%}
{%- set marks = {'person_key': ['person_key', 'head_person_key'], 'head_person_key': ['head_person_key', 'person_key'], 'name_key': ['name_key'],
    'card_key': ['card_key']} -%}
(
    {{ gaps }}.is_of_everybody
    {%- for mark in who %}{% set told = mark.split('=') %}{% for column in marks[told[0]] %}
    or {{ gaps }}.{{ column }} = {{ cases }}.{{ told[-1] }}
    {%- endfor %}{% endfor %}
    or (
        {%- for mark in who %}{% set told = mark.split('=') %}
        {{ "and " if not loop.first }}({{ gaps }}.{{ told[0] }} is null or {{ cases }}.{{ told[-1] }} is null)
        {%- endfor %}
    )
)
{%- endmacro %}

{# What the conclusions of the rule being built rest on, from the metadata beside its SQL. #}
{% macro needs() %}{{ return(model.config.meta.needs | default([]) if execute else []) }}{% endmacro %}

{# CTEs after `cases`: `cases_judged` gives each of its rows the first gap that blinds the rule for it (`gap_key`, null where nothing does). A finding is
   judged while one of its primary rows is. `key` and `role` as of `finding`. #}
{% macro judged_cases(cases, key, role) %}
{%- do ref('int_gaps') -%}
{%- set resting = [] -%}{%- for need in needs() if not need.blind -%}{%- do resting.append(need) -%}{%- endfor %}
{%- if resting %}
, cases_numbered as (
    select
        {{ cases }}.*,
        row_number() over (order by delivery_key nulls last, sheet_no nulls last, row_no nulls last) as case_no
    from {{ cases }}
),

cases_blinded as (
    select case_no, min(gap_key) as gap_key  -- ranked
    from (
        {%- for need in resting %}
        select cases_numbered.case_no, {{ ranked('gaps.gap_key', 'gaps.cause') }} as gap_key
        from cases_numbered
        inner join {{ ref('int_gaps') }} as gaps
            on gaps.source = '{{ need.source }}'
            {%- if not need.pending %} and gaps.cause <> 'pending'{% endif %}
            {%- for column in need.by | default([]) %}
            and {{ may_be('gaps.' ~ column.split('=')[0], 'cases_numbered.' ~ column.split('=')[-1]) }}
            {%- endfor %}
            {%- if need.month %}
            and {{ may_be('gaps.month', 'cases_numbered.' ~ need.month) }}
            {%- endif %}
            {%- if need['from'] %}
            and coalesce(gaps.month >= cases_numbered.{{ need['from'] }}, true)
            {%- endif %}
            {%- if need.upto %}
            and coalesce(gaps.month <= cases_numbered.{{ need.upto }}, true)
            {%- endif %}
            {%- if need.named %}
            and (gaps.cause <> 'quarantined' or not gaps.is_of_everybody)
            {%- endif %}
            {%- if need.who %}
            and {{ may_be_about(need.who, 'gaps', 'cases_numbered') }}
            {%- endif %}
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as touched
    group by case_no
),

cases_weighed as (
    select
        cases_numbered.*, cases_blinded.gap_key,
        count(*) filter (
            where cases_blinded.gap_key is null{% if role %} and cases_numbered.{{ role }} = 'primary'{% endif %}
        ) over same_case as judged_rows,
        min(cases_blinded.gap_key) over same_case as first_gap_key
    from cases_numbered
    left join cases_blinded on cases_numbered.case_no = cases_blinded.case_no
    window same_case as (partition by {{ key | join(', ') }})
),

cases_judged as (
    select
        cases_weighed.*,
        {{ without_rank("case when judged_rows = 0 then first_gap_key " ~ ("when " ~ role ~ " = 'supporting' then null " if role else "") ~ "else gap_key end") }}
            as told_gap_key
    from cases_weighed
)
{%- else %}
, cases_judged as (
    select {{ cases }}.*, cast(null as {{ dbt.type_string() }}) as told_gap_key
    from {{ cases }}
)
{%- endif %}
{%- endmacro %}
