"""Ingestion: rows and megabytes a second of every source on one core, peak memory, and the same files through plain pandas.

python -m benchmarks.ingest --rows 300000
"""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks import plain_pandas
from benchmarks.measure import Bound, Measured, alone, parser, report

# What a night must be able to read: bank return files, validation included, on one core.
BANK_ROWS_PER_SECOND = 300_000
# Name of the series, layout for the pandas script, files of the simulated city.
SERIES = (
    ("bank_batches pipe", "pipe", "RCU_*_回盘*.txt"),
    ("bank_batches fixed", "fixed", "ABC_*_回盘*.txt"),
    ("bank_batches csv", "bank_csv", "PSBC_*_回盘*.csv"),
    ("payment_rolls xlsx", "table", "*发放清册*.xlsx"),
    ("beneficiary_registers xlsx", "table", "*救助对象花名册*.xlsx"),
    ("treasury_payments", "table", "*国库集中支付明细*"),
    ("budget_allocations xlsx", "table", "*台账*.xlsx"),
    ("card_accounts csv", "table", "*一卡通账户清单*"),
)
# The largest file is read this often in a row: alone it is over too soon to be measured.
LARGEST_AGAIN = 10
RECEIVED = "2018-12-31T00:00:00+00:00"


def city(folder: str, rows: int) -> str:
    """A simulated city of about that many bank rows; returns the folder of its files."""
    from simulation.run import simulate

    simulate(Path(folder), rows=rows)
    return str(Path(folder) / "inbox")


def ours(paths: list[str]) -> dict[str, int]:
    """Parse and conform files as a parser process does: every row typed and checked, counted as landed or quarantined."""
    import pyarrow as pa

    from ingestion import worker_warmup as preload
    from ingestion.parsing import parse
    from onecard.store.landing import Delivery

    assert preload.WARM  # a parser process starts from here
    pa.set_memory_pool(pa.system_memory_pool())
    totals = {"rows": 0, "landed": 0, "quarantined": 0, "refused": 0}
    for number, path in enumerate(paths):
        data = Path(path).read_bytes()
        facts: dict[str, Any] = {}
        for message in parse(Delivery(number, f"{number:064x}", Path(path).name, len(data), RECEIVED), data):
            facts = message.facts or {}
        totals["refused"] += "reason" in facts
        totals["rows"] += facts.get("rows_total", 0)
        totals["landed"] += facts.get("rows_landed", 0)
        totals["quarantined"] += facts.get("rows_quarantined", 0)
    return totals


def pandas_script(layout: str, paths: list[str]) -> int:
    """Rows of the same files through the plain script."""
    return sum(plain_pandas.read(layout, path) for path in paths)


def whole_ingestion(inbox: str, home: str) -> dict[str, Any]:
    """Receive and ingest everything: parser processes, pseudonyms, vault, lake."""
    from ingestion import pipeline, receiving
    from onecard.store.settings import Settings
    from onecard.store.workspace import Workspace

    ws, settings = Workspace(home), Settings.load(home=Path(home))
    receiving.receive(ws, settings, sorted(path for path in Path(inbox).iterdir() if path.is_file()))
    summary = pipeline.ingest(ws, settings)
    return {"files": summary.files, "rows": sum(figures["rows_total"] for figures in summary.sources.values())}


def rates(measured: Measured, rows: int, size: int) -> dict[str, Any]:
    """Figures of one measurement; a core's rate is counted on processor time, which other work on the machine does not touch."""
    return {
        "seconds": round(measured.seconds, 3),
        "cpu_seconds": round(measured.cpu_seconds, 3),
        "rows_per_second": round(rows / measured.seconds),
        "rows_per_cpu_second": round(rows / measured.cpu_seconds),
        "mb_per_cpu_second": round(size / measured.cpu_seconds / 1e6, 1),
        "peak_mb": round(measured.peak_bytes / 1e6),
        "peak_mb_with_children": round(measured.peak_tree_bytes / 1e6),
    }


def main() -> int:
    options = parser(__doc__ or "", "ingest")
    options.add_argument("--rows", type=int, default=1_500_000, help="bank rows of the simulated city")
    options.add_argument("--times", type=int, default=3, help="runs of each measurement; the best counts")
    chosen = options.parse_args()
    results: dict[str, Any] = {"rows_asked": chosen.rows, "times": chosen.times, "series": {}}
    bounds = []
    with tempfile.TemporaryDirectory() as folder:
        inbox = alone(city, folder, chosen.rows, cores=None).result
        for name, layout, pattern in SERIES:
            paths = sorted(str(path) for path in Path(inbox).glob(pattern))
            size = sum(Path(path).stat().st_size for path in paths)
            own = alone(ours, paths, times=chosen.times)
            plain = alone(pandas_script, layout, paths, times=chosen.times)
            rows = own.result["rows"]
            results["series"][name] = {
                "files": len(paths),
                "bytes": size,
                **own.result,
                "onecard": rates(own, rows, size),
                "pandas": rates(plain, rows, size) | {"rows_read": plain.result},
                "onecard_faster_by": round(plain.cpu_seconds / own.cpu_seconds, 2),
                "onecard_memory_share": round(own.peak_bytes / plain.peak_bytes, 2),
            }
            if name.startswith("bank_batches"):
                largest = max(paths, key=lambda path: Path(path).stat().st_size)
                one = alone(ours, [largest] * LARGEST_AGAIN, times=chosen.times)
                whole_size = Path(largest).stat().st_size * LARGEST_AGAIN
                results["series"][name]["largest_file"] = {
                    "rows": one.result["rows"] // LARGEST_AGAIN,
                    "onecard": rates(one, one.result["rows"], whole_size),
                }
                bounds.append(Bound(f"{name}: rows per second and core", BANK_ROWS_PER_SECOND, one.result["rows"] / one.cpu_seconds))
        size = sum(path.stat().st_size for path in Path(inbox).iterdir())
        whole = alone(whole_ingestion, inbox, f"{folder}/home", cores=None)
        results["whole_ingestion"] = {"bytes": size, **whole.result, "onecard": rates(whole, whole.result["rows"], size)}
    return report(results, bounds, chosen.out, chosen.check)


if __name__ == "__main__":
    raise SystemExit(main())
