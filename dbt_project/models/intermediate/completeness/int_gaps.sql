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
        and coalesce(later.kind, 'restatement') = 'restatement'
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
    from {{ ref('int_short_cells') }}
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
