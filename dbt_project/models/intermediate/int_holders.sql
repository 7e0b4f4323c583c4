-- Holder of each card by the latest list of its bank.
with ranked as (
    select
        cards.*,
        row_number() over (
            partition by card_key order by snapshot_month desc nulls last, delivery_key nulls last, row_no nulls last
        ) as recency
    from {{ ref('stg_card_accounts') }} as cards
)

select
    ranked.delivery_key, ranked.sheet_no, ranked.row_no, ranked.card_key, ranked.bank_code, ranked.holder_person_key,
    coalesce(holders.resolved_key, ranked.holder_person_key) as holder_resolved_key, ranked.holder_name_key, ranked.opened_on, ranked.branch,
    ranked.agent_person_key, coalesce(agents.resolved_key, ranked.agent_person_key) as agent_resolved_key, ranked.account_status
from ranked
left join {{ ref('int_persons') }} as holders on ranked.holder_person_key = holders.person_key
left join {{ ref('int_persons') }} as agents on ranked.agent_person_key = agents.person_key
where ranked.recency = 1
