-- One agent draws from many households' cards on a day, none of them the agent's own to draw from; or one cash machine pays many households'
-- cards within minutes. Queues at counters and agents' shops on pay day are none.
with drawn as (
    select
        drawn.delivery_key, drawn.sheet_no, drawn.row_no, drawn.bank_code, drawn.card_key, drawn.channel, drawn.amount_fen, drawn.terminal_no,
        drawn.withdrawn_on, {{ seconds('drawn.withdrawn_at') }} as second, agents.agent_resolved_key as agent_person_key,
        coalesce(agents.is_related, false) as is_related,
        homes.division, homes.township, homes.village, homes.household_key
    from {{ ref('stg_card_withdrawals') }} as drawn
    inner join {{ ref('int_card_homes') }} as homes on drawn.card_key = homes.card_key
    left join {{ ref('int_card_agents') }} as agents
        on drawn.card_key = agents.card_key and drawn.agent_person_key = agents.agent_person_key
    where homes.household_key is not null
),

by_agent as (
    select agent_person_key, withdrawn_on, count(distinct household_key) as households
    from drawn
    where agent_person_key is not null and not is_related
    group by agent_person_key, withdrawn_on
    having count(distinct household_key) >= {{ threshold('households') }}
),

at_machine as (
    select
        delivery_key, sheet_no, row_no, bank_code, terminal_no, withdrawn_on, household_key, second,
        cast(floor(second / ({{ threshold('minutes') }} * 60)) as bigint) as slot
    from drawn
    where channel = 'atm' and terminal_no is not null and second is not null
),

-- Each withdrawal opens a span of so many minutes, which ends in its own slot of the clock or in the next.
slots as (
    select delivery_key, sheet_no, row_no, bank_code, terminal_no, second, slot from at_machine
    union all
    select delivery_key, sheet_no, row_no, bank_code, terminal_no, second, slot + 1 as slot from at_machine
),

spans as (
    select
        slots.delivery_key, slots.sheet_no, slots.row_no, slots.bank_code, slots.terminal_no, slots.second,
        count(distinct others.household_key) as households
    from slots
    inner join at_machine as others
        on slots.bank_code = others.bank_code and slots.terminal_no = others.terminal_no and slots.slot = others.slot
        and others.second between slots.second and slots.second + {{ threshold('minutes') }} * 60
    group by slots.delivery_key, slots.sheet_no, slots.row_no, slots.bank_code, slots.terminal_no, slots.second
    having count(distinct others.household_key) >= {{ threshold('terminal_households') }}
),

busy as (
    select distinct bank_code, terminal_no, second, households
    from spans
),

by_machine as (
    select
        at_machine.delivery_key, at_machine.sheet_no, at_machine.row_no, max(busy.households) as households
    from at_machine
    inner join busy
        on at_machine.bank_code = busy.bank_code and at_machine.terminal_no = busy.terminal_no
        and at_machine.second between busy.second and busy.second + {{ threshold('minutes') }} * 60
    group by at_machine.delivery_key, at_machine.sheet_no, at_machine.row_no
),

told as (
    select
        drawn.delivery_key, drawn.sheet_no, drawn.row_no, 'agent' as kind, {{ text('drawn.agent_person_key') }} as subject, by_agent.households,
        drawn.agent_person_key as person_key
    from drawn
    inner join by_agent on drawn.agent_person_key = by_agent.agent_person_key and drawn.withdrawn_on = by_agent.withdrawn_on
    where not drawn.is_related
    union all
    select
        drawn.delivery_key, drawn.sheet_no, drawn.row_no, 'terminal' as kind, concat_ws('/', drawn.bank_code, drawn.terminal_no) as subject,
        by_machine.households, cast(null as bigint) as person_key
    from drawn
    inner join by_machine
        on drawn.delivery_key = by_machine.delivery_key and drawn.sheet_no = by_machine.sheet_no and drawn.row_no = by_machine.row_no
),

cases as (
    select
        drawn.delivery_key, drawn.sheet_no, drawn.row_no, drawn.division, drawn.township, drawn.village, drawn.household_key, drawn.card_key,
        drawn.bank_code, drawn.withdrawn_on, drawn.amount_fen, told.kind, told.subject, told.person_key,
        -- A machine is nobody's relative.
        coalesce(told.person_key, -1) as agent_key,
        max(told.households) over (partition by told.kind, told.subject, drawn.withdrawn_on) as households
    from told
    inner join drawn on told.delivery_key = drawn.delivery_key and told.sheet_no = drawn.sheet_no and told.row_no = drawn.row_no
)

{{ finding('CD06', ['kind', 'subject', 'withdrawn_on'],
    carry=['division', 'township', 'village', 'person_key', 'household_key', 'card_key', 'bank_code'], occurred_on='withdrawn_on',
    reason="concat_ws('', case kind when 'agent' then '同一代办人一日支取 ' else '同一自助终端短时支取 ' end, " ~ text('households')
        ~ ", ' 户的卡 · cards of ', " ~ text('households')
        ~ ", case kind when 'agent' then ' households used by one agent in one day' else ' households used at one cash machine within minutes' end)",
    row_fen='amount_fen') }}
