-- Who opened a card or drew from it for somebody else, and whether they may: the holder, whoever is paid on it, a proxy on file, a member of the household.
with agents as (
    select card_key, agent_person_key, agent_resolved_key
    from {{ ref('int_holders') }}
    where agent_person_key is not null
    union
    select drawn.card_key, drawn.agent_person_key, coalesce(persons.resolved_key, drawn.agent_person_key) as agent_resolved_key
    from {{ ref('stg_card_withdrawals') }} as drawn
    left join {{ ref('int_persons') }} as persons on drawn.agent_person_key = persons.person_key
    where drawn.agent_person_key is not null and drawn.card_key is not null
),

-- Whose card it is, by the one key of int_persons.
owners as (
    select card_key, holder_resolved_key as person_key
    from {{ ref('int_holders') }}
    union
    select card_key, resolved_key as person_key
    from {{ ref('int_card_use') }}
),

households as (
    select owners.card_key, members.household_key
    from owners
    inner join {{ ref('int_members') }} as members on owners.person_key = members.person_key
    union
    select card_key, household_key
    from {{ ref('int_card_use') }}
),

related as (
    select agents.card_key, agents.agent_person_key
    from agents
    inner join owners on agents.card_key = owners.card_key and agents.agent_resolved_key = owners.person_key
    union
    select agents.card_key, agents.agent_person_key
    from agents
    inner join owners on agents.card_key = owners.card_key
    inner join {{ ref('int_proxies') }} as proxies
        on owners.person_key = proxies.person_key and agents.agent_resolved_key = proxies.proxy_person_key
    union
    select agents.card_key, agents.agent_person_key
    from agents
    inner join households on agents.card_key = households.card_key
    inner join {{ ref('int_members') }} as members
        on households.household_key = members.household_key and agents.agent_resolved_key = members.person_key
)

select agents.card_key, agents.agent_person_key, agents.agent_resolved_key, related.card_key is not null as is_related
from agents
left join related on agents.card_key = related.card_key and agents.agent_person_key = related.agent_person_key
