"""One delivered file read in a process of its own with limits; what it finds is sent as Arrow batches, and a crash is only that file's."""

import multiprocessing
import os
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.conform import NUMBERS, REASONS, Conformed, conform
from ingestion.controls import batch_control, check_totals, control_table, exact_sum
from ingestion.delivery_kinds import stated_kind
from ingestion.derive import DERIVE, Facts
from ingestion.drawn_documents import documents_table
from ingestion.formats.text_files import read_text
from ingestion.formats.workbook_safety import is_workbook
from ingestion.formats.workbooks import read_workbook
from ingestion.identification import identify, office_above, recognised, scope_of
from ingestion.refusal import FileRefused
from ingestion.sheet_rows import SheetRows, raw_texts
from ingestion.totals import Totals
from onecard.catalogue.lake_tables import modelled_tables
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import find_programme, only_programme, programmes
from onecard.catalogue.shown_names import readable
from onecard.catalogue.sources import Contract, load_contracts
from onecard.store.lake import LAKE_TABLES, MODELLED_TABLES
from onecard.store.landing import Delivery
from onecard.store.settings import Settings
from onecard.words.language import Text
from onecard.words.money import MAX_FEN

# How long children may all be silent before they are looked at; twice without any processor time is dead.
STALL_SECONDS = 20
# Rows of one message between processes.
BATCH_ROWS = 200_000
# Kind of the vault's tables of quarantined text.
RAW = "quarantined-rows"
# What the name of a file says that pays several programmes, a sheet for each.
_FOR_ALL = re.compile(r"社会救助|困难群众|救助资金|救助金|民政|各类|各项|惠民|一卡通")
_RAW = pa.schema([("sheet_no", pa.int32()), ("row_no", pa.int32()), ("reason", pa.string()), ("field", pa.string()), ("raw", pa.string())])


@dataclass(frozen=True)
class Message:
    """From the child: `landed` (table name in `name`), `quarantined`, `summary`, `refused`, or `died` (said by the parent)."""

    kind: str
    delivery: Delivery
    name: str = ""
    table: pa.Table | None = None
    facts: dict[str, Any] | None = None


def clear_schema(table: str) -> pa.Schema:
    """Schema of a table of rows before keying: identifiers are clear text, the delivery is not yet named."""
    domains = modelled_tables()[table].domains
    fields = [pa.field(field.name, pa.string() if field.name in domains else field.type) for field in MODELLED_TABLES[table]]
    return pa.schema(fields[1:])


def parse(delivery: Delivery, data: bytes, name: str | None = None) -> Iterator[Message]:
    """Everything a file holds, as messages; the last one is `summary` or `refused`. `name` is its name as it was."""
    name, known = name or delivery.file_name, None
    try:
        if not data:
            raise FileRefused(Reason.EMPTY_FILE)
        known = identify(delivery, name, load_contracts(), data)
        yield from _parse_as(delivery, data, name, *known)
    except FileRefused as refused:
        facts = {"reason": refused.reason.value, "detail": refused.detail}
        yield Message("refused", delivery, facts=facts | recognised(delivery, name, known))


