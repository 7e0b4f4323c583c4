"""A table as named numpy columns of one length that can grow by a row."""

from collections.abc import Iterable

import numpy as np


class Columns:
    """Columns of equal length, read and set by name."""

    def __init__(self, **columns: np.ndarray) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __setitem__(self, name: str, values: np.ndarray) -> None:
        self._columns[name] = values

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    @property
    def names(self) -> list[str]:
        return list(self._columns)

    def append(self, **values: object) -> int:
        """Add one row, 0 where a column is not given; its index."""
        for name, column in self._columns.items():
            last = np.empty(1, column.dtype)
            last[0] = values.get(name, 0)
            self._columns[name] = np.concatenate([column, last])
        return len(self) - 1

    def take(self, rows: np.ndarray) -> "Columns":
        return Columns(**{name: column[rows] for name, column in self._columns.items()})

    @staticmethod
    def concat(parts: Iterable["Columns"]) -> "Columns":
        """The rows of all parts, which have the same columns."""
        parts = list(parts)
        return Columns(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0].names})
