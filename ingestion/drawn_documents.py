"""Which allocation documents a payment says it draws on, in its order, with how much of each where it says so."""

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.conform import FAULTS, IDENTIFIER, Conformed, each, flag
from onecard.catalogue.quarantine_reasons import Reason
from onecard.words.doc_numbers import one_spelling
from onecard.words.money import MoneyError, parse_fen
from onecard.words.number_lists import SEPARATOR
from onecard.words.number_writing import bare_number, identifier_fault

COLUMN = "documents"
# A comma within a figure (100,000元) is part of it.
_BETWEEN = re.compile(r"[、;；|｜\n\r]+|[,，](?![0-9]{3}(?![0-9]))")
_AMOUNT = re.compile(r"(?P<doc_no>.*?)\s*[:：(（]?\s*(?P<figure>[¥￥]?[0-9][0-9,，]*(?:\.[0-9]+)?)\s*(?P<unit>万?元)\s*[)）]?")
_FIGURE_ALONE = re.compile(r"[:：]\s*[¥￥]?[0-9.,，]*$")


class Drawn(NamedTuple):
    """A document, and the fen drawn on it; None where the payment does not say."""

    doc_no: str
    fen: int | None


def drawn_on(text: str) -> list[Drawn] | Reason:
    """The documents of a cell in order, or why it cannot be read. A figure without 元 or 万元 is none: units are never guessed."""
    found = []
    for item in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        stated = _AMOUNT.fullmatch(item)
        if not stated and _FIGURE_ALONE.search(item):
            return Reason.BAD_AMOUNT
        doc_no = one_spelling(bare_number(stated["doc_no"] if stated else item))
        if fault := identifier_fault(doc_no):
            return FAULTS[fault]
        if IDENTIFIER.search(doc_no):
            return Reason.IDENTIFIER_IN_TEXT
        try:
            found.append(Drawn(doc_no, parse_fen(stated["figure"], stated["unit"]) if stated else None))
        except MoneyError:
            return Reason.BAD_AMOUNT
    return list(dict.fromkeys(found))


def flag_unreadable(done: Conformed) -> None:
    """Gives rows whose documents cannot be read their reason."""
    reasons = each(done.columns[COLUMN], lambda text: found.value if isinstance(found := drawn_on(text), Reason) else None)
    for reason in Reason:
        if reason.value in reasons.unique().to_pylist():
            flag(done, pc.equal(reasons, reason.value), reason, COLUMN)


def documents_table(done: Conformed, sheet_no: int, schema: pa.Schema) -> pa.Table:
    """Rows of `payment_documents` for the rows of a sheet that fit."""
    rows = []
    texts = done.columns[COLUMN]
    for at in np.flatnonzero((done.wrong < 0) & texts.is_valid().to_numpy(zero_copy_only=False)):
        documents = drawn_on(texts[int(at)].as_py())
        if isinstance(documents, Reason):
            continue
        in_order = SEPARATOR.join(document.doc_no for document in documents if document.fen is None) or None
        for position, document in enumerate(documents, 1):
            facts = {"sheet_no": sheet_no, "row_no": int(done.row_no[at]), "position": position, "doc_no": document.doc_no}
            rows.append(facts | {"stated_fen": document.fen, "in_order": None if document.fen is not None else in_order})
    return pa.Table.from_pylist(rows, schema)
