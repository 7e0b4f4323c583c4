"""A small scratch database to publish from, and the facts of its manifest."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from onecard.store import releases

DAY = dt.date(2018, 6, 30)
CODE = "0.1.0+aaaaaaaaaaaa"
MARTS = [("mart_payment", ["payment_id"]), ("mart_conservation", ["joint", "scope"]), ("mart_household", ["household_id"])]


def scratch(path: Path, *, rows: int = 500, seed: int = 1, order: str = "n", spoil: str = "") -> Path:
    """A scratch database whose rows lie in the order of the SQL expression `order`; other content for another `seed`."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(f"""
            create table mart_payment as
            select 'p' || md5(n::varchar || '{seed}') as payment_id, '安定区' as division_name, (hash(n) >> 1)::bigint as person_key,
                (20000 + n % 977 + {seed})::bigint as credited_fen, date '2018-01-10' + (n % 300)::integer as first_credited_on,
                timestamptz '2018-01-01 00:00:00+00' + interval (n % 1000) minute as seen_at, n % 2 = 0 as is_on_roll,
                case when n % 7 = 0 then null else n::integer end as days_late
            from range({rows}) as numbers(n) order by {order};
            create table mart_conservation as
            select joint, scope, 100::bigint as left_fen, 100::bigint as right_fen, 0::bigint as difference_fen
            from (values ('J1', 'in'), ('J2', 'sent'), ('J5', 'credited')) as joints(joint, scope);
            create table mart_household (household_id varchar, credited_fen bigint);
            {spoil}
        """)
    return path


def facts(seed: int = 1, *, publishable: bool = True, day: dt.date = DAY) -> dict[str, Any]:
    return {
        "business_date": day.isoformat(),
        "code_version": CODE,
        "inputs": [{"delivery_key": seed, "sha256": f"{seed:064x}"}],
        "settings": {"vault": "cafe"},
        "verdict": {"publishable": publishable, "reasons": [] if publishable else [{"zh": "J5 不平", "en": "J5 does not close"}]},
    }


def id_of(content: Mapping[str, Any]) -> str:
    day = dt.date.fromisoformat(content["business_date"])
    return releases.make_release_id(day, inputs=content["inputs"], code_version=content["code_version"], settings=content.get("settings"))
