"""What changed between two releases, and by which deliveries: files, payments, money per level, money at rest, findings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from onecard.store import releases
from onecard.store.query_rows import records
from onecard.store.release_checks import DATABASE, quoted
from onecard.store.stable_duckdb import OFFLINE
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text
from onecard_app.answers.names import programme_name
from onecard_app.answers.release_selection import run_again

Row = dict[str, Any]

TABLES = ("mart_delivery", "mart_payment", "mart_fund_position", "mart_finding")
LEVEL_MONEY = ("in_fen", "passed_down_fen", "paid_fen", "balance_fen")
# What makes a payment another one than it was.
_PAYMENT = ("entitled_fen", "credited_fen", "failed_fen", "first_credited_on", "card_key", "status")


def compare(before: Path, after: Path) -> Row:
    """The differences from release `before` to release `after`; all money in fen, `…_moved_fen` = after - before.

    Raises InputRefused when they are one release or one is damaged, NotFound when a table is missing.
    """
    if before.resolve() == after.resolve():
        raise InputRefused(
            code="OC-DIF-001",
            what=Text("两个发布是同一个", "both arguments name the same release"),
            where=before.name,
            why=Text("没有可比的", "there is nothing to compare"),
            remedy=Text("给出两个发布，旧的在前：onecard diff 旧 新", "give two releases, the older first: onecard diff OLDER NEWER"),
        )
    sides = [releases.stated_facts(path) for path in (before, after)]
    with _both(before, after) as (con, has_trace):
        return {
            **{name: {key: side[key] for key in _SIDE} for name, side in zip(("before", "after"), sides, strict=True)},
            "same_code": sides[0]["code_version"] == sides[1]["code_version"],
            # Keys follow from the vault's: under another, the same person has another key.
            "same_keys": sides[0].get("settings", {}).get("vault") == sides[1].get("settings", {}).get("vault"),
            "deliveries": _deliveries(con),
            "refused": _refused(*sides),
            "payments": _payments(con),
            "levels": _moved(con, "mart_fund_position", ["level"], LEVEL_MONEY),
            "positions": _moved(con, "mart_fund_position", ["division", "division_name", "pool_code", "fiscal_year"], LEVEL_MONEY),
            "resting": _moved(con, "mart_stranded", ["place"], ["resting_fen"]) if has_trace else None,
            "rules": _rules(con),
            "findings": _findings(con),
        }


_SIDE = ("release_id", "business_date", "code_version")


@contextmanager
def _both(before: Path, after: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool]]:
    """A connection to which both releases are attached, read-only; and whether both hold the trace."""
    with duckdb.connect(":memory:", config=OFFLINE) as con:
        con.execute("set TimeZone = 'UTC'")
        traced = True
        for name, path in (("before", before), ("after", after)):
            try:
                con.execute(f"attach '{quoted(path.resolve() / DATABASE)}' as {name} (read_only)")
            except duckdb.Error as error:
                unreadable = Text("缺失或无法读取", "missing or unreadable")
                raise releases.damaged(path, f"{DATABASE}: " + unreadable + f" ({type(error).__name__})") from None
            held = {row[0] for row in con.execute("select table_name from duckdb_tables() where database_name = ?", [name]).fetchall()}
            traced = traced and "mart_stranded" in held
            if missing := [table for table in TABLES if table not in held]:
                raise NotFound(
                    code="OC-DIF-002",
                    what=Text("这个发布缺少比较所需的表", "the release lacks tables that are compared"),
                    where=path.name,
                    why=Text("缺少：", "missing: ") + ", ".join(missing),
                    remedy=run_again(path),
                )
        yield con, traced


def _deliveries(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Files that one release knows or holds in force and the other does not; for a superseded one, by which it was replaced."""
    return records(
        con,
        """
        with sides as (
            select coalesce(a.delivery_key, b.delivery_key) as delivery_key, a.is_in_force as was, b.is_in_force as is_now
            from before.mart_delivery as a full join after.mart_delivery as b on a.delivery_key = b.delivery_key
        ),

        facts as (
            select * from after.mart_delivery
            union all by name
            select * from before.mart_delivery where delivery_key not in (select delivery_key from after.mart_delivery)
        ),

        changed as (
            select
                case
                    when was is null and is_now then 'received'
                    when was is null then 'received_superseded'
                    when is_now is null then 'gone'
                    when was and not is_now then 'superseded'
                    when is_now and not was then 'in_force_again'
                end as change,
                facts.*
            from sides inner join facts on sides.delivery_key = facts.delivery_key
        )

        select
            changed.change, changed.source, coalesce(changed.sender_division, changed.sender_bank) as sender, changed.period, changed.scope,
            changed.file_name, changed.sha256, changed.received_at, changed.rows_landed, changed.landed_fen,
            later.sha256 as replaced_by_sha256, later.file_name as replaced_by, later.rows_landed as replaced_by_rows_landed,
            later.landed_fen as replaced_by_landed_fen
        from changed
        left join after.mart_delivery as later
            on changed.change in ('superseded', 'received_superseded') and changed.scope = later.scope and changed.source = later.source
            and later.is_in_force
        where changed.change is not null
        order by changed.received_at, changed.source, changed.file_name, changed.sha256
        """,
    )


