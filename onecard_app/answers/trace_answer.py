"""The answer of a trace, and how it is put together from the credits and the money at rest that are meant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import duckdb

from onecard.catalogue.titles import INFLOWS, OUTFLOWS, STOPS
from onecard.store import releases
from onecard.store.query_rows import records
from onecard.words.errors import NotFound
from onecard.words.language import Text
from onecard_app.answers.names import bank_name, division_name, programme_name
from onecard_app.answers.release_selection import run_again
from onecard_app.answers.trace_rows import Days, DocumentRow, NamingRow, PassedDownRow, ReachedRow, ReachRow, RestingRow, Row, SourceRow

TABLES = ("mart_trace", "mart_credit_origin", "mart_stranded")
# Credits listed one by one in JSON and workbooks; `credits_in_all` always says how many shares there are.
LISTED = 100_000
LEVELS = ("source", "province", "city", "county")

_ON_THE_WAY = [stop for stop in STOPS if stop != "in_all"]
_DAYS = ", ".join(f"min(days_at_{stop}), max(days_at_{stop})" for stop in _ON_THE_WAY) + ", min(days_in_all), max(days_in_all)"
_PATH = "source_kind, source_doc_no, source_level, source_division, source_on, province_doc_no, city_doc_no, county_doc_no"
_SHARES = """
create temp table shares as
with cards as (select card_key, max(card_masked) as card_masked from mart_payment where card_masked is not null group by card_key)
select
    origins.delivery_key, deliveries.file_name, origins.sheet_no, origins.row_no, origins.trace_no, origins.bank_code, origins.batch_no,
    origins.seq_no, origins.division, traces.division_name, origins.programme_code, origins.payroll_month, origins.person_key,
    payments.household_key, payments.name_masked, payments.id_masked, payments.township, payments.village, origins.card_key,
    cards.card_masked, origins.credited_on, origins.amount_fen, traces.source_kind, traces.source_doc_no, traces.source_level,
    traces.source_division, traces.source_on, traces.province_doc_no, traces.city_doc_no, traces.county_doc_no, traces.county_in_on,
    traces.voucher_no, traces.paid_on, traces.batch_kind, traces.days_at_central, traces.days_at_province, traces.days_at_city,
    traces.days_at_county, traces.days_at_bank, traces.days_in_all, traces.method, traces.returns,
    traces.is_overdrawn or traces.source_kind = 'uncovered' as is_overdrawn
from mart_credit_origin as origins
inner join mart_trace as traces on origins.trace_no = traces.trace_no
left join mart_payment as payments
    on origins.division = payments.division and origins.programme_code = payments.programme_code
    and origins.payroll_month = payments.payroll_month and origins.person_key = payments.person_key
