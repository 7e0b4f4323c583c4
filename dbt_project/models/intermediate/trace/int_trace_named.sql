-- What payments ask of the documents they name: stated amounts first, then the rest of the payment on what is left of the others, in order.
-- Payments that name the same documents without amounts and these documents lie on two lines of fen, as vouchers and batches do.
with inflows as (
    select account, reference, parent_reference, upper_fen - lower_fen as amount_fen
    from {{ ref('int_trace_moves') }}
    where is_inflow and kind in ('received', 'own', 'carry_in')
),

documents as (
    select account, reference, cast(sum(amount_fen) as bigint) as amount_fen
    from inflows
    group by account, reference
),

-- A county may have a document under a number of its own, which cites the one that the payment names.
citing as (
    select account, parent_reference, min(reference) as reference
    from inflows
    where parent_reference is not null
    group by account, parent_reference
    having min(reference) = max(reference)
),

links as (
    select
        payments.delivery_key, payments.sheet_no, payments.row_no, payments.position, payments.doc_no, payments.stated_fen, payments.in_order,
        moves.account, moves.lower_fen as out_lower_fen, moves.upper_fen - moves.lower_fen as out_fen,
        coalesce(documents.reference, citing.reference) as reference,
        row_number() over (
            partition by moves.account, moves.lower_fen, payments.in_order, coalesce(documents.reference, citing.reference)
            order by payments.position nulls last
        ) as occurrence
    from {{ ref('stg_payment_documents') }} as payments
    inner join {{ ref('int_trace_moves') }} as moves
        on payments.delivery_key = moves.delivery_key and payments.sheet_no = moves.sheet_no and payments.row_no = moves.row_no
        and not moves.is_inflow
    left join documents on moves.account = documents.account and payments.doc_no = documents.reference
    left join citing on moves.account = citing.account and payments.doc_no = citing.parent_reference
),

-- No payment draws more than it pays.
stated as (
    select
        links.*,
        greatest(
            cast(0 as bigint),
            least(
                stated_fen,
                out_fen - coalesce(cast(sum(stated_fen) over (
                    partition by account, out_lower_fen order by position nulls last rows between unbounded preceding and 1 preceding
                ) as bigint), cast(0 as bigint))
            )
        ) as asked_fen
    from links
    where stated_fen is not null
),

-- What the payment leaves to those it names without an amount.
rests as (
    select
        links.account, links.out_lower_fen, links.in_order,
        links.out_fen - coalesce(cast(sum(stated.asked_fen) as bigint), cast(0 as bigint)) as rest_fen
    from (select distinct account, out_lower_fen, out_fen, in_order from links where stated_fen is null) as links
    left join stated on links.account = stated.account and links.out_lower_fen = stated.out_lower_fen
    group by links.account, links.out_lower_fen, links.in_order, links.out_fen
),

on_line as (
    select
        rests.*,
        sum(rest_fen) over (
            partition by account, in_order order by out_lower_fen nulls last rows between unbounded preceding and current row
        ) as upper_fen
    from rests
),

in_turn as (
    select
        account, in_order, reference, min(position) as position, row_number() over (partition by account, in_order order by min(position) nulls last) as turn,
        count(*) over (partition by account, in_order) as documents
    from links
    where stated_fen is null and reference is not null
    group by account, in_order, reference
),

-- What others ask by an amount, or name alone, is not left.
asked_alone as (
    select account, reference, sum(asked_fen) as fen
    from (
        select account, reference, asked_fen from stated where reference is not null
        union all
        select in_turn.account, in_turn.reference, rests.rest_fen as asked_fen
        from in_turn
        inner join rests on in_turn.account = rests.account and in_turn.in_order = rests.in_order
        where in_turn.documents = 1
    ) as asked
    group by account, reference
),

wanted as (
    select
        in_turn.account, in_turn.in_order, in_turn.reference, in_turn.turn, in_turn.documents,
        greatest(cast(0 as bigint), documents.amount_fen - coalesce(cast(asked_alone.fen as bigint), cast(0 as bigint))) as there_fen
    from in_turn
    inner join documents on in_turn.account = documents.account and in_turn.reference = documents.reference
    left join asked_alone on in_turn.account = asked_alone.account and in_turn.reference = asked_alone.reference
),

stretches as (
    select
        wanted.*,
        coalesce(sum(there_fen) over (
            partition by account, in_order order by turn nulls last rows between unbounded preceding and 1 preceding
        ), 0) as lower_fen
    from wanted
),

in_order as (
    select
        payments.account, payments.out_lower_fen, stretches.reference,
        case
            when stretches.turn = stretches.documents then payments.upper_fen - greatest(payments.upper_fen - payments.rest_fen, stretches.lower_fen)
            else least(payments.upper_fen, stretches.lower_fen + stretches.there_fen)
                - greatest(payments.upper_fen - payments.rest_fen, stretches.lower_fen)
        end as asked_fen
    from on_line as payments
    inner join stretches
        on payments.account = stretches.account and payments.in_order = stretches.in_order and stretches.lower_fen < payments.upper_fen
        and (stretches.turn = stretches.documents or stretches.lower_fen + stretches.there_fen > payments.upper_fen - payments.rest_fen)
    where payments.rest_fen > 0
)

select
    stated.account, stated.out_lower_fen, stated.delivery_key, stated.sheet_no, stated.row_no, stated.position, stated.doc_no, stated.reference,
    stated.stated_fen, stated.asked_fen
from stated
union all
select
    links.account, links.out_lower_fen, links.delivery_key, links.sheet_no, links.row_no, links.position, links.doc_no, links.reference,
    links.stated_fen, greatest(cast(0 as bigint), coalesce(cast(in_order.asked_fen as bigint), cast(0 as bigint))) as asked_fen
from links
left join in_order
    on links.account = in_order.account and links.out_lower_fen = in_order.out_lower_fen and links.reference = in_order.reference
    and links.occurrence = 1
where links.stated_fen is null
