"""Where the money of a document is, and whose money a credit was: questions to the trace of a release, answered to the fen (J8)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from onecard.catalogue.rules import rules
from onecard.catalogue.shown_names import shown_name
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import INFLOWS, OUTFLOWS, STOPS, title
from onecard.store import releases
from onecard.store.query_rows import records
from onecard.words.divisions import divisions, find_division
from onecard.words.errors import InputRefused, NotFound
from onecard.words.money import format_yuan
from onecard.words.reference_data import seed_rows
from onecard.words.suggest import few, nearest
from onecard_app.answers import doc_numbers

Row = dict[str, Any]

TABLES = ("mart_trace", "mart_credit_origin", "mart_stranded")
# Credits listed one by one in JSON and workbooks; `credits_in_all` always says how many shares there are.
LISTED = 100_000

_LEVELS = ("source", "province", "city", "county")
_ON_THE_WAY = [stop for stop in STOPS if stop != "in_all"]
_BY_DOCUMENT = " or ".join(f"list_contains($docs, {level}_doc_no)" for level in _LEVELS)
# What a sender says it sent and nobody booked bears the document in `reference` only.
_RESTS_OF_DOCUMENT = f"{_BY_DOCUMENT} or (place in ('in_transit', 'not_reporting') and list_contains($docs, reference))"
# Money at rest knows its pool, not its programme; what lies at a bank knows its batch, or the voucher that found none.
_RESTS_OF_BATCHES = """
    place in ('bank_no_batch', 'bank_unspent', 'bank_failed', 'bank_unread') and exists (
        select 1 from mart_batch_match as batches
        where {batches} and mart_stranded.division = batches.division and (
            (mart_stranded.bank_code = batches.bank_code and mart_stranded.batch_no = batches.batch_no)
            or (place = 'bank_no_batch' and batches.status = 'no_batch' and reference = batches.voucher_no)
        )
    )
"""
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
_DAYS = ", ".join(f"min(days_at_{stop}), max(days_at_{stop})" for stop in _ON_THE_WAY) + ", min(days_in_all), max(days_in_all)"
_PATH = "source_kind, source_doc_no, source_level, source_division, source_on, province_doc_no, city_doc_no, county_doc_no"


@dataclass(frozen=True)
class Answer:
    """What a release says to one question. Sums close: total = credited + resting = the sum over `sources`.

    `stated_fen` is what other marts say the total is (documents: as sent or received, whichever is more; people: as credited; places: as
    credited, with what rests in pools by the fund position); None where none says so. `difference_fen` = stated - total.
    `positions` and `passed_down` are told of a whole place: its pools, and what those below say they got of what it sent them.
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
    document: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    reached: list[Row] = field(default_factory=list)
    resting: list[Row] = field(default_factory=list)
    positions: list[Row] = field(default_factory=list)
    passed_down: list[Row] = field(default_factory=list)
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
        """As JSON; keys are texts there, since many readers keep 53 bits of a number only."""
        told = asdict(self) | {"difference_fen": self.difference_fen, "closes": self.closes}
        for row in (told["question"], *told["credits"]):
            row |= {name: str(value) for name, value in row.items() if name.endswith("_key") and value is not None}
        return told


def _closes(row: Row) -> bool:
    """Whether a pool closes: in = out + balance, and what its balance is made of."""
    came, went = (sum(row[name] for name in names) for names in (INFLOWS, OUTFLOWS))
    held = row["resting_fen"] + row["carried_on_fen"] - row["overdrawn_fen"]
    return bool(came == row["in_fen"] == went + row["balance_fen"] and row["balance_fen"] == held)


def by_document(path: Path, text: str, *, listed: int = LISTED) -> Answer:
    """Where the money of a document is now. Raises NotFound or InputRefused when `text` means no document, or several."""
    with _traced(path) as con:
        names = doc_numbers.find(text, _documents(con))
        facts = {"docs": names}
        lines = records(
            con,
            """
            select issuer_division, receiver_division, min(issued_on) as issued_on, max(received_on) as received_on,
                sum(sent_fen)::bigint as sent_fen, sum(received_fen)::bigint as received_fen,
                sum(greatest(sent_fen, received_fen))::bigint as fen
            from mart_document_match where list_contains($docs, doc_no) group by all order by all
            """,
            facts,
        )
        for line in lines:
            line["issuer_name"], line["receiver_name"] = _place(line["issuer_division"]), _place(line["receiver_division"])
        stated = sum(line["fen"] for line in lines) if lines else None
        question = {"kind": "document", "doc_no": names[0]}
        return _answer(con, path, question, facts, stated, lines, listed, pieces=_BY_DOCUMENT, rests=_RESTS_OF_DOCUMENT)