left join cards on origins.card_key = cards.card_key
left join mart_delivery as deliveries on origins.delivery_key = deliveries.delivery_key
where origins.trace_no in (select trace_no from mart_trace where {pieces}) and {predicate}
"""


@dataclass(frozen=True)
class Answer:
    """What a release says to one question. Sums close: total = credited + resting = the sum over `sources`.

    `stated_fen` is what other marts say the total is (documents: as sent or received, whichever is more; people: as credited; places: as
    credited, with what rests in pools by the fund position); None where none says so. `difference_fen` = stated - total.
    `reach` and `naming` are told of a document: how much of it reached cards at least and at most, and the payments that name it.
    `positions` and `passed_down` are told of a whole place: its pools (columns of mart_fund_position), and what those below say they got
    of what it sent them. `credits`: one row for each share of a credit, `credits_in_all` of them, masked. Money in fen, days are
    `datetime.date`, months int yyyymm, keys int. `question` says what was asked: `kind` (document, credit, person, household, place)
    and the facts of it.
    """

    release: str
    business_date: str
    question: Row
    stated_fen: int | None
    total_fen: int
    credited_fen: int
    resting_fen: int
    overdrawn_fen: int
    cards: int
    persons: int
    households: int
    document: list[DocumentRow] = field(default_factory=list)
    reach: list[ReachRow] = field(default_factory=list)
    naming: list[NamingRow] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)
    reached: list[ReachedRow] = field(default_factory=list)
    resting: list[RestingRow] = field(default_factory=list)
    positions: list[Row] = field(default_factory=list)
    passed_down: list[PassedDownRow] = field(default_factory=list)
    credits: list[Row] = field(default_factory=list)
    credits_in_all: int = 0

    @property
    def difference_fen(self) -> int:
        return 0 if self.stated_fen is None else self.stated_fen - self.total_fen

    @property
    def closes(self) -> bool:
        """Whether every fen of the question has its place."""
        sums = self.credited_fen + self.resting_fen, sum(row["fen"] for row in self.sources)
        return self.difference_fen == 0 and sums == (self.total_fen, self.total_fen) and all(map(_closes, self.positions))

    def as_dict(self) -> Row:
        """As JSON; keys are texts there, since many readers keep 53 bits of a number only, and names are in both languages."""
        told: Row = {item.name: _plain(getattr(self, item.name)) for item in fields(self)}
        return told | {"difference_fen": self.difference_fen, "closes": self.closes}


def _plain(value: Any) -> Any:
    """A value of the answer for programs."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: str(item) if name.endswith("_key") and item is not None else _plain(item) for name, item in value.items()}
    return str(value) if isinstance(value, Text) else value


def _closes(row: Row) -> bool:
    """Whether a pool closes: in = out + balance, and what its balance is made of."""
    came, went = (sum(row[name] for name in names) for names in (INFLOWS, OUTFLOWS))
    held = row["resting_fen"] + row["carried_on_fen"] - row["overdrawn_fen"]
    return bool(came == row["in_fen"] == went + row["balance_fen"] and row["balance_fen"] == held)


def days_in_words(spans: Days) -> dict[str, str | None]:
    """Days at each stop: `3`, `3–12`, `-6 … -4` (below zero: it was spent before it came); None where they are not known."""
    return {stop: None if (span := spans[stop]) is None else _span(*span) for stop in STOPS}


def _span(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least}–{most}" if least >= 0 else f"{least} … {most}"


