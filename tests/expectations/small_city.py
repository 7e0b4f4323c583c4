"""A small finished database as dbt leaves it: one county, three households, all joints closed; tests spoil it one way at a time."""

import datetime as dt
from pathlib import Path

import duckdb

from onecard.catalogue.rules import Rule

BUSINESS_DATE = dt.date(2018, 6, 30)

FINDING_COLUMNS = """
    finding_id varchar, gap_key varchar, rule_code varchar, division varchar, township varchar, village varchar, pool_code varchar,
    programme_code varchar, payroll_month integer, person_key bigint, household_key bigint, card_key bigint, name_key bigint,
    doc_no varchar, voucher_no varchar, bank_code varchar, batch_no varchar, occurred_on date, amount_fen bigint, days integer,
    reason varchar, evidence_role varchar, delivery_key bigint, sheet_no integer, row_no integer
"""

SOURCES = [
    "budget_allocations", "treasury_payments", "payment_rolls", "beneficiary_registers", "bank_batches", "card_accounts",
    "card_withdrawals", "deaths", "staff_relatives",
]  # fmt: skip

LAKE = """
create schema lake;
create table lake_rows as select * from (values
    (1, 1, 3), (1, 1, 4), (2, 1, 2), (3, 1, 4), (3, 1, 5), (3, 1, 6), (4, 1, 4), (4, 1, 5), (4, 1, 6), (5, 1, 2), (5, 1, 3), (5, 1, 4),
    (6, 1, 2), (6, 1, 3), (6, 1, 4), (7, 1, 2), (8, 1, 4), (9, 1, 4)
) as rows_of(delivery_key, sheet_no, row_no);
create view lake.budget_allocations as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, '定财社〔2018〕' || row_no || '号' as doc_no,
        case row_no when 3 then '621100' else '621102' end as issuer_division, '621102' as receiver_division,
        '621102' as reporter_division, 'relief' as pool_code, 2018 as fiscal_year,
        (case row_no when 3 then 90000 else 10000 end)::bigint as amount_fen, date '2018-01-05' as issued_on,
        date '2018-01-08' as received_on, case row_no when 3 then 'city' else 'county' end as fund_source_level,
        case row_no when 3 then 'received' else 'own' end as kind
    from lake_rows where delivery_key = 1;
create view lake.treasury_payments as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, 'V1' as voucher_no, '621102' as payer_division,
        'rural_dibao' as programme_code, 'relief' as pool_code, 'agent_bank' as payee_kind, 'RCU' as payee_bank_code,
        90000::bigint as amount_fen, date '2018-06-05' as paid_on, 'B1' as batch_no
    from lake_rows where delivery_key = 2;
create view lake.payment_rolls as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, '621102' as division, 'rural_dibao' as programme_code,
        201806 as payroll_month, (100 + row_no)::bigint as household_key, (100 + row_no)::bigint as person_key, 2 as household_size,
        30000::bigint as amount_fen
    from lake_rows where delivery_key = 3;
create view lake.beneficiary_registers as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, '621102' as division, (100 + row_no)::bigint as household_key,
        (100 + row_no)::bigint as person_key, 'rural_dibao' as programme_code, date '2017-12-01' as approved_on, 201801 as start_month
    from lake_rows where delivery_key = 4;
create view lake.bank_batches as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, 'RCU' as bank_code, 'B1' as batch_no, row_no as seq_no,
        (102 + row_no)::bigint as person_key, (202 + row_no)::bigint as card_key, 30000::bigint as amount_fen,
        date '2018-06-08' as credited_on, 'success' as status, null::varchar as failure_code
    from lake_rows where delivery_key = 5;
create view lake.card_accounts as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, 'RCU' as bank_code, (202 + row_no)::bigint as card_key,
        (102 + row_no)::bigint as holder_person_key, date '2016-01-01' as opened_on, 'open' as account_status
    from lake_rows where delivery_key = 6;
create view lake.card_withdrawals as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, 'RCU' as bank_code, 204::bigint as card_key, 'T1' as txn_no,
        date '2018-06-09' as withdrawn_on, 'atm' as channel, 20000::bigint as amount_fen
    from lake_rows where delivery_key = 7;
create view lake.deaths as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, '621102' as division, 900::bigint as person_key,
        date '2018-05-01' as died_on, date '2018-05-03' as registered_on
    from lake_rows where delivery_key = 8;
create view lake.staff_relatives as
    select delivery_key::bigint as delivery_key, sheet_no, row_no, '621102' as division, 901::bigint as staff_person_key, 'yes' as is_filed
    from lake_rows where delivery_key = 9;
create table stg_deliveries as
    select col0::bigint as delivery_key, col1 as source, '621102' as sender_division, null::varchar as sender_bank,
        '201806' as period, col1 || '|621102|201806' as scope, col1 || '.xlsx' as file_name, repeat(md5(col1), 2) as sha256,
        timestamptz '2018-06-20 02:00:00+00' as received_at, true as is_in_force, 'utf-8' as encoding, col2::bigint as rows_total,
        col3::bigint as rows_header, col4::bigint as rows_landed, col5::bigint as rows_quarantined, col6::bigint as landed_fen,
        0::bigint as quarantined_fen, 0::bigint as unreadable_fen_rows
    from (values
        (1, 'budget_allocations', 4, 2, 2, 0, 100000), (2, 'treasury_payments', 2, 1, 1, 0, 90000), (3, 'payment_rolls', 7, 4, 3, 0, 90000),
        (4, 'beneficiary_registers', 6, 3, 3, 0, null), (5, 'bank_batches', 5, 2, 3, 0, 90000), (6, 'card_accounts', 4, 1, 3, 0, null),
        (7, 'card_withdrawals', 2, 1, 1, 0, 20000), (8, 'deaths', 4, 3, 1, 0, null), (9, 'staff_relatives', 4, 3, 1, 0, null));
"""

