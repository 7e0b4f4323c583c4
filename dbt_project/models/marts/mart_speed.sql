-- Days of the money at each stop, weighed by the money: median, nine tenths and worst, by county, programme and month.
with stops as (
    {%- for stop in ['central', 'province', 'city', 'county', 'bank'] %}
    select division, programme_code, payroll_month, '{{ stop }}' as stop, days_at_{{ stop }} as days, credited_fen from {{ ref('mart_trace') }}
    union all
    {%- endfor %}
    select division, programme_code, payroll_month, 'in_all' as stop, days_in_all as days, credited_fen from {{ ref('mart_trace') }}
),

by_days as (
    select division, programme_code, payroll_month, stop, days, sum(credited_fen) as fen
    from stops
    where days is not null and credited_fen > 0
    group by division, programme_code, payroll_month, stop, days
),

ranked as (
    select
        by_days.*,
        cast(sum(fen) over (
            partition by division, programme_code, payroll_month, stop order by days nulls last rows between unbounded preceding and current row
        ) as decimal(38, 0)) as up_to_fen,
        cast(sum(fen) over (partition by division, programme_code, payroll_month, stop) as decimal(38, 0)) as all_fen
    from by_days
)

select
    concat_ws('|', ranked.division, ranked.programme_code, {{ text('ranked.payroll_month') }}, ranked.stop) as speed_id, ranked.division,
    divisions.name_zh as division_name, ranked.programme_code, ranked.payroll_month, ranked.stop,
    min(case when 2 * up_to_fen >= all_fen then days end) as median_days,
    min(case when 10 * up_to_fen >= 9 * all_fen then days end) as p90_days,
    max(days) as worst_days, {{ sum_fen('fen') }} as credited_fen
from ranked
left join {{ ref('divisions') }} as divisions on ranked.division = divisions.division_code
group by ranked.division, divisions.name_zh, ranked.programme_code, ranked.payroll_month, ranked.stop
