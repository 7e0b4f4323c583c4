"""Why a row is no credit, and how to ask for what became of its money."""

from dataclasses import dataclass
from typing import Any

import duckdb

from onecard.catalogue.rules import rules
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import title
from onecard.store.query_rows import records
from onecard.words.errors import NotFound
from onecard.words.language import Text, Words
from onecard_app.answers.names import division_name, programme_name


def no_such_credit(where: str, why: Words, remedy: Words) -> NotFound:
    """The error of a question that no credit answers."""
    return NotFound(code="OC-TRC-006", what=Text("没有这样的入账", "no such credit"), where=where, why=why, remedy=remedy)


@dataclass(frozen=True)
class Piece:
    """A file, or a sheet of one, that holds lines of a batch in its rows `first` to `last`, each `offset` rows below its number."""

    delivery_key: int
    sheet_no: int | None
    offset: int
    first: int
    last: int


def pieces_of(con: duckdb.DuckDBPyConnection, bank: str, batch: str) -> list[Piece]:
    """Files of a batch in order of its lines, the credited of which tell where they stand; none where lines are not numbered on."""
    told = con.execute(
        """
        select origins.delivery_key, origins.sheet_no, min(origins.row_no - origins.seq_no), max(origins.row_no - origins.seq_no),
            min(origins.seq_no), max(origins.seq_no), any_value(files.rows_landed + files.rows_quarantined)
        from mart_credit_origin as origins
        inner join mart_delivery as files on origins.delivery_key = files.delivery_key
        where origins.bank_code = ? and origins.batch_no = ?
        group by origins.delivery_key, origins.sheet_no
        order by min(origins.seq_no), origins.delivery_key, origins.sheet_no
        """,
        [bank, batch],
    ).fetchall()
    pieces, before = [], 0
    for key, sheet, offset, greatest, first, last, lines in told:
        if offset != greatest or not before < first <= last <= before + lines:
            return []
        pieces.append(Piece(key, sheet, offset, offset + before + 1, offset + before + lines))
        before += lines
    return pieces


def not_credited(con: duckdb.DuckDBPyConnection, text: str, key: int, sheet: int | None, row: int) -> NotFound:
    """Why a row of a bank's file is no credit: superseded, no such row, no line of a batch, failed at the bank, or quarantined."""
    file = records(con, "select * from mart_delivery where delivery_key = $key", {"key": key})[0]
    if not file["is_in_force"]:
        return _superseded(con, text, file, row)
    if not 1 <= row <= file["rows_total"]:
        return no_such_credit(
            text,
            Text(f"没有这一行，文件共 {file['rows_total']} 行", f"no such row: the file has {file['rows_total']} rows"),
            Text("行号按文件中的物理行，从 1 起", "rows are numbered from 1, as they stand in the file"),
        )
    credited = con.execute(
        """
        select distinct sheet_no, row_no, seq_no, bank_code, batch_no from mart_credit_origin
        where delivery_key = $key and sheet_no = coalesce($sheet, sheet_no)
        """,
        {"key": key, "sheet": sheet},
    ).fetchall()
    failed_in, quarantined = _failed_in(con, key, row), file["rows_quarantined"]
    is_failed = bool(failed_in)
    batches = {batch[3:] for batch in credited}
    # Which rows are lines is known of a file of one batch.
    pieces = [piece for piece in pieces_of(con, *min(batches)) if piece.delivery_key == key] if len(batches) == 1 else []
    are_known = len(pieces) == 1
    first, last = (pieces[0].first, pieces[0].last) if are_known else (1, file["rows_total"])
    if not is_failed and (not first <= row <= last or file["rows_landed"] + quarantined == len(credited)):
        return no_such_credit(
            text,
            Text("该行是表头、批次首尾、小计或空行，不是明细", "the row is a header, control, subtotal or blank row, not a line"),
            Text(f"明细在第 {first}–{last} 行", f"lines are in rows {first} to {last}"),
        )
    if not is_failed and file["rows_landed"] == len(credited):
        return no_such_credit(text, Text("该行无法识别，已被隔离", "the row could not be read and was quarantined"), "onecard quarantine")
    failed_money = _where_failed_money_is(con, failed_in or batches)
    if is_failed or (quarantined == 0 and are_known):
        why = Text("该行银行入账失败，没有到卡", "the bank could not credit this line: it reached no card")
        return no_such_credit(text, why, failed_money)
    failed = file["rows_landed"] - len(credited)
    why = Text("该行入账失败，或被隔离", "the line failed or was quarantined")
    if not are_known:
        why += Text("，或不是明细", ", or is no line")
    counts = Text(f"（{failed} 行失败，{quarantined} 行隔离）", f" ({failed} failed, {quarantined} quarantined)")
    return no_such_credit(text, why + counts, Text("onecard quarantine；", "onecard quarantine; ") + failed_money)


