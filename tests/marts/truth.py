"""What was planted in a simulated city against what is told of it."""

import csv
from pathlib import Path

import duckdb

Row = tuple[str, str, int, int]
PRIMARY = "select rule_code, file_name, sheet_no, row_no from mart_finding_evidence where evidence_role = 'primary'"
UNTOLD = """
    select rows_.rule_code, deliveries.file_name, rows_.sheet_no, rows_.row_no
    from (select * from finding_fs03_bank_transit union all select * from finding_fs04_failed_unresolved) as rows_
    inner join stg_deliveries as deliveries on rows_.delivery_key = deliveries.delivery_key
    where rows_.gap_key like 'missing|%' or rows_.gap_key like 'pending|%'
"""


def planted_in(city: Path) -> set[Row]:
    """Rows that are primary evidence of a planted case: rule, file, sheet, row."""
    with (city / "truth" / "truth.csv").open(encoding="utf-8") as file:
        return {(row["rule_code"], row["file"], int(row["sheet_no"]), int(row["row_no"])) for row in csv.DictReader(file)}


def assert_told(con: duckdb.DuckDBPyConnection, planted: set[Row]) -> None:
    """Everything planted is told, and nothing else; but for money of which nobody can say whether a bank sits on it or its return file was
    never sent: that is not judged, and counted."""
    told = set(con.execute(PRIMARY).fetchall())
    assert told - planted == set()
    lost = planted - told
    assert {rule for rule, *_ in lost} <= {"FS03", "FS04"}, sorted(lost)
    assert lost <= set(con.execute(UNTOLD).fetchall())
    assert len(lost) * 100 <= len(planted), sorted(lost)
