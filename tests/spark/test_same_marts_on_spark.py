"""The models mean the same on Apache Spark: every table of a planted city, row for row, as DuckDB builds it."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from city import make_lake
from compiled import build_city

from ingestion.pipeline import ingest
from ingestion.receiving import receive
from onecard.store import answers, verdicts
from onecard.store.lake import read
from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.months import SHANGHAI

JAVA = shutil.which("java")
# A short life of the JVM over small tables: what is compiled, compressed, looked at twice or described for a page costs more than it saves.
SHORT_LIFE = [
    "spark.sql.shuffle.partitions=2",
    "spark.sql.adaptive.enabled=false",
    "spark.sql.codegen.wholeStage=false",
    "spark.sql.codegen.factoryMode=NO_CODEGEN",
    "spark.sql.constraintPropagation.enabled=false",
    "spark.sql.lightweightPlanChangeValidation=false",
    "spark.sql.ui.explainMode=simple",
    "spark.sql.parquet.compression.codec=uncompressed",
    "spark.broadcast.compress=false",
    "spark.shuffle.compress=false",
    "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
]


def _on_spark(ws: Workspace, business_date: dt.date, out: Path) -> None:
    """In a process of its own, so that Java ends with it."""
    command = [sys.executable, "-m", "orchestration.spark", "--home", str(ws.home), "--as-of", str(business_date), "--out", str(out)]
    for setting in SHORT_LIFE:
        command += ["--conf", setting]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def _judge_a_link(ws: Workspace, day: dt.date) -> None:
    """A person has looked at a pair of numbers, so that verdicts are read on both engines."""
    links = read(ws, "person_links", ["person_key_a", "person_key_b"])
    pair = verdicts.Pair("person", None, links["person_key_a"][0].as_py(), links["person_key_b"][0].as_py())
    vault = Vault(ws, Settings.load(home=ws.home))
    at = dt.datetime.combine(day, dt.time(9), SHANGHAI)
    with ws.lock():
        verdicts.decide(ws, vault, pair, verdict="same", reviewer="复核员", reason="核对户口簿", decided_at=at)


# What the simulated city does not do, these tables have no row of.
EMPTY = {
    "stg_shared_batch_numbers", "int_expected", "int_short_cells", "int_reissued_months",
}  # fmt: skip
CORRECTED = """户主姓名,户主身份证号,领款人,身份证号,发放金额(元),所属月份
张三,62242119850312421X,张三,62242119850312421X,300,201803
"""


def _set_one_aside(ws: Workspace, folder: Path, day: dt.date) -> None:
    """A file was rejected, one waits for an answer, and somebody has answered about another, so that all are read on both engines."""
    settings = Settings.load(home=ws.home)
    path = folder / "安定区2018年3月农村低保发放清册.xls"
    path.write_bytes(b"no workbook")
    held = folder / "安定区2018年3月特困人员救助供养发放清册_更正.csv"
    held.write_text(CORRECTED, encoding="utf-8")
    at = dt.datetime.combine(day, dt.time(9), SHANGHAI)
    receive(ws, settings, [path, held], received_at=at)
    assert len(ingest(ws, settings).refused) == 1
    key = min(read(ws, "deliveries", ["delivery_key"])["delivery_key"].to_pylist())
    with ws.lock():
        answers.decide(ws, Vault(ws, settings), key, answer="part", reviewer="复核员", reason="", decided_at=at)


@pytest.mark.spark
@pytest.mark.skipif(JAVA is None and not os.environ.get("CI"), reason="Spark needs a JDK 17: apt-get install openjdk-17-jre-headless")
def test_every_table_is_the_same_row_for_row(tmp_path: Path) -> None:
    assert JAVA, "in CI the second engine is not optional"
    ws, business_date = make_lake(tmp_path, rows=3_000, plant=True)
    _judge_a_link(ws, business_date)
    _set_one_aside(ws, tmp_path, business_date)
    _on_spark(ws, business_date, tmp_path / "spark")
    rows = {}
    with build_city(tmp_path, ws, business_date) as con:
        for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'main' order by 1").fetchall():
            mart = table.startswith("mart_")
            # What leads to the marts is compared where Spark keeps its tables.
            folder = tmp_path / "spark" / (table if mart else f"scratch/warehouse/main.db/{table}")
            names, types = zip(*[row[:2] for row in con.execute(f"describe {table}").fetchall()], strict=True)
            here, there = (f"select {', '.join(names)} from {place}" for place in (table, f"read_parquet('{folder}/*.parquet')"))
            if mart:
                assert [row[:2] for row in con.execute(f"describe {there}").fetchall()] == [*zip(names, types, strict=True)], table
            apart = [con.execute(f"({a}) except all ({b}) limit 5").fetchall() for a, b in ((here, there), (there, here))]
            assert apart == [[], []], f"{table}: rows of one engine only (DuckDB, Spark)"
            rows[table] = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    # Every rule found something, so that none agrees by silence.
    assert len(rows) > 60 and {table for table, count in rows.items() if not count} <= EMPTY, rows
