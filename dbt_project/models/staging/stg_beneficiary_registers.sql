-- Rows in force.
select
    rows_.delivery_key,
    rows_.sheet_no,
    rows_.row_no,
    rows_.division,
    rows_.township,
    rows_.village,
    rows_.snapshot_month,
    rows_.household_key,
    rows_.head_person_key,
    rows_.head_name_key,
    rows_.person_key,
    rows_.name_key,
    rows_.relation,
    rows_.programme_code,
    rows_.category,
    rows_.approved_on,
    rows_.start_month,
    rows_.end_month,
    rows_.proxy_person_key,
    rows_.proxy_name_key,
    rows_.disability_grade,
    rows_.id_agrees
{{ in_force('beneficiary_registers') }}
where replaced.row_no is null
