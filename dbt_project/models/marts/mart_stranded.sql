-- Every fen at rest: where it lies, whose money it is, since when, and which rule watches it.
with pools as (
    select distinct account, division, level, pool_code, fiscal_year
    from {{ ref('int_trace_moves') }}
),

in_pools as (
    select
        pieces.piece_no, 'pool' as place, pools.division, pools.level, pools.pool_code, pools.fiscal_year,
        cast(null as {{ dbt.type_string() }}) as bank_code, cast(null as {{ dbt.type_string() }}) as batch_no,
        cast(null as {{ dbt.type_string() }}) as reference, pieces.in_on as since, pieces.upper_fen - pieces.lower_fen as resting_fen
    from {{ ref('int_trace_origins') }} as pieces
    inner join pools on pieces.account = pools.account
    where pieces.out_kind = 'resting'
),

-- Sent on and arrived nowhere, by the lists of those who should have it: parts of outflows to which no inflow is linked.
sent as (
    select
        moves.account, moves.kind, moves.reference, moves.lower_fen, moves.upper_fen, documents.issued_on, moves.fiscal_year,
        case when moves.kind = 'passed_down' then documents.receiver_division else documents.issuer_division end as to_division
    from {{ ref('int_trace_moves') }} as moves
    inner join {{ ref('stg_budget_allocations') }} as documents
        on moves.delivery_key = documents.delivery_key and moves.sheet_no = documents.sheet_no and moves.row_no = documents.row_no
    where moves.kind in ('passed_down', 'clawback_out')
),

arrived as (
    select from_account as account, from_lower_fen as lower_fen, from_lower_fen + upper_fen - lower_fen as upper_fen
    from {{ ref('int_trace_links') }}
),

edges as (
    select account, lower_fen, lower_fen as edge_fen from sent
    union
    select sent.account, sent.lower_fen, arrived.upper_fen as edge_fen
    from sent
    inner join arrived
        on sent.account = arrived.account and arrived.upper_fen > sent.lower_fen and arrived.upper_fen < sent.upper_fen
),

not_arrived as (
    select edges.account, edges.lower_fen as move_lower_fen, edges.edge_fen as lower_fen, min(coalesce(arrived.lower_fen, sent.upper_fen)) as upper_fen
    from edges
    inner join sent on edges.account = sent.account and edges.lower_fen = sent.lower_fen
    left join arrived
        on edges.account = arrived.account and arrived.lower_fen >= edges.edge_fen and arrived.lower_fen < sent.upper_fen
    group by edges.account, edges.lower_fen, edges.edge_fen
),

reporting as (
    select distinct reporter_division, fiscal_year
    from {{ ref('stg_budget_allocations') }}
),

in_transit as (
    select
        pieces.piece_no, case when reporting.reporter_division is null then 'not_reporting' else 'in_transit' end as place,
        sent.to_division as division, divisions.level, pools.pool_code, pools.fiscal_year,
        cast(null as {{ dbt.type_string() }}) as bank_code, cast(null as {{ dbt.type_string() }}) as batch_no, sent.reference,
        sent.issued_on as since,
        least(pieces.upper_fen, not_arrived.upper_fen) - greatest(pieces.lower_fen, not_arrived.lower_fen) as resting_fen
    from not_arrived
    inner join sent on not_arrived.account = sent.account and not_arrived.move_lower_fen = sent.lower_fen
    inner join {{ ref('int_trace_origins') }} as pieces
        on not_arrived.account = pieces.account and pieces.upper_fen > not_arrived.lower_fen and pieces.lower_fen < not_arrived.upper_fen
    inner join pools on not_arrived.account = pools.account
    left join reporting on sent.to_division = reporting.reporter_division and sent.fiscal_year = reporting.fiscal_year
    left join {{ ref('divisions') }} as divisions on sent.to_division = divisions.division_code
    where not_arrived.upper_fen > not_arrived.lower_fen
),

-- Paid to somebody who is no agent bank: it lies on no card.
other_payees as (
    select
        pieces.piece_no, 'other_payee' as place, pools.division, pools.level, pools.pool_code, pools.fiscal_year,
        cast(null as {{ dbt.type_string() }}) as bank_code, cast(null as {{ dbt.type_string() }}) as batch_no,
        payments.voucher_no as reference, payments.paid_on as since, pieces.upper_fen - pieces.lower_fen as resting_fen
    from {{ ref('int_trace_origins') }} as pieces
    inner join {{ ref('stg_treasury_payments') }} as payments
        on pieces.out_delivery_key = payments.delivery_key and pieces.out_sheet_no = payments.sheet_no and pieces.out_row_no = payments.row_no
    inner join pools on pieces.account = pools.account
    where pieces.out_kind = 'diverted'
),

