"""A small city of which files can be withheld: what its rules say of the rest, without simulating or reading anything again."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import compiled
import duckdb

from onecard.store.lake import MODELLED_TABLES, attach
from onecard.store.workspace import Workspace

Row = tuple[str, str, int, int]


class City:
    """A lake, its files by name, and what is told while some of them are withheld."""

    def __init__(self, ws: Workspace, business_date: dt.date) -> None:
        self._project = compiled._project().on(business_date)
        self.con = duckdb.connect(config={"threads": 2})
        self.con.execute("attach ':memory:' as scratch; use scratch; set TimeZone = 'UTC'")
        compiled._take_seeds(self.con, self._project.seeds)
        attach(self.con, ws)
        self.con.execute("create schema base")
        for table in MODELLED_TABLES:
            self.con.execute(f"create table base.{table} as select * from lake.{table}")
        self.con.execute("drop schema lake cascade; create schema lake")

    @cached_property
    def files(self) -> dict[str, int]:
        """Names of the files to their keys. A corrected file is none: without its correction the mistake is there."""
        rows = self.con.execute(
            "select file_name, delivery_key from base.deliveries where file_name not like '%更正%' order by 1"
        ).fetchall()
        return dict(rows)

    def without(self, names: Iterable[str] = (), **also: str) -> "City":
        """Build everything over the lake without some files; `also`: a condition in SQL by which rows of a table are left out, too."""
        keys = ", ".join(str(self.files[name]) for name in names) or "0"
        for table, schema in MODELLED_TABLES.items():
            left = f"delivery_key not in ({keys})" if "delivery_key" in schema.names else "true"
            more = f" and not ({also[table]})" if table in also else ""
            self.con.execute(f"create or replace table lake.{table} as select * from base.{table} where {left}{more}")
        for model in self._project.models:
            self.con.execute(f"create or replace table {model.name} as {model.sql}")
        return self

    @property
    def told(self) -> set[Row]:
        """Rows that findings hold as primary evidence: rule, file, sheet, row."""
        rows = "select rule_code, file_name, sheet_no, row_no from mart_finding_evidence where evidence_role = 'primary'"
        return set(self.con.execute(rows).fetchall())

    @property
    def findings(self) -> set[str]:
        return {row[0] for row in self.con.execute("select finding_id from mart_finding").fetchall()}

    @property
    def not_judged(self) -> dict[str, int]:
        """Cases that were not judged, by rule."""
        return dict(self.con.execute("select rule_code, sum(cases)::int from mart_not_judged where cases > 0 group by 1").fetchall())

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()


def city_in(folder: Path, **simulated: Any) -> City:
    from city import make_lake

    return City(*make_lake(folder, **simulated))
