"""What a simulation made: counts per source, the business date to use, and how many cases of each rule were planted."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class SimulationSummary:
    """`sources`: per source `files`, data `rows` and their `fen`; `planted`: rows of evidence per rule."""

    out: Path
    size: str
    seed: int
    business_date: dt.date
    sources: dict[str, dict[str, int]]
    planted: dict[str, int] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.out / "inbox"

    @property
    def truth(self) -> Path:
        return self.out / "truth" / "truth.csv"

    @property
    def files(self) -> int:
        return sum(figures["files"] for figures in self.sources.values())

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "out": str(self.out),
            "size": self.size,
            "seed": self.seed,
            "business_date": self.business_date.isoformat(),
            "files": self.files,
            "sources": self.sources,
            "planted": self.planted,
        }
