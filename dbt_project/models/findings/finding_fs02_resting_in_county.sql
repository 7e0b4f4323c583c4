-- Money that lay in a county pool longer than allowed, first in, first out, until it was spent or until the business date.
with counties as (
    select division_code
    from {{ ref('divisions') }}
    where level = 'county'
),

cases as (
    select
        rests.delivery_key, rests.sheet_no, rests.row_no, rests.division, rests.pool_code, rests.fiscal_year, rests.kind, rests.reference,
        rests.day as occurred_on, sum(rests.rested_fen) as rested_fen, max(rests.days) as days
    from {{ ref('int_pool_rests') }} as rests
    inner join counties on rests.division = counties.division_code
    where rests.days > {{ threshold('days') }}
    group by
        rests.delivery_key, rests.sheet_no, rests.row_no, rests.division, rests.pool_code, rests.fiscal_year, rests.kind, rests.reference,
        rests.day
)

{{ finding('FS02', ['division', 'pool_code', 'fiscal_year', 'kind', 'reference', 'occurred_on'],
    carry=['division', 'pool_code', 'occurred_on', 'days'], row_fen='rested_fen',
    doc_no="case when kind <> 'returned' then reference end", voucher_no="case when kind = 'returned' then reference end") }}
