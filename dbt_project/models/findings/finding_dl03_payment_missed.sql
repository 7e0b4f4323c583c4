-- Entitled for a month and never credited: on the roll and unpaid, or active in the register and on no roll at all.
with pay_days as (
    select programme_code, paid_to, coalesce(pay_by_day, {{ threshold('day_without_rule') }}) as pay_by_day
    from {{ ref('programmes') }}
),

listed as (
    select
        payments.division, payments.programme_code, payments.payroll_month, payments.person_key, persons.resolved_key, payments.entitled_fen,
        payments.credited_fen
    from {{ ref('mart_payment') }} as payments
    inner join {{ ref('int_persons') }} as persons on payments.person_key = persons.person_key
),

-- Who is listed under two numbers with one amount, or paid as much under the other, is paid when one of the two is.
paid as (
    select distinct missed.division, missed.programme_code, missed.payroll_month, missed.person_key
    from listed as missed
    inner join listed as others
        on missed.division = others.division and missed.programme_code = others.programme_code
        and missed.payroll_month = others.payroll_month and missed.resolved_key = others.resolved_key
    where missed.credited_fen = 0 and others.credited_fen > 0
        and (others.entitled_fen = missed.entitled_fen or others.credited_fen >= others.entitled_fen + missed.entitled_fen)
),

-- Rows that are paid with another's credit are missed with it: EN01 or FS04 then speaks of that.
unpaid as (
    select payments.division, payments.programme_code, payments.payroll_month, payments.person_key
    from {{ ref('mart_payment') }} as payments
    left join paid
        on payments.division = paid.division and payments.programme_code = paid.programme_code
        and payments.payroll_month = paid.payroll_month and payments.person_key = paid.person_key
    left join {{ ref('int_joint_rolls') }} as joint
        on payments.division = joint.division and payments.programme_code = joint.programme_code
        and payments.payroll_month = joint.payroll_month and payments.person_key = joint.person_key
    where payments.is_on_roll and payments.credited_fen = 0 and payments.entitled_fen > 0 and paid.person_key is null
        and joint.person_key is null
),

joint_owed as (
    select division, programme_code, payroll_month, paid_with_key, sum(entitled_fen) as entitled_fen
    from {{ ref('int_joint_rolls') }}
    group by division, programme_code, payroll_month, paid_with_key
),

-- A failed line is the business of FS04 while its money is at the bank; once it is back at the treasury the person is owed it again.
failures as (
    select
        division, programme_code, payroll_month, beneficiary_key as person_key, max(returned_on) as returned_on,
        count(*) filter (where outcome <> 'returned') as at_the_bank
    from {{ ref('int_failed_lines') }}
    group by division, programme_code, payroll_month, beneficiary_key
),

owed as (
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.township, rolls.village, rolls.programme_code,
        rolls.payroll_month, rolls.person_key, rolls.household_key, rolls.name_key, rolls.card_key,
        rolls.entitled_fen + coalesce(joint_owed.entitled_fen, 0) as entitled_fen,
        greatest(
            {{ day_of_month('rolls.payroll_month', 'pay_days.pay_by_day') }},
            coalesce(failures.returned_on, {{ day_of_month('rolls.payroll_month', 'pay_days.pay_by_day') }})
        ) as pay_by
    from unpaid
    inner join {{ ref('int_rolls') }} as rolls
        on unpaid.division = rolls.division and unpaid.programme_code = rolls.programme_code
        and unpaid.payroll_month = rolls.payroll_month and unpaid.person_key = rolls.person_key
    inner join pay_days on rolls.programme_code = pay_days.programme_code
    left join joint_owed
        on unpaid.division = joint_owed.division and unpaid.programme_code = joint_owed.programme_code
        and unpaid.payroll_month = joint_owed.payroll_month and unpaid.person_key = joint_owed.paid_with_key
    left join failures
        on unpaid.division = failures.division and unpaid.programme_code = failures.programme_code
        and unpaid.payroll_month = failures.payroll_month and unpaid.person_key = failures.person_key
    where coalesce(failures.at_the_bank, 0) = 0
),

rolled_months as (
    select distinct division, programme_code, payroll_month
    from {{ ref('int_rolls') }}
),

