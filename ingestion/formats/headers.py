"""Finds the header of a table as offices write it: titles above, two merged rows, units beside, totals and footers below."""

import itertools
import re
import unicodedata
from dataclasses import dataclass

from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import only_programme
from onecard.catalogue.sources import Contract

HEADER_SEARCH_ROWS = 20
# A cell over several headers (一卡通信息 over 开户银行, 账号): its word joined to theirs, or theirs alone unless it names another person.
_GROUP_END = re.compile(r"(基本|相关)?(信息|情况|资料|明细)?([(].*[)])?$")
_OTHER_PERSON = re.compile(r"代领|监护|代理|委托|经办|干部|工作人员|亲属|联系|配偶|父亲|母亲|家长")
# What follows the unit is no Chinese character: 填报单位:元谋县民政局 states none.
_UNIT_LINE = re.compile(r"单\s*位\s*:?\s*(?:人民币)?\s*(万元|元|分)(?:\s*[、,/或]\s*(万元|元|分))?(?![一-龥])")
_UNIT_IN_HEADER = re.compile(r"\((?:人民币)?(万元|元|分)(?:[、,/或](万元|元|分))?")
_UNIT_SUFFIX = re.compile(r"[((](?:人民币)?(?:万元|元|分)[^))]*[))]$")


@dataclass(frozen=True)
class Header:
    """Where the header ends (0-based index of its last row), which cell is which contract column, units of amounts, the title above."""

    last: int
    places: dict[str, int]
    units: dict[str, str]
    title: str
    above: list[str]


def plain(text: object) -> str:
    """Header or label text: half-width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def _bare(text: str) -> str:
    return _UNIT_SUFFIX.sub("", text)


def find_header(rows: list[list[object]], contract: Contract, stated_unit: str | None, sheet_name: str = "") -> Header | None:
    """The header among the first rows, or None when no row names even half of the required columns.

    A column of programmes may be missing where the title or the name of the sheet names one programme for all rows.

    Raises FileRefused when a required column is missing from a header that is otherwise plain to see, when one header stands
    over two columns, or when the unit of an amount is stated nowhere or in two ways.
    """
    names = {plain(alias): (column.name, rank) for column in contract.columns for rank, alias in enumerate(column.headers)}
    required = [column for column in contract.columns if column.must_exist]
    # All rows are looked at, and each with the row below it; of two that name as much a single row is the header.
    best: _Candidate | None = None
    for index in range(min(len(rows), HEADER_SEARCH_ROWS)):
        top = _told_apart([plain(cell) for cell in rows[index]], names)
        below = [plain(cell) for cell in rows[index + 1]] if index + 1 < len(rows) else []
        for grouped, texts in ((False, top), (True, _merged(top, below, names, contract))):
            places = _places(texts, names)
            score = sum(1 for column in required if column.name in places)
            rank = (score, len(places), not grouped)
            if places and (best is None or rank > best.rank):
                best = _Candidate(rank, index + grouped, places, texts, _joined(top, below) if grouped else texts)
    if best is None or best.rank[0] * 2 < len(required):
        return None
    last, places, texts = best.last, best.places, best.texts
    title = "".join(plain(cell) for row in rows[:last] for cell in row if not _is_alias(plain(cell), names))
    said = {"programme"} if only_programme(title) or only_programme(sheet_name) else set()
    missing = [column.headers[0] for column in required if column.name not in places and column.kind not in said]
    if missing:
        raise FileRefused(Reason.MISSING_COLUMN, "、".join(missing))
    _refuse_twins(texts, places, contract)
    above = [text for row in rows[:last] for cell in row if (text := plain(cell))]
    return Header(last, places, _units(rows[: last + 1], best.whole, places, contract, stated_unit), title, above)


@dataclass(frozen=True)
class _Candidate:
    """What may be the header: how much it names, its last row, and its texts as headers of the contract and as they stand whole."""

    rank: tuple[int, int, bool]
    last: int
    places: dict[str, int]
    texts: list[str]
    whole: list[str]


def _told_apart(texts: list[str], names: dict[str, tuple[str, int]]) -> list[str]:
    """A header that stands several times (户主 身份证号 收款人 身份证号) is that of the person to its left."""
    apart = list(texts)
    for index, (left, text) in enumerate(itertools.pairwise(texts), 1):
        if text and texts.count(text) > 1 and _is_alias(left + text, names):
            apart[index] = left + text
    return apart


def _over(top: list[str], below: list[str]) -> list[tuple[str, str]]:
    """(cell above, cell below) of a two-row header: a merged cell above is empty to its right, over each cell below it."""
    pairs, above = [], ""
    for index in range(max(len(top), len(below))):
        upper = top[index] if index < len(top) else ""
        lower = below[index] if index < len(below) else ""
        above = upper or (above if lower else "")
        pairs.append((above if lower else upper, lower))
    return pairs


def _joined(top: list[str], below: list[str]) -> list[str]:
    return [upper + lower for upper, lower in _over(top, below)]


def _merged(top: list[str], below: list[str], names: dict[str, tuple[str, int]], contract: Contract) -> list[str]:
    """Texts of a two-row header as the contract may name them."""
    kinds = {column.name: column.kind for column in contract.columns}
    texts = []
    for upper, lower in _over(top, below):
        spellings = [upper + lower, _GROUP_END.sub("", upper) + lower]
        column = names.get(lower) or names.get(_bare(lower))
        if column and not _is_of_another(upper, lower, kinds[column[0]]):
            spellings.append(lower)
        texts.append(next((text for text in spellings if _is_alias(text, names)), upper + lower))
    return texts


def _is_of_another(group: str, header: str, kind: str) -> bool:
    """Whether a group makes somebody else's of a header that names nobody: 姓名 below 代领人信息 is not the beneficiary's."""
    if kind not in ("name", "person", "card") or "户主" in header or _OTHER_PERSON.search(header):
        return False
    return _OTHER_PERSON.search(group) is not None or ("户主" in group and kind != "card")


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
