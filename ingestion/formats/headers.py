"""Finds the header of a table as offices write it: titles above, two merged rows, units beside, totals and footers below."""

import re
import unicodedata
from dataclasses import dataclass

from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.sources import Contract

HEADER_SEARCH_ROWS = 20
# What follows the unit is no Chinese character: 填报单位:元谋县民政局 states none.
_UNIT_LINE = re.compile(r"单\s*位\s*:?\s*(?:人民币)?\s*(万元|元|分)(?:\s*[、,/或]\s*(万元|元|分))?(?![一-龥])")
_UNIT_IN_HEADER = re.compile(r"\((?:人民币)?(万元|元|分)(?:[、,/或](万元|元|分))?")
_UNIT_SUFFIX = re.compile(r"[((](?:人民币)?(?:万元|元|分)[^))]*[))]$")
_TOTAL = re.compile(r"^(本页|本村|本乡镇?|全[县区乡村])?(合计|小计|总计|累计|共计)")
_FOOTER = re.compile(r"(制表|填表|审核|经办|复核|负责人|单位[((]?盖章|备注|说明|注)[人))]?[::]|^(备注|说明|注)[::]|填报日期|打印日期")


@dataclass(frozen=True)
class Header:
    """Where the header ends (0-based index of its last row), which cell is which contract column, units of amounts, the title above."""

    last: int
    places: dict[str, int]
    units: dict[str, str]
    title: str


def plain(text: object) -> str:
    """Header or label text: half-width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def _bare(text: str) -> str:
    return _UNIT_SUFFIX.sub("", text)


def find_header(rows: list[list[object]], contract: Contract, stated_unit: str | None) -> Header | None:
    """The header among the first rows, or None when no row names even half of the required columns.

    Raises FileRefused when a required column is missing from a header that is otherwise plain to see, when one header stands
    over two columns, or when the unit of an amount is stated nowhere or in two ways.
    """
    names = {plain(alias): (column.name, rank) for column in contract.columns for rank, alias in enumerate(column.headers)}
    required = [column for column in contract.columns if column.must_exist]
    # All rows are looked at: a unit line read together with the header below it names every required column, too, but not the one
    # under the unit.
    best: tuple[int, int, dict[str, int], list[str]] | None = None
    for index in range(min(len(rows), HEADER_SEARCH_ROWS)):
        top = [plain(cell) for cell in rows[index]]
        below = [plain(cell) for cell in rows[index + 1]] if index + 1 < len(rows) else []
        for last, texts in ((index, top), (index + 1, _merged(top, below))):
            places = _places(texts, names)
            score = sum(1 for column in required if column.name in places)
            if places and (best is None or (score, len(places)) > (best[0], len(best[2]))):
                best = (score, last, places, texts)
    if best is None or best[0] * 2 < len(required):
        return None
    _, last, places, texts = best
    missing = [column.headers[0] for column in required if column.name not in places]
    if missing:
        raise FileRefused(Reason.MISSING_COLUMN, "、".join(missing))
    _refuse_twins(texts, places, contract)
    title = "".join(plain(cell) for row in rows[:last] for cell in row if not _is_alias(plain(cell), names))
    return Header(last, places, _units(rows[: last + 1], texts, places, contract, stated_unit), title)


def _merged(top: list[str], below: list[str]) -> list[str]:
    """Texts of a two-row header: a merged cell above (empty to its right) joins each cell below it."""
    texts, above = [], ""
    for index, lower in enumerate(below):
        upper = top[index] if index < len(top) else ""
        above = upper or (above if lower else "")
        texts.append(above + lower if upper or lower else "")
    return texts


def _places(texts: list[str], names: dict[str, tuple[str, int]]) -> dict[str, int]:
    """Place of each contract column; of several headers a column may carry, the one the contract names first (发放金额 before 应发金额)."""
    ranked: dict[str, tuple[int, int]] = {}
    for index, text in enumerate(texts):
        found = names.get(text) or names.get(_bare(text))
        if found is not None:
            name, rank = found
            ranked[name] = min(ranked.get(name, (rank, index)), (rank, index))
    return {name: index for name, (_, index) in ranked.items()}


def _is_alias(text: str, names: dict[str, tuple[str, int]]) -> bool:
    return text in names or _bare(text) in names


def _refuse_twins(texts: list[str], places: dict[str, int], contract: Contract) -> None:
    """Raise FileRefused when the header of a column stands twice: nobody but the sender knows which is meant."""
    for column in contract.columns:
        if column.kind != "skip" and column.name in places:
            own = _bare(texts[places[column.name]])
            if sum(1 for text in texts if _bare(text) == own) > 1:
                raise FileRefused(Reason.AMBIGUOUS_COLUMN, own)


def _units(head: list[list[object]], texts: list[str], places: dict[str, int], contract: Contract, stated: str | None) -> dict[str, str]:
    """Unit of each amount: what its header says, then the unit line. Only a column of less weight (月标准) may differ from the line."""
    lines = [found for row in head for cell in row for found in _UNIT_LINE.finditer(unicodedata.normalize("NFKC", str(cell or "")))]
    stated_above = {unit for found in lines for unit in found.groups() if unit}
    units, silent = {}, []
    for column in contract.columns:
        if column.kind != "amount" or column.name not in places:
            continue
        text = texts[places[column.name]]
        own = {unit for found in _UNIT_IN_HEADER.finditer(text) for unit in found.groups() if unit}
        said = own | stated_above if column.required or not own else own
        if len(said) > 1:
            raise FileRefused(Reason.UNIT_CONTRADICTS, "、".join(sorted(said)))
        unit = next(iter(said), None) or stated or contract.unit
        if unit:
            units[column.name] = unit
        else:
            silent.append(_bare(text))
    if silent:
        raise FileRefused(Reason.UNIT_NOT_STATED, "、".join(silent))
    return units


def is_total(cells: list[str | None]) -> bool:
    """Whether a row without its key is a total or subtotal."""
    texts = [plain(cell) for cell in cells if cell]
    return any(_TOTAL.match(text) for text in texts[:3])


def is_footer(cells: list[str | None]) -> bool:
    """Whether a row without its key is a line of signatures or remarks below the table."""
    texts = [plain(cell) for cell in cells if cell]
    return 0 < len(texts) <= 6 and any(_FOOTER.search(text) for text in texts)
