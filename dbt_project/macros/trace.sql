{# Names of the accounts of the trace: a government's pool in a fiscal year, a batch at an agent bank. #}
{% macro pool_account(division, pool, year) %}concat_ws('|', {{ division }}, {{ pool }}, {{ text(year) }}){% endmacro %}
{% macro batch_account(bank, batch) %}concat_ws('|', 'batch', {{ bank }}, {{ batch }}){% endmacro %}

{# Levels of government at which money stops on its way down. #}
{% macro trace_levels() %}{{ return(['central', 'province', 'city', 'county']) }}{% endmacro %}

{# What a piece of the trace says beside its place on the line: how it left, how it was matched, its root, and its stops. #}
{% macro trace_columns() %}
    account, lower_fen, upper_fen, to_account, to_lower_fen, in_on, out_kind, out_delivery_key, out_sheet_no, out_row_no, method, is_overdrawn,
    returns, root_kind, root_delivery_key, root_sheet_no, root_row_no, pool_account, pool_in_lower_fen, pool_method,
    {%- for level in trace_levels() %}
    {{ level }}_doc_no, {{ level }}_in_on, {{ level }}_out_on{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Pieces of `model` composed with themselves: what leads to another account is led on to where the pieces of that account lead. #}
{% macro trace_hop(model) %}
with pieces as (
    select {{ trace_columns() }}
    from {{ ref(model) }}
),

-- A piece whose target is cut into several becomes several; its place on its own line moves along with its place on the target's.
led_on as (
    select
        pieces.account,
        pieces.lower_fen + greatest(pieces.to_lower_fen, onward.lower_fen) - pieces.to_lower_fen as lower_fen,
        pieces.lower_fen + least(pieces.to_lower_fen + pieces.upper_fen - pieces.lower_fen, onward.upper_fen) - pieces.to_lower_fen as upper_fen,
        onward.to_account,
        onward.to_lower_fen + greatest(pieces.to_lower_fen, onward.lower_fen) - onward.lower_fen as to_lower_fen,
        pieces.in_on, pieces.out_kind, pieces.out_delivery_key, pieces.out_sheet_no, pieces.out_row_no,
        least(pieces.method, onward.method) as method,
        pieces.is_overdrawn or onward.is_overdrawn as is_overdrawn,
        pieces.returns + onward.returns as returns,
        onward.root_kind, onward.root_delivery_key, onward.root_sheet_no, onward.root_row_no,
        coalesce(pieces.pool_account, onward.pool_account) as pool_account,
        case when pieces.pool_account is null then onward.pool_in_lower_fen else pieces.pool_in_lower_fen end as pool_in_lower_fen,
        coalesce(pieces.pool_method, onward.pool_method) as pool_method,
        {%- for level in trace_levels() %}
        coalesce(onward.{{ level }}_doc_no, pieces.{{ level }}_doc_no) as {{ level }}_doc_no,
        coalesce(onward.{{ level }}_in_on, pieces.{{ level }}_in_on) as {{ level }}_in_on,
        coalesce(pieces.{{ level }}_out_on, onward.{{ level }}_out_on) as {{ level }}_out_on{{ "," if not loop.last }}
        {%- endfor %}
    from pieces
    inner join pieces as onward
        on pieces.to_account = onward.account
        and onward.lower_fen < pieces.to_lower_fen + pieces.upper_fen - pieces.lower_fen
        and onward.upper_fen > pieces.to_lower_fen
)

select {{ trace_columns() }}
from pieces
where to_account is null
union all
select {{ trace_columns() }}
from led_on
{% endmacro %}
