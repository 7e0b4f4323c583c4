-- Rows that a later delivery told again or took back; what a delivery tells that waits for an answer counts for nothing.
with obeyed as (
    select pairs.source, pairs.series, pairs.earlier_key, pairs.later_key, pairs.relation
    from {{ ref('stg_delivery_pairs') }} as pairs
    left join {{ ref('stg_held_deliveries') }} as held on pairs.later_key = held.delivery_key
    where held.delivery_key is null
),

restated as (
    select told.delivery_key, told.sheet_no, told.row_no
    from {{ ref('stg_told_rows') }} as told
    inner join obeyed
        on told.source = obeyed.source and told.series = obeyed.series and told.delivery_key = obeyed.earlier_key
    where obeyed.relation = 'restates'
),

-- One fact told twice is one fact: of an update whatever has its key, of an addition what is told alike. A person on the lists of two townships is
-- on two lists.
told_again as (
    select earlier.delivery_key, earlier.sheet_no, earlier.row_no
    from {{ ref('stg_told_rows') }} as earlier
    inner join obeyed
        on earlier.source = obeyed.source and earlier.series = obeyed.series and earlier.delivery_key = obeyed.earlier_key
    inner join {{ ref('stg_told_rows') }} as later
        on obeyed.source = later.source and obeyed.series = later.series and obeyed.later_key = later.delivery_key
        and earlier.row_key = later.row_key and coalesce(earlier.place = later.place, true)
    where obeyed.relation = 'updates'
        or (obeyed.relation = 'adds' and coalesce(earlier.fen = later.fen, true) and earlier.occurrence = later.occurrence)
)

select delivery_key, sheet_no, row_no from restated
union
select delivery_key, sheet_no, row_no from told_again
