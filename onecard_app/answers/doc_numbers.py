"""Numbers of allocation documents as people write them (`甘财社[2018] 12号`, `12号`), and which document of a release they mean."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onecard.words.doc_numbers import one_spelling, plain_spelling
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text
from onecard.words.suggest import few, nearest

_NUMBER = re.compile(r"(?P<issuer>[^〔〕]*?)(?:〔(?P<year>[0-9]{4})年?〕)?第?(?P<number>[0-9]+)号?")
# Numbers of the Ministry of Finance begin with it; those of others only hold it.
_MINISTRY = "财"


@dataclass(frozen=True)
class DocNumber:
    """The parts of a number; None where a person left them out."""

    issuer: str | None
    year: int | None
    number: int | None

    def fits(self, wanted: "DocNumber", *, any_year: bool = False) -> bool:
        """Whether this is what `wanted` says, as far as that says something."""
        return (
            self.number == wanted.number
            and (wanted.issuer is None or self.issuer == wanted.issuer)
            and (any_year or wanted.year is None or self.year == wanted.year)
        )

    def holds(self, wanted: "DocNumber") -> bool:
        """Whether `wanted` is a part of this: of its issuer, and the same number and year as far as it says them."""
        return (
            wanted.issuer is not None
            and self.issuer is not None
            and wanted.issuer in self.issuer
            and wanted.number in (None, self.number)
            and wanted.year in (None, self.year)
        )


def parse(text: str, spell: Callable[[str], str] = one_spelling) -> DocNumber:
    """The parts of a document number; a text that is none is all issuer."""
    clean = spell(text)
    match = _NUMBER.fullmatch(clean)
    if match is None:
        return DocNumber(clean or None, None, None)
    return DocNumber(match["issuer"] or None, int(match["year"]) if match["year"] else None, int(match["number"]))


def find(text: str, known: Iterable[str]) -> list[str]:
    """All spellings in `known` of the one document that `text` means.

    Raises InputRefused (65) when it means several, NotFound (66) with what comes nearest when it means none.
    """
    names = sorted(set(known))
    # Numbers of a release are simplified since they were received; the dictionaries are for what is asked, or was received, otherwise.
    for spell in (plain_spelling, one_spelling):
        wanted, spellings = parse(text, spell), _spellings(names, spell)
        fits = _fitting(wanted, spellings)
        if len(fits) == 1:
            return spellings[fits[0]]
    if fits:
        raise InputRefused(
            code="OC-TRC-003",
            what=Text("这个文号指多份文件", "the number means several documents"),
            where=text,
            why=Text(f"{len(fits)} 份符合：", f"{len(fits)} documents match: ") + few(spellings[doc][0] for doc in fits),
            remedy=Text("写全文号，例如 ", "give the whole number, such as ") + spellings[fits[0]][0],
        )
    raise _no_such_document(text, wanted, spellings)


def _spellings(names: Iterable[str], spell: Callable[[str], str]) -> dict[DocNumber, list[str]]:
    """Every document with the spellings of its number."""
    spellings: dict[DocNumber, list[str]] = {}
    for doc_no in names:
        spellings.setdefault(parse(doc_no, spell), []).append(doc_no)
    return spellings


def _fitting(wanted: DocNumber, documents: Collection[DocNumber]) -> list[DocNumber]:
    """The document that is the number asked for, else all of which it is a part."""
    if wanted in documents:
        return [wanted]
    fits = [doc for doc in documents if doc.fits(wanted)] if wanted.number is not None else []
    # 社5号 and 甘财社 are parts of a number, too. 财社 is the ministry's own and no part of 甘财社.
    if not fits and wanted.issuer and not wanted.issuer.startswith(_MINISTRY):
        return [doc for doc in documents if doc.holds(wanted)]
    if not fits and wanted.issuer and wanted.number is None:
        return [doc for doc in documents if doc.issuer == wanted.issuer]
    return fits


def _no_such_document(text: str, wanted: DocNumber, spellings: Mapping[DocNumber, Sequence[str]]) -> NotFound:
    """What comes nearest: the same number of another year, or numbers that look alike."""
    other_years = [names[0] for doc, names in spellings.items() if wanted.number is not None and doc.fits(wanted, any_year=True)]
    if other_years:
        return NotFound(
            code="OC-TRC-002",
            what=Text(f"{wanted.year} 年没有这份文件，别的年度有", f"no such document of {wanted.year}, but of another year"),
            where=text,
            why=Text("同号不同年：", "same number, other year: ") + few(other_years),
            remedy=f"onecard trace --doc {other_years[0]}",
        )
    near = _nearest(one_spelling(text), [names[0] for names in spellings.values()])
    return NotFound(
        code="OC-TRC-001",
        what=Text("没有这份文件", "no such document"),
        where=text if text.strip() else f"--doc '{text}'" + Text("（空）", " (empty)"),
        why=Text(f"发布中的 {len(spellings)} 份文件都不是它", f"it is none of the {len(spellings)} documents of the release"),
        remedy=Text("相近的有：", "nearest: ") + few(near) if near else Text("核对文号和发布", "check the number and the release"),
    )


def _nearest(clean: str, known: list[str]) -> list[str]:
    plain = {one_spelling(doc_no): doc_no for doc_no in known}
    return [plain[name] for name in nearest(clean, plain)]
