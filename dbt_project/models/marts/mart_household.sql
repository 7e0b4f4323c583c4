-- One row per household of a county: what it was entitled to, what reached its cards, and on how many.
select
    concat_ws('|', division, {{ text('household_key') }}) as household_id,
    division, max(division_name) as division_name, max(township) as township, max(village) as village, household_key,
    cast(count(distinct person_key) as bigint) as persons,
    cast(count(distinct programme_code) as bigint) as programmes,
    cast(count(distinct card_key) as bigint) as cards,
    min(payroll_month) as first_month, max(payroll_month) as last_month,
    {{ sum_fen('entitled_fen') }} as entitled_fen,
    {{ sum_fen('credited_fen') }} as credited_fen,
    {{ sum_fen('entitled_fen') }} - {{ sum_fen('credited_fen') }} as open_fen,
    max(days_late) as worst_days_late
from {{ ref('mart_payment') }}
where household_key is not null
group by division, household_key
