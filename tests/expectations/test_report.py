"""The report: complete, bilingual, self-contained, the same bytes twice, and honest about what could not be checked."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from small_city import BUSINESS_DATE, RULES, build, plant

from expectations.report import render_report
from expectations.results import verdict
from expectations.runner import run_suites
from expectations.suite_catalogue import suite_catalogue

pytestmark = pytest.mark.xdist_group("report")  # one clean page for most of them

CATALOGUE = suite_catalogue(known_rules=RULES)
QUARANTINE = {
    "files": [{"file": "坏 <b>文件</b>.xlsx", "code": "unit_unstated", "why": "单位未注明 unit not stated", "remedy": "注明单位 state it"}],
    "rows": [
        {"file": "a.xlsx", "reason": "bad_amount", "rows": 2, "fen": 0, "why": "金额无法识别 amount", "remedy": "改正 mend"},
        {"file": "b.xlsx", "reason": "bad_amount", "rows": 3, "fen": 12345, "why": "金额无法识别 amount", "remedy": "改正 mend"},
    ],
}


def page(path: Path, **more: Any) -> str:
    results = run_suites(path, BUSINESS_DATE, catalogue=CATALOGUE, threads=1)
    facts = {"release_id": "2018-06-30-0123456789ab", "business_date": BUSINESS_DATE, "code_version": "0.1.0+abc", "known_rules": RULES}
    html = render_report(path, results, verdict(results), **{**facts, **more})
    assert html == render_report(path, results, verdict(results), **{**facts, **more}), "same arguments, same bytes"
    return html.decode("utf-8")


class _Outline(HTMLParser):
    """Tags, attributes and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(html: str) -> _Outline:
    parsed = _Outline()
    parsed.feed(html)
    assert parsed.open == []
    return parsed


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("</style>")[1]))


@pytest.fixture(scope="module")
def clean_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page(build(tmp_path_factory.mktemp("report") / "s.duckdb"), quarantine=QUARANTINE)


def test_it_needs_nothing_but_itself(clean_page: str) -> None:
    parsed = outline(clean_page)
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & set(parsed.tags)
    assert not {"src", "href", "action", "srcset", "background", "onload", "onclick"} & {name for name, _ in parsed.attributes}
    assert not re.search(r"https?://|//[a-z]+\.|url\(|@import", clean_page)


def test_it_says_the_whole_story(clean_page: str) -> None:
    said = text(clean_page)
    assert '<html lang="zh-CN">' in clean_page
    for word in ("一卡通资金对账报告", "One-card reconciliation report", "2018-06-30-0123456789ab", "准予发布", "0.1.0+abc"):
        assert word in said
    for joint in ("J1", "J2", "J3", "J4", "J5", "J6"):
        assert re.search(rf"\b{joint}\b", said)
    assert re.search(r"收入合计 Total in — — — 1,000\.00", said)
    assert re.search(r"结余 Balance — — — 100\.00", said)
    assert re.search(r"农村低保 Rural minimum living allowance 3 3 3 3 900\.00 900\.00 0\.00", said)
    assert re.search(r"代发银行回盘 Bank return files 1 1 5 2 3 0 900\.00 0\.00 ✓ 平", said)
    assert "EN01" in said
    assert "社会救助暂行办法 第11条" in said
    assert "60 日" in said
    assert re.search(r"金额无法识别 amount bad_amount 5 2 123\.45", said)
    assert "技术错误：下列" not in said
    assert "不予发布" not in said.replace("则不予发布", "")


def test_what_files_are_called_is_escaped(clean_page: str) -> None:
    assert "坏 &lt;b&gt;文件&lt;/b&gt;.xlsx" in clean_page


def test_leads_stand_under_their_rule_and_place(tmp_path: Path) -> None:
    spoil = plant("EN01", "finding_en01_short", "k1", 70_050, rows=2) + plant("FS02", "finding_fs02_resting", "k2", 123_456_789)
    said = text(page(build(tmp_path / "s.duckdb", *spoil)))
    assert re.search(r"EN01 规则EN01 Rule EN01 高 high 1 2 700\.50", said)
    assert re.search(r"FS02 规则FS02 Rule FS02 中 medium 1 1 1,234,567\.89", said)
    assert re.search(r"安定区 621102 1 0 1 0 0 2 1,235,268\.39", said)
    assert "补发尚未到账" in said
    assert "准予发布" in said


