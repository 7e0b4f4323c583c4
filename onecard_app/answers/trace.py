"""Where the money of a document is, and whose money a credit was: questions to the trace of a release, answered to the fen (J8).

Each question takes the folder of a release and gives an `Answer` (shapes and units: trace_answer.py, trace_rows.py). A release without
the trace raises NotFound OC-TRC-004, a damaged one InputRefused OC-REL-007. `listed`: how many shares of credits the answer lists at most.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import duckdb

from onecard.store.query_rows import records
from onecard.words.divisions import divisions, find_division
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text, joined
from onecard.words.money import format_yuan
from onecard.words.reference_data import seed_rows
from onecard.words.suggest import few, nearest
from onecard_app.answers import doc_numbers
from onecard_app.answers.names import division_name, programme_name
from onecard_app.answers.trace_answer import LEVELS, LISTED, Answer, put_together, traced
from onecard_app.answers.trace_credit import which_credit
from onecard_app.answers.trace_failures import no_such_credit
from onecard_app.answers.trace_rows import DocumentRow, NamingRow, PassedDownRow, ReachRow, Row

__all__ = ["Answer", "by_credit", "by_document", "by_person", "by_place", "find_programme"]

_BY_DOCUMENT = " or ".join(f"list_contains($docs, {level}_doc_no)" for level in LEVELS)
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
# Who was credited in a month, and for whom: a row per member, one credit for all.
_PAYEE = "division, programme_code, payroll_month, coalesce(paid_with_key, person_key)"
_OF_ORIGIN = "(origins.division, origins.programme_code, origins.payroll_month, origins.person_key)"
_PAID_ALIKE = f"select * from mart_payment where ({_PAYEE}) in (select {_PAYEE} from mart_payment where person_key = $key)"
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


def by_document(path: Path, text: str, *, listed: int = LISTED) -> Answer:
    """Where the money of a document is now: its ways (`document`), where it arrived and rests, and whose money it was.

    `text`: the number as people write it, in part as far as it is clear. Raises NotFound (OC-TRC-001, -002) when it is no document of
    the release, InputRefused (OC-TRC-003) when it could be several.
    """
    with traced(path) as con:
        names = doc_numbers.find(text, _documents(con))
        ways = _ways(con, names)
        stated = sum(way["fen"] for way in ways) if ways else None
        question = {"kind": "document", "doc_no": names[0]}
        answer = put_together(con, path, question, {"docs": names}, stated, listed, pieces=_BY_DOCUMENT, rests=_RESTS_OF_DOCUMENT)
        return replace(answer, document=ways, reach=_reach(con, names), naming=_naming(con, names))


def by_credit(path: Path, text: str, *, listed: int = LISTED) -> Answer:
    """Whose money one credit was.

    `text`: `FILE:ROW` or `FILE:SHEET:ROW` (as evidence names it; FILE is a name or the beginning of its SHA-256), or `BANK/BATCH/SEQ`.
    Raises InputRefused when it is neither (OC-TRC-007) or several (OC-TRC-003), NotFound when it is no credit (OC-TRC-006), or a row of
    a file that is no bank's (OC-TRC-010), each with why and how to ask instead.
    """
    with traced(path) as con:
        predicate, facts = which_credit(con, text)
        return put_together(con, path, {"kind": "credit", "credit": text}, facts, None, listed, predicate=predicate)


def by_person(path: Path, key: int, *, household: bool = False, listed: int = LISTED) -> Answer:
    """Whose money a person (or a household) got, credit by credit. A credit that paid several of a household is told whole.

    `key`: mart_payment.person_key or household_key. Raises NotFound (OC-TRC-006) when nothing was credited under it.
    """
    name = "household" if household else "person"
    with traced(path) as con:
        months, entitled, credited = con.execute(
            f"""
            select count(*), coalesce(sum(entitled_fen), 0)::bigint, coalesce(sum(credited_fen), 0)::bigint
            from mart_payment where {name}_key = ?
            """,
            [key],
        ).fetchall()[0]
        if months == 0:
            why = Text(f"mart_payment.{name}_key 中没有这个键", f"mart_payment.{name}_key does not hold it")
            raise no_such_credit(f"--{name} {key}", why, Text("键取自 ", "take a key from ") + "mart_payment, mart_finding")
        if credited == 0:
            yuan = format_yuan(entitled)
            why = Text(f"{months} 个月应发 {yuan} 元，一分未入账", f"entitled to {yuan} yuan in {months} months, nothing was credited")
            raise no_such_credit(f"--{name} {key}", why, f"select * from mart_payment where {name}_key = {key}")
        question: Row = {"kind": name, f"{name}_key": key}
        if household:
            return put_together(con, path, question, {"key": key}, credited, listed, predicate="payments.household_key = $key")
        whole = con.execute(f"select coalesce(sum(credited_fen), 0)::bigint from ({_PAID_ALIKE})", {"key": key}).fetchall()[0][0]
        predicate = f"{_OF_ORIGIN} in (select {_PAYEE} from ({_PAID_ALIKE}))"
        return put_together(con, path, question, {"key": key}, whole, listed, predicate=predicate)


def by_place(path: Path, place: str | None, programme: str | None, month: int | None, *, listed: int = LISTED) -> Answer:
    """Whose money a county, a programme or both credited, in all months or one (yyyymm), and what rests there.

    `place` and `programme` by name or code. A place above the counties credits nobody: what rests in its pools and what it passed down.
    Raises NotFound when the place or programme is unknown (OC-TRC-005) or nothing was credited there (OC-TRC-006), InputRefused
    (OC-TRC-009) when a place above the counties is asked by programme or month.
    """
    with traced(path) as con:
        facts: Row = {}
        if place is not None:
            facts["division"] = _division(con, place)
        if programme is not None:
            facts["programme_code"] = find_programme(programme)
        if month is not None:
            facts["payroll_month"] = month
        is_whole = set(facts) == {"division"}
        asked = " ".join(str(text) for text in (place, programme, month) if text is not None)
        if place is not None and not is_whole:
            _must_be_a_county(con, facts["division"], asked)
        of_these = " and ".join(f"{{0}}{name} = ${name}" for name in facts)
        rests = of_these.format("") if is_whole else _RESTS_OF_BATCHES.format(batches=of_these.format("batches."))
        credited, in_pools, elsewhere = _stated(con, facts, of_these.format(""), rests, is_whole)
        if credited == 0 and elsewhere == 0 and not is_whole:
            raise _nothing_credited(con, asked)
        question = {
            "kind": "place",
            "division": facts.get("division"),
            "division_name": division_name(facts.get("division")),
            "programme_code": facts.get("programme_code"),
            "programme_name": programme_name(facts["programme_code"]) if programme is not None else None,
            "payroll_month": month,
        }
        stated = credited + in_pools + elsewhere
        answer = put_together(con, path, question, facts, stated, listed, predicate=of_these.format("origins."), rests=rests)
        if not is_whole:
            return answer
        passed_down = records(con, _PASSED_DOWN, facts)
        named = [row | {"receiver_name": division_name(row["receiver_division"])} for row in passed_down]
        return replace(answer, positions=records(con, _POSITIONS, facts), passed_down=cast(list[PassedDownRow], named))


def _stated(con: duckdb.DuckDBPyConnection, facts: Row, of_these: str, rests: str, is_whole: bool) -> tuple[int, int, int]:
    """Fen credited, in pools and elsewhere, as marts say that the trace is not made of."""
    credited = con.execute(f"select coalesce(sum(credited_fen), 0)::bigint from mart_payment where {of_these}", facts).fetchall()[0][0]
    # The pools are said by another mart; of what lies elsewhere there is one account only.
    pools = "select coalesce(sum(resting_fen), 0)::bigint from mart_fund_position where division = $division"
    in_pools = con.execute(pools, facts).fetchall()[0][0] if is_whole else 0
    elsewhere = f"select coalesce(sum(resting_fen), 0)::bigint from mart_stranded where place <> 'pool' and {rests}"
    return credited, in_pools, con.execute(elsewhere, facts).fetchall()[0][0]


def _must_be_a_county(con: duckdb.DuckDBPyConnection, code: str, asked: str) -> None:
    known = divisions().get(code)
    if known is None or known.level == "county":
        return
    ask = f"onecard trace --county {known.name}"
    raise InputRefused(
        code="OC-TRC-009",
        what=Text("县级以上的钱不分项目和月份", "above the counties money has no programme or month yet"),
        where=asked,
        why=Text(
            f"{known.name}只有资金池，项目和月份从县级支付起",
            f"{known.name} has pools only; programme and month begin with a county's payment",
        ),
        remedy=Text(f"{ask}；或问县：", f"{ask}; or ask a county: ") + few(_counties_below(con, known.code)),
    )


def _nothing_credited(con: duckdb.DuckDBPyConnection, asked: str) -> NotFound:
    paid = con.execute(
        "select distinct division_name, programme_code, payroll_month from mart_payment where credited_fen > 0 order by all"
    ).fetchall()
    offered = [Text(f"{name} ", f"{name} ") + programme_name(code) + f" {at}" for name, code, at in paid]
    return no_such_credit(
        asked,
        Text("发布中没有这样的入账", "the release holds no such credit"),
        Text("有入账的：", "credited were: ") + _few(offered),
    )


def find_programme(text: str) -> str:
    """Code of a programme from its code, name or alias. Raises NotFound (OC-TRC-005) with the nearest."""
    known = {row["alias"]: row["programme_code"] for row in seed_rows("programme_aliases")}
    for row in seed_rows("programmes"):
        known |= dict.fromkeys((row["programme_code"], row["name_zh"], row["name_en"]), row["programme_code"])
    clean = text.strip()
    if clean in known:
        return known[clean]
    # Three programmes, not three names of one.
    near = list(dict.fromkeys(known[name] for name in nearest(clean, known, most=len(known))))[:3]
    offered = near or [row["programme_code"] for row in seed_rows("programmes")]
    raise NotFound(
        code="OC-TRC-005",
        what=Text("没有这个项目", "no such programme"),
        where=text,
        why=Text("不是项目代码、名称或别名", "not a code, name or alias of a programme"),
        remedy=Text("相近的有：", "nearest: ") + joined(", ", (programme_name(code) + f" ({code})" for code in offered)),
    )


def _ways(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[DocumentRow]:
    """From whom a document went to whom, as both said."""
    rows = records(
        con,
        """
        select issuer_division, receiver_division, min(issued_on) as issued_on, max(received_on) as received_on,
            sum(sent_fen)::bigint as sent_fen, sum(received_fen)::bigint as received_fen,
            sum(greatest(sent_fen, received_fen))::bigint as fen
        from mart_document_match where list_contains($docs, doc_no) group by all order by all
        """,
        {"docs": names},
    )
    for row in rows:
        row["issuer_name"], row["receiver_name"] = division_name(row["issuer_division"]), division_name(row["receiver_division"])
    return cast(list[DocumentRow], rows)


def _reach(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[ReachRow]:
    """How much of a document reached cards, for each pool it came into that pays banks."""
    query = """
        select division, division_name, pool_code, fiscal_year, doc_no, inflow_fen, named_fen, named_credited_fen, credited_fen,
            at_least_fen, at_most_fen
        from mart_document_reach where list_contains($docs, doc_no) order by division, pool_code, fiscal_year, doc_no
    """
    return cast(list[ReachRow], records(con, query, {"docs": names}) if _holds(con, "mart_document_reach") else [])


def _naming(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[NamingRow]:
    """Payments that name a document."""
    query = """
        select division, voucher_no, paid_on, doc_no, received_doc_no, stated_fen, asked_fen, drawn_fen, short_fen, status
        from mart_payment_document where list_contains($docs, doc_no) or list_contains($docs, received_doc_no)
        order by division, paid_on nulls last, payment_document_id
    """
    rows = records(con, query, {"docs": names}) if _holds(con, "mart_payment_document") else []
    return cast(list[NamingRow], [row | {"division_name": division_name(row["division"])} for row in rows])


def _holds(con: duckdb.DuckDBPyConnection, mart: str) -> bool:
    """Whether a release holds a mart, which those of before it do not."""
    return con.execute("select count(*) from duckdb_tables() where table_name = ?", [mart]).fetchall()[0][0] > 0


def _documents(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every document the release speaks of."""
    named = [f"select {level}_doc_no from {table}" for table in ("mart_trace", "mart_stranded") for level in LEVELS]
    # A document that payments name and nobody received is spoken of, too.
    named += ["select doc_no from mart_payment_document"] if _holds(con, "mart_payment_document") else []
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
    if found is None:
        why = Text("不是区划名称或代码", "not a name or code of a division")
    else:
        place = f"{found.name} {found.code}"
        why = Text(f"{place} 没有资金，也没有发放记录", f"{place} has neither money nor payments")
    offered = (nearest(text.strip(), known) if found is None else []) or list(known)
    raise NotFound(
        code="OC-TRC-005",
        what=Text("发布中没有这个地方", "division not in this release"),
        where=text,
        why=why,
        remedy=Text("相近的有：", "nearest: ") + ", ".join(f"{name} ({known[name]})" for name in offered),
    )


def _counties_below(con: duckdb.DuckDBPyConnection, code: str) -> list[str]:
    """Names of the counties that paid somebody, below a city or a province."""
    paid = con.execute("select distinct division, division_name from mart_payment where credited_fen > 0 order by all").fetchall()

    def is_below(division: str | None) -> bool:
        while division in divisions() and division != code:
            division = divisions()[division].parent
        return division == code

    return [name for division, name in paid if is_below(division)]


def _few(texts: Sequence[Text]) -> Text:
    return Text(few(text.zh for text in texts), few(text.en for text in texts))
