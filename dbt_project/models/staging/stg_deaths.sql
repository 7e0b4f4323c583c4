-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.person_key,
    rows_.name_key,
    rows_.died_on,
    rows_.registered_on
{{ in_force('deaths') }}
where replaced.row_no is null
