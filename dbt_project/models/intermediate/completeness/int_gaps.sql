-- What was not read, one row per cell and cause; of a file of which few rows were set aside one row for each of them and whom it is about.
-- `cause`: refused, held, quarantined, contradicts (its own totals), short (of a part, or much smaller than counterpart or months beside it), missing, or
-- pending (before the first or after the last that came: not due, or not known to be).
with refused as (
    select
        refusals.delivery_key, refusals.source, refusals.sender_division as division, refusals.sender_bank as bank_code,
        refusals.programme_code, refusals.month, refusals.batch_no, refusals.file_name, refusals.scope, refusals.received_at
    from {{ source('lake', 'refusals') }} as refusals
    where refusals.source is not null and refusals.received_at < {{ end_of_business_date() }}
),

sent_anew as (
    select distinct refused.delivery_key
    from refused
    inner join {{ ref('stg_deliveries') }} as later
        on refused.scope = later.scope and refused.received_at < later.received_at and later.is_in_force
        and coalesce(later.answer, later.stated_kind, 'restatement') = 'restatement'
),

-- The voucher of a rejected return file says whose it is.
paid as (
    select
        payee_bank_code as bank_code, batch_no, min(payer_division) as division, min(programme_code) as programme_code,
        min(payroll_month) as payroll_month
    from {{ ref('stg_treasury_payments') }}
    where batch_no is not null
    group by payee_bank_code, batch_no
),

known as (
    select
        refused.source, coalesce(refused.division, paid.division) as division, refused.bank_code,
        coalesce(refused.programme_code, paid.programme_code) as programme_code, coalesce(refused.month, paid.payroll_month) as month,
        refused.batch_no, refused.delivery_key, refused.file_name
    from refused
    left join sent_anew on refused.delivery_key = sent_anew.delivery_key
    left join paid on refused.bank_code = paid.bank_code and refused.batch_no = paid.batch_no
    where sent_anew.delivery_key is null
),

-- A return file of which nobody knows what it paid may be that of any voucher of its bank whose batch did not come, and of no other batch; it may be
-- that of a reissue, too.
rejected as (
    select 'refused' as cause, source, division, bank_code, programme_code, month, batch_no, delivery_key, file_name
    from known
    where source <> 'bank_batches' or (programme_code is not null and month is not null)
    union all
    select
        'refused' as cause, known.source, expected.division, known.bank_code, expected.programme_code, expected.month, expected.batch_no,
        known.delivery_key, known.file_name
    from known
    inner join {{ ref('int_expected') }} as expected
        on known.source = expected.source and {{ may_be('known.bank_code', 'expected.bank_code') }}
    where known.source = 'bank_batches' and (known.programme_code is null or known.month is null)
    union all
    select 'pending' as cause, source, division, bank_code, programme_code, month, batch_no, delivery_key, file_name
    from known
    where source = 'bank_batches' and (programme_code is null or month is null)
),

by_file as (
    select
        case when state = 'held' then 'held' when totals_state = 'contradict' then 'contradicts' else 'quarantined' end as cause, source,
        division, bank_code, programme_code, month, delivery_key, file_name
    from {{ ref('int_delivery_cells') }}
    where state = 'held' or totals_state = 'contradict' or rows_quarantined > 0
),

-- Counterparts: many credited of whom the roll says nothing, many on the roll of whom no line speaks while no voucher says that the batch is whole.
lines as (
    select
        division, programme_code, payroll_month, count(*) as lines, count(*) filter (where status = 'success' and matched_by is null) as strangers,
        count(distinct roll_person_key) as answered
    from {{ ref('int_credit_lines') }}
    group by division, programme_code, payroll_month
),

-- Whom one credit pays together counts once.
rolled as (
    select rolls.division, rolls.programme_code, rolls.payroll_month, count(*) - count(joint.person_key) as persons
    from {{ ref('int_rolls') }} as rolls
    left join {{ ref('int_joint_rolls') }} as joint
        on rolls.division = joint.division and rolls.programme_code = joint.programme_code and rolls.payroll_month = joint.payroll_month
        and rolls.person_key = joint.person_key
    group by rolls.division, rolls.programme_code, rolls.payroll_month
),

voucher_sums as (
    select bank_code, batch_no, {{ sum_fen('amount_fen') }} as voucher_fen
    from {{ ref('int_vouchers') }}
    where batch_no is not null
    group by bank_code, batch_no
),

paid_for as (
    select
        batches.division, batches.programme_code, batches.payroll_month,
        count(*) filter (where coalesce(voucher_sums.voucher_fen <> batches.file_fen, true)) as unpaid_batches
    from {{ ref('int_batches') }} as batches
    left join voucher_sums on batches.bank_code = voucher_sums.bank_code and batches.batch_no = voucher_sums.batch_no
    where batches.batch_kind = 'original'
    group by batches.division, batches.programme_code, batches.payroll_month
),

