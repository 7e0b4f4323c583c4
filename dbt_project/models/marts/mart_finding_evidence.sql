-- Each finding led back to file, sheet and row; one row per finding and evidence row.
with distinct_rows as (
    -- A row that is wrong and also contradicted by another stays primary.
    select finding_id, rule_code, delivery_key, sheet_no, row_no, min(evidence_role) as evidence_role
    from {{ ref('int_finding_rows') }}
    where gap_key is null and row_no is not null
    group by finding_id, rule_code, delivery_key, sheet_no, row_no
)

select
    distinct_rows.finding_id, distinct_rows.rule_code, distinct_rows.evidence_role, deliveries.source, deliveries.file_name,
    deliveries.sha256 as file_sha256, coalesce(sheets.sheet_name, '') as sheet_name, distinct_rows.delivery_key, distinct_rows.sheet_no,
    distinct_rows.row_no
from distinct_rows
inner join {{ ref('stg_deliveries') }} as deliveries on distinct_rows.delivery_key = deliveries.delivery_key
left join {{ source('lake', 'delivery_sheets') }} as sheets
    on distinct_rows.delivery_key = sheets.delivery_key and distinct_rows.sheet_no = sheets.sheet_no
