"""Contract over rows of text: typed columns, and for every row that does not fit the first reason why."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.sheet_rows import SheetRows
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import compact, find_programme, trade_vocabulary
from onecard.catalogue.sources import Column, Contract
from onecard.words.bank_card import card_fault, normalise_card_array
from onecard.words.divisions import find_division
from onecard.words.doc_numbers import one_spelling
from onecard.words.masks import scrub
from onecard.words.money import parse_fen_array
from onecard.words.months import parse_date_array, parse_month_array, parse_timestamp_array
from onecard.words.national_id import id_fault, normalise_id_array, to_18_array
from onecard.words.number_lists import list_fault, one_list_array
from onecard.words.number_writing import (
    Fault,
    are_digits,
    are_ids,
    are_letters_and_digits,
    bare_number,
    bare_number_array,
    has_digit,
    identifier_fault,
)
from onecard.words.text_arrays import map_distinct

_INT = r"^[0-9]{1,9}$"
# Eleven digits: a phone, or more: an ID, a card.
IDENTIFIER = re.compile(r"(\d[ -]?){11}")


@dataclass
class Conformed:
    """Typed columns by name, and per row the code of the first thing wrong (index into `Reason`, -1 when fit) and its field."""

    row_no: np.ndarray
    columns: dict[str, pa.Array]
    wrong: np.ndarray
    field: np.ndarray


REASONS = list(Reason)
# Kinds whose cells are figures or days; where a column of theirs may be empty, a stroke or 无 in it is an empty cell.
_MEASURES = ("amount", "date", "timestamp", "month", "int")
_NOTHING = re.compile(r"[-‐‑‒–—―─/\\]+|暂?无|空")


def conform(sheet: SheetRows, contract: Contract) -> Conformed:
    """Types of the contract for every column of a sheet; clear identifiers are normalised, not yet keyed."""
    size = len(sheet.row_no)
    done = Conformed(sheet.row_no, {}, np.full(size, -1, np.int16), np.full(size, "", object))
    for column in contract.columns:
        texts = sheet.columns[column.name]
        if column.kind == "skip":
            continue
        for marks, reason in ((sheet.formula, Reason.FORMULA_CELL), (sheet.numeric, Reason.NUMERIC_IDENTIFIER)):
            if column.name in marks:
                flag(done, marks[column.name], reason, column.name)
        typed, misfit = _typed(column, texts, sheet.units.get(column.name, ""))
        if column.kind in NUMBERS:
            typed = _numbers_alone(done, column, typed)
        elif column.kind == "label":
            found = map_distinct(texts, lambda text: IDENTIFIER.search(text) is not None, pa.bool_())
            flag(done, found, Reason.IDENTIFIER_IN_TEXT, column.name)
        if column.required:
            flag(done, texts.is_null(), Reason.MISSING_REQUIRED, column.name)
        done.columns[column.name] = typed
        if misfit is not None:
            odd = pc.and_(typed.is_null(), texts.is_valid())
            if not column.required and column.kind in _MEASURES and pc.any(odd).as_py():
                odd = pc.and_(odd, pc.invert(_says_nothing(texts, column)))
            flag(done, odd, misfit, column.name)
        if column.kind == "amount" and not column.signed:
            flag(done, pc.less(typed, 0), Reason.NEGATIVE_AMOUNT, column.name)
    return done


def flag(done: Conformed, mask: pa.Array | np.ndarray, reason: Reason, field: str) -> None:
    """Give rows of a mask a reason, unless they have one already."""
    where = mask if isinstance(mask, np.ndarray) else pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    fresh = where & (done.wrong < 0)
    done.wrong[fresh] = REASONS.index(reason)
    done.field[fresh] = field


def _typed(column: Column, texts: pa.Array, unit: str) -> tuple[pa.Array, Reason | None]:
    match column.kind:
        case "amount":
            return (parse_fen_array(texts, unit) if unit else pa.nulls(len(texts), pa.int64())), Reason.BAD_AMOUNT
        case "date":
            return parse_date_array(texts), Reason.BAD_DATE
        case "timestamp":
            return parse_timestamp_array(texts), Reason.BAD_DATE
        case "month":
            return parse_month_array(texts), Reason.BAD_MONTH
        case "int":
            return _integers(texts), Reason.BAD_NUMBER
        case "division":
            return map_distinct(texts, _division_code, pa.string()), Reason.UNKNOWN_DIVISION
        case "programme":
            return map_distinct(texts, find_programme, pa.string()), Reason.UNKNOWN_PROGRAMME
        case "word":
            return map_distinct(texts, lambda text: column.words.get(compact(text)), pa.string()), Reason.UNKNOWN_WORD
        case "person":
            return to_18_array(normalise_id_array(texts)), _missing(column)
        case "card":
            return normalise_card_array(texts), _missing(column)
        case "account":
            return normalise_card_array(texts), _missing(column)
        case "identifier" | "household":
            return bare_number_array(texts), _missing(column)
        case "identifiers":
            return one_list_array(texts), _missing(column)
        case "doc_no":
            return map_distinct(texts, lambda text: one_spelling(bare_number(text)), pa.string()), _missing(column)
        case "scrubbed":
            return map_distinct(texts, lambda text: scrub(text, trade_vocabulary()), pa.string()), None
        case _:
            return texts, None


def _says_nothing(texts: pa.Array, column: Column) -> pa.Array:
    """Whether a text says as much as an empty cell."""

    def said(text: str) -> bool:
        plain = compact(text)
        return plain in column.empty or _NOTHING.fullmatch(plain) is not None

    return pc.fill_null(map_distinct(texts, said, pa.bool_()), True)


def _numbers_alone(done: Conformed, column: Column, numbers: pa.Array) -> pa.Array:
    """The numbers, null where there is none; rows in which digits are lost or something stands with a number are flagged.

    Words in a column that may be empty (本人, 现金) name no number, like an empty cell.
    """
    plain, fault = NUMBERS[column.kind]
    odd = pc.invert(pc.fill_null(plain(numbers), True))
    if not pc.any(odd).as_py():
        return numbers
    may_be_words = not column.required and column.kind in ("person", "card")

    def verdict(text: str) -> str | None:
        found = fault(text) if text else None
        return _NONE if not text or (found and may_be_words and not has_digit(text)) else found

    said = pc.replace_with_mask(pa.nulls(len(numbers), pa.string()), odd, map_distinct(numbers.filter(odd), verdict, pa.string()))
    for kind, reason in FAULTS.items():
        flag(done, pc.equal(said, kind.value), reason, column.name)
    return pc.if_else(pc.fill_null(pc.equal(said, _NONE), False), pa.scalar(None, pa.string()), numbers)


def _account_fault(text: str) -> Fault | None:
    """As of a card; words alone (现金) are a payee without an account."""
    return card_fault(text) if has_digit(text) else None


FAULTS = {
    Fault.LOST: Reason.NUMERIC_IDENTIFIER,
    Fault.WORDS: Reason.NUMBER_WITH_WORDS,
    Fault.LETTERS: Reason.NUMBER_WITH_LETTERS,
    Fault.SIGNS: Reason.NUMBER_WITH_SIGNS,
}
_NONE = "none"
# Kinds of numbers: which texts of a column are seen at once to be sound, and what is wrong with one of the others.
NUMBERS: dict[str, tuple[Callable[[pa.Array], pa.Array], Callable[[str], Fault | None]]] = {
    "person": (are_ids, id_fault),
    "card": (are_digits, card_fault),
    "account": (are_digits, _account_fault),
    "household": (are_letters_and_digits, identifier_fault),
    "identifier": (are_letters_and_digits, identifier_fault),
    "identifiers": (are_letters_and_digits, list_fault),
    "doc_no": (are_letters_and_digits, identifier_fault),
}


def _missing(column: Column) -> Reason | None:
    return Reason.MISSING_REQUIRED if column.required else None


def _integers(texts: pa.Array) -> pa.Array:
    plain = pc.fill_null(pc.match_substring_regex(texts, _INT), False)
    if not pc.all(pc.or_(plain, texts.is_null())).as_py():
        texts = map_distinct(texts, lambda text: compact(text).removesuffix(".0").removesuffix("年"), pa.string())
        plain = pc.fill_null(pc.match_substring_regex(texts, _INT), False)
    return pc.cast(pc.if_else(plain, texts, pa.scalar(None, pa.string())), pa.int32())


def _division_code(text: str) -> str | None:
    division = find_division(text)
    return division.code if division else None


def each(texts: pa.Array, function: Callable[[str], object], kind: pa.DataType = None) -> pa.Array:
    """`function` over distinct values, text unless `kind` says otherwise."""
    return map_distinct(texts, function, kind or pa.string())
