"""Dates, months, divisions, programmes, masks, pseudonyms, locks: the small words of the house."""

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

from onecard import masks, reference
from onecard.divisions import LEVELS, code_12, county_of, divisions, find_division, level, parent
from onecard.errors import Locked, NotFound
from onecard.files import write_atomic
from onecard.pseudonyms import Pseudonymiser
from onecard.rules import find_rule
from onecard.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("财政部", "100000"),
        ("甘肃省财政厅", "620000"),
        ("定西市财政局", "621100"),
        ("安定区财政局", "621102"),
        ("甘肃省定西市漳县", "621125"),
        ("621126", "621126"),
        ("621126101203", "621126"),
        ("６２１１２６", "621126"),
        ("中央", "100000"),
        ("定西", "621100"),
        ("定西市 安定区 民政局", "621102"),
        ("兰州市财政局国库支付中心", "620100"),
        ("通渭县人民政府", "621121"),
        ("临夏市财政局", "622901"),
        ("临夏州财政局", "622900"),
        ("临夏回族自治州", "622900"),
        ("临夏州临夏县", "622921"),
        ("东乡县", "622926"),
        ("积石山县民政局", "622927"),
        ("张家川", "620525"),
        ("成县", "621221"),
        ("华亭市财政局", "620881"),
    ],
)
def test_offices_are_governments(text: str, code: str) -> None:
    division = find_division(text)
    assert division is not None
    assert division.code == code


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "某某县财政局",
        "临夏",  # the city, the county or the prefecture
        "大成县财政局",  # ends in the name of another county
        "兰州市安定区",  # no district of Lanzhou
        "620824x",
        "华亭县",  # a city since 2018
        "629999",
    ],
)
def test_unknown_place_is_not_guessed(text: str | None) -> None:
    assert find_division(text) is None


def test_a_dissolved_county_is_found_in_its_years() -> None:
    division = find_division("华亭县财政局", year=2017)
    assert division is not None
    assert division.code == "620824"
    assert find_division("华亭市", year=2017) is None


def test_levels_and_parents_of_codes() -> None:
    assert [level(code) for code in ("100000", "620000", "621100", "621102", "621102101", "621102101000", "621102101203", "999999")] == [
        "central",
        "province",
        "city",
        "county",
        "township",
        "township",
        "village",
        None,
    ]
    chain = ["621102101203"]
    while (above := parent(chain[-1])) is not None:
        chain.append(above)
    assert chain == ["621102101203", "621102101000", "621102", "621100", "620000", "100000"]
    assert code_12("621102") == "621102000000"
    assert county_of("621102101203") == "621102"


def test_reference_list_holds_together() -> None:
    known = divisions()
    assert [sum(division.level == rank and division.valid_to == 9999 for division in known.values()) for rank in LEVELS[:4]] == [
        1,
        1,
        14,
        86,
    ]
    for code, division in known.items():
        assert division.level in LEVELS
        if division.parent is not None:
            above = known[division.parent]
            assert LEVELS.index(above.level) + 1 == LEVELS.index(division.level)
            assert division.valid_from >= above.valid_from
            assert code.startswith(above.code.rstrip("0")) or above.code == "100000"


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
