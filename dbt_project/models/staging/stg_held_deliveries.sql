-- Deliveries that wait for an answer, with the first one that each would contradict: they restate one that is still in force, and drop much of it.
with asked as (
    select distinct later_key as delivery_key
    from {{ ref('stg_delivery_pairs') }}
    where relation = 'question'
),

-- Restated meanwhile by a delivery about which nothing is asked: what a later one drops of it is no loss.
settled as (
    select pairs.source, pairs.series, pairs.earlier_key, min(pairs.later_arrival) as settled_arrival
    from {{ ref('stg_delivery_pairs') }} as pairs
    left join asked on pairs.later_key = asked.delivery_key
    where pairs.relation = 'restates' and asked.delivery_key is null
    group by pairs.source, pairs.series, pairs.earlier_key
),

questions as (
    select
        pairs.later_key as delivery_key, pairs.earlier_key, pairs.series,
        row_number() over (
            partition by pairs.later_key order by pairs.earlier_arrival nulls last, pairs.series nulls last
        ) as turn
    from {{ ref('stg_delivery_pairs') }} as pairs
    left join settled
        on pairs.source = settled.source and pairs.series = settled.series and pairs.earlier_key = settled.earlier_key
    where pairs.relation = 'question' and coalesce(settled.settled_arrival > pairs.later_arrival, true)
)

select delivery_key, earlier_key, series
from questions
where turn = 1
