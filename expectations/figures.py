"""Reads from the finished database what the report shows: sums per level, joint, source, programme, rule and county; no row of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.suite_catalogue import suite_catalogue
from onecard.store.query_rows import records
from onecard.words.reference_data import seed_rows

Row = dict[str, Any]

LEVELS = {"central": ("中央", "Central"), "province": ("省", "Province"), "city": ("市", "City"), "county": ("县", "County")}
JOINTS = {
    "J1": ("每级资金：收入 = 支出 + 结余", "Level: in = out + balance"),
    "J2": ("指标文：上级发出 ↔ 下级收到", "Documents: sent ↔ received"),
    "J3": ("国库凭证 ↔ 银行批次", "Treasury vouchers ↔ bank batches"),
    "J4": ("批次自报总额 ↔ 各行之和", "Batch totals stated ↔ sum of lines"),
    "J5": ("应发 ↔ 实发，到人到月", "Entitled ↔ credited, per person and month"),
    "J6": ("失败资金 ↔ 补发、退库、未了结", "Failed lines ↔ reissued, returned, open"),
    "J8": ("每一分的来源 ↔ 去处", "Where every fen came from ↔ where it went"),
}
# Titles of the sources in the order of the money's way: those of their suites.
SOURCES = {
    suite.name.removeprefix("source_"): (suite.title_zh.partition("：")[2], suite.title_en.partition(": ")[2].capitalize())
    for suite in suite_catalogue()
    if suite.kind == "source"
}
# Last word of a scope in mart_conservation: which side of the joint it speaks of.
FACETS = {
    "in": ("收入", "in"),
    "out": ("支出", "out"),
    "rest": ("结余", "resting"),
    "sent": ("发出", "sent"),
    "received": ("收到", "received"),
    "vouchers": ("凭证", "vouchers"),
    "batches": ("批次", "batches"),
    "stated": ("自报", "stated"),
    "entitled": ("应发", "entitled"),
    "credited": ("实发", "credited"),
    "pool": ("实发，按资金池", "credited, by pool"),
    "failed": ("失败", "failed"),
    "shares": ("来源份额", "shares"),
    "credit": ("逐笔入账的差额", "differences of each credit"),
    "inflow": ("逐笔收入的差额", "differences of each inflow"),
    "roots": ("源头", "sources"),
}
# (column, 中文, English, how it is set: item, sum or rest)
STATEMENT = [
    ("received_fen", "收到上级下达", "Received from above", "item"),
    ("own_fen", "本级安排", "Own appropriation", "item"),
    ("carry_in_fen", "上年结转", "Carried in", "item"),
    ("clawback_in_fen", "从下级收回", "Taken back from below", "item"),
    ("returned_fen", "银行退回", "Returned by banks", "item"),
    ("in_fen", "收入合计", "Money in", "sum"),
    ("passed_down_fen", "下达下级", "Passed down", "item"),
    ("paid_fen", "拨付代发银行", "Paid to agent banks", "item"),
    ("clawback_out_fen", "被上级收回", "Taken back by above", "item"),
    ("diverted_fen", "付给其他收款人", "Paid to other payees", "item"),
    ("out_fen", "支出合计", "Money out", "sum"),
    ("balance_fen", "结余 = 收入 − 支出", "Resting = in − out", "rest"),
]


@dataclass(frozen=True)
class Figures:
    """Everything the report counts, all money in fen; None where the database could not be asked."""

    joints: list[Row] | None
    open_joints: list[Row] | None
    levels: dict[str, Row] | None
    programmes: list[Row] | None
    sources: list[Row] | None
    counties: list[Row] | None
    totals: Row | None


_JOINTS = """
    select joint, split_part(scope, ' ', -1) as facet, count(*) as scopes,
        sum(left_fen)::hugeint as left_fen, sum(right_fen)::hugeint as right_fen,
        coalesce(sum(abs(difference_fen)), 0)::hugeint as difference_fen, count(*) filter (where difference_fen is null) as unknown
    from mart_conservation group by all order by joint, facet
"""
_OPEN_JOINTS = """
    select joint, scope, left_fen, right_fen, difference_fen from mart_conservation
    where difference_fen is distinct from 0 order by abs(difference_fen) desc, joint, scope limit 20
