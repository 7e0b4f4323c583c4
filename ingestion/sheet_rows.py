"""Rows of text on their way from a reader to the contract: columns by name, physical row numbers, and what was set aside already."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.quarantine_reasons import Reason

# Characters kept of a quarantined line or cell; the whole file is in landing.
LONGEST_RAW = 2000


@dataclass
class Broken:
    """Rows set aside before their columns could be told apart."""

    row_no: np.ndarray
    reason: Reason
    raw: list[str]


class Furniture(Enum):
    """Rows of a table that are no data. NOTHING: blank, prefilled with numbers and zeros, or a place alone."""

    TOTAL = "total"
    CAPTION = "caption"
    NOTE = "note"
    NOTHING = "nothing"


@dataclass(frozen=True)
class StatedLine:
    """What a line that is no data says: its words (half-width, without spaces) and what stands in its column of money."""

    row_no: int
    kind: Furniture
    texts: list[str]
    amount: str | None


@dataclass
class SheetRows:
    """One sheet (a text file is sheet 1): text columns by contract name, null where empty.

    `row_no` int32 per data row; `header_rows` counts title, header, unit, blank, total and control rows;
    `numeric` marks cells of identifier columns, `formula` those of amounts, too; `units` gives the unit of each amount column;
    `title` is what stands above the header, `above` the same cell by cell; `stated` are the lines that sum or divide the rows.
    """

    sheet_no: int
    sheet_name: str
    row_no: np.ndarray
    columns: dict[str, pa.Array]
    header_rows: int
    units: dict[str, str]
    broken: list[Broken] = field(default_factory=list)
    numeric: dict[str, np.ndarray] = field(default_factory=dict)
    formula: dict[str, np.ndarray] = field(default_factory=dict)
    controls: list[dict[str, str]] = field(default_factory=list)
    title: str = ""
    above: list[str] = field(default_factory=list)
    stated: list[StatedLine] = field(default_factory=list)

    def take(self, keep: np.ndarray) -> "SheetRows":
        """The same sheet with only the rows of a mask."""
        mask = pa.array(keep)
        return SheetRows(
            self.sheet_no, self.sheet_name, self.row_no[keep], {name: column.filter(mask) for name, column in self.columns.items()},
            self.header_rows, self.units, self.broken, {name: flags[keep] for name, flags in self.numeric.items()},
            {name: flags[keep] for name, flags in self.formula.items()}, self.controls, self.title,
            self.above, self.stated,
        )  # fmt: skip


def trimmed(texts: pa.Array) -> pa.Array:
    """Outer white space (nbsp and ideographic too) dropped; empty becomes null."""
    clean = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(clean, ""), pa.scalar(None, pa.string()), clean)


def raw_texts(sheet: SheetRows, keep: np.ndarray) -> list[str]:
    """The rows of a mask as tab-separated text, for the vault."""
    mask = pa.array(keep)
    columns = [pc.utf8_slice_codeunits(pc.fill_null(column.filter(mask), ""), 0, LONGEST_RAW) for column in sheet.columns.values()]
    return pc.binary_join_element_wise(*columns, "\t").to_pylist() if columns else [""] * int(keep.sum())
