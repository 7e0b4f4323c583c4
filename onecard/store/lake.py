"""The lake: Delta tables of pseudonyms, append-only, one transaction of all tables per ingestion."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from onecard.catalogue.lake_tables import LakeTable, lake_tables, set_aside_tables
from onecard.catalogue.sources import PSEUDONYM_DOMAINS
from onecard.store import refusals
from onecard.store.files import fsync_dir, fsync_file, write_json_atomic
from onecard.store.workspace import Workspace
from onecard.words.errors import InternalFault
from onecard.words.language import Text

_TEXT, _INT, _KEY, _DAY = pa.string(), pa.int32(), pa.int64(), pa.date32()
_MOMENT = pa.timestamp("us", "UTC")
# Every other kind is text.
_TYPES = {
    **dict.fromkeys(("amount", "count", "key", *PSEUDONYM_DOMAINS), _KEY),
    **dict.fromkeys(("int", "month"), _INT),
    "date": _DAY,
    "timestamp": _MOMENT,
}


def _schema(table: LakeTable) -> pa.Schema:
    return pa.schema([(column.name, _TYPES.get(column.kind, _TEXT)) for column in table.columns])


LAKE_TABLES: dict[str, pa.Schema] = {name: _schema(table) for name, table in lake_tables().items()}
_SET_ASIDE = {name: _schema(table) for name, table in set_aside_tables().items()}
QUARANTINE_ROWS = _SET_ASIDE["quarantine_rows"]
# What models read, in the schema `lake`; rejected files are records of JSON, everything else is Delta.
MODELLED_TABLES = LAKE_TABLES | _SET_ASIDE
# What people decided: it cannot be made again from landing.
DECIDED = ("verdicts", "delivery_answers")
_DELTA = {**LAKE_TABLES, "quarantine_rows": QUARANTINE_ROWS}
# Raised by hand when contracts or readers learn what changes rows that were read before: every delivery is then read anew from landing.
LAKE_VERSION = 1
_DUCKDB_TYPES = {_TEXT: "varchar", _INT: "integer", _KEY: "bigint", _DAY: "date", _MOMENT: "timestamptz"}
_WRITER = deltalake.WriterProperties(compression="ZSTD", compression_level=3)


class Lake:
    """Writes to the Delta tables of a workspace inside one journalled transaction."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._journal = ws.lake / "ingesting.json"
        self._version = ws.lake / "version.json"
        self._obsolete: list[str] = []

    def begin(self) -> None:
        """Undo what a killed ingestion left behind, then note the version of every table and the files of the vault."""
        self.recover()
        versions = {}
        for table in _DELTA:
            path = _path(self._ws, table)
            versions[table] = deltalake.DeltaTable(path).version() if deltalake.DeltaTable.is_deltatable(str(path)) else None
        before = {"tables": versions, "vault": sorted(self._vault_files()), "version": self._read_by()}
        write_json_atomic(self._journal, before)

    def _read_by(self) -> str | None:
        """The version of us that read what lies here; None when nothing does, or one before versions were noted."""
        return json.loads(self._version.read_text(encoding="utf-8"))["version"] if self._version.exists() else None

    def is_outdated(self) -> bool:
        """Whether another version of us read what lies here."""
        return self._read_by() != _version() and bool(_files_of(self._ws, "deliveries"))

    def empty(self, vault_kind: str) -> None:
        """Within a transaction: take out everything but what people decided, and the vault's tables of a kind, to be read anew.

        The files go with the commit; until then all of it can come back.
        """
        for table, schema in _DELTA.items():
            path = _path(self._ws, table)
            if table not in DECIDED and deltalake.DeltaTable.is_deltatable(str(path)):
                self._obsolete += _files_of(self._ws, table)
                deltalake.write_deltalake(path, schema.empty_table(), mode="overwrite", schema_mode="overwrite", writer_properties=_WRITER)
        self._obsolete += map(str, (self._ws.vault / vault_kind).glob("*.parquet"))

    def note_version(self) -> None:
        """Within a transaction: everything that lies here was read by this version of us."""
        if self._read_by() != _version():
            write_json_atomic(self._version, {"version": _version()})

    def commit(self) -> None:
        """Everything written since `begin` stands; it is on the disk before the journal goes."""
        began = self._journal.stat().st_mtime_ns
        for root in (self._ws.lake, self._ws.quarantine):
            for path in root.rglob("*"):
                if path.is_file() and path.stat().st_mtime_ns >= began:
                    fsync_file(path)
        if self._obsolete:
            write_json_atomic(self._journal, {"obsolete": self._obsolete})
        self._finish()

    def _finish(self) -> None:
        """After the commit: the files that nothing refers to any more go, then the journal."""
        for file in self._obsolete:
            Path(file).unlink(missing_ok=True)
        self._obsolete = []
        self._journal.unlink()
        fsync_dir(self._ws.lake)

    def recover(self) -> bool:
        """Put lake and vault back to where the unfinished ingestion found them; True if there was one.

        The vault goes back, too: a value left in it would pass for known, and its row of `persons` never be written.
        """
        if not self._journal.exists():
            return False
        before = json.loads(self._journal.read_text(encoding="utf-8"))
        if "obsolete" in before:
            self._obsolete = before["obsolete"]
            self._finish()
            return False
        for table, version in before["tables"].items():
            path = _path(self._ws, table)
            if version is None:
                shutil.rmtree(path, ignore_errors=True)
            elif (delta := deltalake.DeltaTable(path)).version() != version:
                delta.restore(version)
        for name in self._vault_files() - set(before["vault"]):
            (self._ws.vault / name).unlink()
        # An unfinished ingestion of a version before versions were noted has none to go back to.
        if before.get("version") is None:
            self._version.unlink(missing_ok=True)
        else:
            write_json_atomic(self._version, {"version": before["version"]})
        self._journal.unlink()
        fsync_dir(self._ws.lake)
        return True

    def _vault_files(self) -> set[str]:
        """Files of the vault's tables, finished or not."""
        return {path.relative_to(self._ws.vault).as_posix() for path in self._ws.vault.glob("*/*") if path.is_file()}

    def append(self, table: str, rows: pa.Table | pa.RecordBatch) -> None:
        """Append rows of the table's schema, zstd."""
        schema = _DELTA[table]
        data = pa.table(rows) if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])
        # A later version of the house may know columns that the table was begun without.
        whole = data.select(schema.names).cast(schema)
        deltalake.write_deltalake(_path(self._ws, table), whole, mode="append", schema_mode="merge", writer_properties=_WRITER)


