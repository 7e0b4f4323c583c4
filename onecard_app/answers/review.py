"""Pairs for a person to judge, as a release lists them: which are open, one of them whole, and whom the lake says decided what."""

import hashlib
import re
from pathlib import Path
from typing import Any

from onecard.store import releases
from onecard.store.query_rows import records
from onecard.store.verdicts import Event, Pair
from onecard.words.divisions import find_division
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text
from onecard_app.answers.release_selection import run_again

Row = dict[str, Any]

MART = "mart_review_pair"
SIDES = ("a", "b")
WAITING = ("open", "unsure")
SHORTEST_CODE = 4
_CODE_LENGTH = 12
_RANK = "case state when 'open' then 1 when 'unsure' then 2 when 'linked' then 3 else 4 end"


def code_of(review_pair_id: str) -> str:
    """What a person types to name a pair: 12 hex digits, the same in every release."""
    return hashlib.sha256(review_pair_id.encode()).hexdigest()[:_CODE_LENGTH]


def pairs(path: Path, *, division: str | None = None, kind: str | None = None, every: bool = False) -> list[Row]:
    """Pairs of a release, those that wait first, then by money; only waiting ones unless `every`.

    `division`: name or code of a county or a city. Raises NotFound when it is none, or the release holds no pairs' table.
    """
    wanted = _division(division)
    with releases.read_release(path) as con:
        if not con.execute("select count(*) from duckdb_tables() where table_name = ?", [MART]).fetchall()[0][0]:
            raise NotFound(
                code="OC-REV-002",
                what=Text("这个发布没有待复核的对", "the release holds no pairs to review"),
                where=path.name,
                why=Text("由较早的程序生成", "an older version of the program made it"),
                remedy=run_again(path),
            )
        rows = records(
            con,
            f"select * from {MART} where ($kind is null or kind = $kind) and ($division is null or division like $division || '%')"
            f" order by {_RANK}, amount_fen desc, review_pair_id",
            {"kind": kind, "division": wanted},
        )
    return [{"code": code_of(row["review_pair_id"]), **row} for row in rows if every or row["state"] in WAITING]


def find(path: Path, text: str) -> Row:
    """The pair a person means: its code, the unique beginning of its code, or its whole id. Raises NotFound or InputRefused."""
    rows = pairs(path, every=True)
    fits = [row for row in rows if row["review_pair_id"] == text]
    if not fits and len(text) >= SHORTEST_CODE and re.fullmatch(r"[0-9a-fA-F]+", text):
        fits = [row for row in rows if row["code"].startswith(text.lower())]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise InputRefused(
            code="OC-REV-003",
            what=Text("不止一对符合", "ambiguous code of a pair"),
            where=text,
            why=Text(f"{len(fits)} 对以此开头", f"{len(fits)} codes match this prefix"),
            remedy=Text("写出更多位", "give more of the code"),
        )
    raise NotFound(
        code="OC-REV-004",
        what=Text("没有这一对", "no such pair"),
        where=f"{text}  {path.name}",
        why=Text(f"不是列表中的编号，或少于 {SHORTEST_CODE} 位", f"not a code of the list, or fewer than {SHORTEST_CODE} digits of one"),
        remedy=Text("列出全部：onecard review --all", "list all: onecard review --all"),
    )


def with_latest(rows: list[Row], events: list[Event]) -> list[Row]:
    """The rows with the verdicts made since the release was: `verdict_since` is the latest one that it does not know."""
    latest: dict[Pair, Event] = {}
    for event in events:
        # In one second the first in order of reviewers holds, as in stg_verdicts.
        if event.pair not in latest or event.decided_at > latest[event.pair].decided_at:
            latest[event.pair] = event
    told = []
    for row in rows:
        newest = latest.get(pair_of(row))
        known = (row["verdict"], row["reviewer"], row["decided_at"])
        is_new = newest is not None and (newest.verdict, newest.reviewer, newest.decided_at) != known
        told.append(row | {"verdict_since": newest.verdict if newest is not None and is_new else None})
    return told


def pair_of(row: Row) -> Pair:
    """What a verdict on a row is given on: the two names of a person, or the two persons, by their keys."""
    return Pair(row["subject"], row["person_key"], row["key_a"], row["key_b"])


def _division(text: str | None) -> str | None:
    """The digits with which codes of a county, or of all counties of a city, begin."""
    if text is None:
        return None
    found = find_division(text)
    if found is None:
        raise NotFound(
            code="OC-REV-005",
            what=Text("没有这个县区", "no such county"),
            where=f"--division {text}",
            why=Text("名称无法辨认，或不止一处叫此名", "the name is unknown or ambiguous"),
            remedy=Text("写六位区划代码", "give the six-digit code"),
        )
    return re.sub(r"(00){1,2}$", "", found.code)