def _superseded(con: duckdb.DuckDBPyConnection, text: str, file: dict[str, Any], row: int) -> NotFound:
    newer = con.execute(
        "select file_name, sha256 from mart_delivery where scope = ? and source = ? and is_in_force", [file["scope"], file["source"]]
    ).fetchall()
    later = f"{newer[0][0]} ({newer[0][1][:12]})" if newer else "—"
    why = Text("这份文件已被取代，不再计算；现行文件：", "the file was superseded and counts no more; in force is: ") + later
    return no_such_credit(text, why, f"onecard trace --credit {newer[0][1][:12]}:{row}" if newer else "mart_delivery")


def _failed_in(con: duckdb.DuckDBPyConnection, key: int, row: int) -> set[tuple[Any, ...]]:
    """Bank and number of the batch in which a row failed, where a finding says that it did: its file may hold no credit at all."""
    found = con.execute(
        """
        select distinct findings.bank_code, findings.batch_no
        from mart_finding_evidence as evidence
        inner join mart_finding as findings on evidence.finding_id = findings.finding_id
        where evidence.delivery_key = ? and evidence.row_no = ? and evidence.evidence_role = 'primary'
            and list_contains(?, evidence.rule_code)
        """,
        [key, row, [code for code, rule in rules().items() if rule.means_failed_line]],
    ).fetchall()
    return set(found)


def _where_failed_money_is(con: duckdb.DuckDBPyConnection, batches: set[tuple[Any, ...]]) -> Text:
    """How to ask for the money of a failed line: with what else rests of its county, programme and month."""
    for bank, batch in sorted(batches):
        [(division, programme, month)] = con.execute(
            "select division, programme_code, payroll_month from mart_batch_match where bank_code = ? and batch_no = ?", [bank, batch]
        ).fetchall() or [(None, None, None)]
        if division and programme and month:
            asked = f"onecard trace --county {division_name(division)} --programme {programme_name(programme).zh} --month {month}"
            return Text("补发的另成一行；未处理的列在：", "a reissue is a row of its own; what is unresolved is listed by: ") + asked
    return Text("未处理的钱在 mart_stranded（place = 'bank_failed'）", "unresolved money is in mart_stranded (place = 'bank_failed')")


def no_bank_file(con: duckdb.DuckDBPyConnection, text: str, key: int, source: str, row: int) -> NotFound:
    """A file that evidence names, but no bank's: what it is, and how to ask for what it speaks of."""
    household, person, doc = con.execute(
        """
        select max(findings.household_key), max(findings.person_key), max(findings.doc_no)
        from mart_finding_evidence as evidence
        inner join mart_finding as findings on evidence.finding_id = findings.finding_id
        where evidence.delivery_key = ? and evidence.row_no = ?
        """,
        [key, row],
    ).fetchall()[0]
    asked = [f"onecard trace --{name} {value}" for name, value in (("household", household), ("person", person)) if value is not None]
    if source == "budget_allocations":
        number = Text(doc or "文号", doc or "NUMBER")
        remedy = Text("按文号问：", "ask by document: ") + "onecard trace --doc " + number
    elif source == "treasury_payments":
        remedy = Text(
            "按县问：onecard trace --county 县区；或 select * from mart_trace where voucher_no = '…'",
            "ask by county: onecard trace --county COUNTY; or select * from mart_trace where voucher_no = '…'",
        )
    elif asked:
        remedy = Text("按户或按人问：" + " 或 ".join(asked), "ask by household or person: " + " or ".join(asked))
    else:
        remedy = Text(
            "按户或按人问：onecard trace --household 键 或 --person 键；键取自 mart_payment、mart_finding",
            "ask by household or person: onecard trace --household KEY or --person KEY; take a key from mart_payment, mart_finding",
        )
    return NotFound(
        code="OC-TRC-010",
        what=Text("不是回盘：", "not a bank return file: ") + title(source_titles(), source),
        where=text,
        why=Text("只有银行回盘的行是入账", "only rows of a bank return file are credits"),
        remedy=remedy,
    )
