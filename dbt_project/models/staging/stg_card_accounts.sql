-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.bank_code,
    rows_.snapshot_month,
    rows_.card_key,
    rows_.holder_person_key,
    rows_.holder_name_key,
    rows_.opened_on,
    rows_.branch,
    rows_.agent_person_key,
    rows_.agent_name_key,
    rows_.account_status
{{ in_force('card_accounts') }}
where replaced.row_no is null