def _parse_as(delivery: Delivery, data: bytes, name: str, contract: Contract, facts: Facts) -> Iterator[Message]:
    ledger = {"rows_total": 0, "rows_header": 0, "rows_landed": 0, "rows_quarantined": 0, "landed_fen": 0, "quarantined_fen": 0}
    ledger["unreadable_fen_rows"] = 0
    sheets, titles, encoding, held = [], [], "", []
    only_failed = contract.source == "bank_batches"
    is_text = not (is_workbook(data) or delivery.file_name.lower().endswith((".xlsx", ".xls", ".et")))
    if is_text:
        sheet, layout, encoding = read_text(data, contract)
        found: Iterator[SheetRows] = iter([sheet])
    elif any("xlsx" in pattern for pattern in contract.file_patterns):
        found = read_workbook(data, contract)
    else:
        raise FileRefused(Reason.HEADER_NOT_FOUND, Text("应为文本文件", "a text file is expected"))
    totals = Totals()
    for sheet in found:
        control = batch_control(sheet, layout, facts) if contract.source == "bank_batches" else None
        _take_programme(sheet, contract, facts)
        if len(sheet.row_no) and contract.sender == "division":
            facts.office = facts.office or next(filter(None, map(office_above, sheet.above)), None)
        done = conform(sheet, contract)
        rows = DERIVE[contract.source](done, facts)
        if control is not None:
            check_totals(control, done, sum(len(item.row_no) for item in sheet.broken))
            totals.add_control(control)
            held.append(Message("landed", delivery, "bank_batch_controls", control_table(control, LAKE_TABLES["bank_batch_controls"])))
        totals.add(sheet, done, contract, facts.programme is not None and programmes()[facts.programme].paid_to == "person")
        held.extend(_outcome(delivery, contract.source, sheet, done, rows, ledger))
        if contract.source == "treasury_payments":
            held.append(
                Message("landed", delivery, "payment_documents", documents_table(done, sheet.sheet_no, clear_schema("payment_documents")))
            )
        sheets.append((sheet.sheet_no, sheet.sheet_name))
        titles.append((sheet.title, sheet.sheet_name))
        only_failed = only_failed and pc.all(pc.equal(done.columns["status"], "failed"), skip_nulls=False).as_py() is True
    if ledger["rows_landed"] + ledger["rows_quarantined"] == 0:
        raise FileRefused(Reason.NO_ROWS)
    if ledger["rows_total"] != ledger["rows_header"] + ledger["rows_landed"] + ledger["rows_quarantined"]:
        raise FileRefused(Reason.ROW_COUNT_MISMATCH)
    # A file is taken whole or refused whole: nothing is sent before its last sheet is read.
    yield from held
    division = facts.sender if contract.sender == "division" else None
    yield Message(
        "summary",
        delivery,
        facts=ledger
        | totals.facts()
        | {
            "source": contract.source,
            "sender_division": division,
            "sender_bank": None if division else facts.sender,
            "period": facts.period,
            "scope": scope_of(contract, facts, delivery),
            "encoding": encoding,
            "contract_version": contract.version,
            "stated_kind": stated_kind(readable(name), contract, titles, only_failed),
            "sheets": sheets,
            "office": facts.office,
        },
    )


def _take_programme(sheet: SheetRows, contract: Contract, facts: Facts) -> None:
    """The programme that the title or the name of a sheet says: of its rows that say none, and of a roll whose file name says none."""
    said = only_programme(sheet.title) or only_programme(sheet.sheet_name)
    for column in contract.columns:
        if column.kind == "programme" and said:
            sheet.columns[column.name] = pc.fill_null(sheet.columns[column.name], programmes()[said].name_zh)
    named = facts.named.get("programme")
    facts.programme = find_programme(named) or (said if named is None or _FOR_ALL.search(named) else None)
    if facts.programme and len(sheet.row_no):
        facts.programmes.add(facts.programme)


