"""Finds the header of a table as offices write it: titles above, two merged rows, units beside, totals and footers below."""

import re
import unicodedata
from dataclasses import dataclass

from ingestion.contracts import Contract
from ingestion.reasons import Reason
from ingestion.refusal import FileRefused

HEADER_SEARCH_ROWS = 20
_UNIT_LINE = re.compile(r"单位[::]?(?:人民币)?(万元|元|分)")
_UNIT_IN_HEADER = re.compile(r"[((](万元|元|分)[/))人月户]?")
_UNIT_SUFFIX = re.compile(r"[((](?:人民币)?(?:万元|元|分)[^))]*[))]$")
_TOTAL = re.compile(r"^(本页|本村|本乡镇?|全[县区乡村])?(合计|小计|总计|累计|共计)")
_FOOTER = re.compile(r"(制表|填表|审核|经办|复核|负责人|单位[((]?盖章|备注|说明|注)[人))]?[::]|^(备注|说明|注)[::]|填报日期|打印日期")


@dataclass(frozen=True)
class Header:
    """Where the header ends (0-based index of its last row), which cell is which contract column, units of amounts."""

    last: int
    places: dict[str, int]
    units: dict[str, str]


def plain(text: object) -> str:
    """Header or label text: half-width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def _bare(text: str) -> str:
    return _UNIT_SUFFIX.sub("", text)


def find_header(rows: list[list[object]], contract: Contract, stated_unit: str | None) -> Header | None:
    """The header among the first rows, or None when no row names even half of the required columns.

    Raises FileRefused when a required column is missing from a header that is otherwise plain to see, or when the unit
    of an amount is stated nowhere.
    """
    names = {plain(alias): column.name for column in contract.columns for alias in column.headers}
    required = [column for column in contract.columns if column.must_exist]
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
    return Header(last, places, _units(rows[: last + 1], texts, places, contract, stated_unit))


def _merged(top: list[str], below: list[str]) -> list[str]:
    """Texts of a two-row header: a merged cell above (empty to its right) joins each cell below it."""
    texts, above = [], ""
    for index, lower in enumerate(below):
        upper = top[index] if index < len(top) else ""
        above = upper or (above if lower else "")
        texts.append(above + lower if upper or lower else "")
    return texts


def _places(texts: list[str], names: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, text in enumerate(texts):
        name = names.get(text) or names.get(_bare(text))
        if name is not None:
            places.setdefault(name, index)
    return places


def _units(head: list[list[object]], texts: list[str], places: dict[str, int], contract: Contract, stated: str | None) -> dict[str, str]:
    line = next((found[1] for row in head for cell in row if (found := _UNIT_LINE.search(plain(cell)))), None)
    units = {}
    for column in contract.columns:
        if column.kind != "amount" or column.name not in places:
            continue
        own = _UNIT_IN_HEADER.search(texts[places[column.name]])
        unit = (own[1] if own else None) or line or stated or contract.unit
        if not unit:
            raise FileRefused(Reason.UNIT_NOT_STATED, texts[places[column.name]])
        units[column.name] = unit
    return units


def is_total_or_footer(cells: list[str | None]) -> bool:
    """Whether a row without its key is a total, or a line of signatures or remarks below the table."""
    texts = [plain(cell) for cell in cells if cell]
    return bool(texts) and (
        any(_TOTAL.match(text) for text in texts[:3]) or (len(texts) <= 6 and any(_FOOTER.search(text) for text in texts))
    )
