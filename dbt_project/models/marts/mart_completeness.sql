-- What came and what did not: one row per source, sender, programme or bank, and month.
with came as (
    select
        source, division, bank_code, programme_code, month, count(distinct delivery_key) as files, {{ names_joined('file_name') }} as file_names,
        sum(case when state = 'in_force' then rows_landed else 0 end) as rows_landed,
        sum(case when state = 'in_force' then landed_fen else 0 end) as landed_fen, sum(rows_quarantined) as rows_set_aside
    from {{ ref('int_delivery_cells') }}
    group by source, division, bank_code, programme_code, month
),

troubles as (
    select
        source, division, bank_code, programme_code, month, {{ names_joined('file_name') }} as file_names,
        max(case when cause = 'refused' then 1 else 0 end) as is_refused, max(case when cause = 'missing' then 1 else 0 end) as is_missing,
        max(case when cause in ('held', 'contradicts', 'quarantined', 'short') then 1 else 0 end) as is_partial,
        {{ without_rank('min(' ~ ranked('cause') ~ ')') }} as cause
    from {{ ref('int_gaps') }}
    where cause <> 'pending'
    group by source, division, bank_code, programme_code, month
),

cells as (
    select source, division, bank_code, programme_code, month from came
    union
    select source, division, bank_code, programme_code, month from troubles
),

joined as (
    select
        cells.source, cells.division, cells.bank_code, cells.programme_code, cells.month,
        case
            when troubles.is_partial = 1 or (came.rows_landed > 0 and coalesce(troubles.is_refused, troubles.is_missing) = 1) then 'partial'
            when troubles.is_refused = 1 then 'refused'
            when troubles.is_missing = 1 then 'missing'
            when coalesce(came.rows_landed, 0) = 0 then 'partial'
            else 'whole'
        end as state,
        troubles.cause, coalesce(came.files, 0) as files, coalesce(troubles.file_names, came.file_names) as file_names,
        coalesce(came.rows_landed, 0) as rows_landed, came.landed_fen, coalesce(came.rows_set_aside, 0) as rows_set_aside,
        lag(came.rows_landed) over (
            partition by cells.source, cells.division, cells.bank_code, cells.programme_code order by cells.month nulls first
        ) as rows_before,
        case when cells.month is not null then {{ due_day('cells.month') }} end as due_on
    from cells
    left join came
        on cells.source = came.source and coalesce(cells.division, '-') = coalesce(came.division, '-')
        and coalesce(cells.bank_code, '-') = coalesce(came.bank_code, '-')
        and coalesce(cells.programme_code, '-') = coalesce(came.programme_code, '-') and coalesce(cells.month, 0) = coalesce(came.month, 0)
    left join troubles
        on cells.source = troubles.source and coalesce(cells.division, '-') = coalesce(troubles.division, '-')
        and coalesce(cells.bank_code, '-') = coalesce(troubles.bank_code, '-')
        and coalesce(cells.programme_code, '-') = coalesce(troubles.programme_code, '-')
        and coalesce(cells.month, 0) = coalesce(troubles.month, 0)
    left join {{ ref('delivery_schedule') }} as schedule on cells.source = schedule.source
)

select
    {{ cell_name('joined.source', 'joined.division', 'joined.bank_code', 'joined.programme_code', 'joined.month') }} as cell_id,
    joined.source, joined.division, divisions.name_zh as division_name, joined.bank_code, joined.programme_code, cast(joined.month as int) as month, joined.state,
    joined.cause, cast(joined.files as bigint) as files, joined.file_names, cast(joined.rows_landed as bigint) as rows_landed,
    cast(joined.landed_fen as bigint) as landed_fen, cast(joined.rows_set_aside as bigint) as rows_set_aside,
    cast(joined.rows_before as bigint) as rows_before, joined.due_on,
    case
        when joined.state in ('missing', 'refused') and joined.due_on < {{ business_date() }} then {{ days_between('joined.due_on', business_date()) }}
        else 0
    end as days_late
from joined
left join {{ ref('divisions') }} as divisions on joined.division = divisions.division_code
