-- Holder of each card by the latest list of its bank.
with ranked as (
    select
        cards.*,
        row_number() over (
            partition by card_key order by snapshot_month desc nulls last, delivery_key nulls last, row_no nulls last
        ) as recency
    from {{ ref('stg_card_accounts') }} as cards
)

select delivery_key, sheet_no, row_no, card_key, bank_code, holder_person_key, holder_name_key, opened_on, branch,
    agent_person_key, account_status
from ranked
where recency = 1
