-- Roll rows that no line answers and that the credit of another row of their household pays: a row per member, one credit for all. Of what that
-- row (`paid_with_key`) was credited, or refused, beyond its own, `share_fen` and `failed_fen` are theirs, in order of their keys.
with households as (
    select division, programme_code, payroll_month, household_key
    from {{ ref('int_rolls') }}
    where household_key is not null
    group by division, programme_code, payroll_month, household_key
    having count(*) > 1
),

listed as (
    select
        rolls.division, rolls.programme_code, rolls.payroll_month, rolls.household_key, rolls.person_key, rolls.resolved_key, rolls.payee_resolved_key, rolls.card_key,
        rolls.entitled_fen, programmes.paid_to
    from {{ ref('int_rolls') }} as rolls
    inner join households
        on rolls.division = households.division and rolls.programme_code = households.programme_code
        and rolls.payroll_month = households.payroll_month and rolls.household_key = households.household_key
    inner join {{ ref('programmes') }} as programmes on rolls.programme_code = programmes.programme_code
),

tried as (
    select
        lines.division, lines.programme_code, lines.payroll_month, lines.roll_person_key,
        {{ sum_fen('lines.amount_fen', "lines.status = 'success'") }} as credited_fen,
        {{ sum_fen('lines.amount_fen', "lines.status = 'failed' and lines.batch_kind = 'original'") }} as failed_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join listed
        on lines.division = listed.division and lines.programme_code = listed.programme_code
        and lines.payroll_month = listed.payroll_month and lines.roll_person_key = listed.person_key
    group by lines.division, lines.programme_code, lines.payroll_month, lines.roll_person_key
),

weighed as (
    select
        listed.*, tried.roll_person_key is not null as is_tried, coalesce(tried.credited_fen, 0) - listed.entitled_fen as credited_beyond_fen,
        coalesce(tried.failed_fen, 0) - listed.entitled_fen as failed_beyond_fen
    from listed
    left join tried
        on listed.division = tried.division and listed.programme_code = tried.programme_code
        and listed.payroll_month = tried.payroll_month and listed.person_key = tried.roll_person_key
),

paid_together as (
    select
        members.division, members.programme_code, members.payroll_month, members.person_key, members.entitled_fen,
        payees.person_key as paid_with_key, payees.credited_beyond_fen, payees.failed_beyond_fen,
        row_number() over (
            partition by members.division, members.programme_code, members.payroll_month, members.person_key
            order by greatest(payees.credited_beyond_fen, payees.failed_beyond_fen) desc nulls last, payees.person_key nulls last
        ) as place
    from weighed as members
    inner join weighed as payees
        on members.division = payees.division and members.programme_code = payees.programme_code
        and members.payroll_month = payees.payroll_month and members.household_key = payees.household_key
    where not members.is_tried and members.entitled_fen > 0 and payees.is_tried
        and greatest(payees.credited_beyond_fen, payees.failed_beyond_fen) > 0
        and (
            members.paid_to = 'household' or members.card_key = payees.card_key
            or members.payee_resolved_key in (payees.resolved_key, payees.payee_resolved_key)
        )
        -- Somebody listed again under another number is owed nothing more.
        and (members.resolved_key <> payees.resolved_key or members.entitled_fen <> payees.entitled_fen)
),

ordered as (
    select
        paid_together.*,
        sum(entitled_fen) over (
            partition by division, programme_code, payroll_month, paid_with_key
            order by person_key nulls last rows between unbounded preceding and current row
        ) - entitled_fen as before_fen
    from paid_together
    where place = 1
)

select
    division, programme_code, payroll_month, person_key, paid_with_key, entitled_fen,
    cast(greatest(least(entitled_fen, credited_beyond_fen - before_fen), 0) as bigint) as share_fen,
    cast(greatest(least(entitled_fen, failed_beyond_fen - before_fen), 0) as bigint) as failed_fen
from ordered
