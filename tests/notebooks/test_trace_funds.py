"""The trace notebook over a small release: it runs without an error, says what SQL says, and its pictures ask nothing of the network."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import duckdb
import pytest
import running

from notebooks.drawing import sankey, timeline
from onecard.words.money import format_yuan

pytestmark = pytest.mark.xdist_group("trace in pictures")


@pytest.fixture(scope="module")
def home(published_home: Path) -> Path:
    return published_home


@pytest.fixture(scope="module")
def ran(home: Path) -> tuple[str, dict[str, Any]]:
    """What the notebook shows, as HTML, and the values it computed."""
    return running.shown("trace_funds", home)


def _ask(home: Path, query: str) -> list[Any]:
    with duckdb.connect(str(home / "releases" / "current" / "onecard.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def test_key_numbers_are_those_of_sql(home: Path, ran: tuple[str, dict[str, Any]]) -> None:
    shown, values = ran
    credited = _ask(home, "select sum(amount_fen)::bigint from mart_credit_origin")[0][0]
    resting = _ask(home, "select sum(resting_fen)::bigint from mart_stranded")[0][0]
    assert values["totals"]["credited_fen"] == credited and values["totals"]["resting_fen"] == values["resting_total_fen"] == resting
    assert format_yuan(credited) in shown and shown.count(format_yuan(resting)) >= 2
    pool, year = values["flow_scopes"][values["flow_choice"].value].values()
    scope = f"pool_code = '{pool}' and fiscal_year = {year}"
    on_cards = _ask(home, f"select sum(amount_fen)::bigint from mart_flow where target_node = 'card' and {scope}")[0][0]
    assert on_cards > 0 and format_yuan(on_cards) in values["flow_picture"]
    document = values["document_choice"].value
    doc = f"'{document}' in (source_doc_no, province_doc_no, city_doc_no, county_doc_no)"
    assert values["document_credited_fen"] == _ask(home, f"select sum(credited_fen)::bigint from mart_trace where {doc}")[0][0]
    assert format_yuan(values["document_credited_fen"]) in shown and document in shown
    month = int(values["month_choice"].value)
    assert len(values["speeds"]) == _ask(home, f"select count(*) from mart_speed where payroll_month = {month}")[0][0] > 0


def test_nothing_comes_from_the_network(ran: tuple[str, dict[str, Any]]) -> None:
    shown, _ = ran
    assert set(re.findall(r"https?://[^'\"\s<]+", shown)) <= {"http://www.w3.org/2000/svg"}
    assert "一、钱的流向" in shown and "Where the money flows" in shown


def test_it_exports_without_an_error(home: Path, tmp_path: Path) -> None:
    assert "资金追踪" in running.exported("trace_funds", home, tmp_path)


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    assert "onecard run" in running.said_without_a_release("trace_funds", tmp_path / "none")


def _parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  our own text


def test_ribbons_are_as_thick_as_the_money() -> None:
    labels = {node: (node, "<1>") for node in "abcd"}
    colours = dict.fromkeys("abcd", "#000000")
    picture = sankey([("a", "b", 300), ("a", "c", 100), ("c", "a", 7)], {"a": 0, "b": 1, "c": 1, "d": 2}, labels, colours)
    root = _parsed(picture)
    bars = {float(bar.get("height")) for bar in root.iter("{http://www.w3.org/2000/svg}rect")}
    tall, short = max(bars), min(bars)
    assert tall == pytest.approx(4 * short, rel=0.01) and len(bars) == 3
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2  # what flows back is not drawn
    assert picture == sankey([("a", "c", 100), ("c", "a", 7), ("a", "b", 300)], {"a": 0, "b": 1, "c": 1, "d": 2}, labels, colours)


def test_pictures_of_nothing_are_still_pictures() -> None:
    for picture in (sankey([], {}, {}, {}), timeline([], [])):
        assert _parsed(picture).tag.endswith("svg")


def test_spans_lie_on_one_axis() -> None:
    days = [dt.date(2018, 1, 1), dt.date(2018, 1, 11), dt.date(2018, 1, 31)]
    root = _parsed(timeline([("<甲>", "1.00", [(days[0], days[1], "#111111"), (days[1], days[2], "#222222")])], [("#111111", "字")]))
    spans = [bar for bar in root.iter("{http://www.w3.org/2000/svg}rect") if bar.get("height") == "14"]
    first, second = (float(bar.get("width")) for bar in spans)
    assert second == pytest.approx(2 * first, rel=0.01)
    assert float(spans[1].get("x")) == pytest.approx(float(spans[0].get("x")) + first, abs=0.2)
