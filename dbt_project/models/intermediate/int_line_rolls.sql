-- The roll row that a bank's line answers without naming its number: under another number of the person, else by the payee whom the roll names, else by
-- the card; else, of those whom no line names, the one whose proxy on file the line names, or (money of households) the one of the household whose
-- member it names.
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
    select lines.*, rolls.person_key as named_key, rolls.resolved_key as named_resolved_key
    from lines
    left join {{ ref('int_rolls') }} as rolls
        on lines.division = rolls.division and lines.programme_code = rolls.programme_code
        and lines.payroll_month = rolls.payroll_month and lines.person_key = rolls.person_key
),

-- Whom the roll names as the payee of others, too: a line that names them may be for any of these.
payees as (
    select distinct division, programme_code, payroll_month, payee_resolved_key
    from {{ ref('int_rolls') }}
    where payee_resolved_key <> resolved_key
),

told as (
    select
        answered.delivery_key, answered.sheet_no, answered.row_no, answered.bank_code, answered.batch_no, answered.seq_no, answered.person_key,
        answered.card_key, answered.amount_fen, answered.status, answered.division, answered.programme_code, answered.payroll_month,
        answered.batch_kind, case when payees.payee_resolved_key is null then answered.named_key end as named_key
    from answered
    left join payees
        on answered.division = payees.division and answered.programme_code = payees.programme_code
        and answered.payroll_month = payees.payroll_month and answered.named_resolved_key = payees.payee_resolved_key
),

named as (
    select distinct division, programme_code, payroll_month, named_key
    from told
    where named_key is not null
),

-- Lines alike but for their place, of which the first answers the first of several rows, the second the second; `card_turn` on one card.
loose as (
    select
        told.delivery_key, told.sheet_no, told.row_no, told.division, told.programme_code, told.payroll_month, told.person_key,
        coalesce(persons.resolved_key, told.person_key) as resolved_key, told.card_key, told.amount_fen,
        row_number() over (
            partition by told.division, told.programme_code, told.payroll_month, told.batch_kind, told.person_key, told.amount_fen
            order by
                case when told.status = 'failed' then 0 else 1 end, told.bank_code nulls last, told.batch_no nulls last,
                told.seq_no nulls last, told.delivery_key nulls last, told.sheet_no nulls last, told.row_no nulls last
        ) as turn,
        row_number() over (
            partition by
                told.division, told.programme_code, told.payroll_month, told.batch_kind, told.person_key, told.card_key, told.amount_fen
            order by
                case when told.status = 'failed' then 0 else 1 end, told.bank_code nulls last, told.batch_no nulls last,
                told.seq_no nulls last, told.delivery_key nulls last, told.sheet_no nulls last, told.row_no nulls last
        ) as card_turn
    from told
    left join {{ ref('int_persons') }} as persons on told.person_key = persons.person_key
    where told.named_key is null
),

by_link as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key,
        case when payees.payee_resolved_key is null then 1 else 2 end as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.resolved_key = rolls.resolved_key
    left join payees
        on loose.division = payees.division and loose.programme_code = payees.programme_code
        and loose.payroll_month = payees.payroll_month and loose.resolved_key = payees.payee_resolved_key
),

by_payee as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 2 as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.resolved_key = rolls.payee_resolved_key
),

by_card as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 3 as strength
    from loose
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and loose.card_key = rolls.card_key
),

by_proxy as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 4 as strength
    from loose
    inner join {{ ref('int_proxies') }} as proxies on loose.resolved_key = proxies.proxy_person_key
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and proxies.person_key = rolls.resolved_key
),

by_household as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 5 as strength
    from loose
    inner join {{ ref('int_members') }} as members on loose.resolved_key = members.person_key
    inner join {{ ref('int_rolls') }} as rolls
        on loose.division = rolls.division and loose.programme_code = rolls.programme_code
        and loose.payroll_month = rolls.payroll_month and members.household_key = rolls.household_key
    inner join {{ ref('programmes') }} as programmes on loose.programme_code = programmes.programme_code
    where programmes.paid_to = 'household'
),

by_head as (
    select loose.delivery_key, loose.sheet_no, loose.row_no, rolls.person_key as roll_person_key, 5 as strength
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
    select delivery_key, sheet_no, row_no, roll_person_key, strength from by_payee
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
        loose.delivery_key, loose.sheet_no, loose.row_no, case when candidates.strength = 3 then loose.card_turn else loose.turn end as turn,
        candidates.roll_person_key, candidates.strength, coalesce(candidates.roll_person_key = loose.person_key, false) as is_own_number,
        coalesce(rolls.resolved_key = loose.resolved_key, false) as is_own, named.named_key is not null as is_named,
        rolls.entitled_fen = loose.amount_fen as is_same_amount,
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
    where candidates.strength <= 3 or named.named_key is null
),

-- One whom no line names, then the same amount, then the line's own, then the least key.
ranked as (
    select
        weighed.*,
        row_number() over (
            partition by delivery_key, sheet_no, row_no
            order by
                case when is_named then 1 else 0 end, case when is_same_amount then 0 else 1 end,
                case when is_own then 0 else 1 end, roll_person_key nulls last
        ) as place,
        sum(case when is_same_amount and not is_named then 1 else 0 end) over (partition by delivery_key, sheet_no, row_no) as fitting
    from weighed
    where strength = best
)

select
    delivery_key, sheet_no, row_no, roll_person_key,
    case
        when is_own_number then 'person'
        when is_own then 'link'
        when strength = 2 then 'payee'
        when strength = 3 then 'card'
        when strength = 4 then 'proxy'
        else 'household'
    end as matched_by
from ranked
where place = least(turn, greatest(fitting, 1))
