-- Approved, and neither on a roll nor tried by any bank up to the month in which the first payment was due.
with cases as (
    select
        delivery_key, sheet_no, row_no, division, township, village, programme_code, person_key, household_key, name_key,
        due_month as payroll_month, due_by as occurred_on, {{ days_between('due_by', 'coalesce(first_tried_on, ' ~ business_date() ~ ')') }} as days
    from {{ ref('int_first_payments') }}
    where is_late and {{ days_between('due_by', 'coalesce(first_tried_on, ' ~ business_date() ~ ')') }} > {{ threshold('days') }}
)

{{ finding('DL02', ['division', 'programme_code', 'person_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'name_key', 'occurred_on',
        'days']) }}
