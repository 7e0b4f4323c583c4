-- Credited, but on no roll of that county, programme and month: neither the person nor the card.
with unmatched as (
    select
        delivery_key, sheet_no, row_no, division, pool_code, programme_code, payroll_month, person_key, card_key, name_key, bank_code,
        batch_no, credited_on as occurred_on, amount_fen
    from {{ ref('int_credit_lines') }}
    where status = 'success' and matched_by is null
),

-- Rows of rolls in quarantine: where they are, to the row and the fen, what is unmatched, it is the file that wants mending.
roll_files as (
    select distinct delivery_key, division, programme_code, payroll_month
    from {{ ref('stg_payment_rolls') }}
),

set_aside as (
    select
        roll_files.division, roll_files.programme_code, roll_files.payroll_month, sum(deliveries.rows_quarantined) as rows_quarantined,
        sum(deliveries.quarantined_fen) as quarantined_fen, sum(deliveries.unreadable_fen_rows) as unreadable_fen_rows
    from roll_files
    inner join {{ ref('stg_deliveries') }} as deliveries on roll_files.delivery_key = deliveries.delivery_key
    group by roll_files.division, roll_files.programme_code, roll_files.payroll_month
),

together as (
    select division, programme_code, payroll_month, count(*) as lines, sum(amount_fen) as fen
    from unmatched
    group by division, programme_code, payroll_month
),

unexplained as (
    select together.division, together.programme_code, together.payroll_month
    from together
    left join set_aside
        on together.division = set_aside.division and together.programme_code = set_aside.programme_code
        and together.payroll_month = set_aside.payroll_month
    where coalesce(set_aside.rows_quarantined, 0) <> together.lines
        or (set_aside.unreadable_fen_rows = 0 and set_aside.quarantined_fen <> together.fen)
),

cases as (
    select
        unmatched.delivery_key, unmatched.sheet_no, unmatched.row_no, unmatched.division, unmatched.pool_code, unmatched.programme_code,
        unmatched.payroll_month, unmatched.person_key, unmatched.card_key, unmatched.name_key, unmatched.bank_code, unmatched.batch_no,
        unmatched.occurred_on, unmatched.amount_fen
    from unmatched
    inner join unexplained
        on unmatched.division = unexplained.division and unmatched.programme_code = unexplained.programme_code
        and unmatched.payroll_month = unexplained.payroll_month
)

{{ finding('EN04', ['division', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key'],
    carry=['division', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'card_key', 'name_key', 'bank_code', 'batch_no',
        'occurred_on'],
    row_fen='amount_fen') }}
