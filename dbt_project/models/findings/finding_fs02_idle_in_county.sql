-- Money that lay in a county pool longer than allowed, until it was spent or until the business date; `reason` says which.
with counties as (
    select division_code
    from {{ ref('divisions') }}
    where level = 'county'
),

rested as (
    select
        rests.delivery_key, rests.sheet_no, rests.row_no, rests.division, rests.pool_code, rests.fiscal_year, rests.kind, rests.reference,
        rests.day as occurred_on, sum(rests.rested_fen) as rested_fen, max(rests.days) as days,
        max(case when not rests.is_resting then rests.days end) as days_until_left,
        max(case when rests.is_resting then 1 else 0 end) as has_rest
    from {{ ref('int_pool_rests') }} as rests
    inner join counties on rests.division = counties.division_code
    where rests.days > {{ threshold('days') }}
    group by
        rests.delivery_key, rests.sheet_no, rests.row_no, rests.division, rests.pool_code, rests.fiscal_year, rests.kind, rests.reference,
        rests.day
),

-- A finding may have several rows; it says once what became of its money.
told as (
    select
        rested.*,
        max(has_rest) over same_finding as finding_has_rest,
        max(days_until_left) over same_finding as finding_days_until_left
    from rested
    window same_finding as (partition by division, pool_code, fiscal_year, kind, reference, occurred_on)
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, fiscal_year, kind, reference, occurred_on, rested_fen, days, (fiscal_year - 1) * 100 + 1 as from_month,
        {{ month_of(add_days('occurred_on', threshold('days'))) }} as upto_month,
        case
            when finding_days_until_left is null then '仍在池中 · still in the pool'
            when finding_has_rest = 0
                then concat_ws('', {{ text('finding_days_until_left') }}, ' 天后拨出 · left the pool after ', {{ text('finding_days_until_left') }}, ' days')
            else concat_ws(
                '', '一部分仍在池中，一部分最迟 ', {{ text('finding_days_until_left') }}, ' 天后拨出 · part still in the pool, part left after up to ',
                {{ text('finding_days_until_left') }}, ' days'
            )
        end as reason
    from told
)

{{ finding('FS02', ['division', 'pool_code', 'fiscal_year', 'kind', 'reference', 'occurred_on'],
    carry=['division', 'pool_code', 'occurred_on', 'days', 'reason'], row_fen='rested_fen',
    doc_no="case when kind <> 'returned' then reference end", voucher_no="case when kind = 'returned' then reference end") }}