def by_credit(path: Path, text: str, *, listed: int = LISTED) -> Answer:
    """Whose money one credit was; `FILE:ROW`, `FILE:SHEET:ROW` (as evidence names it) or `BANK/BATCH/SEQ`."""
    with _traced(path) as con:
        predicate, facts = _credit(con, text)
        return _answer(con, path, {"kind": "credit", "credit": text}, facts, None, [], listed, predicate=predicate)


def by_person(path: Path, key: int, *, household: bool = False, listed: int = LISTED) -> Answer:
    """Whose money a person (or a household) got, credit by credit."""
    name = "household" if household else "person"
    with _traced(path) as con:
        months, entitled, credited = con.execute(
            f"""
            select count(*), coalesce(sum(entitled_fen), 0)::bigint, coalesce(sum(credited_fen), 0)::bigint
            from mart_payment where {name}_key = ?
            """,
            [key],
        ).fetchall()[0]
        if months == 0:
            why, remedy = f"发布中没有这个键 mart_payment.{name}_key does not hold it", "取键于 take a key from mart_payment, mart_finding"
        else:
            why = f"{months} 个月应发 {format_yuan(entitled)} 元，一分未入账 entitled in {months} months, nothing was credited"
            remedy = f"select * from mart_payment where {name}_key = {key}"
        if credited == 0:
            raise _nothing(f"--{name} {key}", why, remedy)
        prefix = "payments" if household else "origins"
        predicate = f"{prefix}.{name}_key = $key"
        return _answer(con, path, {"kind": name, f"{name}_key": key}, {"key": key}, credited, [], listed, predicate=predicate)


def by_place(path: Path, place: str | None, programme: str | None, month: int | None, *, listed: int = LISTED) -> Answer:
    """Whose money a county, a programme or both credited, in all months or one, and what rests there.

    A place above the counties credits nobody: what rests in its pools and what it passed down.
    """
    with _traced(path) as con:
        facts: Row = {}
        if place is not None:
            facts["division"] = _division(con, place)
        if programme is not None:
            facts["programme_code"] = find_programme(programme)
        if month is not None:
            facts["payroll_month"] = month
        is_whole = set(facts) == {"division"}
        of_these = " and ".join(f"{{0}}{name} = ${name}" for name in facts)
        if not is_whole and place is not None and (known := divisions().get(facts["division"])) and known.level != "county":
            raise InputRefused(
                code="OC-TRC-009",
                what="县级以上的钱不分项目和月份 above the counties money has no programme or month yet",
                where=" ".join(str(text) for text in (place, programme, month) if text is not None),
                why=f"{known.name} 只有资金池，项目和月份从县级支付起 has pools only; programme and month begin at the county",
                remedy=f"onecard trace --county {known.name} 或问县 or ask a county: " + few(_counties_below(con, known.code)),
            )
        rests = of_these.format("") if is_whole else _RESTS_OF_BATCHES.format(batches=of_these.format("batches."))
        credited = con.execute(
            f"select coalesce(sum(credited_fen), 0)::bigint from mart_payment where {of_these.format('')}", facts
        ).fetchall()[0][0]
        # The pools are said by another mart; of what lies elsewhere there is one account only.
        in_pools = (
            con.execute("select coalesce(sum(resting_fen), 0)::bigint from mart_fund_position where division = $division", facts)
            if is_whole
            else con.execute("select 0::bigint")
        ).fetchall()[0][0]
        elsewhere = con.execute(
            f"select coalesce(sum(resting_fen), 0)::bigint from mart_stranded where place <> 'pool' and {rests}", facts
        ).fetchall()[0][0]
        if credited == 0 and elsewhere == 0 and not is_whole:
            paid = con.execute(
                "select distinct division_name, programme_code, payroll_month from mart_payment where credited_fen > 0 order by all"
            ).fetchall()
            raise _nothing(
                " ".join(str(text) for text in (place, programme, month) if text is not None),
                "发布中没有这样的入账 the release holds no such credit",
                "有入账的 credited were: " + few(f"{name} {programme_name(code)} {at}" for name, code, at in paid),
            )
        question = {"kind": "place", "division": None, "programme_code": None, "payroll_month": None} | facts
        positions = records(con, _POSITIONS, facts) if is_whole else []
        passed_down = records(con, _PASSED_DOWN, facts) if is_whole else []
        for row in passed_down:
            row["receiver_name"] = _place(row["receiver_division"])
        answer = _answer(
            con, path, question, facts, credited + in_pools + elsewhere, [], listed, predicate=of_these.format("origins."), rests=rests
        )
        return replace(answer, positions=positions, passed_down=passed_down)


