-- One row per finding: what, where, whose (masked), how much, since when, and how many rows prove it.
with rows_of_findings as (
    {%- for name in finding_models() %}
    select {% for column, kind in finding_shape() %}{{ column }}{{ ", " if not loop.last }}{% endfor %} from {{ ref(name) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

grouped as (
    select
        finding_id, rule_code,
        {%- for column, kind in finding_shape() if column not in ('finding_id', 'rule_code', 'evidence_role', 'delivery_key', 'sheet_no', 'row_no') %}
        max({{ column }}) as {{ column }},
        {%- endfor %}
        cast(count(distinct case when evidence_role = 'primary'
            then concat_ws('|', {{ text('delivery_key') }}, {{ text('sheet_no') }}, {{ text('row_no') }}) end) as bigint) as case_count
    from rows_of_findings
    group by finding_id, rule_code
)

select
    grouped.finding_id, grouped.rule_code, rules.title_zh, rules.title_en, rules.suite, rules.severity, rules.handler,
    grouped.division, divisions.name_zh as division_name, grouped.township, grouped.village, grouped.pool_code, grouped.programme_code,
    grouped.payroll_month, grouped.person_key, persons.id_masked, grouped.household_key, grouped.card_key, cards.card_masked,
    grouped.name_key, names.name_masked, grouped.doc_no, grouped.voucher_no, grouped.bank_code, grouped.batch_no, grouped.occurred_on,
    grouped.amount_fen, grouped.days, grouped.reason, grouped.case_count
from grouped
inner join {{ ref('mart_rule') }} as rules on grouped.rule_code = rules.rule_code
left join {{ ref('divisions') }} as divisions on grouped.division = divisions.division_code
left join {{ source('lake', 'persons') }} as persons on grouped.person_key = persons.person_key
left join {{ source('lake', 'cards') }} as cards on grouped.card_key = cards.card_key
left join {{ source('lake', 'names') }} as names on grouped.name_key = names.name_key
