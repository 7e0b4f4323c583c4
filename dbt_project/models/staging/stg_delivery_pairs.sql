-- What a later delivery of a series is to an earlier one: it restates it, updates rows, adds to it, stands beside it, or a person must say.
with keys as (
    select
        told.source, told.series, told.delivery_key, told.row_key, sum(abs(coalesce(told.fen, 0))) as fen, known.arrival
    from {{ ref('stg_told_rows') }} as told
    inner join {{ ref('stg_known_deliveries') }} as known on told.delivery_key = known.delivery_key
    group by told.source, told.series, told.delivery_key, told.row_key, known.arrival
),

sizes as (
    select source, series, delivery_key, arrival, count(*) as row_keys, sum(fen) as fen
    from keys
    group by source, series, delivery_key, arrival
),

common as (
    select
        earlier.source, earlier.series, earlier.delivery_key as earlier_key, later.delivery_key as later_key, count(*) as row_keys,
        sum(case when earlier.fen = later.fen then 1 else 0 end) as alike
    from keys as earlier
    inner join keys as later
        on earlier.source = later.source and earlier.series = later.series and earlier.row_key = later.row_key
        and earlier.arrival < later.arrival
    group by earlier.source, earlier.series, earlier.delivery_key, later.delivery_key
),

pairs as (
    select
        earlier.source, earlier.series, earlier.delivery_key as earlier_key, later.delivery_key as later_key, earlier.arrival as earlier_arrival,
        later.arrival as later_arrival, coalesce(common.row_keys, 0) as common_keys, coalesce(common.alike, 0) as common_alike,
        later.row_keys as later_keys, {{ drops_much('earlier.row_keys', 'coalesce(common.row_keys, 0)') }} or {{ drops_much('earlier.fen', 'later.fen') }}
            as drops_much,
        max(coalesce(common.row_keys, 0)) over (partition by later.source, later.series, later.delivery_key) as most_common_keys
    from sizes as earlier
    inner join sizes as later on earlier.source = later.source and earlier.series = later.series and earlier.arrival < later.arrival
    left join common
        on earlier.source = common.source and earlier.series = common.series and earlier.delivery_key = common.earlier_key
        and later.delivery_key = common.later_key
),

told as (
    select
        pairs.*, later.kind, later.answer,
        earlier.source in {{ sources_that('offices_report_alone') }} and earlier.office <> later.office as is_of_another_office,
        earlier.source in {{ sources_that('omission_retracts') }} as omission_retracts
    from pairs
    inner join {{ ref('stg_known_deliveries') }} as earlier on pairs.earlier_key = earlier.delivery_key
    inner join {{ ref('stg_known_deliveries') }} as later on pairs.later_key = later.delivery_key
)

select
    source, series, earlier_key, later_key, earlier_arrival, later_arrival,
    case
        when answer = 'restatement' and (common_keys > 0 or most_common_keys = 0) then 'restates'
        when answer = 'part' then 'updates'
        when answer is not null then 'adds'
        when coalesce(is_of_another_office, false) then 'beside'
        when kind = 'restatement' and most_common_keys = 0 then 'question'
        when common_keys = 0 or kind = 'supplement' then 'adds'
        when not drops_much then 'restates'
        when kind = 'part' or (kind is null and not omission_retracts) then 'updates'
        -- Mostly of other facts, and what both tell is told alike.
        when kind is null and common_keys = common_alike and common_keys * 5 <= later_keys then 'adds'
        else 'question'
    end as relation
from told
