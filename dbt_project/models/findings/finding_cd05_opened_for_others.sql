-- Cards opened by one agent for many holders to whom the agent is nobody; or for somebody whom no office knows, and then credited.
with opened as (
    select
        holders.delivery_key, holders.sheet_no, holders.row_no, holders.bank_code, holders.card_key, holders.holder_person_key,
        holders.holder_name_key, holders.holder_resolved_key, holders.opened_on, holders.agent_person_key, holders.agent_resolved_key, agents.is_related
    from {{ ref('int_holders') }} as holders
    inner join {{ ref('int_card_agents') }} as agents
        on holders.card_key = agents.card_key and holders.agent_person_key = agents.agent_person_key
    where holders.agent_resolved_key <> coalesce(holders.holder_resolved_key, -1)
),

many as (
    select agent_resolved_key, min(agent_person_key) as agent_person_key, count(distinct holder_resolved_key) as holders
    from opened
    where not is_related
    group by agent_resolved_key
    having count(distinct holder_resolved_key) >= {{ threshold('cards') }}
),

-- Whoever stands in any register or roll, as beneficiary, head of the household or proxy, under whichever of their numbers.
known as (
    select person_key from {{ ref('stg_beneficiary_registers') }}
    union
    select head_person_key as person_key from {{ ref('stg_beneficiary_registers') }}
    union
    select proxy_person_key as person_key from {{ ref('stg_beneficiary_registers') }}
    union
    select person_key from {{ ref('stg_payment_rolls') }}
    union
    select head_person_key as person_key from {{ ref('stg_payment_rolls') }}
    union
    select payee_person_key as person_key from {{ ref('stg_payment_rolls') }}
),

known_persons as (
    select distinct coalesce(persons.resolved_key, known.person_key) as resolved_key
    from known
    left join {{ ref('int_persons') }} as persons on known.person_key = persons.person_key
    where known.person_key is not null
),

credited as (
    select card_key, min(division) as division, {{ sum_fen('amount_fen') }} as credited_fen
    from {{ ref('int_credit_lines') }}
    where status = 'success' and card_key is not null
    group by card_key
),

unknown as (
    select opened.card_key, credited.credited_fen
    from opened
    inner join credited on opened.card_key = credited.card_key
    left join known_persons on opened.holder_resolved_key = known_persons.resolved_key
    where known_persons.resolved_key is null and opened.holder_person_key is not null
),

told as (
    select
        opened.delivery_key, opened.sheet_no, opened.row_no, opened.bank_code, opened.card_key, opened.holder_person_key,
        opened.holder_name_key, opened.opened_on, 'agent' as kind, many.agent_person_key as subject_key, cast(null as bigint) as amount_fen,
        concat_ws(
            '', '同一代办人为 ', {{ text('many.holders') }}, ' 名无关人员开卡 · one agent opened cards for ', {{ text('many.holders') }},
            ' unrelated holders'
        ) as reason
    from opened
    inner join many on opened.agent_resolved_key = many.agent_resolved_key
    where not opened.is_related
    union all
    select
        opened.delivery_key, opened.sheet_no, opened.row_no, opened.bank_code, opened.card_key, opened.holder_person_key,
        opened.holder_name_key, opened.opened_on, 'card' as kind, opened.card_key as subject_key, unknown.credited_fen as amount_fen,
        '他人代开，持卡人不在任何花名册、清册、代领人中，而有入账 · opened by an agent for a holder in no register, roll or proxy column, and credited' as reason
    from opened
    inner join unknown on opened.card_key = unknown.card_key
),

cases as (
    select
        told.delivery_key, told.sheet_no, told.row_no, told.bank_code, told.card_key, told.holder_person_key, told.holder_name_key,
        told.opened_on, told.kind, told.subject_key, told.amount_fen, told.reason,
        case when told.kind = 'agent' then told.subject_key else told.holder_person_key end as person_key,
        coalesce(credited.division, homes.division) as division,
        -- Of an agent's holders only the registers say who they are to the agent.
        case when told.kind = 'agent' then '-' else coalesce(credited.division, homes.division) end as roll_division, homes.township, homes.village, homes.household_key
    from told
    left join credited on told.card_key = credited.card_key
    left join {{ ref('int_homes') }} as homes on told.holder_person_key = homes.person_key
)

{{ finding('CD05', ['kind', 'subject_key'],
    carry=['division', 'township', 'village', 'person_key', 'household_key', 'card_key', 'bank_code', 'reason'],
    name_key='holder_name_key', occurred_on='opened_on', row_fen='amount_fen') }}
