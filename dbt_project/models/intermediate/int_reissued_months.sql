-- Lines of a reissue whose money failed in the original batch it names, with that batch's month: what they repay, whatever month the reissue bears.
with reissues as (
    select reissues.bank_code, reissues.batch_no, reissues.original_batch_no, originals.payroll_month
    from {{ ref('int_batches') }} as reissues
    inner join {{ ref('int_batches') }} as originals
        on reissues.bank_code = originals.bank_code and reissues.original_batch_no = originals.batch_no
        and reissues.division = originals.division and reissues.programme_code = originals.programme_code
    where reissues.batch_kind = 'reissue' and originals.batch_kind = 'original'
        and coalesce(reissues.payroll_month <> originals.payroll_month, true)
)

select distinct lines.delivery_key, lines.sheet_no, lines.row_no, reissues.payroll_month
from {{ ref('stg_bank_batches') }} as lines
inner join reissues on lines.bank_code = reissues.bank_code and lines.batch_no = reissues.batch_no
inner join {{ ref('stg_bank_batches') }} as failed
    on reissues.bank_code = failed.bank_code and reissues.original_batch_no = failed.batch_no
    and (lines.person_key = failed.person_key or lines.card_key = failed.card_key)
where failed.status = 'failed' and reissues.payroll_month is not null
