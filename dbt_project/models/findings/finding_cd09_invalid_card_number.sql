-- A card number that fails its check digit, its bank's prefix or its length: rows of rolls and banks that carry it.
with wrong as (
    select
        card_key,
        case card_status
            when 'luhn' then '卡号校验位不符 · invalid check digit in the card number'
            when 'length' then '卡号位数不对 · wrong number of digits in the card number'
            when 'bin' then '卡号前缀不属于任何代发银行 · prefix of the card number belongs to no agent bank'
        end as reason
    from {{ source('lake', 'cards') }}
    where card_status <> 'ok'
),

cases as (
    select
        rolls.delivery_key, rolls.sheet_no, rolls.row_no, rolls.division, rolls.township, rolls.village, rolls.programme_code,
        rolls.payroll_month, rolls.person_key, rolls.household_key, rolls.card_key, rolls.name_key,
        cast(null as {{ dbt.type_string() }}) as bank_code, cast(null as date) as occurred_on, cast(null as bigint) as credited_fen, wrong.reason
    from {{ ref('stg_payment_rolls') }} as rolls
    inner join wrong on rolls.card_key = wrong.card_key
    union all
    select
        lines.delivery_key, lines.sheet_no, lines.row_no, lines.division, lines.township, lines.village, lines.programme_code,
        lines.payroll_month, lines.beneficiary_key as person_key, lines.household_key, lines.card_key, lines.name_key, lines.bank_code,
        lines.credited_on as occurred_on, case when lines.status = 'success' then lines.amount_fen end as credited_fen, wrong.reason
    from {{ ref('int_credit_lines') }} as lines
    inner join wrong on lines.card_key = wrong.card_key
)

{{ finding('CD09', ['division', 'card_key'],
    carry=['division', 'township', 'village', 'programme_code', 'payroll_month', 'person_key', 'household_key', 'card_key', 'name_key',
        'bank_code', 'occurred_on', 'reason'],
    row_fen='credited_fen') }}