def _path(ws: Workspace, table: str) -> Path:
    return ws.quarantine / "rows" if table == "quarantine_rows" else ws.lake / table


def _version() -> str:
    """What reads a delivery as it is read now: the hand-raised number, and the shape of everything that is read from landing."""
    shapes = {table: [[field.name, str(field.type)] for field in schema] for table, schema in _DELTA.items() if table not in DECIDED}
    return f"{LAKE_VERSION}-{hashlib.sha256(json.dumps(shapes, sort_keys=True).encode()).hexdigest()[:12]}"


def _files_of(ws: Workspace, table: str) -> list[str]:
    """Parquet files of a table's present version. Raises LakeDamaged when one is gone, or the table cannot be opened."""
    path = _path(ws, table)
    place = path.relative_to(ws.home).as_posix()
    try:
        if not deltalake.DeltaTable.is_deltatable(str(path)):
            if any(path.glob("*.parquet")):
                raise LakeDamaged(str(path / "_delta_log"), table)
            return []
        # The addresses are escaped; a home in Chinese, or with a space, is a path all the same.
        files = sorted(unquote(address) for address in deltalake.DeltaTable(path).file_uris())
    except deltalake.exceptions.DeltaError:
        raise LakeDamaged(f"{place}/_delta_log", table) from None
    if gone := [file for file in files if not Path(file).is_file()]:
        more = f" (+{len(gone) - 1})" if len(gone) > 1 else ""
        raise LakeDamaged(f"{place}/{Path(gone[0]).name}{more}", table)
    return files


