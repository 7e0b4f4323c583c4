-- The monthly standard of each county, programme and category by month: the county's own, else that of the nearest level above. One row where it is clear.
with lineage as (
    select division_code as county, division_code, 0 as distance
    from {{ ref('divisions') }}
    union all
    select county.division_code as county, county.parent_code as division_code, 1 as distance
    from {{ ref('divisions') }} as county
    union all
    select county.division_code as county, city.parent_code as division_code, 2 as distance
    from {{ ref('divisions') }} as county
    inner join {{ ref('divisions') }} as city on county.parent_code = city.division_code
    union all
    select county.division_code as county, province.parent_code as division_code, 3 as distance
    from {{ ref('divisions') }} as county
    inner join {{ ref('divisions') }} as city on county.parent_code = city.division_code
    inner join {{ ref('divisions') }} as province on city.parent_code = province.division_code
),

months as (
    select distinct division, programme_code, category, payroll_month
    from {{ ref('stg_payment_rolls') }}
    where category is not null
),

offered as (
    select months.division, months.programme_code, months.category, months.payroll_month, standards.monthly_fen, lineage.distance,
        min(lineage.distance) over (
            partition by months.division, months.programme_code, months.category, months.payroll_month
        ) as nearest
    from months
    inner join lineage on months.division = lineage.county
    inner join {{ ref('standards') }} as standards
        on lineage.division_code = standards.division_code and months.programme_code = standards.programme_code
        and months.category = standards.category
        and months.payroll_month between standards.valid_from_month and standards.valid_to_month
)

select division, programme_code, category, payroll_month, min(monthly_fen) as monthly_fen
from offered
where distance = nearest
group by division, programme_code, category, payroll_month
having count(distinct monthly_fen) = 1
