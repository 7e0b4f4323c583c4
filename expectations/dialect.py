"""The SQLAlchemy dialect under Great Expectations: DuckDB read-only, without transactions, so that results can still be fetched.

Great Expectations fetches rows after SQLAlchemy has rolled the connection's implicit transaction back. DuckDB drops a pending
result on rollback, so every expectation would come out as failed with `list index out of range`, which looks like bad data
(seen with duckdb 2.0.1, duckdb-engine 0.17.0, SQLAlchemy 2.1.9, Great Expectations 1.24.1). A database that nobody writes
needs no transactions: begin, commit and rollback do nothing here.
"""

from pathlib import Path
from typing import Any

from duckdb_engine import Dialect
from sqlalchemy.dialects import registry

from onecard.words.months import SHANGHAI

SCHEME = "onecard_duckdb"
# Days of instants are days of the business, whatever the machine's clock is set to. No setting of `duckdb.connect`.
IN_SHANGHAI = f"set TimeZone = '{SHANGHAI.key}'"


class ReadingDialect(Dialect):
    """duckdb-engine's dialect for a database that is only read."""

    name = SCHEME
    supports_statement_cache = False

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        connection = super().connect(*cargs, **cparams)
        connection.execute(IN_SHANGHAI)
        return connection

    def do_begin(self, connection: Any) -> None: ...

    def do_commit(self, connection: Any) -> None: ...

    def do_rollback(self, connection: Any) -> None: ...


registry.register(SCHEME, __name__, ReadingDialect.__name__)


def connection_string() -> str:
    """The URL for SQLAlchemy; the file goes in `connect_args`, for a path may hold what means something in a URL."""
    return f"{SCHEME}:///database"


def connect_args(database: Path, threads: int) -> dict[str, Any]:
    """Arguments of `duckdb.connect`: read-only, no extension sought on the network."""
    config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": threads}
    return {"database": str(database), "read_only": True, "config": config}
