-- Cells that nothing came of, and should have: by the rhythm of months before and after, by a counterpart that speaks of them, by the schedule.
with
-- Rhythm: a sender that comes every month, or every second, is missing where it skipped one.
rhythm as (
    select
        source, division, bank_code, programme_code, month, {{ months_counted('month') }} as place,
        lead({{ months_counted('month') }}) over (
            partition by source, division, bank_code, programme_code order by month nulls last
        ) as next_place
    from {{ ref('int_came') }}
),

steps as (
    select
        source, division, bank_code, programme_code, min(next_place - place) as step, max(place) as last_place,
        count(*) * 4 >= (max(place) - min(place) + 1) * 3 as is_dense
    from rhythm
    group by source, division, bank_code, programme_code
),

months as (
    select distinct {{ month_of('day') }} as month, {{ months_counted(month_of('day')) }} as place
    from {{ ref('int_calendar') }}
),

skipped as (
    select rhythm.source, rhythm.division, rhythm.bank_code, rhythm.programme_code, months.month, 'rhythm' as expected_by
    from rhythm
    inner join steps
        on rhythm.source = steps.source and coalesce(rhythm.division, '-') = coalesce(steps.division, '-')
        and coalesce(rhythm.bank_code, '-') = coalesce(steps.bank_code, '-')
        and coalesce(rhythm.programme_code, '-') = coalesce(steps.programme_code, '-')
    inner join {{ ref('delivery_schedule') }} as schedule on rhythm.source = schedule.source and (schedule.has_rhythm or steps.is_dense)
    inner join months on months.place > rhythm.place and months.place < rhythm.next_place
        and (months.place - rhythm.place) % steps.step = 0
    -- Who is silent longer has no rhythm.
    where rhythm.next_place - rhythm.place > steps.step and rhythm.next_place - rhythm.place <= 3 * steps.step
),

-- Schedule: what comes every month is due some days after it.
due as (
    select steps.source, steps.division, steps.bank_code, steps.programme_code, months.month, 'schedule' as expected_by
    from steps
    inner join {{ ref('delivery_schedule') }} as schedule on steps.source = schedule.source and schedule.is_monthly
    inner join months on months.place > steps.last_place
    where {{ due_day('months.month') }} < {{ business_date() }}
),

-- Counterparts: a batch wants a roll, a roll a batch, a batch a voucher, a voucher a batch; what one government received another passed down.
batches as (
    select distinct division, bank_code, programme_code, payroll_month
    from {{ ref('int_batches') }}
),

-- A reissue is no sign that the batch it follows came.
original_batches as (
    select distinct division, bank_code, programme_code, payroll_month
    from {{ ref('int_batches') }}
    where batch_kind = 'original'
),

rolled as (
    select distinct division, programme_code, payroll_month
    from {{ ref('int_rolls') }}
),

rolls as (
    select distinct
        'payment_rolls' as source, batches.division, cast(null as {{ dbt.type_string() }}) as bank_code, batches.programme_code,
        batches.payroll_month as month, 'batch' as expected_by
    from batches
    left join rolled
        on batches.division = rolled.division and batches.programme_code = rolled.programme_code and batches.payroll_month = rolled.payroll_month
    where rolled.payroll_month is null
),

batches_of_rolls as (
    select
        'bank_batches' as source, rolled.division, cast(null as {{ dbt.type_string() }}) as bank_code, rolled.programme_code,
        rolled.payroll_month as month, 'roll' as expected_by
    from rolled
    left join original_batches as batches
        on rolled.division = batches.division and rolled.programme_code = batches.programme_code and rolled.payroll_month = batches.payroll_month
    where batches.payroll_month is null
),

-- What a roll that was read to its last row still owes: entitled, and in no line of an original batch that was read (a reissue may follow one that was
-- not); beside it, what was refused and not yet paid again. A voucher for a quarter more than either pays no batch that the roll would know; it
-- needs no return file to be out of order.
answered as (
    select division, programme_code, payroll_month, roll_person_key, sum(amount_fen) as answered_fen
    from {{ ref('int_credit_lines') }}
    where roll_person_key is not null and batch_kind = 'original'
    group by division, programme_code, payroll_month, roll_person_key
),