MARTS = """
create table mart_delivery as select * from stg_deliveries;
create table mart_fund_position as
    select '621102|relief|2018' as fund_position_id, '621102' as division, '安定区' as division_name, 'county' as level,
        'relief' as pool_code, '困难群众救助补助资金' as pool_name, 2018 as fiscal_year,
        90000::bigint as received_fen, 10000::bigint as own_fen, 0::bigint as carry_in_fen,
        0::bigint as clawback_in_fen, 0::bigint as returned_fen, 100000::bigint as in_fen, 0::bigint as passed_down_fen,
        0::bigint as clawback_out_fen, 90000::bigint as paid_fen, 0::bigint as diverted_fen, 90000::bigint as out_fen,
        10000::bigint as balance_fen, 10000::bigint as resting_fen, 0::bigint as carried_on_fen, 0::bigint as overdrawn_fen,
        173 as oldest_rest_days,
        90000::bigint as credited_fen, 0::bigint as held_by_bank_fen;
create table mart_document_match as
    select '1' as document_line_id, '定财社〔2018〕3号' as doc_no, '621100' as issuer_division, '621102' as receiver_division,
        'relief' as pool_code, 2018 as fiscal_year, 'city' as fund_source_level,
        90000::bigint as sent_fen, 90000::bigint as received_fen, 0::bigint as difference_fen,
        date '2018-01-05' as issued_on, date '2018-01-08' as received_on, 3 as days_on_the_way, 'matched' as status;
create table mart_batch_match as
    select 'batch|RCU|B1' as batch_match_id, '621102' as division, 'relief' as pool_code, 'rural_dibao' as programme_code,
        201806 as payroll_month, 'RCU' as bank_code, 'B1' as batch_no, 'V1' as voucher_no, date '2018-06-05' as paid_on,
        90000::bigint as voucher_fen, 90000::bigint as batch_fen, 0::bigint as difference_fen, 'matched' as status;
create table mart_payment as
    select '621102|rural_dibao|201806|' || (100 + row_no) as payment_id, '621102' as division, 'rural_dibao' as programme_code,
        201806 as payroll_month, (100 + row_no)::bigint as person_key, '6211**********123' || row_no as id_masked, 'valid' as id_status,
        (100 + row_no)::bigint as household_key, '王*' as name_masked, 30000::bigint as entitled_fen, 30000::bigint as credited_fen,
        date '2018-06-08' as first_credited_on, 0 as days_late, (200 + row_no)::bigint as card_key,
        '***************123' || row_no as card_masked, 'same' as name_grade, 'own' as card_holder, 'credited' as status
    from range(4, 7) as rows_of(row_no);
create table mart_household as
    select division || '|' || household_key as household_id, division, household_key, 1::bigint as persons, 1::bigint as cards,
        entitled_fen, credited_fen
    from mart_payment;
create table mart_review_pair as select 'name|' || row_no || '|1|2' as review_pair_id from range(1, 3) as rows_of(row_no);
create table mart_conservation as
    select joint, scope, fen::bigint as left_fen, fen::bigint as right_fen, 0::bigint as difference_fen
    from (values ('J1', '621102 in', 100000), ('J1', '621102 out', 90000), ('J2', 'sent', 90000), ('J3', 'vouchers', 90000),
        ('J4', 'stated', 90000), ('J5', 'entitled', 90000), ('J5', 'credited', 90000), ('J6', 'failed', 0),
        ('J8', 'shares', 90000), ('J8', 'each credit', 0), ('J8', 'each inflow', 0), ('J8', 'roots', 100000)) as joints(joint, scope, fen);
create table mart_trace as
    select 1::bigint as trace_no, 'received' as source_kind, 'fifo' as method, 90000::bigint as amount_fen, 90000::bigint as credited_fen;
create table mart_credit_origin as
    select delivery_key, sheet_no, row_no, 1::bigint as trace_no, amount_fen from lake.bank_batches;
create table mart_stranded as
    select 'pool|2|2018-01-08' as stranded_id, 'pool' as place, 10000::bigint as resting_fen, 173 as days, '91-180' as age_band,
        'own' as source_kind;
create table mart_flow as select 'relief|2018|bank|card' as flow_id, 90000::bigint as amount_fen;
create table mart_payment_document as select '2|1|4|1' as payment_document_id;
create table mart_document_reach as
    select '621102|relief|2018|1' as document_reach_id, 100000::bigint as inflow_fen, 90000::bigint as credited_fen,
        90000::bigint as at_least_fen, 90000::bigint as at_most_fen;
create table mart_speed as select '621102|rural_dibao|201806|bank' as speed_id, 3 as median_days;
create table mart_rule as
    select 'EN01' as rule_code, '少发' as title_zh, 'Paid short' as title_en, 'entitlement' as suite, 'high' as severity
    union all select 'FS02', '滞留县级', 'Resting in the county', 'stranded_funds', 'high';
"""


