-- Failed lines of original batches and where their money went: paid again, back at the treasury, or still open at the bank.
with failed as (
    select
        delivery_key, sheet_no, row_no, bank_code, batch_no, seq_no, division, programme_code, pool_code, payroll_month, person_key,
        card_key, name_key, beneficiary_key, coalesce(resolved_key, beneficiary_key) as resolved_key, amount_fen, credited_on as failed_on, failure_code, household_key, township, village,
        row_number() over (
            partition by division, programme_code, payroll_month, coalesce(resolved_key, beneficiary_key), amount_fen
            order by credited_on nulls last, bank_code nulls last, batch_no nulls last, seq_no nulls last, row_no nulls last
        ) as turn
    from {{ ref('int_credit_lines') }}
    where status = 'failed' and batch_kind = 'original'
),

-- One reissue pays one failed line of the same person, programme, month and amount: the first the first.
reissues as (
    select
        division, programme_code, payroll_month, coalesce(resolved_key, beneficiary_key) as resolved_key, amount_fen, credited_on as reissued_on,
        delivery_key as reissue_delivery_key, sheet_no as reissue_sheet_no, row_no as reissue_row_no,
        row_number() over (
            partition by division, programme_code, payroll_month, coalesce(resolved_key, beneficiary_key), amount_fen
            order by credited_on nulls last, bank_code nulls last, batch_no nulls last, seq_no nulls last, row_no nulls last
        ) as turn
    from {{ ref('int_credit_lines') }}
    where status = 'success' and batch_kind = 'reissue'
),

returns as (
    select bank_code, batch_no, division, {{ sum_fen('amount_fen') }} as returned_fen, min(paid_on) as returned_on
    from {{ ref('int_returns') }}
    group by bank_code, batch_no, division
),

paid_again as (
    select
        failed.delivery_key, failed.sheet_no, failed.row_no, failed.bank_code, failed.batch_no, failed.seq_no, failed.division,
        failed.programme_code, failed.pool_code, failed.payroll_month, failed.person_key, failed.card_key, failed.name_key,
        failed.beneficiary_key, failed.amount_fen, failed.failed_on, failed.failure_code, failed.household_key, failed.township,
        failed.village, reissues.reissued_on, reissues.reissue_delivery_key, reissues.reissue_sheet_no, reissues.reissue_row_no
    from failed
    left join reissues
        on failed.division = reissues.division and failed.programme_code = reissues.programme_code
        and failed.payroll_month = reissues.payroll_month and failed.resolved_key = reissues.resolved_key
        and failed.amount_fen = reissues.amount_fen and failed.turn = reissues.turn and reissues.reissued_on >= failed.failed_on
),

-- Money that came back covers the failed lines of its batch that were not paid again first, then the others, in order of the batch.
covered as (
    select
        paid_again.*,
        returns.returned_on,
        coalesce(returns.returned_fen, 0) as returned_fen,
        sum(paid_again.amount_fen) over (
            partition by paid_again.bank_code, paid_again.batch_no
            order by case when paid_again.reissued_on is null then 0 else 1 end, paid_again.seq_no nulls last, paid_again.row_no nulls last
            rows between unbounded preceding and current row
        ) as claimed_fen
    from paid_again
    left join returns
        on paid_again.bank_code = returns.bank_code and paid_again.batch_no = returns.batch_no and paid_again.division = returns.division
)

select
    delivery_key, sheet_no, row_no, bank_code, batch_no, seq_no, division, programme_code, pool_code, payroll_month, person_key, card_key,
    name_key, beneficiary_key, amount_fen, failed_on, failure_code, household_key, township, village, reissued_on,
    reissue_delivery_key, reissue_sheet_no, reissue_row_no,
    case when claimed_fen <= returned_fen then returned_on end as returned_on,
    case
        when reissued_on is not null then 'reissued'
        when claimed_fen <= returned_fen then 'returned'
        else 'open'
    end as outcome
from covered