refused_lines as (
    select division, programme_code, payroll_month, sum(amount_fen) as refused_fen
    from {{ ref('int_failed_lines') }}
    where outcome <> 'reissued'
    group by division, programme_code, payroll_month
),

-- Rows of a household that one credit pays are owed together.
entitled as (
    select
        rolls.division, rolls.programme_code, rolls.payroll_month, coalesce(joint.paid_with_key, rolls.person_key) as person_key,
        sum(rolls.entitled_fen) as entitled_fen
    from {{ ref('int_rolls') }} as rolls
    left join {{ ref('int_joint_rolls') }} as joint
        on rolls.division = joint.division and rolls.programme_code = joint.programme_code and rolls.payroll_month = joint.payroll_month
        and rolls.person_key = joint.person_key
    group by rolls.division, rolls.programme_code, rolls.payroll_month, coalesce(joint.paid_with_key, rolls.person_key)
),

unanswered as (
    select
        entitled.division, entitled.programme_code, entitled.payroll_month,
        sum(greatest(entitled.entitled_fen - coalesce(answered.answered_fen, 0), 0)) as unanswered_fen
    from entitled
    left join answered
        on entitled.division = answered.division and entitled.programme_code = answered.programme_code
        and entitled.payroll_month = answered.payroll_month and entitled.person_key = answered.roll_person_key
    group by entitled.division, entitled.programme_code, entitled.payroll_month
),

owed as (
    select
        unanswered.division, unanswered.programme_code, unanswered.payroll_month,
        greatest(unanswered.unanswered_fen, coalesce(refused_lines.refused_fen, 0)) as owed_fen
    from unanswered
    left join refused_lines
        on unanswered.division = refused_lines.division and unanswered.programme_code = refused_lines.programme_code
        and unanswered.payroll_month = refused_lines.payroll_month
),

rolls_in_doubt as (
    select division, programme_code, month
    from {{ ref('int_delivery_cells') }}
    where source = 'payment_rolls' and (state = 'held' or totals_state = 'contradict' or rows_quarantined > 0)
    union
    select sender_division as division, programme_code, month
    from {{ source('lake', 'refusals') }}
    where source = 'payment_rolls' and received_at < {{ end_of_business_date() }}
    union
    select division, programme_code, month
    from {{ ref('int_roll_pieces') }}
    where is_short
),

doubted as (
    select distinct owed.division, owed.programme_code, owed.payroll_month
    from owed
    inner join rolls_in_doubt
        on {{ may_be('owed.division', 'rolls_in_doubt.division') }} and {{ may_be('owed.programme_code', 'rolls_in_doubt.programme_code') }}
        and {{ may_be('owed.payroll_month', 'rolls_in_doubt.month') }}
),

-- A voucher that names several batches says of none which programme it pays: one that did not come may be of any that the county pays out of its pool.
several as (
    select delivery_key, sheet_no, row_no
    from {{ ref('int_voucher_batches') }}
    group by delivery_key, sheet_no, row_no
    having count(*) > 1
),

paid_programmes as (
    select distinct division, programme_code
    from rolled
),

unread_vouchers as (
    select
        delivery_key, sheet_no, row_no, payer_division, payee_bank_code, programme_code, payroll_month, stated_batch_no, amount_fen
    from {{ ref('int_vouchers') }}
    where batch_no is null
    union all
    select
        vouchers.delivery_key, vouchers.sheet_no, vouchers.row_no, vouchers.payer_division, vouchers.payee_bank_code, paid.programme_code,
        vouchers.payroll_month, vouchers.stated_batch_no, vouchers.amount_fen
    from {{ ref('int_vouchers') }} as vouchers
    inner join several
        on vouchers.delivery_key = several.delivery_key and vouchers.sheet_no = several.sheet_no and vouchers.row_no = several.row_no
    inner join {{ ref('pool_programmes') }} as pools
        on vouchers.pool_code = pools.pool_code and {{ year_of('vouchers.payroll_month') }} between pools.valid_from_year and pools.valid_to_year
    inner join paid_programmes as paid on vouchers.payer_division = paid.division and pools.programme_code = paid.programme_code
    where vouchers.batch_no is null and paid.programme_code <> vouchers.programme_code
),

