"""What a file says it is to the ones before it: by its name, else by titles and sheets, and never by what its sender is called."""

import pytest
from outcome import read
from sent import ROLL_HEADERS, ROLL_NAME, line, pipe, roll, roll_row, workbook

from ingestion.delivery_kinds import stated_kind
from onecard.catalogue.sources import load_contracts

ROLL = "2018年3月农村低保发放清册"
BATCH = "RCU_B001_回盘"


@pytest.mark.parametrize(
    ("source", "name", "kind"),
    [
        *(
            ("payment_rolls", f"安定区{ROLL}{tail}.xlsx", "supplement")
            for tail in ("（补充）", "_补报", "-新增人员", "_第二批", "第12批", " 退票")
        ),
        *(
            ("payment_rolls", f"安定区{ROLL}{tail}.xlsx", "restatement")
            for tail in ("（更正）", "_重新报送", "修改后", "_最终版", "(变更后)")
        ),
        *(
            ("payment_rolls", f"安定区{ROLL}{tail}.xlsx", "part")
            for tail in ("_凤翔镇", "（内官营镇、西巩驿镇）", "_福台街道", "(上)", "第2部分")
        ),
        *(
            ("payment_rolls", f"安定区{ROLL}{tail}.xlsx", None)
            for tail in ("", "_第一批", "_各乡镇", "（全镇）", "_农村", "(1)", "_更正补充")
        ),
        # What is before the required words is the sender's or the programme's.
        ("payment_rolls", f"镇原县{ROLL}.xlsx", None),
        ("payment_rolls", f"镇原县{ROLL}_城关镇", "part"),
        ("payment_rolls", "安定区2018年3月农村低保补发发放清册.xlsx", "supplement"),
        ("budget_allocations", "定西市财政局指标文台账_201801_更正1.xlsx", "restatement"),
        ("staff_relatives", "渭源县经办人员近亲属名单_201804_清源镇.csv", "part"),
        ("bank_batches", f"{BATCH}_渭源支行.txt", "part"),
        ("bank_batches", f"{BATCH}_失败明细.csv", "supplement"),
        # The return of a reissue is a batch of its own, and a county's return is no part of another's.
        ("bank_batches", f"{BATCH}_补发.txt", None),
        ("bank_batches", f"{BATCH}_漳县.csv", None),
    ],
)
def test_what_a_name_says(source: str, name: str, kind: str | None) -> None:
    assert stated_kind(name, load_contracts()[source], []) == kind


@pytest.mark.parametrize(
    ("sheets", "kind"),
    [
        ([("安定区2018年3月农村低保金补发清册", "凤翔镇")], "supplement"),
        ([("", "更正")], "restatement"),
        ([("", "补发"), ("", "补发2")], "supplement"),
        # A sheet of the reissued among others makes no supplement of the whole, nor does a note, nor a township's sheet a part.
        ([("", "正常"), ("", "补发")], None),
        ([("安定区2018年3月农村低保金发放清册备注:本月新增,补发见附件", "凤翔镇")], None),
        ([("安定区2018年3月农村低保金发放清册新增3户", "凤翔镇")], None),
    ],
)
def test_what_titles_and_sheets_say_when_the_name_says_nothing(sheets: list[tuple[str, str]], kind: str | None) -> None:
    roll_contract = load_contracts()["payment_rolls"]
    assert stated_kind(f"安定区{ROLL}.xlsx", roll_contract, sheets) == kind
    assert stated_kind(f"安定区{ROLL}_更正.xlsx", roll_contract, sheets) == "restatement"


def test_the_ledger_of_a_file_keeps_what_it_says() -> None:
    above = (["安定区2018年3月农村低保金补发清册"], ["单位:元"])
    assert read(ROLL_NAME, roll([roll_row(1)])).facts["stated_kind"] is None
    assert read(ROLL_NAME, roll([roll_row(1)], above=above)).facts["stated_kind"] == "supplement"
    assert read(ROLL_NAME, workbook({"更正": [["单位:元"], list(ROLL_HEADERS), roll_row(1)]})).facts["stated_kind"] == "restatement"


def test_failed_lines_alone_are_a_supplement_whatever_they_are_called() -> None:
    name = f"{BATCH}_更正.txt"
    assert read(name, pipe([line(1, ok=False), line(2, ok=False)])).facts["stated_kind"] == "supplement"
    assert read(name, pipe([line(1, ok=False), line(2)])).facts["stated_kind"] == "restatement"
    assert read(f"{BATCH}.txt", pipe([line(1), line(2)])).facts["stated_kind"] is None
