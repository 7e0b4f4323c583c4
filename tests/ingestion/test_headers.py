"""Headers as offices write them: what stands above a header must not cost it a column."""

import pytest

from ingestion.formats.headers import find_header
from onecard.catalogue.sources import load_contracts

HEADER = [
    "指标文号",
    "发文单位",
    "接收单位",
    "资金名称",
    "预算年度",
    "指标类型",
    "金额",
    "发文日期",
    "收文日期",
    "资金来源",
    "上级文号",
    "备注",
]
ROW = [
    "甘财社〔2018〕5号",
    "甘肃省财政厅",
    "定西市财政局",
    "困难群众救助资金",
    2018,
    "下达",
    19.16,
    "2018.2.7",
    None,
    "中央",
    "财社〔2018〕5号",
    None,
]


@pytest.mark.parametrize("place", range(len(HEADER)))
def test_a_unit_line_above_any_column_leaves_every_column(place: int) -> None:
    unit: list[object] = [None] * len(HEADER)
    unit[place] = "单位:万元"
    header = find_header([["指标文台账"], unit, list(HEADER), list(ROW)], load_contracts()["budget_allocations"], None)
    assert header is not None and header.last == 2
    assert header.units == {"amount_fen": "万元"}
    assert {"parent_doc_no", "fund_source_level", "received_on", "doc_no"} <= header.places.keys()
    assert header.places["parent_doc_no"] == HEADER.index("上级文号")
