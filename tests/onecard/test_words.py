"""Dates, months, divisions, programmes, masks, pseudonyms, locks: the small words of the house."""

import datetime as dt
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import masks, months, reference
from onecard.divisions import find_division
from onecard.errors import Locked, NotFound
from onecard.files import write_atomic
from onecard.pseudonyms import Pseudonymiser
from onecard.rules import find_rule
from onecard.workspace import Workspace


@pytest.mark.parametrize(
    "text",
    ["2018-03-05", "2018/3/5", "2018.3.5", "2018年3月5日", "20180305", "43164", "2018-03-05 10:11:12", "２０１８-03-05", "20180305143000"],
)
def test_dates_as_offices_write_them(text: str) -> None:
    assert months.parse_date(text) == dt.date(2018, 3, 5)


@pytest.mark.parametrize("text", ["201803", "2018-03", "2018.3", "2018年3月", "2018年03月份", "2018-03-05", "20180305"])
def test_months_as_offices_write_them(text: str) -> None:
    assert months.parse_month(text) == 201803


@pytest.mark.parametrize("text", ["2018-02-30", "20181301", "三月", "", "18-3-5", "201800"])
def test_no_date(text: str) -> None:
    with pytest.raises(months.DateError):
        months.parse_date(text)
    assert months.parse_month_array(pa.array([text])).null_count == 1


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 1, 1)))
def test_bank_time_is_shanghai_time(moment: dt.datetime) -> None:
    text = moment.strftime("%Y%m%d%H%M%S")
    expected = moment.replace(microsecond=0, tzinfo=months.SHANGHAI)
    assert months.parse_timestamp(text) == expected
    column = months.parse_timestamp_array(pa.array([text, None, "x", text]))
    assert column.to_pylist() == [expected, None, None, expected]


@given(st.integers(2000, 2040), st.integers(1, 12), st.integers(-100, 100))
def test_months_add_and_subtract(year: int, month: int, count: int) -> None:
    start = year * 100 + month
    assert months.months_between(start, months.add_months(start, count)) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("财政部", "100000"),
        ("甘肃省财政厅", "620000"),
        ("定西市财政局", "621100"),
        ("安定区财政局", "621102"),
        ("甘肃省定西市漳县", "621125"),
        ("621126", "621126"),
    ],
)
def test_offices_are_governments(text: str, code: str) -> None:
    division = find_division(text)
    assert division is not None
    assert division.code == code


def test_unknown_place_is_not_guessed() -> None:
    assert find_division("某某县财政局") is None


def test_funds_programmes_and_memos() -> None:
    assert reference.find_fund("2018年困难群众救助补助资金") == ("relief", None)
    assert reference.find_fund("孤儿基本生活费") == ("relief", "orphan")
    assert reference.find_fund("化肥") == (None, None)
    assert reference.agreed_memo_programme("2018年3月农村低保金") == "rural_dibao"
    assert reference.agreed_memo_programme("农村低保金王五") is None
    assert reference.agreed_memo_programme("工资") is None


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("3月农村低保金", "3月农村低保金"),
        ("低保金给王小明", "*金*"),
        ("卡号6230650000000000001", "*"),
        ("农村低保201803", "农村低保201803"),
    ],
)
def test_scrubbed_text_keeps_trade_words_only(text: str, scrubbed: str) -> None:
    assert masks.scrub(text, reference.trade_vocabulary()).replace("**", "*") == scrubbed


def test_masks() -> None:
    assert masks.mask_name("王小明") == "王**"
    assert masks.mask_id("62110219900101001X") == "6211**********001X"
    assert masks.mask_card("6230650000000001234") == "*1234"


def test_pseudonyms_are_keyed_and_apart_by_domain() -> None:
    one, two = Pseudonymiser(b"1" * 32), Pseudonymiser(b"2" * 32)
    key, check = one.keys("person", ["a", "b"])
    assert key.to_pylist() == one.keys("person", pa.array(["a", "b"]))[0].to_pylist()
    assert key.to_pylist() != two.keys("person", ["a", "b"])[0].to_pylist()
    assert key.to_pylist() != one.keys("name", ["a", "b"])[0].to_pylist()
    assert all(0 <= value < 2**63 for value in key.to_pylist() + check.to_pylist())


def test_atomic_write_leaves_no_temporary_name(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a" / "key", b"x", 0o600)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["key"]
    assert stat.S_IMODE((tmp_path / "a" / "key").stat().st_mode) == 0o600


HOLDER = """
import sys
from onecard.workspace import Workspace
with Workspace(sys.argv[1]).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_holding(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the lock until its standard input closes or it is killed."""
    # Pipes, not multiprocessing.Event: Event.set() waits forever for a waiter that was killed.
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def test_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as holder:
        with pytest.raises(Locked) as locked, Workspace(tmp_path).lock():
            pass
        assert f"pid {holder.pid}@" in locked.value.why
        assert locked.value.exit_code == 75


def test_a_killed_holder_blocks_nobody_and_is_named_no_more(tmp_path: Path) -> None:
    with another_process_holding(tmp_path) as holder:
        holder.kill()
        holder.wait()
    assert json.loads((tmp_path / "onecard.lock.json").read_text())["pid"] == holder.pid  # what a killed process leaves
    with Workspace(tmp_path).lock(), Workspace(tmp_path).lock():
        assert json.loads((tmp_path / "onecard.lock.json").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "onecard.lock.json").exists()
    with Workspace(tmp_path).lock():
        pass


def test_unknown_rule_offers_the_nearest() -> None:
    with pytest.raises(NotFound):
        find_rule("ZZ99")