short as (
    select 'payment_rolls' as source, lines.division, lines.programme_code, lines.payroll_month as month
    from lines
    inner join rolled
        on lines.division = rolled.division and lines.programme_code = rolled.programme_code and lines.payroll_month = rolled.payroll_month
    where lines.strangers * 100 > lines.lines * {{ var('short_file_percent', 20) }}
    union all
    select 'bank_batches' as source, rolled.division, rolled.programme_code, rolled.payroll_month as month
    from rolled
    inner join lines
        on lines.division = rolled.division and lines.programme_code = rolled.programme_code and lines.payroll_month = rolled.payroll_month
    inner join paid_for
        on paid_for.division = rolled.division and paid_for.programme_code = rolled.programme_code and paid_for.payroll_month = rolled.payroll_month
    where (rolled.persons - lines.answered) * 100 > rolled.persons * {{ var('short_file_percent', 20) }} and paid_for.unpaid_batches > 0
),

-- Pieces: a programme's roll that comes in several files, by township or with supplements, lacks one when it has fewer than in another month, or
-- nobody of a township, while somebody is credited who was on the roll of another month or is of that township.
not_on_the_roll as (
    select distinct lines.division, lines.programme_code, lines.payroll_month, lines.resolved_key
    from {{ ref('int_credit_lines') }} as lines
    inner join {{ ref('int_roll_pieces') }} as rolls
        on lines.division = rolls.division and lines.programme_code = rolls.programme_code and lines.payroll_month = rolls.month
    where lines.status = 'success' and lines.matched_by is null and rolls.is_of_pieces
),

on_other_rolls as (
    select distinct unlisted.division, unlisted.programme_code, unlisted.payroll_month
    from not_on_the_roll as unlisted
    inner join {{ ref('int_rolls') }} as rolls
        on unlisted.division = rolls.division and unlisted.programme_code = rolls.programme_code
        and unlisted.resolved_key = rolls.resolved_key and unlisted.payroll_month <> rolls.payroll_month
),

of_other_townships as (
    select distinct unlisted.division, unlisted.programme_code, unlisted.payroll_month
    from not_on_the_roll as unlisted
    inner join {{ ref('int_register') }} as register
        on unlisted.division = register.division and unlisted.programme_code = register.programme_code
        and unlisted.resolved_key = register.resolved_key
    left join {{ ref('int_rolls') }} as rolls
        on register.division = rolls.division and register.programme_code = rolls.programme_code
        and unlisted.payroll_month = rolls.payroll_month and register.township = rolls.township
    where register.township is not null and rolls.township is null
),

rolls_short_of_pieces as (
    select others.division, others.programme_code, others.payroll_month as month
    from on_other_rolls as others
    inner join {{ ref('int_roll_pieces') }} as rolls
        on others.division = rolls.division and others.programme_code = rolls.programme_code and others.payroll_month = rolls.month
    where rolls.is_short
    union
    select division, programme_code, payroll_month as month
    from of_other_townships
),

-- A batch that says it comes in parts lacks one when its voucher is of more, or of none that was read.
batches_in_parts as (
    select distinct controls.bank_code, controls.batch_no
    from {{ ref('stg_bank_batch_controls') }} as controls
    inner join {{ ref('stg_deliveries') }} as deliveries on controls.delivery_key = deliveries.delivery_key
    where coalesce(deliveries.answer, deliveries.stated_kind) = 'part'
),

batches_short_of_parts as (
    select distinct batches.division, batches.bank_code, batches.programme_code, batches.payroll_month as month
    from {{ ref('int_batches') }} as batches
    inner join batches_in_parts as parts on batches.bank_code = parts.bank_code and batches.batch_no = parts.batch_no
    left join voucher_sums on batches.bank_code = voucher_sums.bank_code and batches.batch_no = voucher_sums.batch_no
    where batches.batch_kind = 'original' and coalesce(voucher_sums.voucher_fen > batches.file_fen, true)
),

-- A register much smaller than that of the month before or after; who is helped once leaves at once.
register_sizes as (
    select register.division, register.programme_code, register.snapshot_month, count(distinct register.person_key) as persons
    from {{ ref('stg_beneficiary_registers') }} as register
    inner join {{ ref('programmes') }} as programmes on register.programme_code = programmes.programme_code
    where programmes.pay_by_day is not null
    group by register.division, register.programme_code, register.snapshot_month
),

