"""A simulated county's whole year: what is found is what was planted, and hand-written loops trace every credit alike."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from city import make_lake
from compiled import build_city
from fifo_oracle import Oracle
from truth import assert_told, planted_in

pytestmark = pytest.mark.xdist_group("county year")
PIECES = """
    select delivery_key, sheet_no, row_no, bank_code, batch_no, amount_fen from int_bank_payments where batch_no is not null
    order by delivery_key, sheet_no, row_no, from_fen
"""
STAGED = {
    "budget_allocations": "stg_budget_allocations",
    "treasury_payments": "stg_treasury_payments",
    "payment_documents": "stg_payment_documents",
    "bank_batches": "stg_bank_batches",
    "bank_batch_controls": "stg_bank_batch_controls",
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """Twelve months of one county, about 100,000 bank rows: the built database and the folder of the city."""
    folder = tmp_path_factory.mktemp("county-year")
    ws, business_date = make_lake(folder, rows=100_000, seed=11, plant=True)
    return build_city(folder, ws, business_date), folder / "city"


def test_a_year_tells_what_was_planted(year: tuple[duckdb.DuckDBPyConnection, Path]) -> None:
    con, city = year
    assert_told(con, planted_in(city))


def test_loops_by_hand_trace_every_credit_of_a_year_alike(year: tuple[duckdb.DuckDBPyConnection, Path]) -> None:
    con, _ = year
    sheets: dict[tuple[int, int], int] = {}

    def place(delivery: int, sheet: int, row: int) -> tuple[int, int]:
        """The oracle knows rows by sheet and number: a sheet of a delivery is a sheet of its own."""
        return sheets.setdefault((delivery, sheet), len(sheets)), row

    lake = {table: _rows(con, f"select * from {staged}", place) for table, staged in STAGED.items()}
    pairs = {
        place(*row[:3]): place(*row[3:])
        for row in con.execute(
            "select delivery_key, sheet_no, row_no, reissue_delivery_key, reissue_sheet_no, reissue_row_no"
            " from int_failed_lines where reissue_row_no is not null"
        ).fetchall()
    }
    pieces: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in con.execute(PIECES).fetchall():
        pieces[place(*row[:3])].append(row[3:])
    oracle = Oracle(lake, pairs, pieces)
    found: dict[tuple[int, int], Counter[Any]] = defaultdict(Counter)
    for line, root, kind, fen in _shares(con, place):
        found[line][kind, root] += fen
    credited = [line for line in lake["bank_batches"] if line["status"] == "success"]
    assert len(credited) > 90_000 and len(found) == len(credited)
    assert sum(map(len, found.values())) > len(credited), "some credits stand on two documents"
    for line in credited:
        key = line["sheet_no"], line["row_no"]
        assert found[key] == oracle.origin_of(line), key


def _rows(con: duckdb.DuckDBPyConnection, query: str, place: Any) -> list[dict[str, Any]]:
    result = con.execute(query)
    names = [column[0] for column in result.description or []]
    rows = []
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        row["sheet_no"], row["row_no"] = place(row["delivery_key"], row["sheet_no"], row["row_no"])
        rows.append(row)
    return rows


def _shares(con: duckdb.DuckDBPyConnection, place: Any) -> list[tuple[Any, Any, str, int]]:
    query = """
        select credits.delivery_key, credits.sheet_no, credits.row_no, pieces.root_kind, pieces.root_delivery_key, pieces.root_sheet_no,
            pieces.root_row_no, sum(credits.amount_fen)::bigint
        from mart_credit_origin as credits inner join int_trace_origins as pieces on credits.trace_no = pieces.piece_no
        group by all
    """
    return [(place(*row[:3]), None if row[6] is None else place(*row[4:7]), row[3], row[7]) for row in con.execute(query).fetchall()]
