"""Great Expectations, imported safely and set up to write nothing, tell nobody and keep no row."""

import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from onecard.words.errors import InternalFault
from onecard.words.language import Text

# Counts only: no example rows in results, so none can travel on into logs or pages.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


def great_expectations() -> ModuleType:
    """The package, imported on first need (it takes seconds).

    It imports pyspark's Connect client when pyspark is installed; started by `python -c` and without that client's own
    requirements, pyspark 4.3 then ends the process with exit code 0. So pyspark is hidden while the import lasts.
    """
    if "great_expectations" not in sys.modules:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        with _hidden("pyspark"):
            importlib.import_module("great_expectations")
        # Its loggers quote SQL and rows when an expectation fails; we report errors ourselves, without values.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    return sys.modules["great_expectations"]


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    before = {name: module for name, module in sys.modules.items() if name == package or name.startswith(package + ".")}
    hidden: dict[str, Any] = dict.fromkeys([*before, package])
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        sys.modules.update(before)


@contextmanager
def datasource(database: Path, threads: int) -> Iterator[Any]:
    """A read-only Great Expectations data source over a DuckDB file; the file is closed at the end, so that others may open it."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from expectations import dialect

    context = gx.get_context(mode="ephemeral")
    # It would write itself into its own memory as YAML twice for every relation that is looked at; nobody reads that.
    context.variables.save = lambda: None
    context.variables.analytics_enabled = False
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    try:
        source = context.data_sources.add_sql(
            "scratch",
            connection_string=dialect.connection_string(),
            kwargs={"connect_args": dialect.connect_args(database, threads)},
            create_temp_table=False,
        )
    except Exception:
        raise InternalFault(
            code="OC-GX-003",
            what=Text("数据库打不开", "the database cannot be opened"),
            where=str(database),
            why=Text("文件损坏，或正被写入", "the file is damaged, or another process is writing to it"),
            remedy=Text("等写入者结束；否则重新运行", "wait for the writer to finish; otherwise run again"),
        ) from None
    try:
        yield source
    finally:
        execution = source.get_execution_engine()
        execution.close()
        execution.engine.dispose()
        source.get_engine().dispose()
