"""Rolls as .xls and .et: read as the same table in .xlsx is, looked into first, and a damaged one is only that file's loss."""

import io
import random
import struct
from collections.abc import Iterable, Sequence

import hostile
import pytest
import sent
import xlwt
from outcome import Outcome, read

ROLL = "安定区2018年3月农村低保发放清册"
AMOUNT, NUMBER, HEAD, HEAD_NUMBER = (sent.ROLL_HEADERS.index(name) for name in ("发放金额", "身份证号", "户主姓名", "户主身份证号"))


def xls(rows: Iterable[Sequence[object]], merged: Iterable[tuple[int, int, int]] = (), hidden: bool = False) -> bytes:
    """A roll; `merged`: first and last row (from 0, of `rows`) and column."""
    book = xlwt.Workbook()
    book.add_sheet("说明").visibility = 1
    sheet = book.add_sheet("清册", cell_overwrite_ok=True)
    sheet.visibility = int(hidden)
    table = [["单位:元"], list(sent.ROLL_HEADERS), *rows]
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)
    for first, last, column in merged:
        sheet.merge(first + 2, last + 2, column, column)
    return hostile.saved(book)


def rows(count: int) -> list[list[object]]:
    return [list(sent.roll_row(seq)) for seq in range(1, count + 1)]


def told(outcome: Outcome) -> tuple[object, ...]:
    landed = {name: table.drop_columns(["sheet_no", "row_no"]).to_pylist() for name, table in outcome.landed.items()}
    return landed, outcome.reasons, outcome.refused


@pytest.mark.parametrize("ending", [".xls", ".XLS", ".et", ".xlsx"])
def test_it_is_read_as_the_same_table_in_xlsx(ending: str) -> None:
    old, new = read(ROLL + ending, xls(rows(40))), read(ROLL + ".xlsx", sent.roll(rows(40)))
    assert old.refused is None and len(old.column("payment_rolls", "row_no")) == 40
    assert told(old) == told(new)
    assert old.column("payment_rolls", "row_no") == list(range(3, 43))
    assert {name: old.facts[name] for name in ("rows_total", "landed_fen")} == {"rows_total": 42, "landed_fen": new.facts["landed_fen"]}


def test_a_formula_and_a_number_that_lost_digits_set_their_rows_aside() -> None:
    table = rows(4)
    table[1][AMOUNT] = xlwt.Formula("SUM(A1:A2)")
    table[2][NUMBER] = float(sent.id_number(3))
    old = read(ROLL + ".xls", xls(table))
    assert sorted(map(str, old.reasons)) == ["formula_cell", "numeric_identifier"] and len(old.column("payment_rolls", "row_no")) == 2


def test_a_head_merged_over_a_household_holds_for_each_member() -> None:
    table = rows(3)
    for row in table[1:]:
        row[HEAD] = row[HEAD_NUMBER] = None
    old = read(ROLL + ".xls", xls(table, merged=[(0, 2, HEAD), (0, 2, HEAD_NUMBER)]))
    assert old.refused is None and set(old.column("payment_rolls", "head_name_key")) == {rows(1)[0][HEAD]}


def test_a_table_in_a_hidden_sheet_is_refused() -> None:
    assert read(ROLL + ".xls", xls(rows(3), hidden=True)).refused == "hidden_sheet"


def test_what_a_reader_should_not_be_shown_is_refused() -> None:
    good = xls(rows(3))
    encrypted = good.replace(struct.pack("<HH", 0x0042, 2), struct.pack("<HH", 0x002F, 2), 1)
    assert encrypted != good and read(ROLL + ".xls", encrypted).refused == "password_protected"
    far = rows(3)
    book = xlwt.Workbook()
    sheet = book.add_sheet("清册")
    for row, cells in enumerate([["单位:元"], list(sent.ROLL_HEADERS), *far]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.write(65_535, 255, 1)
    assert read(ROLL + ".xls", hostile.saved(book)).refused == "far_cell"
    assert read(ROLL + ".xls", hostile.legacy()).refused == "legacy_workbook"


def test_sheets_that_are_wide_only_together_are_refused() -> None:
    """Each within the bound for one; a reader that opens them takes room for all."""
    book = xlwt.Workbook()
    for number in range(6):
        sheet = book.add_sheet(f"表{number}")
        for row in range(0, 65_000, 40):
            sheet.write(row, 0, 1)
        sheet.write(64_999, 250, 1)
    assert read(ROLL + ".xls", hostile.saved(book)).refused == "far_cell"


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_one_is_refused_or_loses_no_row(seed: int) -> None:
    good, chance = xls(rows(30)), random.Random(seed)
    for _ in range(40):
        damaged = bytearray(good[: chance.randrange(600, len(good))] if chance.random() < 0.3 else good)
        for _ in range(chance.randrange(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            outcome = read(ROLL + ".xls", bytes(damaged))
        except BaseException as error:  # a panic of the reader ends its process, and the file is refused (parser_crash)
            assert type(error).__name__ == "PanicException"
            continue
        if outcome.refused is None:
            facts = outcome.facts
            assert facts["rows_total"] == facts["rows_header"] + facts["rows_landed"] + facts["rows_quarantined"]  # type: ignore[operator]


def test_bytes_behind_the_end_of_the_stream_change_nothing() -> None:
    good = xls(rows(5))
    assert told(read(ROLL + ".xls", good + bytes(io.DEFAULT_BUFFER_SIZE))) == told(read(ROLL + ".xls", good))
