-- What each delivery that was not superseded speaks of: its cells (whose, of which programme and month) with rows and fen. A file of which no row
-- landed speaks of what its name and facts say.
with
{%- for name, composition in compositions().items() %}
{%- set cell = composition.cell %}
{{ name }}_rows as (
    select
        rows_.delivery_key,
        {{ text('rows_.' ~ cell.division if cell.division else 'null') }} as division,
        {{ text('rows_.' ~ cell.bank if cell.bank else 'null') }} as bank_code,
        {{ text('rows_.' ~ cell.programme if cell.programme else 'null') }} as programme_code,
        cast({{ month_of_cell(cell, 'rows_', 'deliveries') }} as int) as month,
        {{ 'rows_.' ~ composition.money if composition.money and not composition.table else 'cast(null as bigint)' }} as fen
    from {{ source('lake', composition.table or name) }} as rows_
    inner join {{ ref('stg_deliveries') }} as deliveries on rows_.delivery_key = deliveries.delivery_key and deliveries.state <> 'superseded'
    left join {{ ref('stg_replaced_rows') }} as replaced
        on rows_.delivery_key = replaced.delivery_key and rows_.sheet_no = replaced.sheet_no and rows_.row_no = replaced.row_no
    where replaced.row_no is null
),
{% endfor %}
landed as (
    {%- for name, composition in compositions().items() %}
    -- A control record stands for all lines of its batch; how many these are, the delivery says.
    select
        '{{ name }}' as source, delivery_key, division, bank_code, programme_code, month, count(*) as rows_landed, sum(fen) as landed_fen,
        {{ 'true' if composition.table else 'false' }} as is_by_controls
    from {{ name }}_rows
    group by delivery_key, division, bank_code, programme_code, month
    {{ "union all" if not loop.last }}
    {%- else %}
    select
        source, delivery_key, sender_division as division, sender_bank as bank_code, cast(null as {{ dbt.type_string() }}) as programme_code,
        cast(null as int) as month, rows_landed, landed_fen, false as is_by_controls
    from {{ ref('stg_deliveries') }}
    {%- endfor %}
),

with_rows as (
    select delivery_key, count(*) as cells
    from landed
    group by delivery_key
),

unlanded as (
    select
        deliveries.source, deliveries.delivery_key, deliveries.sender_division as division, deliveries.sender_bank as bank_code,
        programmes.programme_code, cast({{ month_of_period('deliveries.period') }} as int) as month, cast(0 as bigint) as rows_landed,
        cast(0 as bigint) as landed_fen
    from {{ ref('stg_deliveries') }} as deliveries
    left join with_rows on deliveries.delivery_key = with_rows.delivery_key
    left join {{ ref('programmes') }} as programmes on deliveries.scope like concat_ws('', '%|', programmes.programme_code, '|%')
    where deliveries.state <> 'superseded' and with_rows.delivery_key is null
)

select
    landed.source, landed.delivery_key, landed.division, landed.bank_code, landed.programme_code, landed.month,
    case when landed.is_by_controls and with_rows.cells = 1 then greatest(deliveries.rows_in_force, 1) else landed.rows_landed end as rows_landed,
    case when landed.is_by_controls and with_rows.cells = 1 then deliveries.landed_fen else landed.landed_fen end as landed_fen,
    deliveries.state, deliveries.rows_quarantined, deliveries.totals_state, deliveries.file_name
from landed
inner join with_rows on landed.delivery_key = with_rows.delivery_key
inner join {{ ref('stg_deliveries') }} as deliveries on landed.delivery_key = deliveries.delivery_key
union all
select
    unlanded.source, unlanded.delivery_key, unlanded.division, unlanded.bank_code, unlanded.programme_code, unlanded.month,
    unlanded.rows_landed, unlanded.landed_fen, deliveries.state, deliveries.rows_quarantined, deliveries.totals_state, deliveries.file_name
from unlanded
inner join {{ ref('stg_deliveries') }} as deliveries on unlanded.delivery_key = deliveries.delivery_key