def _outcome(
    delivery: Delivery, source: str, sheet: SheetRows, done: Conformed, rows: dict[str, pa.Array], ledger: dict[str, int]
) -> Iterator[Message]:
    fit = done.wrong < 0
    schema = clear_schema(source)
    where = {"sheet_no": pa.array(np.full(len(fit), sheet.sheet_no, np.int32)), "row_no": pa.array(done.row_no, pa.int32())}
    everything = where | rows
    table = pa.table({field.name: everything[field.name].cast(field.type) for field in schema})
    amounts = rows.get("amount_fen", pa.nulls(len(fit), pa.int64()))
    broken = sum(len(item.row_no) for item in sheet.broken)
    bad = amounts.slice(0, 0)
    if not fit.all():
        table, bad, amounts = table.filter(pa.array(fit)), amounts.filter(pa.array(~fit)), amounts.filter(pa.array(fit))
    for start in range(0, table.num_rows, BATCH_ROWS):
        yield Message("landed", delivery, source, table.slice(start, BATCH_ROWS))
    if broken or len(bad):
        quarantined, raw = _quarantined(source, sheet, done, bad, fit)
        yield Message("quarantined", delivery, "quarantine_rows", quarantined)
        yield Message("quarantined", delivery, RAW, raw)
    ledger["rows_header"] += sheet.header_rows
    ledger["rows_landed"] += table.num_rows
    ledger["rows_quarantined"] += len(bad) + broken
    ledger["rows_total"] += sheet.header_rows + len(fit) + broken
    ledger["landed_fen"] += exact_sum(amounts)
    ledger["quarantined_fen"] += exact_sum(bad)
    if max(abs(ledger["landed_fen"]), abs(ledger["quarantined_fen"])) > MAX_FEN:
        raise FileRefused(Reason.IMPLAUSIBLE_TOTAL)
    ledger["unreadable_fen_rows"] += (bad.null_count + broken) if "amount_fen" in rows else 0


def _quarantined(source: str, sheet: SheetRows, done: Conformed, amounts: pa.Array, fit: np.ndarray) -> tuple[pa.Table, pa.Table]:
    """Rows that do not fit and lines that were no rows: for quarantine, and in clear for the vault. `amounts` are those of the former."""
    bad = np.flatnonzero(~fit)
    row_no = [int(number) for number in done.row_no[bad]]
    reason = [REASONS[index].value for index in done.wrong[bad]]
    field = list(done.field[bad])
    fen = amounts.to_pylist()
    raw = raw_texts(sheet, ~fit) if len(bad) else []
    for item in sheet.broken:
        row_no.extend(int(number) for number in item.row_no)
        reason.extend([item.reason.value] * len(item.row_no))
        field.extend([""] * len(item.row_no))
        fen.extend([None] * len(item.row_no))
        raw.extend(item.raw)
    size = len(row_no)
    sheet_no = [sheet.sheet_no] * size
    kept = {"sheet_no": sheet_no, "row_no": row_no, "source": [source] * size, "reason": reason, "field": field, "amount_fen": fen}
    clear = pa.table({"sheet_no": sheet_no, "row_no": row_no, "reason": reason, "field": field, "raw": raw}, schema=_RAW)
    return pa.table(kept | _whom(source, done, bad, size), schema=clear_schema("quarantine_rows")), clear


def _whom(source: str, done: Conformed, bad: np.ndarray, size: int) -> dict[str, list[str | None]]:
    """Whom rows that do not fit are about, as far as their numbers are sound; nobody knows of the lines that were no rows."""
    contract = load_contracts()[source]
    kinds = {column.name: column.kind for column in contract.columns}
    found: dict[str, list[str | None]] = {role: [None] * size for role in ("person_key", "head_person_key", "name_key", "card_key")}
    for role, column in contract.who.items():
        texts = done.columns[column].take(pa.array(bad))
        if kinds[column] in NUMBERS:
            sound, _ = NUMBERS[kinds[column]]
            texts = pc.if_else(pc.fill_null(sound(texts), False), texts, pa.scalar(None, pa.string()))
        found[role][: len(bad)] = texts.to_pylist()
    return found


def _child(pipe: Connection, delivery: Delivery, memory: int, seconds: int) -> None:
    """Body of the child: limits first, then name and bytes from the pipe, then messages back."""
    _confine(memory, seconds)
    with suppress(BrokenPipeError, EOFError):
        try:
            name = pipe.recv()
            data = b"".join(iter(pipe.recv_bytes, b""))
            for message in parse(delivery, data, name):
                pipe.send((message.kind, message.name, _packed(message.table), message.facts))
        except MemoryError:
            pipe.send(("refused", "", None, {"reason": Reason.PARSER_LIMIT.value, "detail": Text("内存", "memory")}))
        except (BrokenPipeError, EOFError):
            raise
        except BaseException as error:
            # BaseException: so panics of Rust libraries come. Their messages could quote a cell; type and place find the fault.
            detail = f"{type(error).__name__} {places(error)}"
            pipe.send(("refused", "", None, {"reason": Reason.PARSER_CRASH.value, "detail": detail}))
    pipe.close()