@contextmanager
def traced(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a release that must hold the trace; raises NotFound when it does not."""
    with releases.read_release(path) as con:
        held = {row[0] for row in con.execute("select table_name from duckdb_tables()").fetchall()}
        missing = [table for table in TABLES if table not in held]
        if missing:
            raise NotFound(
                code="OC-TRC-004",
                what=Text("这个发布没有资金追踪", "the release holds no trace"),
                where=path.name,
                why=Text("由较早的程序发布，缺少：", "an older version published it; missing: ") + ", ".join(missing),
                remedy=run_again(path),
            )
        yield con


def put_together(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    question: Row,
    facts: Row,
    stated: int | None,
    listed: int,
    *,
    pieces: str = "true",
    rests: str = "false",
    predicate: str = "true",
) -> Answer:
    """Answer for the credits that meet `predicate`, of pieces that meet `pieces`, and the money at rest that meets `rests`.

    The three are SQL of ours over mart_credit_origin (`origins`), mart_trace and mart_stranded, with `facts` as parameters.
    """
    con.execute(_SHARES.format(pieces=pieces, predicate=predicate), facts)
    con.execute(f"create temp table rests as select * from mart_stranded where {rests}", facts if rests != "false" else {})
    credited, overdrawn, cards, persons, households, shares = con.execute(
        """
        select coalesce(sum(amount_fen), 0)::bigint, coalesce(sum(amount_fen) filter (where is_overdrawn), 0)::bigint,
            count(distinct card_key), count(distinct person_key), count(distinct household_key), count(*)
        from shares
        """
    ).fetchall()[0]
    resting = con.execute("select coalesce(sum(resting_fen), 0)::bigint from rests").fetchall()[0][0]
    manifest = releases.stated_facts(path)
    return Answer(
        release=manifest["release_id"],
        business_date=manifest["business_date"],
        question=question,
        stated_fen=stated,
        total_fen=credited + resting,
        credited_fen=credited,
        resting_fen=resting,
        overdrawn_fen=overdrawn,
        cards=cards,
        persons=persons,
        households=households,
        sources=_sources(con),
        reached=_reached(con),
        resting=_resting(con),
        credits=_credits(con, listed),
        credits_in_all=shares,
    )


def _credits(con: duckdb.DuckDBPyConnection, listed: int) -> list[Row]:
    rows = records(
        con,
        """
        select * from shares
        order by division, programme_code, payroll_month, credited_on, bank_code, batch_no, seq_no, delivery_key, sheet_no, row_no,
            trace_no
        limit $listed
        """,
        {"listed": listed},
    )
    return [row | {"programme_name": programme_name(row["programme_code"]), "bank_name": bank_name(row["bank_code"])} for row in rows]


def _sources(con: duckdb.DuckDBPyConnection) -> list[SourceRow]:
    days = ", ".join(f"days_at_{stop}" for stop in _ON_THE_WAY) + ", days_in_all"
    unknown = ", ".join(f"null::integer as {name}" for name in days.split(", "))
    rows = _with_days(
        con,
        f"""
        select {_PATH}, coalesce(sum(credited_fen), 0)::bigint as credited_fen,
            coalesce(sum(specific_fen), 0)::bigint as specific_fen, coalesce(sum(resting_fen), 0)::bigint as resting_fen,
            sum(credited_fen + resting_fen)::bigint as fen, bool_or(is_overdrawn) as is_overdrawn, {_DAYS}
        from (
            select {_PATH}, amount_fen as credited_fen, case when method = 'specific' then amount_fen else 0 end as specific_fen,
                0 as resting_fen, is_overdrawn, {days} from shares
            union all
            select {_PATH}, 0 as credited_fen, 0 as specific_fen, resting_fen, source_kind = 'uncovered' as is_overdrawn, {unknown}
            from rests
        )
        group by {_PATH}
        order by source_on nulls last, {_PATH}
        """,
    )
    return cast(list[SourceRow], rows)


def _reached(con: duckdb.DuckDBPyConnection) -> list[ReachedRow]:
    rows = _with_days(
        con,
        f"""
        select division, division_name, programme_code, payroll_month, sum(amount_fen)::bigint as fen,
            count(distinct (delivery_key, sheet_no, row_no)) as credits, count(distinct card_key) as cards,
            count(distinct person_key) as persons, count(distinct household_key) as households, min(credited_on) as first_credited_on,
            max(credited_on) as last_credited_on, bool_or(is_overdrawn) as is_overdrawn, {_DAYS}
        from shares
        group by division, division_name, programme_code, payroll_month
        order by division, programme_code, payroll_month
        """,
    )
    return cast(list[ReachedRow], [row | {"programme_name": programme_name(row["programme_code"])} for row in rows])


def _resting(con: duckdb.DuckDBPyConnection) -> list[RestingRow]:
    rows = records(
        con,
        """
        select place, division, division_name, level, pool_code, fiscal_year, bank_code, batch_no, reference, since, days, age_band,
            rule_code, sum(resting_fen)::bigint as fen
        from rests
        group by all
        order by place, division, pool_code, fiscal_year, since nulls last, bank_code, batch_no, reference
        """,
    )
    for row in rows:
        row["division_name"] = row["division_name"] or division_name(row["division"])
        row["bank_name"] = bank_name(row["bank_code"]) if row["bank_code"] else None
    return cast(list[RestingRow], rows)


def _with_days(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Rows of a query whose last columns are `_DAYS`, folded into one field: least and most days at each stop."""
    found = con.execute(query)
    names = [column[0] for column in found.description][: -2 * len(STOPS)]
    rows = []
    for values in found.fetchall():
        days = values[len(names) :]
        spans = {stop: None if days[2 * at] is None else [days[2 * at], days[2 * at + 1]] for at, stop in enumerate(STOPS)}
        rows.append(dict(zip(names, values, strict=False)) | {"days": spans})
    return rows
