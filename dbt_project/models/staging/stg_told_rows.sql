-- Rows of series of which several deliveries speak: what each is about, its money and place, and which of its kind in its delivery it is.
with shared as (
    select source, delivery_key, series
    from {{ ref('stg_delivery_series') }}
    where is_shared
),

told as (
    {%- for name, composition in compositions().items() %}
    {%- set holder = 'held' if composition.table else 'rows_' %}
    select
        shared.source, shared.series, rows_.delivery_key, rows_.sheet_no, rows_.row_no, {{ row_key_of(composition, 'rows_') }} as row_key,
        {{ 'rows_.' ~ composition.money if composition.money else 'cast(null as bigint)' }} as fen,
        {{ text('rows_.' ~ composition.place if composition.place else 'null') }} as place
    from {{ source("lake", name) }} as rows_
    inner join {{ ref('stg_known_deliveries') }} as known on rows_.delivery_key = known.delivery_key
    {%- if composition.table %}
    inner join (
        select distinct delivery_key{% for column, counts in composition.series %}, {{ column }}{% endfor %}
        from {{ source('lake', composition.table) }}
    ) as held
        on rows_.delivery_key = held.delivery_key
        {%- for column, counts in composition.series if column != 'division' %} and rows_.{{ column }} = held.{{ column }}{% endfor %}
    {%- endif %}
    inner join shared
        on shared.source = '{{ name }}' and rows_.delivery_key = shared.delivery_key
        and {{ series_of(composition, holder, 'known') }} = shared.series
    where rows_.delivery_key in (select delivery_key from shared)
    {{ "union all" if not loop.last }}
    {%- else %}
    select
        source, series, delivery_key, cast(null as int) as sheet_no, cast(null as int) as row_no, series as row_key,
        cast(null as bigint) as fen, cast(null as {{ dbt.type_string() }}) as place
    from shared
    where false
    {%- endfor %}
)

select
    source, series, delivery_key, sheet_no, row_no, row_key, fen, place,
    row_number() over (
        partition by source, series, delivery_key, row_key, fen order by sheet_no nulls last, row_no nulls last
    ) as occurrence
from told
