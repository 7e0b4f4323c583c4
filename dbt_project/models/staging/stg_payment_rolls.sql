-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.township,
    rows_.village,
    rows_.programme_code,
    rows_.payroll_month,
    rows_.seq_no,
    rows_.household_key,
    rows_.head_person_key,
    rows_.head_name_key,
    rows_.person_key,
    rows_.name_key,
    rows_.payee_person_key,
    rows_.payee_name_key,
    rows_.relation,
    rows_.category,
    rows_.household_size,
    rows_.standard_fen,
    rows_.amount_fen,
    rows_.bank_name,
    rows_.card_key,
    rows_.holder_name_key
{{ in_force('payment_rolls') }}
where replaced.row_no is null
