"""The inbox of the simulated city: which file was sent by whom for which period, and when it was received."""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from onecard.words.months import SHANGHAI


@dataclass(frozen=True)
class Delivery:
    file: str
    source: str
    sender: str
    period: str
    received_at: str


@dataclass
class Truth:
    """Rows that are evidence of planted problems; `wanted` maps a row's reference to (rule, note), `places` to where it was told last."""

    wanted: dict[tuple[object, ...], list[tuple[str, str]]] = field(default_factory=dict)
    places: dict[tuple[object, ...], tuple[str, int, int]] = field(default_factory=dict)

    def expect(self, rule: str, reference: tuple[object, ...], note: str) -> None:
        """A row that must be found: ("bank", county, line), ("roll", county, row), ("register", county, month, row), …"""
        self.wanted.setdefault(reference, []).append((rule, note))

    def located(self, reference: tuple[object, ...], file: str, sheet_no: int, row_no: int) -> None:
        """Where a row stands; files are written in the order in which they are received."""
        if reference in self.wanted:
            self.places[reference] = file, sheet_no, row_no

    @property
    def found(self) -> set[tuple[str, str, int, int, str]]:
        """Rule, file, sheet, row and note of every row that was wanted."""
        return {(rule, *self.places[reference], note) for reference, rules in self.wanted.items() for rule, note in rules}


class Inbox:
    """Paths for files to be written, the facts of their delivery, counts, and where wanted rows came to stand."""

    def __init__(self, folder: Path, truth: Truth) -> None:
        self.folder = folder
        self.truth = truth
        self.deliveries: list[Delivery] = []
        self.counts: dict[str, dict[str, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / name

    def delivered(self, name: str, source: str, sender: str, period: str, day: dt.date, rows: int, fen: int = 0, hour: int = 17) -> None:
        """Note a file that was written: received on `day` at `hour` o'clock in Shanghai; `fen` of its data rows."""
        local = dt.datetime(day.year, day.month, day.day, hour, len(self.deliveries) % 60, tzinfo=SHANGHAI)
        received = local.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.deliveries.append(Delivery(name, source, sender, period, received))
        count = self.counts.setdefault(source, {"files": 0, "rows": 0, "fen": 0})
        count["files"] += 1
        count["rows"] += rows
        count["fen"] += fen

    def locate(self, kind: tuple[object, ...], name: str, refs: np.ndarray, sheet_no: np.ndarray | int, row_no: np.ndarray) -> None:
        """Tell the truth where rows `refs` of a kind stand in a file."""
        asked = np.array([key[-1] for key in self.truth.wanted if key[:-1] == kind], np.int64)
        if not len(asked):
            return
        for index in np.flatnonzero(np.isin(refs, asked)):
            sheet = int(sheet_no if isinstance(sheet_no, int) else sheet_no[index])
            self.truth.located((*kind, int(refs[index])), name, sheet, int(row_no[index]))

    def close(self) -> None:
        """Write deliveries.csv."""
        rows: Iterable[Delivery] = sorted(self.deliveries, key=lambda item: (item.received_at, item.file))
        with self.path("deliveries.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "source", "sender", "period", "received_at"])
            writer.writerows([item.file, item.source, item.sender, item.period, item.received_at] for item in rows)