_POSITIONS = """
    select pool_code, pool_name, fiscal_year, received_fen, own_fen, carry_in_fen, clawback_in_fen, returned_fen, in_fen, passed_down_fen,
        clawback_out_fen, paid_fen, diverted_fen, out_fen, balance_fen, resting_fen, carried_on_fen, overdrawn_fen, credited_fen,
        held_by_bank_fen
    from mart_fund_position where division = $division order by pool_code, fiscal_year
"""
_PASSED_DOWN = """
    select receiver_division, fiscal_year, sum(sent_fen)::bigint as sent_fen, sum(received_fen)::bigint as received_fen,
        max(received_on) as last_received_on
    from mart_document_match where issuer_division = $division group by all order by all
"""


def programme_name(code: str) -> str:
    """Chinese name of a programme."""
    return {row["programme_code"]: row["name_zh"] for row in seed_rows("programmes")}.get(code, code)


def find_programme(text: str) -> str:
    """Code of a programme from its code, name or alias. Raises NotFound with the nearest."""
    known = {row["alias"]: row["programme_code"] for row in seed_rows("programme_aliases")}
    for row in seed_rows("programmes"):
        known |= dict.fromkeys((row["programme_code"], row["name_zh"], row["name_en"]), row["programme_code"])
    clean = text.strip()
    if clean in known:
        return known[clean]
    # Three programmes, not three names of one.
    by_code: dict[str, str] = {}
    for name in nearest(clean, known, most=len(known)):
        by_code.setdefault(known[name], name)
    near = list(by_code.values())[:3] or [row["name_zh"] for row in seed_rows("programmes")]
    raise NotFound(
        code="OC-TRC-005",
        what="没有这个项目 no such programme",
        where=text,
        why="不是项目代码、名称或别名 no code, name or alias of a programme",
        remedy="相近的有 nearest: " + ", ".join(f"{programme_name(known[name])} ({known[name]})" for name in near),
    )


# --- which credits are meant ----------------------------------------------------------------------------------------------------------