def _refused(before: Row, after: Row) -> list[Row]:
    """Files that are rejected now and were not, or were and are no more (read since, or sent anew), by name."""
    was, is_now = ({item["sha256"]: item for item in side["inputs"] if "refused" in item} for side in (before, after))
    changed = [(was[key], "refused_no_more") for key in was.keys() - is_now.keys()]
    changed += [(is_now[key], "refused") for key in is_now.keys() - was.keys()]
    rows = [
        {
            "change": change,
            "source": item.get("source"),
            "sender": item.get("sender_division") or item.get("sender_bank"),
            "period": item.get("period"),
            "file_name": item.get("file"),
            "sha256": item["sha256"],
            "reason": item["refused"],
        }
        for item, change in changed
    ]
    return sorted(rows, key=lambda row: (row["change"], row["file_name"] or "", row["sha256"]))


def _payments(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Per programme and month: payments that are new, gone or corrected, and what they were and are in money."""
    rows = _payment_rows(con)
    return [{"programme_code": row["programme_code"], "programme_name": programme_name(row["programme_code"]), **row} for row in rows]


def _payment_rows(con: duckdb.DuckDBPyConnection) -> list[Row]:
    differs = " or ".join(f"a.{name} is distinct from b.{name}" for name in _PAYMENT)
    return records(
        con,
        f"""
        select coalesce(a.programme_code, b.programme_code) as programme_code, coalesce(a.payroll_month, b.payroll_month) as payroll_month,
            count(*) filter (where a.payment_id is null) as added, count(*) filter (where b.payment_id is null) as gone,
            count(*) filter (where a.payment_id = b.payment_id and ({differs})) as corrected,
            {", ".join(_sides(name) for name in ("entitled_fen", "credited_fen"))}
        from before.mart_payment as a full join after.mart_payment as b on a.payment_id = b.payment_id
        group by all
        having bool_or({differs})
        order by all
        """,
    )


def _rules(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Per rule: findings opened, cleared and changed in money. before + opened - cleared = after, in cases and, with changes, in fen."""
    return records(
        con,
        f"""
        with both_sides as ({_PAIRED})

        select rule_code, count(before_id) as cases_before, count(*) filter (where before_id is null) as opened,
            count(*) filter (where after_id is null) as cleared, count(*) filter (where change = 'changed') as changed,
            count(after_id) as cases_after, sum(amount_before_fen)::bigint as amount_before_fen,
            coalesce(sum(amount_after_fen) filter (where change = 'opened'), 0)::bigint as opened_fen,
            coalesce(sum(amount_before_fen) filter (where change = 'cleared'), 0)::bigint as cleared_fen,
            coalesce(sum(amount_after_fen - amount_before_fen) filter (where change = 'changed'), 0)::bigint as changed_fen,
            sum(amount_after_fen)::bigint as amount_after_fen
        from both_sides
        group by rule_code
        having bool_or(change <> 'same')
        order by rule_code
        """,
    )


def _findings(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every finding that was opened, cleared, or changed in money."""
    return records(
        con,
        f"""
        with both_sides as ({_PAIRED})

        select change, rule_code, coalesce(after_id, before_id) as finding_id, division, division_name, programme_code, payroll_month,
            amount_before_fen, amount_after_fen
        from both_sides
        where change <> 'same'
        order by rule_code, change, finding_id
        """,
    )


# Money nobody knows counts as none, so that sums close.
_PAIRED = """
    select
        a.finding_id as before_id, b.finding_id as after_id, coalesce(b.rule_code, a.rule_code) as rule_code,
        coalesce(b.division, a.division) as division, coalesce(b.division_name, a.division_name) as division_name,
        coalesce(b.programme_code, a.programme_code) as programme_code, coalesce(b.payroll_month, a.payroll_month) as payroll_month,
        coalesce(a.amount_fen, 0) as amount_before_fen, coalesce(b.amount_fen, 0) as amount_after_fen,
        case
            when a.finding_id is null then 'opened'
            when b.finding_id is null then 'cleared'
            when coalesce(a.amount_fen, 0) <> coalesce(b.amount_fen, 0) then 'changed'
            else 'same'
        end as change
    from before.mart_finding as a full join after.mart_finding as b on a.finding_id = b.finding_id
"""


def _moved(con: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str], money: Sequence[str]) -> list[Row]:
    """Sums of `money` per `keys` in both releases, where they differ."""
    names = ", ".join(keys)
    sums = ", ".join(
        f"coalesce(sum({name}) filter (where is_after), 0)::bigint as {_stem(name)}_after_fen,"
        f" coalesce(sum({name}) filter (where not is_after), 0)::bigint as {_stem(name)}_before_fen"
        for name in money
    )
    columns = ", ".join((*keys, *money))
    moved = ", ".join(f"{_stem(name)}_before_fen, {_stem(name)}_after_fen, {_difference(name)}" for name in money)
    differs = " or ".join(f"{_stem(name)}_after_fen <> {_stem(name)}_before_fen" for name in money)
    return records(
        con,
        f"""
        with sums as (
            select {names}, {sums}
            from (
                select {columns}, false as is_after from before.{table}
                union all
                select {columns}, true as is_after from after.{table}
            )
            group by {names}
        )

        select {names}, {moved}
        from sums
        where {differs}
        order by {", ".join(f"{key} nulls last" for key in keys)}
        """,
    )


def _stem(name: str) -> str:
    return name.removesuffix("_fen")


def _difference(name: str) -> str:
    return f"{_stem(name)}_after_fen - {_stem(name)}_before_fen as {_stem(name)}_moved_fen"


def _sides(name: str) -> str:
    """Sums of a payment's money before and after, and what moved."""
    before, after = f"coalesce(sum(a.{name}), 0)", f"coalesce(sum(b.{name}), 0)"
    stem = _stem(name)
    return f"{before}::bigint as {stem}_before_fen, {after}::bigint as {stem}_after_fen, ({after} - {before})::bigint as {stem}_moved_fen"
