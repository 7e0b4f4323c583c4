"""The trace at 1, 10 and 100 million credits, generated straight into the lake, beside numpy's searchsorted on the same pieces.

python -m benchmarks.trace --credits 1000000 10000000 100000000
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks.measure import Bound, alone, parser, report
from onecard.store.lake import MODELLED_TABLES
from orchestration.dbt import DBT, PROJECT, variables

BATCH_LINES = 20_000
MOST_SECONDS, MOST_BYTES, MOST_EXPONENT = 120, 12 * 1024**3, 1.15
_TYPES = {"string": "varchar", "int32": "integer", "int64": "bigint", "date32[day]": "date", "timestamp[us, tz=UTC]": "timestamptz"}
# One county: each batch of a month is paid by a voucher from two documents of the city, one of whose money came from above.
_LAKE = """
    insert into lake.deliveries by name
        select 1 as delivery_key, 'bank_batches' as source, 'bank_batches|1' as scope, '1.txt' as file_name,
            timestamptz '2018-01-01 00:00:00+00' as received_at, 0 as rows_quarantined, 0 as quarantined_fen, 0 as unreadable_fen_rows;
    insert into lake.bank_batches by name
        select 1 as delivery_key, 1 as sheet_no, (n + 1)::integer as row_no, 'RCU' as bank_code, 'B' || (n // {lines}) as batch_no,
            (n % {lines})::integer as seq_no, n as person_key, n as name_key, n as card_key,
            (10000 + hash(n) % 50000)::bigint as amount_fen, date '2018-03-05' as credited_on, 'success' as status,
            'rural_dibao' as memo_programme
        from range({credits}) as numbers(n);
    create temp table totals as
        select batch_no, sum(amount_fen)::bigint as fen, count(*)::integer as count from lake.bank_batches group by batch_no;
    insert into lake.bank_batch_controls by name
        select 1 as delivery_key, 2 as sheet_no, row_number() over (order by batch_no)::integer as row_no, 'RCU' as bank_code, batch_no,
            '621102' as division, 'rural_dibao' as programme_code, 201803 as payroll_month, 'original' as batch_kind,
            count as trailer_count, fen as trailer_fen from totals;
    insert into lake.treasury_payments by name
        select 1 as delivery_key, 3 as sheet_no, row_number() over (order by batch_no)::integer as row_no, 'V' || batch_no as voucher_no,
            '621102' as payer_division, 'rural_dibao' as programme_code, 'relief' as pool_code, 'agent_bank' as payee_kind,
            'RCU' as payee_bank_code, fen as amount_fen, date '2018-03-04' as paid_on, batch_no, 201803 as payroll_month from totals;
    create temp table documents as
        select row_number() over (order by batch_no, part)::integer as n, (fen * (1 + part) // 3 + part)::bigint as fen, part
        from totals, range(2) as parts(part);
    insert into lake.budget_allocations by name
        select 1 as delivery_key, 4 as sheet_no, n as row_no, '省' || n as doc_no, '620000' as issuer_division,
            '620000' as receiver_division, '620000' as reporter_division, 'relief' as pool_code, 2018 as fiscal_year, fen as amount_fen,
            date '2018-01-02' as issued_on, 'own' as kind from documents where part = 0
        union all
        select 1, 5, n, '甘' || n, '620000', '621102', '620000', 'relief', 2018, fen, date '2018-01-05', 'passed_down'
        from documents where part = 0
        union all
        select 1, 6, n, '甘' || n, '620000', '621102', '621102', 'relief', 2018, fen, date '2018-01-09', 'received'
        from documents where part = 0
        union all
        select 1, 7, n, '县' || n, '621102', '621102', '621102', 'relief', 2018, fen, date '2018-01-10', 'own'
        from documents where part = 1;
"""


def generate(path: str, credits: int) -> None:
    """A scratch database whose lake is made of tables; money comes to the fen for what is paid and a little more."""
    with duckdb.connect(path) as con:
        con.execute("set enable_progress_bar = false")
        con.execute("create schema lake")
        for table, schema in MODELLED_TABLES.items():
            columns = ", ".join(f"{field.name} {_TYPES[str(field.type)]}" for field in schema)
            con.execute(f"create table lake.{table} ({columns})")
        con.execute(_LAKE.format(lines=BATCH_LINES, credits=credits))


def build(path: str, folder: str) -> dict[str, Any]:
    """Run dbt up to the marts of the trace; seconds of the trace's own models, and of everything they need."""
    command = [str(DBT), "run", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", folder]
    command += ["--vars", variables("2018-12-31"), "--select", "+mart_credit_origin", "+mart_trace"]
    environment = {**os.environ, "ONECARD_SCRATCH_DB": path, "ONECARD_DUCKDB_MEMORY_LIMIT": "9GB", "DBT_LOG_PATH": folder}
    seed = [*command[:1], "seed", *command[2:10]]
    for step in (seed, command):
        subprocess.run(step, env=environment, check=True, capture_output=True)
    results = json.loads((Path(folder) / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {item["unique_id"].split(".")[-1]: item["execution_time"] for item in results}
    own = {name: spent for name, spent in seconds.items() if "trace" in name or name == "mart_credit_origin"}
    slowest = dict(sorted(own.items(), key=lambda pair: -pair[1])[:4])
    return {
        "trace_seconds": sum(own.values()),
        "all_seconds": sum(seconds.values()),
        "slowest": {k: round(v, 1) for k, v in slowest.items()},
    }


def check(path: str) -> dict[str, int]:
    with duckdb.connect(path, read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        credited, shares, rows = con.execute(
            "select (select sum(amount_fen) from int_trace_lines), sum(amount_fen), count(*) from mart_credit_origin"
        ).fetchall()[0]
    assert credited == shares, "shares must add up to what was credited"
    return {"shares": int(rows), "fen": int(shares)}


def with_numpy(path: str) -> int:
    """The same shares for one bank's lines laid end to end: searchsorted over the pieces; the seconds of reading are in it."""
    with duckdb.connect(path, read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        lines = con.execute("select amount_fen from int_trace_lines order by batch_no, seq_no").fetchnumpy()["amount_fen"]
        pieces = con.execute(
            "select upper_fen - lower_fen as fen from int_trace_origins where out_kind = 'voucher' order by account, lower_fen"
        ).fetchnumpy()["fen"]
    upper, bounds = np.cumsum(lines), np.cumsum(pieces)
    first = np.searchsorted(bounds, upper - lines, side="right")
    last = np.searchsorted(bounds, upper, side="left")
    return int((last - first + 1).sum())


def main() -> int:
    options = parser(__doc__ or "", "trace")
    options.add_argument("--credits", type=int, nargs="+", default=[1_000_000, 10_000_000], help="sizes to measure, ascending")
    chosen = options.parse_args()
    sizes: dict[str, Any] = {}
    for credits in chosen.credits:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "scratch.duckdb")
            alone(generate, path, credits, cores=None)
            built = alone(build, path, folder, cores=None)
            plain = alone(with_numpy, path, cores=None)
            sizes[str(credits)] = {
                **{name: round(value, 1) if isinstance(value, float) else value for name, value in built.result.items()},
                "peak_mb_with_children": round(built.peak_tree_bytes / 1e6),
                **check(path),
                "numpy_seconds": round(plain.seconds, 1),
                "numpy_peak_mb": round(plain.peak_tree_bytes / 1e6),
                "onecard_seconds_over_numpy": round(built.result["trace_seconds"] / plain.seconds, 1),
            }
    times = [(int(credits), size["trace_seconds"]) for credits, size in sizes.items()]
    exponents = [round(math.log(b[1] / a[1]) / math.log(b[0] / a[0]), 2) for a, b in pairwise(times)]
    largest = sizes[str(chosen.credits[-1])]
    bounds = [
        Bound("seconds to spare at the largest", 0, MOST_SECONDS - largest["trace_seconds"]),
        Bound("bytes to spare at the largest", 0, MOST_BYTES - largest["peak_mb_with_children"] * 1e6),
        *(Bound("exponent to spare", 0, MOST_EXPONENT - exponent) for exponent in exponents[-1:]),
    ]
    return report({"benchmark": "trace", "sizes": sizes, "growth_exponents": exponents}, bounds, chosen.out, chosen.check)


if __name__ == "__main__":
    sys.exit(main())