no_batch as (
    select
        pieces.piece_no, 'bank_no_batch' as place, pools.division, pools.level, pools.pool_code, pools.fiscal_year,
        vouchers.payee_bank_code as bank_code, vouchers.stated_batch_no as batch_no, vouchers.voucher_no as reference,
        vouchers.paid_on as since,
        least(pieces.upper_fen, moves.lower_fen + vouchers.from_fen + vouchers.amount_fen)
            - greatest(pieces.lower_fen, moves.lower_fen + vouchers.from_fen) as resting_fen
    from {{ ref('int_vouchers') }} as vouchers
    inner join {{ ref('int_trace_moves') }} as moves
        on not moves.is_inflow and vouchers.delivery_key = moves.delivery_key and vouchers.sheet_no = moves.sheet_no
        and vouchers.row_no = moves.row_no
    inner join {{ ref('int_trace_origins') }} as pieces
        on pieces.out_kind = 'paid' and vouchers.delivery_key = pieces.out_delivery_key and vouchers.sheet_no = pieces.out_sheet_no
        and vouchers.row_no = pieces.out_row_no and pieces.upper_fen > moves.lower_fen + vouchers.from_fen
        and pieces.lower_fen < moves.lower_fen + vouchers.from_fen + vouchers.amount_fen
    inner join pools on pieces.account = pools.account
    where vouchers.batch_no is null
),

batches as (
    select
        {{ batch_account('bank_code', 'batch_no') }} as account, bank_code, batch_no, division, pool_code, line_fen,
        greatest(line_fen, file_fen) as file_fen
    from {{ ref('int_batches') }}
),

-- Parts of a batch's money that reached no card: failed and settled in no way, above its lines, or behind lines that could not be read.
open_parts as (
    select
        {{ batch_account('failed.bank_code', 'failed.batch_no') }} as account, 'bank_failed' as place, failed.failed_on as since,
        failed.lower_fen + failed.returned_fen as lower_fen, failed.upper_fen
    from {{ ref('int_trace_failed') }} as failed
    where failed.held_row_no is null and failed.returned_fen < failed.amount_fen
    union all
    select account, 'bank_unread' as place, cast(null as date) as since, line_fen as lower_fen, file_fen as upper_fen
    from batches
    where file_fen > line_fen
    union all
    select account, 'bank_unspent' as place, cast(null as date) as since, file_fen as lower_fen, cast(9223372036854775807 as bigint) as upper_fen
    from batches
),

at_banks as (
    select
        pieces.piece_no, open_parts.place, batches.division, 'county' as level, batches.pool_code, pieces.root_year as fiscal_year,
        batches.bank_code, batches.batch_no, cast(null as {{ dbt.type_string() }}) as reference,
        coalesce(open_parts.since, pieces.in_on) as since,
        least(pieces.upper_fen, open_parts.upper_fen) - greatest(pieces.lower_fen, open_parts.lower_fen) as resting_fen
    from open_parts
    inner join {{ ref('int_trace_origins') }} as pieces
        on open_parts.account = pieces.account and pieces.upper_fen > open_parts.lower_fen and pieces.lower_fen < open_parts.upper_fen
    inner join batches on open_parts.account = batches.account
    -- A failed line of a reissue that had no money of its own holds none.
    where pieces.root_kind <> 'uncovered'
),

places as (
    select piece_no, place, division, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, resting_fen from in_pools
    union all
    select piece_no, place, division, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, resting_fen from in_transit
    union all
    select piece_no, place, division, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, resting_fen from other_payees
    union all
    select piece_no, place, division, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, resting_fen from no_batch
    union all
    select piece_no, place, division, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, resting_fen from at_banks
),

aged as (
    select places.*, {{ days_between('places.since', business_date()) }} as days
    from places
)

select
    concat_ws('|', aged.place, {{ text('aged.piece_no') }}, coalesce({{ text('aged.since') }}, '-')) as stranded_id,
    aged.place, aged.division, divisions.name_zh as division_name, aged.level, aged.pool_code, aged.fiscal_year, aged.bank_code,
    aged.batch_no, aged.reference, {{ sum_fen('aged.resting_fen') }} as resting_fen, aged.since, aged.days,
    case
        when aged.days is null then 'unknown'
        when aged.days <= 30 then '0-30'
        when aged.days <= 60 then '31-60'
        when aged.days <= 90 then '61-90'
        when aged.days <= 180 then '91-180'
        when aged.days <= 365 then '181-365'
        else '366+'
    end as age_band,
    pieces.root_kind as source_kind, pieces.root_doc_no as source_doc_no, pieces.root_division as source_division,
    pieces.root_level as source_level, pieces.root_on as source_on, pieces.province_doc_no, pieces.city_doc_no, pieces.county_doc_no,
    {{ rule_watching('aged.place', 'aged.level') }} as rule_code
from aged
inner join {{ ref('int_trace_origins') }} as pieces on aged.piece_no = pieces.piece_no
left join {{ ref('divisions') }} as divisions on aged.division = divisions.division_code
group by
    aged.piece_no, aged.place, aged.division, divisions.name_zh, aged.level, aged.pool_code, aged.fiscal_year, aged.bank_code,
    aged.batch_no, aged.reference, aged.since, aged.days, pieces.root_kind, pieces.root_doc_no, pieces.root_division, pieces.root_level,
    pieces.root_on, pieces.province_doc_no, pieces.city_doc_no, pieces.county_doc_no
