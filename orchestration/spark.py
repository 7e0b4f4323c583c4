"""The same models on Apache Spark: `python -m orchestration.spark --home HOME --as-of 2018-06-30 --out marts-on-spark`.

Needs the extra `spark` and a JDK 17. Spark has no reader for Delta here, so it is handed the Parquet files of the snapshot.
"""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from onecard.store.lake import MODELLED_TABLES, parquet_files, refused
from onecard.store.workspace import Workspace
from onecard.words.language import Text
from orchestration.dbt import PROJECT, variables

ANSI = "spark.sql.ansi.enabled"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m orchestration.spark", description=__doc__, allow_abbrev=False)
    parser.add_argument("--home", required=True, type=Path, help="工作区 workspace")
    parser.add_argument("--as-of", required=True, type=dt.date.fromisoformat, help="业务日期 business date, YYYY-MM-DD")
    parser.add_argument("--out", required=True, type=Path, help="每张表一个目录 a Parquet folder per mart, and scratch")
    parser.add_argument("--master", default="local[2]", help="(%(default)s)")
    parser.add_argument("--conf", action="append", default=[], metavar="NAME=VALUE", help="Spark 的设置 a setting of Spark")
    options = parser.parse_args()
    if not options.home.is_dir():
        parser.error(f"{Text('没有工作区', 'no such workspace')}: {options.home}")
    return options


def build(home: Path, as_of: dt.date, out: Path, master: str, conf: Sequence[str]) -> bool:
    """Builds all models on Spark and writes the marts; false when dbt did not succeed."""
    from dbt.adapters.spark import session
    from dbt.cli.main import dbtRunner
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    # dbt-spark turns ANSI mode off with every statement.
    session.Connection.cursor = lambda self: session.Cursor(server_side_parameters=self.server_side_parameters | {ANSI: "true"})  # type: ignore[method-assign]
    scratch = (out / "scratch").resolve()
    builder = (
        SparkSession.builder.master(master)
        .appName("onecard")
        # A sum that does not fit, a text that is no number: an error as on DuckDB, never a wrapped or a null value.
        .config(ANSI, "true")
        .config("spark.sql.session.timeZone", "UTC")
        # Tables live in this session only; its global temporary views are the schema `lake` of the sources.
        .config("spark.sql.catalogImplementation", "in-memory")
        .config("spark.sql.globalTempDatabase", "lake")
        .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
    )
    for name, value in (setting.split("=", 1) for setting in conf):
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    ws = Workspace(home)
    for table, files in parquet_files(ws).items():
        schema = from_arrow_schema(MODELLED_TABLES[table])
        frame = spark.read.schema(schema).parquet(*files) if files else spark.createDataFrame([], schema)
        frame.createOrReplaceGlobalTempView(table)
    rejected = refused(ws)
    rows = [tuple(row.values()) for row in rejected.to_pylist()]
    spark.createDataFrame(rows, from_arrow_schema(rejected.schema)).createOrReplaceGlobalTempView("refusals")
    os.environ |= {"DBT_TARGET_PATH": str(scratch / "target"), "DBT_LOG_PATH": str(scratch / "logs")}
    # dbt-spark's session method runs on the session of this process.
    command = ["build", "--target", "spark", "--exclude-resource-types", "unit_test", "test", "--vars", variables(as_of.isoformat())]
    done = dbtRunner().invoke([*command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)])
    assert spark.conf.get(ANSI) == "true", "ANSI mode stayed on"
    if not done.success:
        return False
    if failed := [
        f"{row.test} ({row.failures})" for row in spark.sql("select test, failures from main.data_tests where failures > 0").collect()
    ]:
        print(", ".join(failed), file=sys.stderr)
        return False
    for name in sorted(row.tableName for row in spark.sql("show tables in main").collect() if row.tableName.startswith("mart_")):
        spark.table(f"main.{name}").write.mode("overwrite").parquet(str(out / name))
    spark.stop()
    return True


if __name__ == "__main__":
    options = _options()
    sys.exit(0 if build(options.home, options.as_of, options.out, options.master, options.conf) else 1)
