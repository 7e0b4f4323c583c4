-- Two or more credits for one person, programme and month, together above what the roll says: the second and later ones.
with twice as (
    select division, programme_code, payroll_month, person_key, credited_fen - entitled_fen as excess_fen
    from {{ ref('mart_payment') }}
    where is_on_roll and credit_count > 1 and credited_fen > entitled_fen
),

credits as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.pool_code,
        lines.programme_code, lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key,
        lines.name_key, lines.bank_code, lines.batch_no, lines.credited_on as occurred_on, twice.excess_fen, lines.roll_delivery_key,
        lines.roll_sheet_no, lines.roll_row_no,
        row_number() over (
            partition by lines.division, lines.programme_code, lines.payroll_month, lines.beneficiary_key
            order by lines.credited_at nulls last, lines.batch_no nulls last, lines.seq_no nulls last, lines.bank_code nulls last,
                lines.row_no nulls last
        ) as turn
    from {{ ref('int_credit_lines') }} as lines
    inner join twice
        on lines.division = twice.division and lines.programme_code = twice.programme_code
        and lines.payroll_month = twice.payroll_month and lines.beneficiary_key = twice.person_key
    where lines.status = 'success'
),

cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, pool_code, programme_code, payroll_month, person_key, household_key,
        card_key, name_key, bank_code, batch_no, occurred_on, excess_fen, roll_delivery_key, roll_sheet_no, roll_row_no
    from credits
    where turn > 1
)

{{ finding('EN03', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    amount_fen='excess_fen') }}
