"""Which credit a person means: a row of a bank's file, or a line of a batch."""

import re
from pathlib import Path

import duckdb

from onecard.catalogue.shown_names import shown_name
from onecard.words.errors import InputRefused
from onecard.words.language import Text
from onecard.words.suggest import few, nearest
from onecard_app.answers.names import find_bank
from onecard_app.answers.trace_failures import no_bank_file, no_such_credit, not_credited, pieces_of
from onecard_app.answers.trace_rows import Row

_BY_FILE = re.compile(r"(?P<file>.+?)(?::(?P<sheet>[0-9]+))?:(?P<row>[0-9]+)")
_BY_BATCH = re.compile(r"(?P<bank>[^/:]+)/(?P<batch>[^/:]+)/(?P<seq>[0-9]+)")
# So many digits of a SHA-256 name a file.
_SHORTEST_SHA256 = 8


def which_credit(con: duckdb.DuckDBPyConnection, text: str) -> tuple[str, Row]:
    """SQL over mart_credit_origin (`origins`) that is true of the credit meant, and its parameters. Raises InputRefused or NotFound."""
    if by_batch := _BY_BATCH.fullmatch(text):
        return _of_batch(con, text, by_batch)
    if by_file := _BY_FILE.fullmatch(text):
        return _of_file(con, text, by_file)
    examples = ("--credit RCU_62110220180101100_回盘.txt:17", "--credit RCU/62110220180101100/16")
    raise InputRefused(
        code="OC-TRC-007",
        what=Text("看不懂是哪一笔入账", "ambiguous credit reference"),
        where=f"--credit {shown_name(text)}",
        why=Text("不是 文件:行 或 银行/批次/序号", "neither FILE:ROW nor BANK/BATCH/SEQ"),
        remedy=Text(f"例如 {examples[0]} 或 {examples[1]}", f"for example {examples[0]} or {examples[1]}"),
    )


def _of_batch(con: duckdb.DuckDBPyConnection, text: str, said: re.Match[str]) -> tuple[str, Row]:
    bank, batch, seq = find_bank(said["bank"]), said["batch"], int(said["seq"])
    facts: Row = {"bank": bank, "batch": batch, "seq": seq}
    predicate = "origins.bank_code = $bank and origins.batch_no = $batch and origins.seq_no = $seq"
    if con.execute(f"select 1 from mart_credit_origin as origins where {predicate} limit 1", facts).fetchall():
        return predicate, facts
    lines = con.execute("select line_count from mart_batch_match where bank_code = ? and batch_no = ?", [bank, batch]).fetchall()
    if lines:
        if pieces := pieces_of(con, bank, batch):
            holds = [piece for piece in pieces if piece.first <= piece.offset + seq <= piece.last]
            piece = holds[0] if holds else pieces[0] if seq < 1 else pieces[-1]
            raise not_credited(con, text, piece.delivery_key, piece.sheet_no, piece.offset + seq)
        why = Text(f"批次有 {lines[0][0]} 行，此号没有入账成功", f"the batch has {lines[0][0]} lines, and none of this number was credited")
        raise no_such_credit(text, why, f"select seq_no from mart_credit_origin where batch_no = '{batch}'")
    known = [row[0] for row in con.execute("select distinct concat(bank_code, '/', batch_no) from mart_trace order by all").fetchall()]
    near = nearest(f"{bank}/{batch}", known)
    raise no_such_credit(text, Text("没有这个批次", "no such batch"), Text("相近的批次：", "nearest: ") + few(near))


def _of_file(con: duckdb.DuckDBPyConnection, text: str, said: re.Match[str]) -> tuple[str, Row]:
    name = Path(said["file"]).name
    every = con.execute("select delivery_key, file_name, sha256, source from mart_delivery order by all").fetchall()
    named = [file for file in every if file[1] == name or (len(name) >= _SHORTEST_SHA256 and file[2].startswith(name.lower()))]
    keys = [key for key, *_, source in named if source == "bank_batches"]
    if not keys:
        if named:
            raise no_bank_file(con, shown_name(text), named[0][0], named[0][3], int(said["row"]))
        near = nearest(name, {file_name for _, file_name, _, source in every if source == "bank_batches"})
        why = Text("发布中没有此名的回盘文件", "no bank return file of this name in the release")
        raise no_such_credit(shown_name(name), why, Text("相近的有：", "nearest: ") + few(near))
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
            what=Text("不止一行符合", "ambiguous credit reference"),
            where=shown_name(text),
            why=Text(f"{len(found)} 个同名文件或工作表", f"{len(found)} files or sheets of this name"),
            remedy=Text("写成：", "write: ") + ", ".join(f"{shas[key][:12]}:{sheet}:{facts['row']}" for key, sheet in found),
        )
    # Of several files of one name the one in force has the word.
    in_force = con.execute(
        "select delivery_key from mart_delivery where list_contains($keys, delivery_key) order by is_in_force desc, delivery_key",
        {"keys": keys},
    ).fetchall()
    raise not_credited(con, shown_name(text), in_force[0][0], facts.get("sheet"), facts["row"])
