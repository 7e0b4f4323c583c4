-- What each beneficiary is to be paid for a month: one row per county, programme, month and person, with the first roll row as evidence.
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
    delivery_key, sheet_no, row_no, division, township, village, programme_code, payroll_month, household_key, head_person_key,
    person_key, name_key, category, card_key, holder_name_key,
    cast(entitled_fen as bigint) as entitled_fen
from numbered
where occurrence = 1