def test_what_was_not_judged_says_for_want_of_what(tmp_path: Path) -> None:
    spoil = [
        "insert into mart_not_judged values ('EN01', 'refused', 'bank_batches', '安定区', 201806, '回盘.xls', 7, 123450),"
        " ('EN07', 'missing', 'deaths', '安定区', 201805, null, null, null)"
    ]
    said = text(page(build(tmp_path / "s.duckdb", *spoil)))
    assert re.search(
        r"EN01 代发银行回盘 Bank return files 回盘.xls 201806 文件被拒，请重报 the file was rejected; have it sent again 7 1,234\.50", said
    )
    assert re.search(r"EN07 死亡人员信息 Deaths 安定区 201805 应报未报，请催报 expected and not come; ask for it \?", said)


def test_what_is_incomplete_says_from_whom_of_what_and_since_when(tmp_path: Path) -> None:
    assert "0 项应报文件全部完整" in text(page(build(tmp_path / "whole.duckdb")))
    spoil = [
        "insert into mart_completeness values"
        " ('payment_rolls', '621121', '通渭县', null, 'tekun', 201802, 'missing', 'missing', '2018-02-28', 3, null),"
        " ('bank_batches', '621102', '安定区', 'ABC', 'rural_dibao', 201803, 'refused', 'refused', null, 0, '回盘.txt'),"
        " ('deaths', '621102', '安定区', null, null, 201803, 'whole', null, null, 0, null)"
    ]
    said = text(page(build(tmp_path / "s.duckdb", *spoil)))
    assert "3 项应报文件中，2 项不完整" in said
    assert re.search(r"发放清册 Payment rolls 通渭县 特困\S* .*? 201802 应报未报 missing 应报未报，请催报 .*? 3 ", said)
    assert re.search(r"安定区 中国农业银行\S* .*? 农村低保\S* .*? 201803 被拒 rejected .*? 回盘\.txt", said)


def test_a_refusal_gives_the_reason_and_the_joint(tmp_path: Path) -> None:
    said = text(
        page(build(tmp_path / "s.duckdb", "update mart_conservation set right_fen = 89999, difference_fen = 1 where scope = 'credited'"))
    )
    assert "准予发布" not in said
    assert "不予发布的原因" in said
    assert re.search(r"J5 credited 900\.00 899\.99 0\.01", said)
    assert "涉及 0.01 元" in said


def test_technical_errors_stand_apart_and_are_no_leads(tmp_path: Path) -> None:
    html = page(build(tmp_path / "s.duckdb", "drop table finding_en01_short", "drop table mart_conservation", "drop table mart_payment"))
    said = text(html)
    box = re.search(r'<div class="box error">.*?</div>', html, re.DOTALL)
    assert box is not None
    assert "规则EN01" in box[0]
    assert "mart_conservation" in box[0]
    assert re.search(r"EN01 规则EN01 Rule EN01 高 high 未能校验 not checked", said)
    assert "无法读取" in said
    assert "不予发布" in said
    assert "Traceback" not in said


def test_an_empty_catalogue_and_an_empty_city_still_make_a_page(tmp_path: Path) -> None:
    empty = [f"delete from {table}" for table in ("mart_payment", "mart_delivery", "mart_fund_position", "mart_conservation")]
    path = build(tmp_path / "s.duckdb", *empty)
    results = run_suites(path, BUSINESS_DATE, catalogue=suite_catalogue(known_rules={}), suites=["conservation"])
    html = render_report(path, results, verdict(results), release_id="x", business_date=BUSINESS_DATE, code_version="v", known_rules={})
    outline(html.decode("utf-8"))
    assert "规则目录为空" in html.decode("utf-8")
    assert not verdict(results).publishable
