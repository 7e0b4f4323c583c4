-- The roll row that a bank's line answers without naming its number: under another number of the person, else by the card; else, of those whom no line
-- names, the one whose proxy on file the line names, or (money of households) the one of the household whose member it names.
with lines as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.bank_code, lines.batch_no, lines.seq_no, lines.person_key, lines.card_key,
        lines.amount_fen, lines.status, batches.division, batches.programme_code,
        coalesce(months.payroll_month, batches.payroll_month) as payroll_month, batches.batch_kind
    from {{ ref('stg_bank_batches') }} as lines
    inner join {{ ref('int_batches') }} as batches on lines.bank_code = batches.bank_code and lines.batch_no = batches.batch_no
    left join {{ ref('int_reissued_months') }} as months
        on lines.delivery_key = months.delivery_key and lines.sheet_no = months.sheet_no and lines.row_no = months.row_no
),

answered as (
    select lines.*, rolls.person_key as named_key
    from lines
    left join {{ ref('int_rolls') }} as rolls
        on lines.division = rolls.division and lines.programme_code = rolls.programme_code
        and lines.payroll_month = rolls.payroll_month and lines.person_key = rolls.person_key
),

named as (
    select distinct division, programme_code, payroll_month, named_key
    from answered
    where named_key is not null
),

-- Lines alike but for their place, of which the first answers the first of several rows, the second the second.
loose as (
    select
        answered.delivery_key, answered.sheet_no, answered.row_no, answered.division, answered.programme_code, answered.payroll_month,
        answered.person_key, coalesce(persons.resolved_key, answered.person_key) as resolved_key, answered.card_key, answered.amount_fen,
        row_number() over (
            partition by
                answered.division, answered.programme_code, answered.payroll_month, answered.batch_kind, answered.person_key,
                answered.card_key, answered.amount_fen
            order by
                case when answered.status = 'failed' then 0 else 1 end, answered.bank_code nulls last, answered.batch_no nulls last,
                answered.seq_no nulls last, answered.delivery_key nulls last, answered.sheet_no nulls last, answered.row_no nulls last
        ) as turn
    from answered
    left join {{ ref('int_persons') }} as persons on answered.person_key = persons.person_key
    where answered.named_key is null
),

by_link as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 1 as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.resolved_key = rolls.resolved_key
),

by_card as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 2 as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.card_key = rolls.card_key
),

by_proxy as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 3 as strength
    from loose
    inner join {{ ref('int_proxies') }} as proxies on loose.resolved_key = proxies.proxy_person_key
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and proxies.person_key = rolls.resolved_key
),

by_household as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 4 as strength
    from loose
    inner join {{ ref('int_members') }} as members on loose.resolved_key = members.person_key
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and members.household_key = rolls.household_key
    inner join {{ ref('programmes') }} as programmes on loose.programme_code = programmes.programme_code
    where programmes.paid_to = 'household'
),

by_head as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 4 as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.resolved_key = rolls.head_resolved_key
    inner join {{ ref('programmes') }} as programmes on loose.programme_code = programmes.programme_code
    where programmes.paid_to = 'household'
),

candidates as (
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_link
    union
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_card
    union
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_proxy
    union
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_household
    union
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_head
),

weighed as (
    select
        loose.delivery_key, loose.sheet_no, loose.row_no, loose.turn, candidates.roll_person_key, candidates.strength,
        named.named_key is not null as is_named, rolls.entitled_fen = loose.amount_fen as is_same_amount,
        min(candidates.strength) over (partition by loose.delivery_key, loose.sheet_no, loose.row_no) as best
    from candidates
    inner join loose
        on candidates.delivery_key = loose.delivery_key and candidates.sheet_no = loose.sheet_no and candidates.row_no = loose.row_no
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and candidates.roll_person_key = rolls.person_key
    left join named
        on rolls.division = named.division and rolls.programme_code = named.programme_code
        and rolls.payroll_month = named.payroll_month and rolls.person_key = named.named_key
    where candidates.strength <= 2 or named.named_key is null
),

-- One whom no line names, then the same amount, then the least key.
ranked as (
    select
        weighed.*,
        row_number() over (
            partition by delivery_key, sheet_no, row_no
            order by
                case when is_named then 1 else 0 end, case when is_same_amount then 0 else 1 end, roll_person_key nulls last
        ) as place,
        sum(case when is_same_amount and not is_named then 1 else 0 end) over (partition by delivery_key, sheet_no, row_no) as fitting
    from weighed
    where strength = best
)

select
    delivery_key, sheet_no, row_no, roll_person_key,
    case strength when 1 then 'link' when 2 then 'card' when 3 then 'proxy' else 'household' end as matched_by
from ranked
where place = least(turn, greatest(fitting, 1))