beside as (
    select
        division, programme_code, snapshot_month, persons,
        greatest(
            coalesce(lag(persons) over (partition by division, programme_code order by snapshot_month nulls last), 0),
            coalesce(lead(persons) over (partition by division, programme_code order by snapshot_month nulls last), 0)
        ) as persons_beside
    from register_sizes
),

short_registers as (
    select 'beneficiary_registers' as source, division, programme_code, snapshot_month as month
    from beside
    where persons_beside >= 10 and (persons_beside - persons) * 100 > persons_beside * {{ var('short_file_percent', 20) }}
),

last_came as (
    select
        came.source, came.division, came.bank_code, max(came.month) as month,
        case when schedule.tells_of_before then 0 else min(came.month) end as first_month
    from {{ ref('int_came') }} as came
    inner join {{ ref('delivery_schedule') }} as schedule on came.source = schedule.source
    group by came.source, came.division, came.bank_code, schedule.tells_of_before
),

-- After the last that came, and before the first where none speaks of that; and the return of a reissue, of which nobody knows before it comes.
pending as (
    select distinct last_came.source, last_came.division, last_came.bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, {{ month_of('calendar.day') }} as month
    from last_came
    inner join {{ ref('int_calendar') }} as calendar
        on ({{ month_of('calendar.day') }} > last_came.month or {{ month_of('calendar.day') }} < last_came.first_month)
        and calendar.day between {{ add_days(business_date(), -800) }} and {{ business_date() }}
    union
    select failed.source, failed.division, failed.bank_code, failed.programme_code, failed.month
    from (
        select distinct 'bank_batches' as source, division, bank_code, programme_code, payroll_month as month
        from {{ ref('int_failed_lines') }}
        where outcome = 'open'
    ) as failed
    left join {{ ref('int_batches') }} as reissues
        on failed.division = reissues.division and failed.bank_code = reissues.bank_code
        and failed.programme_code = reissues.programme_code and failed.month = reissues.payroll_month and reissues.batch_kind = 'reissue'
    where reissues.batch_no is null
),

cells as (
    select cause, source, division, bank_code, programme_code, month, batch_no, delivery_key, file_name from rejected
    union all
    select cause, source, division, bank_code, programme_code, month, cast(null as {{ dbt.type_string() }}) as batch_no, delivery_key, file_name from by_file
    union all
    select
        'short' as cause, source, division, bank_code, programme_code, month,
        cast(null as {{ dbt.type_string() }}) as batch_no,
        cast(null as bigint) as delivery_key, cast(null as {{ dbt.type_string() }}) as file_name
    from (
        select source, division, cast(null as {{ dbt.type_string() }}) as bank_code, programme_code, month from short
        union
        select 'payment_rolls' as source, division, null as bank_code, programme_code, month from rolls_short_of_pieces
        union
        select 'bank_batches' as source, division, bank_code, programme_code, month from batches_short_of_parts
        union
        select source, division, null as bank_code, programme_code, month from short_registers
    ) as small
    union all
    select
        'missing' as cause, source, division, bank_code, programme_code, month, batch_no, cast(null as bigint) as delivery_key,
        cast(null as {{ dbt.type_string() }}) as file_name
    from {{ ref('int_expected') }}
    union all
    select
        'pending' as cause, source, division, bank_code, programme_code, month, cast(null as {{ dbt.type_string() }}) as batch_no,
        cast(null as bigint) as delivery_key, cast(null as {{ dbt.type_string() }}) as file_name
    from pending
),

set_aside as (
    select
        delivery_key, person_key, head_person_key, name_key, card_key, count(*) over (partition by delivery_key) as rows_set_aside
    from {{ source('lake', 'quarantine_rows') }}
),

named as (
    select
        cells.cause, cells.source, cells.division, cells.bank_code, cells.programme_code, cells.month, cells.batch_no, cells.delivery_key, cells.file_name,
        set_aside.person_key, set_aside.head_person_key, set_aside.name_key, set_aside.card_key,
        concat_ws('|', cells.cause, {{ cell_name('cells.source', 'cells.division', 'cells.bank_code', 'cells.programme_code', 'cells.month', 'cells.batch_no', 'cells.delivery_key') }})
            as gap_key
    from cells
    -- Whom so many rows are about is everybody.
    left join set_aside
        on cells.cause = 'quarantined' and cells.delivery_key = set_aside.delivery_key
        and set_aside.rows_set_aside <= {{ var('rows_looked_at_one_by_one', 200) }}
)

select
    gap_key, cause, source, division, bank_code, programme_code, month, batch_no, delivery_key, file_name, person_key, head_person_key, name_key,
    card_key, coalesce(person_key, head_person_key, name_key, card_key) is null as is_of_everybody
from named
