-- One card credited for several households (一卡多人), where its holder is not known to belong to each of those paid: the person
-- themself, a proxy on file, or a member of their household.
with uses as (
    select card_use.card_key, card_use.resolved_key as person_key, coalesce(card_use.household_key, register.household_key) as household_key
    from {{ ref('int_card_use') }} as card_use
    left join {{ ref('int_register') }} as register
        on card_use.household_key is null and card_use.division = register.division and card_use.resolved_key = register.resolved_key
        and card_use.programme_code = register.programme_code and register.occurrence = 1
),

households as (
    select card_key
    from uses
    where household_key is not null
    group by card_key
    having count(distinct household_key) > 1
),

shared as (
    select distinct uses.card_key, uses.person_key, uses.household_key, holders.holder_resolved_key
    from uses
    inner join households on uses.card_key = households.card_key
    left join {{ ref('int_holders') }} as holders on uses.card_key = holders.card_key
    where uses.household_key is not null
),

strangers as (
    select distinct shared.card_key
    from shared
    left join {{ ref('int_proxies') }} as proxies
        on shared.person_key = proxies.person_key and shared.holder_resolved_key = proxies.proxy_person_key
    left join {{ ref('int_members') }} as members
        on shared.household_key = members.household_key and shared.holder_resolved_key = members.person_key
    where coalesce(shared.holder_resolved_key <> shared.person_key, true) and proxies.person_key is null and members.person_key is null
),

cases as (
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.payroll_month,
        lines.card_key, lines.bank_code, lines.beneficiary_key as person_key, lines.name_key, lines.credited_on as occurred_on, lines.amount_fen,
        holders.holder_person_key, case when holders.holder_person_key is null then lines.payroll_month else 0 end as unknown_holder_month,
        holders.delivery_key as holder_delivery_key, holders.sheet_no as holder_sheet_no, holders.row_no as holder_row_no
    from {{ ref('int_credit_lines') }} as lines
    inner join strangers on lines.card_key = strangers.card_key
    left join {{ ref('int_holders') }} as holders on lines.card_key = holders.card_key
    where lines.status = 'success'
)

{{ finding('CD03', ['card_key'], against='holder', carry=['division', 'township', 'village', 'payroll_month', 'card_key', 'occurred_on'],
    person_key='holder_person_key', row_fen='amount_fen') }}