"""
_LEVELS = f"""
    select level, {", ".join(f"coalesce(sum({name}), 0)::hugeint as {name}" for name, *_ in STATEMENT)},
        coalesce(sum(overdrawn_fen), 0)::hugeint as overdrawn_fen, max(oldest_rest_days) as oldest_rest_days,
        count(distinct division) as governments
    from mart_fund_position group by level
"""
_PROGRAMMES = """
    select programme_code, count(*) as payments, count(distinct person_key) as persons, count(distinct household_key) as households,
        coalesce(sum(entitled_fen), 0)::hugeint as entitled_fen, coalesce(sum(credited_fen), 0)::hugeint as credited_fen,
        count(*) filter (where status = 'credited') as in_full
    from mart_payment group by programme_code order by programme_code
"""
_SOURCES = """
    select source, count(*) as deliveries, count(*) filter (where is_in_force) as in_force, sum(rows_total)::hugeint as rows_total,
        sum(rows_header)::hugeint as rows_header, sum(rows_landed)::hugeint as rows_landed,
        sum(rows_quarantined)::hugeint as rows_quarantined, coalesce(sum(landed_fen), 0)::hugeint as landed_fen,
        coalesce(sum(quarantined_fen), 0)::hugeint as quarantined_fen,
        coalesce(sum(unreadable_fen_rows), 0)::hugeint as unreadable_fen_rows,
        count(*) filter (where rows_total is distinct from rows_header + rows_landed + rows_quarantined) as not_closed
    from mart_delivery group by source order by source
"""
_COUNTIES = """
    select division, coalesce(max(division_name), division, '—') as division_name, rule_code, count(*) as findings,
        coalesce(sum(amount_fen), 0)::hugeint as fen
    from mart_finding group by division, rule_code order by division nulls last, rule_code
"""
_TOTALS = """
    select (select count(*) from mart_delivery) as deliveries,
        (select coalesce(sum(rows_total), 0)::hugeint from mart_delivery) as rows_total,
        (select count(distinct household_key) from mart_payment) as households,
        (select coalesce(sum(entitled_fen), 0)::hugeint from mart_payment) as entitled_fen,
        (select coalesce(sum(credited_fen), 0)::hugeint from mart_payment) as credited_fen,
        (select count(*) from mart_finding) as findings,
        (select coalesce(sum(amount_fen), 0)::hugeint from mart_finding) as findings_fen,
        (select count(distinct rule_code) from mart_finding) as rules_with_findings
"""


def read_figures(database: Path) -> Figures:
    """The figures of a finished database. What cannot be read comes back as None, for a refused run has a report, too."""
    with duckdb.connect(str(database), read_only=True, config={"autoload_known_extensions": False}) as con:
        levels = _rows(con, _LEVELS)
        totals = _rows(con, _TOTALS)
        return Figures(
            joints=_rows(con, _JOINTS),
            open_joints=_rows(con, _OPEN_JOINTS),
            levels=None if levels is None else {row["level"]: row for row in levels},
            programmes=_named(_rows(con, _PROGRAMMES)),
            sources=_along_the_chain(_rows(con, _SOURCES)),
            counties=_rows(con, _COUNTIES),
            totals=totals[0] if totals else None,
        )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row] | None:
    try:
        return records(con, query)
    except duckdb.Error:
        return None


def _along_the_chain(rows: list[Row] | None) -> list[Row] | None:
    """Sources in the order of the money's way, unknown ones last."""
    order = list(SOURCES)
    return rows and sorted(rows, key=lambda row: order.index(row["source"]) if row["source"] in order else len(order))


def _named(rows: list[Row] | None) -> list[Row] | None:
    """Programmes with the names of the seed; an unknown code keeps its code."""
    names: dict[str, Mapping[str, str]] = {row["programme_code"]: row for row in seed_rows("programmes")}
    if rows is None:
        return None
    unnamed = {"name_zh": "", "name_en": ""}
    return [{**row, **{key: names.get(row["programme_code"], unnamed)[key] or row["programme_code"] for key in unnamed}} for row in rows]