@contextmanager
def _traced(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a release that must hold the trace."""
    with releases.read_release(path) as con:
        held = {row[0] for row in con.execute("select table_name from duckdb_tables()").fetchall()}
        missing = [table for table in TABLES if table not in held]
        if missing:
            raise NotFound(
                code="OC-TRC-004",
                what="这个发布没有资金追踪 this release holds no trace",
                where=path.name,
                why="缺少表 tables are missing: " + ", ".join(missing) + " (更早的程序发布的 published by an older version)",
                remedy="用现在的程序重跑该日 run that day again: onecard run --as-of " + releases.stated_facts(path)["business_date"],
            )
        yield con


def _documents(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every document the release speaks of."""
    named = [f"select {level}_doc_no from {table}" for table in ("mart_trace", "mart_stranded") for level in _LEVELS]
    query = " union ".join(["select doc_no from mart_document_match", *named])
    return [row[0] for row in con.execute(query).fetchall() if row[0] is not None]


def _division(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """Code of a place that has money in the release: payments, a pool, or something at rest."""
    known = dict(
        con.execute(
            """
            select distinct division_name, division from (
                select division_name, division from mart_payment union select division_name, division from mart_fund_position
                union select division_name, division from mart_stranded
            ) where division_name is not null order by division
            """
        ).fetchall()
    )
    found = find_division(text)
    if found is not None and found.code in known.values():
        return found.code
    unknown = "不是区划名称或代码 no name or code of a division"
    offered = (nearest(text.strip(), known) if found is None else []) or list(known)
    raise NotFound(
        code="OC-TRC-005",
        what="发布中没有这个地方 no such place in the release",
        where=text,
        why=unknown if found is None else f"{found.name} {found.code} 没有资金，也没有发放记录 has neither money nor payments",
        remedy="相近的有 nearest: " + ", ".join(f"{name} ({known[name]})" for name in offered),
    )


def _counties_below(con: duckdb.DuckDBPyConnection, code: str) -> list[str]:
    """Names of the counties that paid somebody, below a city or a province."""
    paid = con.execute("select distinct division, division_name from mart_payment where credited_fen > 0 order by all").fetchall()

    def is_below(division: str | None) -> bool:
        while division in divisions() and division != code:
            division = divisions()[division].parent
        return division == code

    return [name for division, name in paid if is_below(division)]


def _credit(con: duckdb.DuckDBPyConnection, text: str) -> tuple[str, Row]:
    by_file = re.fullmatch(r"(?P<file>.+?)(?::(?P<sheet>[0-9]+))?:(?P<row>[0-9]+)", text)
    by_batch = re.fullmatch(r"(?P<bank>[^/:]+)/(?P<batch>[^/:]+)/(?P<seq>[0-9]+)", text)
    if by_batch:
        return _credit_of_batch(con, text, by_batch)
    if by_file:
        return _credit_of_file(con, text, by_file)
    raise InputRefused(
        code="OC-TRC-007",
        what="看不懂是哪一笔入账 which credit is meant is not clear",
        where=f"--credit {shown_name(text)}",
        why="不是 文件:行 或 银行/批次/序号 neither FILE:ROW nor BANK/BATCH/SEQ",
        remedy="例如 for example --credit RCU_62110220180101100_回盘.txt:17 或 or --credit RCU/62110220180101100/16",
    )


def _bank_code(text: str) -> str:
    """Code of a bank from its code in either case, or from a name of it; the text itself when it is none."""
    for row in seed_rows("agent_banks"):
        if text.strip().casefold() in {
            name.casefold() for name in (row["bank_code"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))
        }:
            return row["bank_code"]
    return text


def _credit_of_batch(con: duckdb.DuckDBPyConnection, text: str, said: re.Match[str]) -> tuple[str, Row]:
    facts = {"bank": _bank_code(said["bank"]), "batch": said["batch"], "seq": int(said["seq"])}
    predicate = "origins.bank_code = $bank and origins.batch_no = $batch and origins.seq_no = $seq"
    if con.execute(f"select 1 from mart_credit_origin as origins where {predicate} limit 1", facts).fetchall():
        return predicate, facts
    batch = [facts["bank"], facts["batch"]]
    lines = con.execute("select line_count from mart_batch_match where bank_code = ? and batch_no = ?", batch).fetchall()
    if lines:
        places = con.execute(
            "select distinct delivery_key, sheet_no, row_no - seq_no from mart_credit_origin where bank_code = ? and batch_no = ?", batch
        ).fetchall()
        if len(places) == 1:
            key, sheet, offset = places[0]
            raise _not_credited(con, text, key, sheet, offset + facts["seq"])
        why = f"批次有 {lines[0][0]} 行，此号没有入账成功 the batch has {lines[0][0]} lines, and this one was not credited"
        raise _nothing(text, why, f"select seq_no from mart_credit_origin where batch_no = '{facts['batch']}'")
    known = [row[0] for row in con.execute("select distinct concat(bank_code, '/', batch_no) from mart_trace order by all").fetchall()]
    near = nearest(f"{facts['bank']}/{facts['batch']}", known)
    raise _nothing(text, "没有这个批次 no such batch", "相近的批次 nearest: " + few(near))


def _credit_of_file(con: duckdb.DuckDBPyConnection, text: str, said: re.Match[str]) -> tuple[str, Row]:
    name = Path(said["file"]).name
    every = con.execute("select delivery_key, file_name, sha256, source from mart_delivery order by all").fetchall()
    named = [file for file in every if file[1] == name or (len(name) >= 8 and file[2].startswith(name.lower()))]
    keys = [key for key, *_, source in named if source == "bank_batches"]
    if not keys:
        if named:
            raise _no_bank_file(con, shown_name(text), named[0][0], named[0][3], int(said["row"]))
        near = nearest(name, {file_name for _, file_name, _, source in every if source == "bank_batches"})
        raise _nothing(
            shown_name(name), "发布中没有此名的回盘文件 no bank file of this name in the release", "相近的有 nearest: " + few(near)
        )
    facts: Row = {"keys": keys, "row": int(said["row"])}
    predicate = "list_contains($keys, origins.delivery_key) and origins.row_no = $row"
    if said["sheet"]:
        facts["sheet"] = int(said["sheet"])
        predicate += " and origins.sheet_no = $sheet"
    found = con.execute(
        f"select distinct delivery_key, sheet_no from mart_credit_origin as origins where {predicate} order by all", facts
    ).fetchall()
    if len(found) == 1:
        return predicate, facts
    if found:
        shas = {key: sha256 for key, _, sha256, _ in every}
        raise InputRefused(
            code="OC-TRC-003",
            what="不止一行符合 several rows fit",
            where=shown_name(text),
            why=f"{len(found)} 个同名文件或工作表 files or sheets of this name",
            remedy="写成 write: " + ", ".join(f"{shas[key][:12]}:{sheet}:{facts['row']}" for key, sheet in found),
        )
    # Of several files of one name the one in force has the word.
    in_force = con.execute(
        "select delivery_key from mart_delivery where list_contains($keys, delivery_key) order by is_in_force desc, delivery_key",
        {"keys": keys},
    ).fetchall()
    raise _not_credited(con, shown_name(text), in_force[0][0], facts.get("sheet"), facts["row"])


def _not_credited(con: duckdb.DuckDBPyConnection, text: str, key: int, sheet: int | None, row: int) -> NotFound:
    """Why a row of a bank's file is no credit: the file was superseded, it has no such row, or the row is no line, failed or set aside."""
    file = records(con, "select * from mart_delivery where delivery_key = $key", {"key": key})[0]
    if not file["is_in_force"]:
        newer = con.execute(
            "select file_name, sha256 from mart_delivery where scope = ? and source = ? and is_in_force", [file["scope"], file["source"]]
        ).fetchall()
        later = f"{newer[0][0]} ({newer[0][1][:12]})" if newer else "—"
        why = f"这份文件已被取代，不再计算 this file was superseded and counts no more; 现行文件 in force: {later}"
        return _nothing(text, why, f"onecard trace --credit {newer[0][1][:12]}:{row}" if newer else "mart_delivery")
    if not 1 <= row <= file["rows_total"]:
        return _nothing(
            text,
            f"没有这一行，文件共 {file['rows_total']} 行 no such row: the file has {file['rows_total']} rows",
            "行号按文件中的物理行，从 1 起 rows count from 1, as they stand in the file",
        )
    credited = con.execute(
        """
        select distinct sheet_no, row_no, seq_no, bank_code, batch_no from mart_credit_origin
        where delivery_key = $key and sheet_no = coalesce($sheet, sheet_no)
        """,
        {"key": key, "sheet": sheet},
    ).fetchall()
    evidence = con.execute(
        """
        select count(*) from mart_finding_evidence
        where delivery_key = ? and row_no = ? and evidence_role = 'primary' and list_contains(?, rule_code)
        """,
        [key, row, [code for code, rule in rules().items() if rule.means_failed_line]],
    ).fetchall()[0][0]
    set_aside = file["rows_quarantined"]
    # Lines are numbered on and stand one below the other: the credited ones tell where the first and the last stand.
    offsets = {at - seq for _, at, seq, *_ in credited}
    first, last = (min(offsets) + 1, min(offsets) + file["rows_landed"] + set_aside) if len(offsets) == 1 else (1, file["rows_total"])
    if not evidence and (not first <= row <= last or file["rows_landed"] + set_aside == len(credited)):
        why = "该行是表头、批次首尾、小计或空行，不是明细 a header, control, subtotal or blank row, no line"
        return _nothing(text, why, f"明细在第 {first}–{last} 行 lines stand in rows {first} to {last}")
    if not evidence and file["rows_landed"] == len(credited):
        why = "该行读不出，已被隔离 the row could not be read and was set aside"
        return _nothing(text, why, "onecard quarantine")
    if evidence or (set_aside == 0 and len(offsets) == 1):
        why = "该行银行入账失败，没有到卡 the bank could not credit this line: it reached no card"
        return _nothing(text, why, _where_failed_money_is(con, {batch[3:] for batch in credited}))
    other = "" if len(offsets) == 1 else "，或不是明细 or is no line"
    counts = f"{file['rows_landed'] - len(credited)} 行失败 failed, {set_aside} 行隔离 set aside"
    return _nothing(
        text,
        f"该行入账失败，或被隔离 the line failed or was set aside{other} ({counts})",
        "onecard quarantine; " + _where_failed_money_is(con, {batch[3:] for batch in credited}),
    )


def _where_failed_money_is(con: duckdb.DuckDBPyConnection, batches: set[tuple[Any, ...]]) -> str:
    """How to ask for the money of a failed line: with what else rests of its county, programme and month."""
    for bank, batch in sorted(batches):
        [(division, programme, month)] = con.execute(
            "select division, programme_code, payroll_month from mart_batch_match where bank_code = ? and batch_no = ?", [bank, batch]
        ).fetchall() or [(None, None, None)]
        if division and programme and month:
            asked = f"onecard trace --county {_place(division)} --programme {programme_name(programme)} --month {month}"
            return f"补发的另成一行；未了结的列在 a reissue is a row of its own; what is not settled is listed by: {asked}"
    return "未了结的钱在 money not settled is in mart_stranded (place = 'bank_failed')"


def _no_bank_file(con: duckdb.DuckDBPyConnection, text: str, key: int, source: str, row: int) -> NotFound:
    """A file that evidence names, but no bank's: what it is, and how to ask for what it speaks of."""
    told = con.execute(
        """
        select max(findings.household_key), max(findings.person_key), max(findings.doc_no)
        from mart_finding_evidence as evidence
        inner join mart_finding as findings on evidence.finding_id = findings.finding_id
        where evidence.delivery_key = ? and evidence.row_no = ?
        """,
        [key, row],
    ).fetchall()[0]
    household, person, doc = told
    if source == "budget_allocations":
        remedy = f"按文号问 ask by document: onecard trace --doc {doc or '文号 NUMBER'}"
    elif source == "treasury_payments":
        remedy = "按县问 ask by county: onecard trace --county 县区 COUNTY; 或 or select * from mart_trace where voucher_no = '…'"
    elif household is not None or person is not None:
        asked = [f"--{name} {value}" for name, value in (("household", household), ("person", person)) if value is not None]
        remedy = "按户或按人问 ask by household or person: " + " 或 or ".join(f"onecard trace {option}" for option in asked)
    else:
        remedy = "按户或按人问 ask by onecard trace --household KEY 或 or --person KEY; 键在 the keys are in mart_payment, mart_finding"
    titled = title(source_titles(), source)
    return NotFound(
        code="OC-TRC-010",
        what=f"这是{titled.zh}，不是回盘 this file is no bank file: {titled.en}",
        where=text,
        why="只有银行回盘的行是入账 only rows of a bank's file are credits",
        remedy=remedy,
    )


def _nothing(where: str, why: str, remedy: str) -> NotFound:
    return NotFound(code="OC-TRC-006", what="没有这样的入账 no such credit", where=where, why=why, remedy=remedy)


# --- the answer -----------------------------------------------------------------------------------------------------------------------


def _answer(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    question: Row,
    facts: Row,
    stated: int | None,
    document: list[Row],
    listed: int,
    *,
    pieces: str = "true",
    rests: str = "false",
    predicate: str = "true",
) -> Answer:
    """Answer for the credits that meet `predicate`, of pieces that meet `pieces`, and the money at rest that meets `rests`."""
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
        document=document,
        sources=_sources(con),
        reached=_reached(con),
        resting=_resting(con),
        credits=records(
            con,
            """
            select * from shares
            order by division, programme_code, payroll_month, credited_on, bank_code, batch_no, seq_no, delivery_key, sheet_no, row_no,
                trace_no
            limit $listed
            """,
            {"listed": listed},
        ),
        credits_in_all=shares,
    )


def _sources(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Whose money it is: by the document it began with and the documents it came down by."""
    days = ", ".join(f"days_at_{stop}" for stop in _ON_THE_WAY) + ", days_in_all"
    unknown = ", ".join(f"null::integer as {name}" for name in days.split(", "))
    return _with_days(
        con,
        f"""
        select {_PATH}, coalesce(sum(credited_fen), 0)::bigint as credited_fen, coalesce(sum(resting_fen), 0)::bigint as resting_fen,
            sum(credited_fen + resting_fen)::bigint as fen, bool_or(is_overdrawn) as is_overdrawn, {_DAYS}
        from (
            select {_PATH}, amount_fen as credited_fen, 0 as resting_fen, is_overdrawn, {days} from shares
            union all
            select {_PATH}, 0 as credited_fen, resting_fen, source_kind = 'uncovered' as is_overdrawn, {unknown} from rests
        )
        group by {_PATH}
        order by source_on nulls last, {_PATH}
        """,
    )


def _reached(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Where it arrived: county, programme, month."""
    return _with_days(
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


def _resting(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Where it lies, since when, and which rule watches it."""
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
        row["division_name"] = row["division_name"] or _place(row["division"])
    return rows


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


def place_name(code: str) -> str:
    """Name of a division, its code when the reference list does not know it."""
    return _place(code) or code


def _place(code: str | None) -> str | None:
    """Name of a division, its code when the reference list does not know it."""
    return divisions()[code].name if code in divisions() else code
