"""An early day; then a bank corrects a file, others come that cannot be read or do not count; a later day; and the early day once more."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import nightly

from simulation import SimulationSummary

HOME = "家 home"
EARLY, LATE = "2018-04-19", "2018-04-25"
CORRECTED = "PSBC_62110220180301300_回盘.csv"
SHORT_BY = 400
WHO = nightly.CANARIES[0]


class Days(NamedTuple):
    home: Path
    early: dict[str, Any]  # what the run said of its release
    late: dict[str, Any]
    again: dict[str, Any]
    before: dict[str, str]  # digests of the early release as it was first made
    shown: "subprocess.CompletedProcess[str]"  # what people saw of the run of the late day


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="gb18030")
    return folder / name


def bank_file(batch: str, amounts: tuple[str, ...] = ("150.00",)) -> str:
    """A bank's file of lines of 150 yuan, some of them perhaps written in another way."""
    count, total = len(amounts), f"{150 * len(amounts)}.00"
    lines = [f"D|{seq}|{WHO.name}|{WHO.id_no}|{WHO.card_no}|{fen}|20180309101500|成功|||农村低保金" for seq, fen in enumerate(amounts, 1)]
    head = f"H|RCU|{batch}|621102|农村低保|201803|正常||{count}|{total}|20180309"
    return "\n".join([head, *lines, f"T|{count}|{total}|{count}|{total}|0|0.00"]) + "\n"


def live(home: Path, city: SimulationSummary, ingested: Path) -> dict[str, Any]:
    """Fill `home`; all of `Days` but the folder."""
    shutil.copytree(ingested, home, symlinks=True)
    early = nightly.called(home, "run", "--as-of", EARLY)
    before = nightly.digests(Path(early["path"]))
    later = home.parent / "later"
    later.mkdir()
    text = (city.inbox / CORRECTED).read_bytes().decode("gb18030")
    head, first, *others = text.splitlines(keepends=True)
    assert ",84.00," in first and ",成功," in first
    (later / CORRECTED).write_bytes("".join([head, first.replace(",84.00,", ",80.00,"), *others]).encode("gb18030"))
    put(later, "PSBC_62110220180401300_回盘.csv", "没有表头\n")
    nightly.called(home, "receive", *(str(path) for path in sorted(later.iterdir())), "--received-at", "2018-04-20T09:00:00")
    after = put(home.parent, "RCU_B009_回盘.txt", bank_file("B009"))  # after the late day: it does not count
    nightly.called(home, "receive", str(after), str(put(home.parent, "什么.csv", "一二三\n")), "--received-at", "2018-05-30")
    (home / "inbox" / "回盘.txt").symlink_to(after)  # held back
    shown = nightly.call(home, "run", "--as-of", LATE)
    assert shown.returncode == 0, shown.stderr
    late = nightly.called(home, "status")
    again = nightly.called(home, "run", "--as-of", EARLY)
    return {"early": early, "late": late, "again": again, "before": before, "shown": shown}