class LakeDamaged(InternalFault):
    """A file of the lake is gone or cannot be read; everything but what people decided can be made again from landing."""

    def __init__(self, where: str, table: str) -> None:
        remedy = (
            Text(
                f"从备份恢复 lake/{table}：人的决定无法重新生成",
                f"restore lake/{table} from a backup: what people decided cannot be made again",
            )
            if table in DECIDED
            else Text(
                "原件都在 landing：删去 lake/（保留 lake/verdicts 和 lake/delivery_answers）、quarantine/rows 和 vault/ 下的各目录"
                "（保留 vault/vault.key），再 onecard run；见 docs/engineer.md",
                "the original files are in landing: remove lake/ (keep lake/verdicts and lake/delivery_answers), quarantine/rows and the "
                "directories in vault/ (keep vault/vault.key), then onecard run; see docs/engineer.md",
            )
        )
        super().__init__(
            code="OC-LAK-001",
            what=Text("数据湖的文件缺失或损坏", "a file of the lake is missing or damaged"),
            where=where,
            why=Text(
                "Delta 日志里有这个文件，磁盘上却没有，或无法读取",
                "the table's log names it, but it is not on the disk or cannot be read",
            ),
            remedy=remedy,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return InternalFault.__reduce__(self)


def examine(ws: Workspace) -> list[LakeDamaged]:
    """What is wrong with the files of the lake: every table whose log or whose files cannot be opened."""
    wrong = []
    for table in _DELTA:
        try:
            for file in _files_of(ws, table):
                try:
                    pq.ParquetFile(file).close()
                except (OSError, pa.ArrowException):
                    raise LakeDamaged(Path(file).relative_to(ws.home.resolve()).as_posix(), table) from None
        except LakeDamaged as damage:
            wrong.append(damage)
    return wrong


def parquet_files(ws: Workspace) -> dict[str, list[str]]:
    """Parquet files of the present version of every Delta table that models read: for an engine without Delta."""
    return {table: _files_of(ws, table) for table in _DELTA}


def refused(ws: Workspace) -> pa.Table:
    """Rejected files with what of them was recognised, by key: the relation `refusals`."""
    schema = _SET_ASIDE["refusals"]
    return pa.Table.from_pylist([refusals.as_row(record, schema.names) for record in refusals.records(ws)], schema)


def attach(con: duckdb.DuckDBPyConnection, ws: Workspace) -> None:
    """Create schema `lake` with everything models read, explicit columns, typed and empty when there is nothing: a view over the files of
    every Delta table, and the table of rejected files."""
    con.execute("create schema if not exists lake")
    for table, files in parquet_files(ws).items():
        schema = _DELTA[table]
        if files:
            listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
            there = set(deltalake.DeltaTable(_path(ws, table)).schema().to_arrow().names)
            columns = ", ".join(field.name if field.name in there else _missing(field) for field in schema)
            # Without union_by_name DuckDB drops columns silently after a schema change (measured).
            body = f"select {columns} from read_parquet([{listed}], union_by_name = true)"
        else:
            columns = ", ".join(map(_missing, schema))
            body = f"select {columns} where false"
        con.execute(f"create or replace view lake.{table} as {body}")
    con.register("rejected_files", refused(ws))
    con.execute("create or replace table lake.refusals as select * from rejected_files")
    con.unregister("rejected_files")


def _missing(field: pa.Field) -> str:
    """A column of nulls: what rows written before the column existed have in it."""
    return f"cast(null as {_DUCKDB_TYPES[field.type]}) as {field.name}"


def delivered_keys(ws: Workspace) -> set[int]:
    """Keys of the deliveries that are in the lake."""
    return set(read(ws, "deliveries", ["delivery_key"])["delivery_key"].to_pylist())


def read(ws: Workspace, table: str, columns: list[str]) -> pa.Table:
    """Columns of a table's present version; empty when the table does not exist.

    File by file, not as an Arrow dataset: a dataset's threads may outlive the call, and a process that ends then is aborted.
    """
    schema = _DELTA[table]
    wanted = pa.schema([schema.field(name) for name in columns])
    parts = [_in_shape(pq.ParquetFile(file, pre_buffer=False), wanted) for file in _files_of(ws, table)]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def _in_shape(file: pq.ParquetFile, wanted: pa.Schema) -> pa.Table:
    """The wanted columns of a file; null where it was written before a column existed."""
    there = [name for name in wanted.names if name in file.schema_arrow.names]
    found = file.read(there)
    columns = [found[field.name] if field.name in there else pa.nulls(len(found), field.type) for field in wanted]
    return pa.table(columns, names=wanted.names).cast(wanted)
