"""Reads from the finished database what the report shows: sums per level, joint, source, programme, rule and county; no row of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import INFLOWS, OUTFLOWS
from onecard.store.query_rows import records
from onecard.words.reference_data import seed_rows

Row = dict[str, Any]

# Lines of the statement of a level, in order: money column (words: titles.MONEY) and how it is set (item, sum or rest).
STATEMENT = {
    **dict.fromkeys(INFLOWS, "item"),
    "in_fen": "sum",
    **dict.fromkeys(OUTFLOWS, "item"),
    "out_fen": "sum",
    "balance_fen": "rest",
}


@dataclass(frozen=True)
class Figures:
    """Everything the report counts, all money in fen; None where the database could not be asked."""

    joints: list[Row] | None
    open_joints: list[Row] | None
    levels: dict[str, Row] | None
    programmes: list[Row] | None
    sources: list[Row] | None
    counties: list[Row] | None
    incomplete: list[Row] | None
    expected: int | None
    not_judged: list[Row] | None
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
# Money of several years: what one carried into the next came once, and lies in the pool once.
_ONCE = ("carry_in_fen", "in_fen", "balance_fen")
_SUMS = {name: f"{name} - carried_on_fen" if name in _ONCE else name for name in STATEMENT}
_LEVELS = f"""
    select level, {", ".join(f"coalesce(sum({figure}), 0)::hugeint as {name}" for name, figure in _SUMS.items())},
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
_INCOMPLETE = """
    select source, state, cause, division_name, bank_code, programme_code, month, due_on, days_late, file_names
    from mart_completeness where state <> 'whole'
    order by source, division nulls last, bank_code nulls last, programme_code nulls last, month nulls last
"""
_EXPECTED = "select count(*) as cells from mart_completeness"
_NOT_JUDGED = """
    select rule_code, cause, source, count(*) as gaps, sum(cases) as cases, sum(amount_fen)::hugeint as fen,
        min(file_name) as file_name, min(division_name) as division_name,
        min(payroll_month) as first_month, max(payroll_month) as last_month
    from mart_not_judged group by all order by rule_code, cause, source
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
        totals, expected = _rows(con, _TOTALS), _rows(con, _EXPECTED)
        return Figures(
            joints=_rows(con, _JOINTS),
            open_joints=_rows(con, _OPEN_JOINTS),
            levels=None if levels is None else {row["level"]: row for row in levels},
            programmes=_named(_rows(con, _PROGRAMMES)),
            sources=_along_the_chain(_rows(con, _SOURCES)),
            counties=_rows(con, _COUNTIES),
            incomplete=_along_the_chain(_rows(con, _INCOMPLETE)),
            expected=expected[0]["cells"] if expected else None,
            not_judged=_rows(con, _NOT_JUDGED),
            totals=totals[0] if totals else None,
        )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row] | None:
    try:
        return records(con, query)
    except duckdb.Error:
        return None


def _along_the_chain(rows: list[Row] | None) -> list[Row] | None:
    """Sources in the order of the money's way, unknown ones last."""
    order = list(source_titles())
    return rows and sorted(rows, key=lambda row: order.index(row["source"]) if row["source"] in order else len(order))


def _named(rows: list[Row] | None) -> list[Row] | None:
    """Programmes with the names of the seed; an unknown code keeps its code."""
    names: dict[str, Mapping[str, str]] = {row["programme_code"]: row for row in seed_rows("programmes")}
    if rows is None:
        return None
    unnamed = {"name_zh": "", "name_en": ""}
    return [{**row, **{key: names.get(row["programme_code"], unnamed)[key] or row["programme_code"] for key in unnamed}} for row in rows]
