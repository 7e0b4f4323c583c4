-- One person under several ID numbers: all rows of the latest registers, the rolls and the credits under the number that is not the main one.
with links as (
    select person_key_a, person_key_b, reason
    from {{ ref('int_person_links') }}
    where grade = 'same'
),

numbers as (
    select person_key_a as person_key from links
    union
    select person_key_b as person_key from links
),

used as (
    select
        register.delivery_key, register.sheet_no, register.row_no, register.division, register.township, register.village,
        register.person_key, register.household_key, register.name_key, cast(null as bigint) as card_key,
        cast(null as date) as occurred_on, cast(null as bigint) as credited_fen, true as is_register
    from {{ ref('int_register') }} as register
    inner join numbers on register.person_key = numbers.person_key
    where register.is_current
    union all
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.township, rolls.village, rolls.person_key,
        rolls.household_key, rolls.name_key, rolls.card_key, cast(null as date) as occurred_on, cast(null as bigint) as credited_fen,
        false as is_register
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join numbers on rolls.person_key = numbers.person_key
    union all
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.person_key,
        lines.household_key, lines.name_key, lines.card_key, lines.credited_on as occurred_on, lines.amount_fen as credited_fen,
        false as is_register
    from {{ ref('int_credit_lines') }} as lines
    inner join numbers on lines.person_key = numbers.person_key
    where lines.status = 'success'
),

counted as (
    select
        used.person_key, count(*) as occurrences, max(case when persons.id_status like 'invalid%' then 1 else 0 end) as is_invalid,
        max(persons.id_masked) as id_masked
    from used
    left join {{ source('lake', 'persons') }} as persons on used.person_key = persons.person_key
    group by used.person_key
),

-- The main number is valid, has more rows, has the lesser key: in that order.
ranked as (
    select
        links.person_key_a, links.person_key_b, links.reason, one.id_masked as one_masked, other.id_masked as other_masked,
        case
            when one.is_invalid <> other.is_invalid then one.is_invalid < other.is_invalid
            else one.occurrences >= other.occurrences
        end as is_first_main
    from links
    inner join counted as one on links.person_key_a = one.person_key
    inner join counted as other on links.person_key_b = other.person_key
),

pairs as (
    select
        case when is_first_main then person_key_a else person_key_b end as main_key,
        case when is_first_main then person_key_b else person_key_a end as other_key,
        concat_ws(
            '', '证件号 ', case when is_first_main then other_masked else one_masked end, ' 与 ',
            case when is_first_main then one_masked else other_masked end, '：', reason
        ) as reason
    from ranked
),

cases as (
    select
        used.delivery_key, used.sheet_no, used.row_no, used.division, used.township, used.village, used.household_key, used.name_key,
        used.card_key, used.occurred_on, used.credited_fen, pairs.main_key, pairs.other_key, pairs.reason, 'primary' as evidence_role
    from pairs
    inner join used on pairs.other_key = used.person_key
    union all
    select
        used.delivery_key, used.sheet_no, used.row_no, used.division, used.township, used.village, used.household_key, used.name_key,
        used.card_key, used.occurred_on, used.credited_fen, pairs.main_key, pairs.other_key, pairs.reason, 'supporting' as evidence_role
    from pairs
    inner join used on pairs.main_key = used.person_key and used.is_register
)

{{ finding('ID06', ['main_key', 'other_key'],
    carry=['division', 'township', 'village', 'household_key', 'name_key', 'card_key', 'occurred_on', 'reason'],
    person_key='other_key', row_fen='credited_fen', role='evidence_role') }}
