-- Household and county of each card, by whom it was last used for.
with ranked as (
    select
        card_use.card_key, card_use.division, card_use.person_key, coalesce(card_use.household_key, homes.household_key) as household_key,
        row_number() over (
            partition by card_use.card_key
            order by card_use.last_on desc nulls last, card_use.credits desc nulls last, card_use.division nulls last,
                card_use.programme_code nulls last, card_use.person_key nulls last, card_use.household_key nulls last
        ) as recency
    from {{ ref('int_card_use') }} as card_use
    left join {{ ref('int_homes') }} as homes on card_use.person_key = homes.person_key
)

select ranked.card_key, ranked.division, homes.township, homes.village, ranked.person_key, ranked.household_key
from ranked
left join {{ ref('int_homes') }} as homes on ranked.person_key = homes.person_key
where ranked.recency = 1
