-- Cells of which too little came: beside their counterpart, the pieces they come in elsewhere, or the months beside them.
with
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
    where deliveries.kind = 'part'
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
)

select source, division, cast(null as {{ dbt.type_string() }}) as bank_code, programme_code, month from short
union
select 'payment_rolls' as source, division, null as bank_code, programme_code, month from rolls_short_of_pieces
union
select 'bank_batches' as source, division, bank_code, programme_code, month from batches_short_of_parts
union
select source, division, null as bank_code, programme_code, month from short_registers
