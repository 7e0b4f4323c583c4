"""Headers as offices write them: what stands above a header must not cost it a column."""

import pytest

from ingestion.formats.headers import find_header
from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
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


THREE_PERSONS = [
    "序号", "户主", "身份证号", "收款人", "身份证号", "银行账号", "开户银行", "村", "享受人", "身份证号", "补贴金额(元)", "所属月份",
]  # fmt: skip


def test_a_number_belongs_to_the_person_on_its_left() -> None:
    header = find_header([list(THREE_PERSONS)], load_contracts()["payment_rolls"], None)
    assert header is not None
    named = ("head_name_key", "head_person_key", "payee_name_key", "payee_person_key", "name_key", "person_key")
    assert [header.places[name] for name in named] == [1, 2, 3, 4, 8, 9]


def test_a_header_that_stands_twice_beside_nobody_is_refused() -> None:
    twice = ["户主", "身份证号", "姓名", "身份证号", "村", "身份证号", "发放金额(元)", "所属月份"]
    with pytest.raises(FileRefused) as refused:
        find_header([twice, ["1"] * len(twice)], load_contracts()["payment_rolls"], None)
    assert refused.value.reason is Reason.AMBIGUOUS_COLUMN