def rule(code: str, relation: str, suite: str, severity: str = "high") -> Rule:
    """Rule metadata with the given names and plain words for the rest."""
    return Rule.model_validate(
        {
            "code": code,
            "relation": relation,
            "title_zh": f"规则{code}",
            "title_en": f"Rule {code}",
            "seed_phrase": "克扣",
            "legal_basis": "社会救助暂行办法 第11条",
            "basis_confidence": "read",
            "threshold": {"days": {"value": 60, "unit": "日"}},
            "severity": severity,
            "suite": suite,
            "handler": "民政部门",
            "false_alarms_zh": "补发尚未到账",
            "false_alarms_en": "a reissue is on its way",
        }
    )


RULES = {
    "EN01": rule("EN01", "finding_en01_short", "entitlement"),
    "FS02": rule("FS02", "finding_fs02_resting", "stranded_funds", "medium"),
}


def build(path: Path, *spoil: str) -> Path:
    """Write the database to `path`, then run the statements of `spoil` over it."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(LAKE)
        for source in SOURCES:
            con.execute(f"create table stg_{source} as select * from lake.{source}")
        con.execute(MARTS)
        for known in RULES.values():
            con.execute(f"create table {known.relation} ({FINDING_COLUMNS})")
        con.execute(
            "create table mart_finding (finding_id varchar, rule_code varchar, title_zh varchar, title_en varchar, suite varchar,"
            " severity varchar, division varchar, division_name varchar, id_masked varchar, card_masked varchar, name_masked varchar,"
            " amount_fen bigint, case_count bigint)"
        )
        con.execute(
            "create table mart_finding_evidence (finding_id varchar, rule_code varchar, evidence_role varchar, source varchar,"
            " file_name varchar, delivery_key bigint, sheet_no integer, row_no integer)"
        )
        con.execute(
            "create table mart_completeness (source varchar, division varchar, division_name varchar, bank_code varchar,"
            " programme_code varchar, month integer, state varchar, cause varchar, due_on date, days_late integer, file_names varchar)"
        )
        con.execute(
            "create table mart_not_judged (rule_code varchar, cause varchar, source varchar, division_name varchar, payroll_month integer,"
            " file_name varchar, cases bigint, amount_fen bigint)"
        )
        for statement in spoil:
            con.execute(statement)
    return path


def plant(code: str, relation: str, key: str, fen: int, rows: int = 1) -> list[str]:
    """Statements that add one finding with `rows` rows of evidence worth `fen` altogether."""
    values = ", ".join(f"('{code}:{key}', '{code}', '621102', 201806, {fen}, 'primary', 5, 1, {number + 2})" for number in range(rows))
    columns = "finding_id, rule_code, division, payroll_month, amount_fen, evidence_role, delivery_key, sheet_no, row_no"
    return [
        f"insert into {relation} ({columns}) values {values}",
        "insert into mart_finding (finding_id, rule_code, suite, severity, division, division_name, amount_fen, case_count)"
        f" values ('{code}:{key}', '{code}', 'x', 'high', '621102', '安定区', {fen}, {rows})",
        "insert into mart_finding_evidence select finding_id, rule_code, evidence_role, 'bank_batches', 'bank_batches.xlsx', delivery_key,"
        f" sheet_no, row_no from {relation} where finding_id = '{code}:{key}'",
    ]
