-- J5 and J7: one row per beneficiary, programme and month of a county: entitled, credited, when, on whose card, under which name.
with credits as (
    select
        division, programme_code, payroll_month, beneficiary_key,
        {{ sum_fen('amount_fen', "status = 'success'") }} as credited_fen,
        cast(count(*) filter (where status = 'success') as bigint) as credit_count,
        {{ sum_fen('amount_fen', "status = 'failed' and batch_kind = 'original'") }} as failed_fen,
        cast(count(*) filter (where status = 'failed' and batch_kind = 'original') as bigint) as failed_count,
        min(case when status = 'success' then credited_on end) as first_credited_on,
        min(case when status = 'success' then card_key end) as card_key,
        min(case when status = 'success' then name_key end) as credit_name_key
    from {{ ref('int_credit_lines') }}
    group by division, programme_code, payroll_month, beneficiary_key
),

-- What the credit of one row pays of other rows of its household passes from that row to them.
shares as (
    select division, programme_code, payroll_month, person_key, share_fen, failed_fen
    from {{ ref('int_joint_rolls') }}
    union all
    select division, programme_code, payroll_month, paid_with_key as person_key, -share_fen as share_fen, -failed_fen as failed_fen
    from {{ ref('int_joint_rolls') }}
),

passed_on as (
    select division, programme_code, payroll_month, person_key, sum(share_fen) as share_fen, sum(failed_fen) as failed_fen
    from shares
    group by division, programme_code, payroll_month, person_key
),

paid_together as (
    select
        joint.division, joint.programme_code, joint.payroll_month, joint.person_key, joint.paid_with_key, credits.first_credited_on,
        credits.card_key
    from {{ ref('int_joint_rolls') }} as joint
    inner join credits
        on joint.division = credits.division and joint.programme_code = credits.programme_code
        and joint.payroll_month = credits.payroll_month and joint.paid_with_key = credits.beneficiary_key
),

joined as (
    select
        coalesce(rolls.division, credits.division) as division,
        coalesce(rolls.programme_code, credits.programme_code) as programme_code,
        coalesce(rolls.payroll_month, credits.payroll_month) as payroll_month,
        coalesce(rolls.person_key, credits.beneficiary_key) as person_key,
        rolls.household_key, rolls.head_person_key, rolls.township, rolls.village, rolls.name_key as roll_name_key,
        rolls.card_key as roll_card_key, rolls.person_key is not null as is_on_roll,
        coalesce(rolls.entitled_fen, cast(0 as bigint)) as entitled_fen,
        cast(coalesce(credits.credited_fen, 0) + coalesce(passed_on.share_fen, 0) as bigint) as credited_fen,
        coalesce(credits.credit_count, cast(0 as bigint)) as credit_count,
        cast(coalesce(credits.failed_fen, 0) + coalesce(passed_on.failed_fen, 0) as bigint) as failed_fen,
        coalesce(credits.failed_count, cast(0 as bigint)) as failed_count,
        coalesce(credits.first_credited_on, together.first_credited_on) as first_credited_on,
        coalesce(credits.card_key, together.card_key) as card_key, credits.credit_name_key, together.paid_with_key,
        rolls.resolved_key, rolls.head_resolved_key
    from {{ ref('int_rolls') }} as rolls
    full outer join credits
        on rolls.division = credits.division and rolls.programme_code = credits.programme_code
        and rolls.payroll_month = credits.payroll_month and rolls.person_key = credits.beneficiary_key
    left join passed_on
        on rolls.division = passed_on.division and rolls.programme_code = passed_on.programme_code
        and rolls.payroll_month = passed_on.payroll_month and rolls.person_key = passed_on.person_key
    left join paid_together as together
        on rolls.division = together.division and rolls.programme_code = together.programme_code
        and rolls.payroll_month = together.payroll_month and rolls.person_key = together.person_key
),

-- What a register last said of the person, whether or not the latest one still does.
register as (
    select division, programme_code, person_key, name_key, is_current
    from {{ ref('int_register') }}
    where occurrence = 1
),

placed as (
    select
        joined.*, programmes.paid_to,
        {{ day_of_month('joined.payroll_month', 'programmes.pay_by_day') }} as pay_by,
        coalesce(register.name_key, joined.roll_name_key) as expected_name_key,
        coalesce(register.is_current, false) as is_on_register,
        holders.holder_resolved_key, proxies.proxy_person_key
    from joined
    inner join {{ ref('programmes') }} as programmes on joined.programme_code = programmes.programme_code
    left join register
        on joined.division = register.division and joined.programme_code = register.programme_code
        and joined.person_key = register.person_key
    left join {{ ref('int_holders') }} as holders on joined.card_key = holders.card_key
    left join {{ ref('int_proxies') }} as proxies
        on coalesce(joined.resolved_key, joined.person_key) = proxies.person_key and holders.holder_resolved_key = proxies.proxy_person_key
)

select
    concat_ws('|', placed.division, placed.programme_code, {{ text('placed.payroll_month') }}, coalesce({{ text('placed.person_key') }}, '-')) as payment_id,
    placed.division, divisions.name_zh as division_name, placed.township, placed.village, placed.programme_code, pools.pool_code,
    placed.payroll_month, placed.person_key, persons.id_masked, persons.id_status, placed.household_key,
    names.name_masked, placed.is_on_roll, placed.is_on_register, placed.entitled_fen, placed.credited_fen, placed.credit_count,
    placed.paid_with_key, placed.failed_fen, placed.failed_count, placed.first_credited_on, placed.pay_by,
    case when placed.first_credited_on > placed.pay_by then {{ days_between('placed.pay_by', 'placed.first_credited_on') }} else 0 end as days_late,
    placed.card_key, cards.card_masked,
    case
        when placed.credit_name_key is null or placed.expected_name_key is null then null
        when placed.credit_name_key = placed.expected_name_key then 'same'
        else grades.grade
    end as name_grade,
    case
        when placed.card_key is null then 'no_card'
        when placed.holder_resolved_key is null then 'unknown'
        when placed.holder_resolved_key = coalesce(placed.resolved_key, placed.person_key) then 'own'
        when placed.holder_resolved_key = placed.proxy_person_key then 'proxy'
        when placed.paid_to = 'household' and placed.holder_resolved_key = placed.head_resolved_key then 'head'
        else 'other'
    end as card_holder,
    case
        when not placed.is_on_roll then 'not_on_roll'
        when placed.credited_fen = 0 and (placed.failed_count > 0 or placed.failed_fen > 0) then 'failed'
        when placed.credited_fen = 0 and placed.entitled_fen > 0 then 'not_paid'
        when placed.credited_fen < placed.entitled_fen then 'short'
        when placed.credited_fen > placed.entitled_fen then 'over'
        else 'credited'
    end as status
from placed
left join {{ ref('divisions') }} as divisions on placed.division = divisions.division_code
left join {{ ref('pool_programmes') }} as pools
    on placed.programme_code = pools.programme_code
    and {{ year_of('placed.payroll_month') }} between pools.valid_from_year and pools.valid_to_year
left join {{ source('lake', 'persons') }} as persons on placed.person_key = persons.person_key
left join {{ source('lake', 'names') }} as names on placed.expected_name_key = names.name_key
left join {{ source('lake', 'cards') }} as cards on placed.card_key = cards.card_key
left join {{ ref('int_name_grades') }} as grades
    on placed.person_key = grades.person_key and grades.name_key_a = least(placed.credit_name_key, placed.expected_name_key)
    and grades.name_key_b = greatest(placed.credit_name_key, placed.expected_name_key)
