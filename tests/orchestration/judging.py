"""A reviewer judges a pair of names, and then decides otherwise: three runs, with auditors reading all the time."""

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import nightly

from onecard.store.settings import Settings
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from simulation import SimulationSummary

REASON = "入户核对户口簿原件"


class Judged(NamedTuple):
    home: Path
    told: dict[str, Any]  # what was said of the verdict
    waiting: set[str]  # codes of the pairs that waited after it
    kept: dict[str, str]  # digests of the release before
    before: dict[str, Any]  # what the run of the day before the verdict said, made again from nothing
    same: dict[str, Any]  # what the run of the verdict's day said
    decided: dict[str, Any]  # the pair, after that run
    different: dict[str, Any]  # the run after the opposite verdict
    history: list[dict[str, Any]]
    seen: dict[str, int]  # releases the auditors read, and how often, since the verdict's day began
    wrong: list[str]  # those that were read as a mix


def vault(home: Path) -> Vault:
    return Vault(Workspace(home), Settings.load(home=home, vault_key=nightly.KEY))


def clear_values(home: Path, pair: dict[str, Any]) -> list[str]:
    """The number and both names of a pair of names, from the vault itself."""
    people = dict(zip(*(column.to_pylist() for column in reversed(vault(home).known_values("person"))), strict=True))
    names = dict(zip(*(column.to_pylist() for column in reversed(vault(home).known_values("name"))), strict=True))
    return [people[int(pair["person_key"])], names[int(pair["key_a"])], names[int(pair["key_b"])]]


def first_of_names(home: Path) -> dict[str, Any]:
    """The pair of different names with the most money: a rule accuses one of them."""
    return next(row for row in nightly.called(home, "review") if row["kind"] == "different")


def judge(home: Path, city: SimulationSummary) -> dict[str, Any]:
    """Live through it in `home`, a copy of the workspace after its night; all of `Judged` but the folder."""
    day = city.business_date
    next_day = (day + dt.timedelta(days=1)).isoformat()
    pair = first_of_names(home)
    before = (home / "releases" / "current").resolve()
    told = nightly.called(
        home, "review", pair["code"], "--verdict", "same", "--reason", f"{REASON} {clear_values(home, pair)[1]}", "--by", "复核员甲",
        "--at", f"{next_day}T10:00:00",
    )  # fmt: skip
    waiting = {row["code"] for row in nightly.called(home, "review")}
    kept = nightly.digests(before)
    before.rename(home.parent / "before")
    again = nightly.called(home, "run", "--as-of", day.isoformat())
    with nightly.reading(home) as (seen, wrong):
        same = nightly.called(home, "run", "--as-of", next_day)
        [decided] = [row for row in nightly.called(home, "review", "--all") if row["code"] == pair["code"]]
        nightly.called(home, "review", pair["code"], "--verdict", "different", "--reason", REASON, "--at", f"{next_day}T11:00:00")
        different = nightly.called(home, "run", "--as-of", next_day)
    history = nightly.called(home, "review", pair["code"])["history"]
    return {
        "told": told, "waiting": waiting, "kept": kept, "before": again, "same": same, "decided": decided, "different": different,
        "history": history, "seen": dict(seen), "wrong": wrong,
    }  # fmt: skip
