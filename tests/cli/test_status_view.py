"""What is missing, as `onecard status` tells it: from whom, of what, how late; and that nothing is."""

from typing import Any

import pytest

from onecard_app.cli.output import Output
from onecard_app.cli.views.status import show

NOTHING: dict[str, Any] = {
    "sources": [], "levels": [], "findings": [], "not_judged": [], "incomplete": [], "expected": 12, "questions": [],
    "joints": {"checked": 1, "difference_fen": 0}, "set_aside": {"held_back": 0, "refused": 0}, "business_date": "2018-06-30",
    "release": "r", "path": "/r", "report": "/r/report.html",
}  # fmt: skip
CELL = {"source": "payment_rolls", "state": "missing", "cause": "missing", "division_name": "通渭县", "bank_code": None,
        "programme_code": "tekun", "month": 201802, "due_on": "2018-02-28", "days_late": 3, "file_names": None}  # fmt: skip


def test_all_whole_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show(Output(False, "zh"), NOTHING)
    assert "报送完整性：12 项全部完整" in capsys.readouterr().out


def test_each_gap_names_sender_programme_month_and_days(capsys: pytest.CaptureFixture[str]) -> None:
    bank = CELL | {"source": "bank_batches", "bank_code": "ABC", "due_on": None, "days_late": 0}
    show(Output(False, "zh"), NOTHING | {"incomplete": [CELL, bank] + [CELL] * 30})
    said = capsys.readouterr().out
    first, second = [line for line in said.splitlines() if "通渭县" in line][:2]
    assert first.split()[:3] == ["发放清册", "通渭县", "特困人员救助供养"] and first.split()[-3:] == ["应报未报", "3", "天"]
    assert "通渭县 中国农业银行" in second and second.split()[-1] == "应报未报"
    assert "另有 12 项" in said
