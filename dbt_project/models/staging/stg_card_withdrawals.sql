-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.card_key,
    rows_.txn_no,
    rows_.withdrawn_at,
    rows_.withdrawn_on,
    rows_.channel,
    rows_.amount_fen,
    rows_.terminal_no,
    rows_.branch,
    rows_.agent_person_key
{{ in_force('card_withdrawals') }}
where replaced.row_no is null
