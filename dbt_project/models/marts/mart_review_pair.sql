-- Pairs for a person to judge: two names of one ID that are near (or differ, with a finding), and two IDs that may be one person.
-- Nearly everybody has one name and one number and is passed over at once.
with wanted as (
    select person_key
    from {{ ref('int_name_grades') }}
    union
    select person_key_a as person_key
    from {{ ref('int_known_links') }}
    union
    select person_key_b as person_key
    from {{ ref('int_known_links') }}
),

-- A row in which somebody stands twice, as the head and for themselves, is one row.
met as (
    select
        'bank_batches' as source, lines.division, wanted.person_key, lines.name_key, lines.delivery_key, lines.sheet_no, lines.row_no,
        case when lines.status = 'success' then lines.amount_fen else cast(0 as bigint) end as credited_fen
    from {{ ref('int_credit_lines') }} as lines
    inner join wanted on coalesce(lines.person_key, lines.beneficiary_key) = wanted.person_key
    where lines.name_key is not null
    {#- By the contracts of the sources; a bank's lines are above, where their person is found by the card, too. #}
    {%- for meeting in var('name_meetings') if meeting.source != 'bank_batches' %}
    union
    select
        '{{ meeting.source }}' as source, {{ 'rows_.division' if meeting.division else text('null') }} as division, wanted.person_key,
        rows_.{{ meeting.name }} as name_key, rows_.delivery_key, rows_.sheet_no, rows_.row_no, cast(0 as bigint) as credited_fen
    from {{ ref('stg_' ~ meeting.source) }} as rows_
    inner join wanted on rows_.{{ meeting.number }} = wanted.person_key
    where rows_.{{ meeting.name }} is not null
    {%- endfor %}
),

ordered as (
    -- The row to show first: the register's, then the roll's, the bank's, the card list's.
    select
        met.*,
        row_number() over (
            partition by person_key, name_key
            order by
                case
                    when source = 'beneficiary_registers' then 1
                    when source = 'payment_rolls' then 2
                    when source = 'bank_batches' then 3
                    else 4
                end,
                delivery_key nulls last, sheet_no nulls last, row_no nulls last
        ) as turn
    from met
),

name_sides as (
    select
        person_key, name_key, min(division) as division,
        cast(count(*) filter (where source = 'beneficiary_registers') as bigint) as register_rows,
        cast(count(*) filter (where source = 'payment_rolls') as bigint) as roll_rows,
        cast(count(*) filter (where source = 'bank_batches') as bigint) as bank_rows,
        cast(count(*) filter (where source = 'card_accounts') as bigint) as card_list_rows,
        cast(count(*) filter (
            where source not in ('beneficiary_registers', 'payment_rolls', 'bank_batches', 'card_accounts')
        ) as bigint) as other_rows,
        {{ sum_fen('credited_fen') }} as credited_fen,
        cast(count(*) as bigint) as all_rows,
        max(case when turn = 1 then delivery_key end) as delivery_key,
        max(case when turn = 1 then sheet_no end) as sheet_no,
        max(case when turn = 1 then row_no end) as row_no
    from ordered
    group by person_key, name_key
),

-- A person's main name is the one of most rows; its row is the one to show.
ranked_names as (
    select
        name_sides.*,
        row_number() over (partition by person_key order by all_rows desc nulls last, name_key nulls last) as turn
    from name_sides
),

person_sides as (
    select
        person_key,
        max(case when turn = 1 then name_key end) as name_key,
        min(division) as division,
        cast(sum(register_rows) as bigint) as register_rows, cast(sum(roll_rows) as bigint) as roll_rows,
        cast(sum(bank_rows) as bigint) as bank_rows, cast(sum(card_list_rows) as bigint) as card_list_rows,
        cast(sum(other_rows) as bigint) as other_rows,
        {{ sum_fen('credited_fen') }} as credited_fen,
        max(case when turn = 1 then delivery_key end) as delivery_key,
        max(case when turn = 1 then sheet_no end) as sheet_no,
        max(case when turn = 1 then row_no end) as row_no
    from ranked_names
    group by person_key
),

-- The grade is the comparison's, whatever was decided since.
name_pairs as (
    select
        met_names.person_key, met_names.name_key_a as key_a, met_names.name_key_b as key_b, comparisons.grade, comparisons.reason,
        verdicts.verdict, verdicts.reviewer, verdicts.decided_at
    from {{ ref('int_name_grades') }} as met_names
    inner join {{ source('lake', 'name_comparisons') }} as comparisons
        on met_names.name_key_a = comparisons.name_key_a and met_names.name_key_b = comparisons.name_key_b
    left join {{ ref('stg_verdicts') }} as verdicts
        on verdicts.subject = 'name' and met_names.person_key = verdicts.person_key and met_names.name_key_a = verdicts.key_a
        and met_names.name_key_b = verdicts.key_b
),

registered as (
    select person_key
    from name_sides
    where register_rows > 0
    group by person_key
),

-- Different names are for a person to judge where a rule accuses somebody of them: a name against one that the registers give, if they
-- give any: the finding's own name, or all of the person's (`accuses_names` of the rule).
accused as (
    select distinct pairs.person_key, pairs.key_a, pairs.key_b
    from name_pairs as pairs
    inner join {{ ref('mart_finding') }} as findings on pairs.person_key = findings.person_key
    inner join name_sides as sides_a on pairs.person_key = sides_a.person_key and pairs.key_a = sides_a.name_key
    inner join name_sides as sides_b on pairs.person_key = sides_b.person_key and pairs.key_b = sides_b.name_key
    left join registered on pairs.person_key = registered.person_key
    where pairs.grade = 'different'
        and (
            {{ accuses_names('findings.rule_code', 'all') }}
            or ({{ accuses_names('findings.rule_code', 'found') }} and findings.name_key in (pairs.key_a, pairs.key_b))
        )
        and (registered.person_key is null or sides_a.register_rows + sides_b.register_rows > 0)
),

pairs as (
    select
        'name' as subject, name_pairs.grade as kind, name_pairs.person_key, name_pairs.key_a, name_pairs.key_b, name_pairs.grade,
        name_pairs.reason, name_pairs.verdict, name_pairs.reviewer, name_pairs.decided_at,
        name_pairs.person_key as person_key_a, name_pairs.key_a as name_key_a, name_pairs.person_key as person_key_b,
        name_pairs.key_b as name_key_b
    from name_pairs
    left join accused
        on name_pairs.person_key = accused.person_key and name_pairs.key_a = accused.key_a and name_pairs.key_b = accused.key_b
    where name_pairs.grade = 'near' or name_pairs.verdict is not null or accused.key_a is not null
    union all
    select
        'person' as subject, links.kind, cast(null as bigint) as person_key, links.person_key_a as key_a, links.person_key_b as key_b,
        links.grade, links.reason, verdicts.verdict, verdicts.reviewer, verdicts.decided_at,
        links.person_key_a, sides_a.name_key as name_key_a, links.person_key_b, sides_b.name_key as name_key_b
    from {{ ref('int_known_links') }} as links
    inner join person_sides as sides_a on links.person_key_a = sides_a.person_key
    inner join person_sides as sides_b on links.person_key_b = sides_b.person_key
    left join {{ ref('stg_verdicts') }} as verdicts
        on verdicts.subject = 'person' and links.person_key_a = verdicts.key_a and links.person_key_b = verdicts.key_b
),

sides as (
    select
        'name' as subject, person_key, name_key, division, register_rows, roll_rows, bank_rows, card_list_rows, other_rows, credited_fen,
        delivery_key, sheet_no, row_no
    from name_sides
    union all
    select
        'person' as subject, person_key, name_key, division, register_rows, roll_rows, bank_rows, card_list_rows, other_rows, credited_fen,
        delivery_key, sheet_no, row_no
    from person_sides
)

select
    concat_ws('|', pairs.subject, {{ text('pairs.person_key') }}, {{ text('pairs.key_a') }}, {{ text('pairs.key_b') }}) as review_pair_id,
    pairs.subject, pairs.kind, pairs.grade,
    case
        when pairs.verdict in ('same', 'different') then 'decided'
        when pairs.verdict = 'unsure' then 'unsure'
        when pairs.subject = 'person' and pairs.grade = 'same' then 'linked'
        else 'open'
    end as state,
    coalesce(least(a.division, b.division), a.division, b.division) as division, divisions.name_zh as division_name,
    pairs.person_key, pairs.key_a, pairs.key_b,
    persons_a.id_masked as id_masked_a, names_a.name_masked as name_masked_a,
    persons_b.id_masked as id_masked_b, names_b.name_masked as name_masked_b,
    pairs.reason,
    a.register_rows as register_rows_a, a.roll_rows as roll_rows_a, a.bank_rows as bank_rows_a, a.card_list_rows as card_list_rows_a,
    a.other_rows as other_rows_a, a.credited_fen as credited_a_fen, deliveries_a.source as source_a, deliveries_a.file_name as file_name_a,
    a.delivery_key as delivery_key_a, a.sheet_no as sheet_no_a, a.row_no as row_no_a,
    b.register_rows as register_rows_b, b.roll_rows as roll_rows_b, b.bank_rows as bank_rows_b, b.card_list_rows as card_list_rows_b,
    b.other_rows as other_rows_b, b.credited_fen as credited_b_fen, deliveries_b.source as source_b, deliveries_b.file_name as file_name_b,
    b.delivery_key as delivery_key_b, b.sheet_no as sheet_no_b, b.row_no as row_no_b,
    a.credited_fen + b.credited_fen as amount_fen,
    pairs.verdict, pairs.reviewer, pairs.decided_at
from pairs
inner join sides as a on pairs.subject = a.subject and pairs.person_key_a = a.person_key and pairs.name_key_a = a.name_key
inner join sides as b on pairs.subject = b.subject and pairs.person_key_b = b.person_key and pairs.name_key_b = b.name_key
left join {{ ref('divisions') }} as divisions on coalesce(least(a.division, b.division), a.division, b.division) = divisions.division_code
left join {{ ref('stg_deliveries') }} as deliveries_a on a.delivery_key = deliveries_a.delivery_key
left join {{ ref('stg_deliveries') }} as deliveries_b on b.delivery_key = deliveries_b.delivery_key
left join {{ source('lake', 'persons') }} as persons_a on pairs.person_key_a = persons_a.person_key
left join {{ source('lake', 'persons') }} as persons_b on pairs.person_key_b = persons_b.person_key
left join {{ source('lake', 'names') }} as names_a on pairs.name_key_a = names_a.name_key
left join {{ source('lake', 'names') }} as names_b on pairs.name_key_b = names_b.name_key
