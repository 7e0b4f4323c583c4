-- Staff and their relatives by the latest list of each office. `occurrence` numbers the rows of a member of staff, those who handle money first.
with latest as (
    select sender_division, coalesce(office, '-') as office, max(period) as period
    from {{ ref('stg_deliveries') }}
    where source = 'staff_relatives' and is_in_force
    group by sender_division, coalesce(office, '-')
),

listed as (
    select
        staff.delivery_key, staff.sheet_no, staff.row_no, staff.division, staff.staff_person_key, staff.unit, staff.position,
        staff.relative_person_key, staff.relation, coalesce(staff.is_filed, 'no') as is_filed,
        coalesce(members.resolved_key, staff.staff_person_key) as staff_resolved_key,
        coalesce(relatives.resolved_key, staff.relative_person_key) as relative_resolved_key,
        -- A poor person with a public-service job (护林员, 保洁员 …) handles no money and may receive.
        coalesce(staff.position like '%公益%', false) as is_public_service_job
    from {{ ref('stg_staff_relatives') }} as staff
    inner join {{ ref('stg_deliveries') }} as deliveries on staff.delivery_key = deliveries.delivery_key
    inner join latest
        on deliveries.sender_division = latest.sender_division and coalesce(deliveries.office, '-') = latest.office
        and deliveries.period = latest.period
    left join {{ ref('int_persons') }} as members on staff.staff_person_key = members.person_key
    left join {{ ref('int_persons') }} as relatives on staff.relative_person_key = relatives.person_key
)

select
    delivery_key, sheet_no, row_no, division, staff_person_key, staff_resolved_key, unit, position, relative_person_key,
    relative_resolved_key, relation, is_filed, is_public_service_job,
    row_number() over (
        partition by staff_resolved_key
        order by case when is_public_service_job then 1 else 0 end, delivery_key nulls last, sheet_no nulls last, row_no nulls last
    ) as occurrence
from listed
