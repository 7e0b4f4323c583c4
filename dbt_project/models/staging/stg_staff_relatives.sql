-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.staff_person_key,
    rows_.staff_name_key,
    rows_.unit,
    rows_.position,
    rows_.relative_person_key,
    rows_.relative_name_key,
    rows_.relation,
    rows_.is_filed
{{ in_force('staff_relatives') }}
where replaced.row_no is null
