-- Credited to no card at all, or to a card that the roll does not give for the person.
with suspects as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month,
        beneficiary_key as person_key, resolved_key, household_key, card_key, name_key, bank_code, batch_no, batch_kind, credited_on as occurred_on,
        amount_fen, roll_delivery_key, roll_sheet_no, roll_row_no
    from {{ ref('int_credit_lines') }}
    where status = 'success' and (card_key is null or card_key <> roll_card_key)
),

-- A person may stand on a roll twice, with two cards; a reissue goes to the card that a later roll gives.
roll_cards as (
    select distinct suspects.delivery_key, suspects.sheet_no, suspects.row_no
    from suspects
    inner join {{ ref('stg_payment_rolls') }} as rolls
        on suspects.division = rolls.division and suspects.programme_code = rolls.programme_code and suspects.card_key = rolls.card_key
    left join {{ ref('int_persons') }} as persons on rolls.person_key = persons.person_key
    where suspects.resolved_key = coalesce(persons.resolved_key, rolls.person_key) and (
        rolls.payroll_month = suspects.payroll_month
        or (suspects.batch_kind = 'reissue' and rolls.payroll_month > suspects.payroll_month)
    )
),

cases as (
    select
        suspects.delivery_key, suspects.sheet_no, suspects.row_no, suspects.division, suspects.township, suspects.village,
        suspects.pool_code, suspects.programme_code, suspects.payroll_month, suspects.person_key, suspects.household_key,
        suspects.card_key, suspects.name_key, suspects.bank_code, suspects.batch_no, suspects.occurred_on, suspects.amount_fen,
        case when suspects.batch_kind = 'reissue' then suspects.payroll_month else 999912 end as paid_again_month,
        suspects.roll_delivery_key, suspects.roll_sheet_no, suspects.roll_row_no
    from suspects
    left join roll_cards
        on suspects.delivery_key = roll_cards.delivery_key and suspects.sheet_no = roll_cards.sheet_no
        and suspects.row_no = roll_cards.row_no
    where roll_cards.row_no is null
)

{{ finding('CD04', ['division', 'programme_code', 'person_key', 'card_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    row_fen='amount_fen') }}