-- Whom the register would have paid.
expected as (
    select
        entitled.delivery_key, entitled.sheet_no, entitled.row_no, entitled.division, entitled.township, entitled.village,
        entitled.programme_code, rolled_months.payroll_month, entitled.person_key, entitled.household_key, entitled.name_key,
        entitled.unit_key, {{ day_of_month('rolled_months.payroll_month', 'pay_days.pay_by_day') }} as pay_by
    from {{ ref('int_entitled_units') }} as entitled
    inner join pay_days on entitled.programme_code = pay_days.programme_code
    inner join rolled_months
        on entitled.division = rolled_months.division and entitled.programme_code = rolled_months.programme_code
        and rolled_months.payroll_month between entitled.start_month and entitled.end_month
        and rolled_months.payroll_month <= entitled.snapshot_month
    where entitled.approved_on is null or entitled.approved_on <= {{ day_of_month('rolled_months.payroll_month', 'pay_days.pay_by_day') }}
),

-- Paid or to be paid, by any county.
served as (
    select rolls.programme_code, rolls.payroll_month, case when pay_days.paid_to = 'household' then rolls.household_key else rolls.resolved_key end as unit_key
    from {{ ref('int_rolls') }} as rolls
    inner join pay_days on rolls.programme_code = pay_days.programme_code
    union
    select lines.programme_code, lines.payroll_month, coalesce(members.household_key, lines.resolved_key) as unit_key
    from {{ ref('int_credit_lines') }} as lines
    inner join pay_days on lines.programme_code = pay_days.programme_code
    left join {{ ref('int_members') }} as members on lines.resolved_key = members.person_key and pay_days.paid_to = 'household'
    where lines.status = 'success' and lines.matched_by is null
),

unserved as (
    select
        expected.delivery_key, expected.sheet_no, expected.row_no, expected.division, expected.township, expected.village,
        expected.programme_code, expected.payroll_month, expected.person_key, expected.household_key, expected.name_key, expected.pay_by, expected.unit_key
    from expected
    left join served
        on expected.programme_code = served.programme_code and expected.payroll_month = served.payroll_month
        and expected.unit_key = served.unit_key
    left join {{ ref('int_first_payments') }} as firsts
        on expected.division = firsts.division and expected.programme_code = firsts.programme_code and expected.unit_key = firsts.unit_key
    -- Before a first payment that is late or never came, the months are the business of DL02.
    where served.unit_key is null
        and not (coalesce(firsts.is_late, false) and coalesce(expected.payroll_month < firsts.first_month, true))
),

-- A roll may name another head of the household than the register does.
served_with_members as (
    select distinct unserved.programme_code, unserved.payroll_month, unserved.unit_key
    from unserved
    inner join pay_days on unserved.programme_code = pay_days.programme_code and pay_days.paid_to = 'household'
    inner join {{ ref('int_members') }} as members on unserved.unit_key = members.household_key
    inner join {{ ref('int_rolls') }} as rolls
        on unserved.programme_code = rolls.programme_code and unserved.payroll_month = rolls.payroll_month
        and members.person_key = rolls.resolved_key
),

forgotten as (
    select
        unserved.delivery_key, unserved.sheet_no, unserved.row_no, unserved.division, unserved.township, unserved.village,
        unserved.programme_code, unserved.payroll_month, unserved.person_key, unserved.household_key, unserved.name_key, unserved.pay_by
    from unserved
    left join served_with_members
        on unserved.programme_code = served_with_members.programme_code and unserved.payroll_month = served_with_members.payroll_month
        and unserved.unit_key = served_with_members.unit_key
    where served_with_members.unit_key is null
),

missing as (
    select
        owed.delivery_key, owed.sheet_no, owed.row_no, owed.division, owed.township, owed.village, owed.programme_code, owed.payroll_month,
        owed.person_key, owed.household_key, owed.name_key, owed.card_key, owed.entitled_fen, owed.pay_by, owed.division as owed_division,
        owed.division as served_division, holders.bank_code
    from owed
    left join {{ ref('int_holders') }} as holders on owed.card_key = holders.card_key
    union all
    select
        delivery_key, sheet_no, row_no, division, township, village, programme_code, payroll_month, person_key, household_key, name_key,
        cast(null as bigint) as card_key, cast(null as bigint) as entitled_fen, pay_by,
        -- On no roll, no batch would pay them; any county may have who moved.
        '-' as owed_division, cast(null as {{ dbt.type_string() }}) as served_division, '-' as bank_code
    from forgotten
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, programme_code, payroll_month, person_key, household_key, name_key,
        card_key, entitled_fen, division as home_division, owed_division, served_division, bank_code, pay_by as occurred_on, {{ days_between('pay_by', business_date()) }} as days
    from missing
    where {{ days_between('pay_by', business_date()) }} > {{ threshold('days') }}
)

{{ finding('DL03', ['division', 'programme_code', 'payroll_month', 'person_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'name_key', 'card_key',
        'occurred_on', 'days'],
    row_fen='entitled_fen') }}