def _confine(memory: int, seconds: int) -> None:
    """Bounds on what this process may use from now on, and silence."""
    limit = _figure("/proc/self/status", "VmData:") * 1024 + memory
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A library that dies may print what it was reading.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    # The default pool has a gigabyte in reserve that no limit would see.
    pa.set_memory_pool(pa.system_memory_pool())


def _figure(path: str, name: str) -> int:
    """The number behind a name in a status file of the kernel; 0 when there is none."""
    try:
        lines = Path(path).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def places(error: BaseException) -> str:
    """The last functions and lines an error came through, without its message."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        found.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(found[-4:])


def _packed(table: pa.Table | None) -> bytes | None:
    if table is None:
        return None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _unpacked(data: bytes | None) -> pa.Table | None:
    return None if data is None else pa.ipc.open_stream(data).read_all()


def parse_all(
    deliveries: list[Delivery], content: Callable[[Delivery], tuple[str, Iterator[bytes]]], settings: Settings
) -> Iterator[Message]:
    """Messages of many files, `settings.workers` children at a time; each file ends in one `summary` or `refused`.

    `content` gives the name of a file as it was and its bytes in chunks, so that only the child, which has limits, holds it whole.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingestion.worker_warmup"])
    waiting = list(reversed(deliveries))
    running: dict[Connection, tuple[Delivery, Any]] = {}
    progress: dict[int, str] = {}
    try:
        while waiting or running:
            while waiting and len(running) < settings.workers:
                delivery = waiting.pop()
                mine, theirs = context.Pipe()
                child = context.Process(
                    target=_child, args=(theirs, delivery, settings.parser_memory_bytes, settings.parser_seconds), daemon=True
                )
                child.start()
                theirs.close()
                running[mine] = (delivery, child)
                with suppress(BrokenPipeError, ConnectionResetError):
                    name, chunks = content(delivery)
                    mine.send(name)
                    for chunk in chunks:
                        if chunk:
                            mine.send_bytes(chunk)
                    mine.send_bytes(b"")
            ready = wait(list(running), STALL_SECONDS)
            if not ready:
                progress = _kill_stalled(running, progress)
            for pipe in ready:
                assert isinstance(pipe, Connection)
                delivery, child = running[pipe]
                ended = None
                try:
                    kind, name, packed, facts = pipe.recv()
                except (EOFError, ConnectionResetError):
                    child.join(30)
                    ended = Message("refused", delivery, facts={"reason": _cause_of_death(child), "detail": f"exit {child.exitcode}"})
                else:
                    message = Message(kind, delivery, name, _unpacked(packed), facts)
                    if kind in ("summary", "refused"):
                        ended = message
                    else:
                        yield message
                if ended is not None:
                    del running[pipe]
                    pipe.close()
                    child.join(30)
                    yield ended
    finally:
        for pipe, (_, child) in running.items():
            child.kill()
            pipe.close()


def _kill_stalled(running: dict[Connection, tuple[Delivery, Any]], before: dict[int, str]) -> dict[int, str]:
    """Kill children that used no processor time since the last look and sent nothing: out of memory, a library can wait for itself forever.

    Returns what they have used by now.
    """
    used = {}
    for _, child in running.values():
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            used[child.pid] = f"{fields[11]} {fields[12]}"
            if before.get(child.pid) == used[child.pid]:
                child.kill()
    return used


def _cause_of_death(child: Any) -> str:
    limits = (-24, -9, -6)  # SIGXCPU, SIGKILL by the kernel, SIGABRT when a library's allocation failed
    return (Reason.PARSER_LIMIT if child.exitcode in limits else Reason.PARSER_CRASH).value
