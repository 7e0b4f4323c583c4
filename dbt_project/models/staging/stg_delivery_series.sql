-- Of which series each delivery has rows, and whether another delivery has some, too.
with spoken_of as (
    {%- for name, composition in compositions().items() %}
    select distinct '{{ name }}' as source, rows_.delivery_key, {{ series_of(composition, 'rows_', 'known') }} as series
    from (
        select distinct delivery_key{% for column, counts in composition.series if counts != 'period' %}, {{ column }}{% endfor %}
        from {{ source('lake', composition.table or name) }}
    ) as rows_
    inner join {{ ref('stg_known_deliveries') }} as known on rows_.delivery_key = known.delivery_key
    {{ "union all" if not loop.last }}
    {%- else %}
    select source, delivery_key, scope as series
    from {{ ref('stg_known_deliveries') }}
    {%- endfor %}
),

counted as (
    select source, delivery_key, series, count(*) over (partition by source, series) as deliveries
    from spoken_of
)

select source, delivery_key, series, deliveries > 1 as is_shared
from counted