weighed_vouchers as (
    select
        unread.payer_division, unread.payee_bank_code, unread.programme_code, unread.payroll_month, unread.stated_batch_no, unread.amount_fen,
        max(case when owed.owed_fen is null or doubted.division is not null then 1 else 0 end) over (
            partition by unread.delivery_key, unread.sheet_no, unread.row_no
        ) as is_owed_more,
        sum(owed.owed_fen) over (partition by unread.delivery_key, unread.sheet_no, unread.row_no) as owed_fen
    from unread_vouchers as unread
    left join owed
        on unread.payer_division = owed.division and unread.programme_code = owed.programme_code and unread.payroll_month = owed.payroll_month
    left join doubted
        on owed.division = doubted.division and owed.programme_code = doubted.programme_code and owed.payroll_month = doubted.payroll_month
),

batches_of_vouchers as (
    select distinct
        'bank_batches' as source, payer_division as division, payee_bank_code as bank_code, programme_code, payroll_month as month,
        stated_batch_no as batch_no, 'voucher' as expected_by
    from weighed_vouchers
    where is_owed_more = 1 or amount_fen * 4 <= owed_fen * 5
),

-- A bank that pays a programme of a county, by batches and vouchers of the month before or after or by the cards on the roll, while no list of the
-- treasury says that it was paid nothing this month.
paying_banks as (
    select division, bank_code, programme_code, payroll_month from batches
    union
    select payer_division as division, payee_bank_code as bank_code, programme_code, payroll_month
    from {{ ref('int_vouchers') }}
    where programme_code is not null and payroll_month is not null
),

banks_of_rolls as (
    select rolled.division, others.bank_code, rolled.programme_code, rolled.payroll_month
    from rolled
    inner join paying_banks as others
        on rolled.division = others.division and rolled.programme_code = others.programme_code
        and abs({{ months_counted('rolled.payroll_month') }} - {{ months_counted('others.payroll_month') }}) = 1
    union
    select rolls.division, holders.bank_code, rolls.programme_code, rolls.payroll_month
    from {{ ref('int_rolls') }} as rolls
    inner join {{ ref('int_holders') }} as holders on rolls.card_key = holders.card_key
),

usual_banks as (
    select
        'bank_batches' as source, wanted.division, wanted.bank_code, wanted.programme_code, wanted.payroll_month as month, 'rhythm' as expected_by
    from banks_of_rolls as wanted
    left join original_batches as own
        on wanted.division = own.division and wanted.programme_code = own.programme_code and wanted.payroll_month = own.payroll_month
        and wanted.bank_code = own.bank_code
    left join {{ ref('int_came') }} as treasury
        on treasury.source = 'treasury_payments' and wanted.division = treasury.division and wanted.payroll_month = treasury.month
    where own.bank_code is null and treasury.month is null
),

vouchers as (
    select distinct
        'treasury_payments' as source, batches.division, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, {{ month_of('batches.first_line_on') }} as month, 'batch' as expected_by
    from {{ ref('int_batches') }} as batches
    left join {{ ref('int_vouchers') }} as vouchers on batches.bank_code = vouchers.bank_code and batches.batch_no = vouchers.batch_no
    left join {{ ref('int_came') }} as came
        on came.source = 'treasury_payments' and batches.division = came.division and {{ month_of('batches.first_line_on') }} = came.month
    where batches.batch_kind = 'original' and vouchers.batch_no is null and came.month is null and batches.first_line_on is not null
),

reporters as (
    select distinct reporter_division, fiscal_year
    from {{ ref('stg_budget_allocations') }}
),

issuers as (
    select distinct
        'budget_allocations' as source, lines.issuer_division as division, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, {{ month_of('lines.issued_on') }} as month, 'receiver' as expected_by
    from {{ ref('int_document_lines') }} as lines
    inner join reporters on lines.issuer_division = reporters.reporter_division and lines.fiscal_year = reporters.fiscal_year
    left join {{ ref('int_came') }} as came
        on came.source = 'budget_allocations' and lines.issuer_division = came.division and {{ month_of('lines.issued_on') }} = came.month
    where lines.kind = 'received' and came.month is null
),

-- A document reaches its receivers in the month in which it reached most of them, else in its own.
arrivals as (
    select doc_no, issuer_division, fiscal_year, max({{ month_of('received_on') }}) as month
    from {{ ref('int_document_lines') }}
    where kind = 'received'
    group by doc_no, issuer_division, fiscal_year
),

