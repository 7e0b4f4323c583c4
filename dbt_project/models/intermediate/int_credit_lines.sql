-- Every line of every batch with the roll row it answers within county, programme and month: that of its number, else that of int_line_rolls.
select
    lines.delivery_key, lines.sheet_no, lines.row_no, lines.bank_code, lines.batch_no, lines.seq_no, lines.name_key, lines.person_key,
    lines.card_key, lines.amount_fen, lines.credited_at, lines.credited_on, lines.status, lines.failure_code, lines.memo_programme,
    batches.division, batches.programme_code, batches.pool_code, coalesce(months.payroll_month, batches.payroll_month) as payroll_month,
    batches.batch_kind, coalesce(others.matched_by, case when rolls.person_key is not null then 'person' end) as matched_by,
    rolls.person_key as roll_person_key, coalesce(rolls.person_key, lines.person_key) as beneficiary_key,
    coalesce(rolls.resolved_key, persons.resolved_key, lines.person_key) as resolved_key,
    coalesce(persons.resolved_key, lines.person_key) as named_resolved_key, rolls.household_key, rolls.head_person_key,
    rolls.head_resolved_key, rolls.card_key as roll_card_key, rolls.entitled_fen, rolls.township, rolls.village,
    rolls.delivery_key as roll_delivery_key, rolls.sheet_no as roll_sheet_no, rolls.row_no as roll_row_no
from {{ ref('stg_bank_batches') }} as lines
inner join {{ ref('int_batches') }} as batches on lines.bank_code = batches.bank_code and lines.batch_no = batches.batch_no
left join {{ ref('int_reissued_months') }} as months
    on lines.delivery_key = months.delivery_key and lines.sheet_no = months.sheet_no and lines.row_no = months.row_no
left join {{ ref('int_line_rolls') }} as others
    on lines.delivery_key = others.delivery_key and lines.sheet_no = others.sheet_no and lines.row_no = others.row_no
left join {{ ref('int_rolls') }} as rolls
    on batches.division = rolls.division and batches.programme_code = rolls.programme_code
    and coalesce(months.payroll_month, batches.payroll_month) = rolls.payroll_month
    and coalesce(others.roll_person_key, lines.person_key) = rolls.person_key
left join {{ ref('int_persons') }} as persons on lines.person_key = persons.person_key
