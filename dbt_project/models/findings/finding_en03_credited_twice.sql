-- Two or more credits for one person, programme and month, together above what the roll says: the second and later ones; the first supports.
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
        excess_fen, case when turn = 1 then 'supporting' else 'primary' end as evidence_role, roll_delivery_key, roll_sheet_no, roll_row_no,
        -- Card, bank and day of a finding are those of what was too much, not of the first credit.
        {%- for name in ['card_key', 'name_key', 'bank_code', 'batch_no', 'occurred_on'] %}
        case when turn > 1 then {{ name }} end as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from credits
)

{{ finding('EN03', ['division', 'programme_code', 'payroll_month', 'person_key'], against='roll',
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on'],
    amount_fen='excess_fen', role='evidence_role') }}