receivers as (
    select distinct
        'budget_allocations' as source, lines.receiver_division as division, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, coalesce(arrivals.month, {{ month_of('lines.issued_on') }}) as month,
        'issuer' as expected_by
    from {{ ref('int_document_lines') }} as lines
    inner join reporters on lines.receiver_division = reporters.reporter_division and lines.fiscal_year = reporters.fiscal_year
    left join arrivals
        on lines.doc_no = arrivals.doc_no and lines.issuer_division = arrivals.issuer_division and lines.fiscal_year = arrivals.fiscal_year
    left join {{ ref('int_came') }} as came
        on came.source = 'budget_allocations' and lines.receiver_division = came.division
        and coalesce(arrivals.month, {{ month_of('lines.issued_on') }}) = came.month
    where lines.kind = 'passed_down' and came.month is null
),

-- Whom a county pays stands in a register, and whose card it is in a list of its bank: none at all is one that did not come.
registers as (
    select distinct
        'beneficiary_registers' as source, rolled.division, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, cast(null as int) as month, 'roll' as expected_by
    from rolled
    left join {{ ref('int_came') }} as came on came.source = 'beneficiary_registers' and rolled.division = came.division
    where came.division is null
),

-- Where registers of a month come in a file for each programme, others' later ones say nothing of a programme whose own stop before its rolls do.
register_files as (
    select delivery_key, division, month, min(programme_code) as programme_code
    from {{ ref('int_delivery_cells') }}
    where source = 'beneficiary_registers' and state = 'in_force' and rows_landed > 0 and month is not null
    group by delivery_key, division, month
    having count(distinct programme_code) = 1
),

registers_by_programme as (
    select division
    from register_files
    group by division, month
    having count(distinct programme_code) > 1
),

last_registers as (
    select division, programme_code, max(month) as month
    from {{ ref('int_came') }}
    where source = 'beneficiary_registers' and division in (select division from registers_by_programme)
    group by division, programme_code
),

last_of_any as (
    select division, max(month) as month
    from last_registers
    group by division
),

registers_of_programmes as (
    select
        'beneficiary_registers' as source, rolled.division, cast(null as {{ dbt.type_string() }}) as bank_code, rolled.programme_code,
        rolled.payroll_month as month, 'roll' as expected_by
    from rolled
    inner join last_of_any on rolled.division = last_of_any.division and rolled.payroll_month <= last_of_any.month
    left join last_registers
        on rolled.division = last_registers.division and rolled.programme_code = last_registers.programme_code
    where coalesce(rolled.payroll_month > last_registers.month, true)
),

-- A county that has money pays it by its treasury.
treasuries as (
    select distinct
        'treasury_payments' as source, budget.reporter_division as division, cast(null as {{ dbt.type_string() }}) as bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, cast(null as int) as month, 'budget' as expected_by
    from {{ ref('stg_budget_allocations') }} as budget
    inner join {{ ref('divisions') }} as counties on budget.reporter_division = counties.division_code and counties.level = 'county'
    left join {{ ref('int_came') }} as came on came.source = 'treasury_payments' and budget.reporter_division = came.division
    where came.division is null
),

cards as (
    select distinct
        'card_accounts' as source, cast(null as {{ dbt.type_string() }}) as division, batches.bank_code,
        cast(null as {{ dbt.type_string() }}) as programme_code, cast(null as int) as month, 'batch' as expected_by
    from batches
    left join {{ ref('int_came') }} as came on came.source = 'card_accounts' and batches.bank_code = came.bank_code
    where came.bank_code is null
),

expected as (
    {%- for name in ['skipped', 'due', 'rolls', 'batches_of_rolls', 'batches_of_vouchers', 'usual_banks', 'vouchers', 'issuers', 'receivers', 'registers', 'registers_of_programmes', 'treasuries', 'cards'] %}
    select source, division, bank_code, programme_code, month, {{ "batch_no" if name == "batches_of_vouchers" else "cast(null as " ~ dbt.type_string() ~ ")" }} as batch_no, expected_by
    from {{ name }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select source, division, bank_code, programme_code, month, batch_no, min(expected_by) as expected_by
from expected
group by source, division, bank_code, programme_code, month, batch_no
