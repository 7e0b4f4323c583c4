"""What a person wants to know of a release at a glance: rows, money per level, findings per suite, and where it lies."""

from pathlib import Path
from typing import Any

from expectations.figures import read_figures
from ingestion.quarantine import set_aside
from onecard.catalogue.titles import LEVELS
from onecard.store import answers, releases
from onecard.store.release_checks import DATABASE
from onecard.store.workspace import Workspace
from onecard_app.answers import deliveries

# Money of a level at a glance, of all years: in = passed down + paid + other + balance.
MONEY = ("in_fen", "passed_down_fen", "paid_fen", "other_fen", "balance_fen")


def read(path: Path) -> dict[str, Any]:
    """The figures of a release folder; all money in fen. Raises NotFound when there is no such folder, InputRefused when it is damaged."""
    manifest = releases.stated_facts(path)
    with releases.read_release(path) as con:
        findings = con.execute(
            "select suite, rule_code, count(*), coalesce(sum(amount_fen), 0)::bigint from mart_finding group by all order by all"
        ).fetchall()
        stated = con.execute("select coalesce(sum(abs(difference_fen)), 0)::bigint, count(*) from mart_conservation").fetchall()[0]
    figures = read_figures(path.resolve() / DATABASE)
    return {
        "release": manifest["release_id"],
        "path": str(path.resolve()),
        "report": str(path.resolve() / "report.html"),
        "business_date": manifest["business_date"],
        "code_version": manifest["code_version"],
        "published": manifest["verdict"]["publishable"],
        "sources": [_source(row) for row in figures.sources or []],
        "levels": [_level(name, figures.levels[name]) for name in LEVELS if figures.levels and name in figures.levels],
        "joints": {"checked": stated[1], "difference_fen": stated[0]},
        "expected": figures.expected,
        "incomplete": figures.incomplete or [],
        "not_judged": figures.not_judged or [],
        "findings": [{"suite": suite, "rule": rule, "findings": count, "fen": fen} for suite, rule, count, fen in findings],
    }


def _source(row: dict[str, Any]) -> dict[str, Any]:
    names = ("source", "deliveries", "rows_total", "rows_header", "rows_landed", "rows_quarantined", "landed_fen", "quarantined_fen")
    return {name: row[name] for name in names}


def _level(name: str, row: dict[str, Any]) -> dict[str, Any]:
    other = row["clawback_out_fen"] + row["diverted_fen"]
    return {"level": name, "other_fen": other, **{key: row[key] for key in MONEY if key in row}, "overdrawn_fen": row["overdrawn_fen"]}


def answer(ws: Workspace, path: Path) -> dict[str, Any]:
    """The figures of a release, whether it is what readers see, what is asked about its files, and which files are in no release."""
    current = releases.current_release(ws)
    is_current = current is not None and current.resolve() == path.resolve()
    asked = deliveries.with_latest(deliveries.questions(path), answers.history(ws))
    names = ("code", "source", "sender_division", "sender_bank", "period", "file_name", "question")
    waiting = [{name: row[name] for name in names} for row in asked if deliveries.is_open(row)]
    return read(path) | {"is_current": is_current, "set_aside": set_aside(ws), "questions": waiting}
