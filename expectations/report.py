"""The report of a release: one page of HTML, Chinese and English, that needs nothing but itself."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from expectations.figures import STATEMENT, Figures, read_figures
from expectations.results import CheckResult, SuiteResult, Verdict
from onecard.catalogue import severity
from onecard.catalogue.rules import Rule, rules
from onecard.catalogue.sources import source_titles
from onecard.catalogue.titles import COMPLETENESS, FACETS, GAPS, JOINTS, LEVELS, MONEY, OUTCOMES
from onecard.words.money import format_yuan
from onecard.words.reference_data import seed_names

_TEMPLATES = Path(__file__).with_name("templates")
_MARKS = {"passed": "✓", "found": "●", "failed": "✗", "error": "！"}


def render_report(
    database: Path,
    results: Sequence[SuiteResult],
    verdict: Verdict,
    *,
    release_id: str,
    business_date: dt.date,
    code_version: str,
    quarantine: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    known_rules: Mapping[str, Rule] | None = None,
) -> bytes:
    """UTF-8 HTML of one release over the finished DuckDB file `database`; same arguments, same bytes.

    `quarantine`: `{"files": refused files, "rows": quarantined rows per file and reason}`, as ingestion's report gives it.
    Shows counts and sums only; nobody else may have the database open for writing.
    """
    known = rules() if known_rules is None else known_rules
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"yuan": _yuan, "count": _count, "threshold": _threshold, "sentence": _sentence}
    figures = read_figures(database)
    page = environment.get_template("report.html.j2").render(
        release_id=release_id,
        business_date=business_date.isoformat(),
        code_version=code_version,
        verdict=verdict,
        figures=figures,
        levels=LEVELS,
        joints=JOINTS,
        facets=FACETS,
        statement=STATEMENT,
        money=MONEY,
        suites=[_suite(suite, known) for suite in results],
        errors=[(suite, check) for suite in results for check in suite.checks if check.status == "error"],
        counties=_by_county(figures, results),
        finding_suites=[suite for suite in results if suite.kind == "findings"],
        tally=_tally(results),
        quarantine={"files": [], "rows": [], **(quarantine or {})},
        reasons=_reasons((quarantine or {}).get("rows", [])),
        severities=severity.TITLES,
        outcomes=OUTCOMES,
        marks=_MARKS,
        sources=source_titles(),
        not_judged=figures.not_judged or [],
        gaps=GAPS,
        completeness=COMPLETENESS,
        programmes=seed_names("programmes", "programme_code"),
        banks=seed_names("agent_banks", "bank_code"),
    )
    return page.encode("utf-8")


def _suite(suite: SuiteResult, known: Mapping[str, Rule]) -> dict[str, Any]:
    """A suite with its rules (and their metadata) apart from its native checks."""
    by_rule: list[tuple[CheckResult, Rule | None]] = [(check, known.get(check.rule or "")) for check in suite.checks if check.rule]
    return {"result": suite, "rules": by_rule, "native": [check for check in suite.checks if not check.rule]}


def _tally(results: Iterable[SuiteResult]) -> dict[str, int]:
    tally = dict.fromkeys(OUTCOMES, 0)
    for suite in results:
        for check in suite.checks:
            tally[check.status] += 1
    return tally


def _by_county(figures: Figures, results: Sequence[SuiteResult]) -> list[dict[str, Any]] | None:
    """Findings and fen per division, and findings per suite within it."""
    if figures.counties is None:
        return None
    suite_of = {check.rule: suite.name for suite in results for check in suite.checks if check.rule}
    rows: dict[str, dict[str, Any]] = {}
    for item in figures.counties:
        key = item["division"] or "—"
        row = rows.setdefault(key, {"division": key, "name": item["division_name"], "suites": {}, "findings": 0, "fen": 0})
        suite = suite_of.get(item["rule_code"], "")
        row["suites"][suite] = row["suites"].get(suite, 0) + item["findings"]
        row["findings"] += item["findings"]
        row["fen"] += item["fen"]
    return list(rows.values())


def _reasons(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Quarantined rows over all files, by reason."""
    grouped: dict[str, dict[str, Any]] = {}
    for row in rows:
        new = {"reason": row["reason"], "why": row.get("why", ""), "remedy": row.get("remedy", ""), "rows": 0, "fen": 0, "files": set()}
        reason = grouped.setdefault(row["reason"], new)
        reason["rows"] += row["rows"]
        reason["fen"] += row["fen"] or 0
        reason["files"].add(row["file"])
    ordered = sorted(grouped.values(), key=lambda reason: (-reason["rows"], reason["reason"]))
    return [{**reason, "files": len(reason["files"])} for reason in ordered]


def _yuan(fen: int | None) -> str:
    return "—" if fen is None else format_yuan(int(fen))


def _count(number: int | None) -> str:
    return "—" if number is None else f"{int(number):,}"


def _sentence(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def _threshold(threshold: Mapping[str, Any]) -> str:
    """`60 日` of `{days: {value: 60, unit: 日}}`; other shapes as they stand."""
    parts = []
    for name, given in threshold.items():
        if isinstance(given, Mapping) and "value" in given:
            parts.append(f"{given['value']} {given.get('unit', '')}".strip())
        else:
            parts.append(f"{name} {given}")
    return "；".join(parts)
