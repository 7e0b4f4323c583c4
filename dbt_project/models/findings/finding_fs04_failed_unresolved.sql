-- Failed lines whose money was neither paid again nor back at the treasury within the days allowed.
with lines as (
    select
        delivery_key, sheet_no, row_no, bank_code, batch_no, seq_no, division, programme_code, pool_code, payroll_month,
        beneficiary_key as person_key, household_key, card_key, name_key, township, village, amount_fen, failed_on as occurred_on,
        least(coalesce(reissued_on, {{ business_date() }}), coalesce(returned_on, {{ business_date() }})) as until_day
    from {{ ref('int_failed_lines') }}
),

cases as (
    select
        lines.*, {{ days_between('occurred_on', 'until_day') }} as days,
        -- A voucher pays no reissue.
        '-' as reissue_no, {{ month_of('occurred_on') }} as from_month,
        {{ month_of(add_days('occurred_on', threshold('days'))) }} as upto_month
    from lines
    where {{ days_between('occurred_on', 'until_day') }} > {{ threshold('days') }}
)

{{ finding('FS04', ['bank_code', 'batch_no', 'seq_no'],
    carry=['division', 'township', 'village', 'pool_code', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key',
        'name_key', 'bank_code', 'batch_no', 'occurred_on', 'days'], row_fen='amount_fen') }}
