-- Every line of every batch with the roll row it answers: by person, else by card, within county, programme and month.
with lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.bank_code, lines.batch_no, lines.seq_no, lines.name_key, lines.person_key,
        lines.card_key, lines.amount_fen, lines.credited_at, lines.credited_on, lines.status, lines.failure_code, lines.memo_programme,
        batches.division, batches.programme_code, batches.pool_code, batches.payroll_month, batches.batch_kind
    from {{ ref('stg_bank_batches') }} as lines
    inner join {{ ref('int_batches') }} as batches on lines.bank_code = batches.bank_code and lines.batch_no = batches.batch_no
),

by_person as (
    select lines.*, rolls.person_key as person_roll_key
    from lines
    left join {{ ref('int_rolls') }} as rolls
        on lines.division = rolls.division and lines.programme_code = rolls.programme_code
        and lines.payroll_month = rolls.payroll_month and lines.person_key = rolls.person_key
),

-- Several persons of a roll may share a card: the one whom no line names, then the one with the same amount, is meant.
by_card as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, rolls.person_key,
        row_number() over (
            partition by lines.delivery_key, lines.sheet_no, lines.row_no
            order by
                case when named.person_roll_key is null then 0 else 1 end,
                case when rolls.entitled_fen = lines.amount_fen then 0 else 1 end,
                rolls.person_key nulls last
        ) as choice
    from by_person as lines
    inner join {{ ref('int_rolls') }} as rolls
        on lines.division = rolls.division and lines.programme_code = rolls.programme_code
        and lines.payroll_month = rolls.payroll_month and lines.card_key = rolls.card_key
    left join (
        select distinct division, programme_code, payroll_month, person_roll_key
        from by_person
    ) as named
        on rolls.division = named.division and rolls.programme_code = named.programme_code
        and rolls.payroll_month = named.payroll_month and rolls.person_key = named.person_roll_key
    where lines.person_roll_key is null
),

matched as (
    select
        by_person.*,
        coalesce(by_person.person_roll_key, by_card.person_key) as roll_person_key,
        case
            when by_person.person_roll_key is not null then 'person'
            when by_card.person_key is not null then 'card'
        end as matched_by
    from by_person
    left join by_card
        on by_person.delivery_key = by_card.delivery_key and by_person.sheet_no = by_card.sheet_no
        and by_person.row_no = by_card.row_no and by_card.choice = 1
)

select
    matched.delivery_key, matched.sheet_no, matched.row_no, matched.bank_code, matched.batch_no, matched.seq_no, matched.name_key,
    matched.person_key, matched.card_key, matched.amount_fen, matched.credited_at, matched.credited_on, matched.status,
    matched.failure_code, matched.memo_programme, matched.division, matched.programme_code, matched.pool_code, matched.payroll_month,
    matched.batch_kind, matched.matched_by, matched.roll_person_key,
    coalesce(matched.roll_person_key, matched.person_key) as beneficiary_key,
    coalesce(persons.resolved_key, matched.roll_person_key, matched.person_key) as resolved_key,
    rolls.household_key, rolls.head_person_key, rolls.card_key as roll_card_key, rolls.entitled_fen, rolls.township, rolls.village,
    rolls.delivery_key as roll_delivery_key, rolls.sheet_no as roll_sheet_no, rolls.row_no as roll_row_no
from matched
left join {{ ref('int_rolls') }} as rolls
    on matched.division = rolls.division and matched.programme_code = rolls.programme_code
    and matched.payroll_month = rolls.payroll_month and matched.roll_person_key = rolls.person_key
left join {{ ref('int_persons') }} as persons on coalesce(matched.roll_person_key, matched.person_key) = persons.person_key
