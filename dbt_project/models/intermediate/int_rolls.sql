-- What each beneficiary is to be paid for a month: one row per county, programme, month and number, with the first roll row as evidence.
with numbered as (
    select
        rolls.*,
        row_number() over (
            partition by division, programme_code, payroll_month, person_key
            order by delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as occurrence,
        sum(amount_fen) over (partition by division, programme_code, payroll_month, person_key) as entitled_fen
    from {{ ref('stg_payment_rolls') }} as rolls
)

select
    numbered.delivery_key, numbered.sheet_no, numbered.row_no, numbered.division, numbered.township, numbered.village,
    numbered.programme_code, numbered.payroll_month,
    coalesce(households.resolved_household_key, numbered.household_key) as household_key, numbered.head_person_key,
    coalesce(heads.resolved_key, numbered.head_person_key) as head_resolved_key, numbered.person_key,
    coalesce(persons.resolved_key, numbered.person_key) as resolved_key, numbered.name_key,
    coalesce(payees.resolved_key, numbered.payee_person_key) as payee_resolved_key, numbered.category, numbered.card_key,
    numbered.holder_name_key, cast(numbered.entitled_fen as bigint) as entitled_fen
from numbered
left join {{ ref('int_persons') }} as persons on numbered.person_key = persons.person_key
left join {{ ref('int_persons') }} as heads on numbered.head_person_key = heads.person_key
left join {{ ref('int_persons') }} as payees on numbered.payee_person_key = payees.person_key
left join {{ ref('int_households') }} as households on numbered.household_key = households.household_key
where numbered.occurrence = 1
