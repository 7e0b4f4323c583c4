"""The list of every name, number, card and telephone that the simulated files hold, for tests that look for leaks."""

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulation.files.persons import PersonTexts

_SCHEMA = pa.schema([("kind", pa.string()), ("value", pa.string())])


class ClearValues:
    """Writes `kind` (name, id, card, phone) and `value`, distinct within a county."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="zstd")

    def __enter__(self) -> "ClearValues":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writer.close()

    def add(self, persons: PersonTexts) -> None:
        """The values of one county."""
        for kind, columns in (
            ("name", (persons.name, persons.bank_name)),
            ("id", (persons.id, persons.old_id)),
            ("card", (persons.card,)),
            ("phone", (persons.phone,)),
        ):
            values = pc.unique(pa.concat_arrays(list(columns)))
            self._writer.write_table(pa.table([pa.repeat(kind, len(values)), values], schema=_SCHEMA))
