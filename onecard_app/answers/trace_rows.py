"""Rows of the answer of a trace: their shapes and units. Money in fen, days are `datetime.date`, months int yyyymm."""

import datetime as dt
from typing import Any, TypedDict

from onecard.words.language import Text

Row = dict[str, Any]
# Days at each stop (titles.STOPS): the least and the most of the rows summed, below zero where money was spent before it came; None where
# they are not known.
Days = dict[str, list[int] | None]


class DocumentRow(TypedDict):
    """One way a document went: from whom to whom, as sent and as received; `fen` is whichever is more."""

    issuer_division: str | None
    issuer_name: str | None
    receiver_division: str | None
    receiver_name: str | None
    issued_on: dt.date | None
    received_on: dt.date | None
    sent_fen: int
    received_fen: int
    fen: int


class SourceRow(TypedDict):
    """Whose money it is: the document it began with and those it came down by; `fen` = credited + resting.

    `specific_fen`: part of the credited that documents named all the way; the rest was matched first in, first out somewhere.
    """

    source_kind: str
    source_doc_no: str | None
    source_level: str | None
    source_division: str | None
    source_on: dt.date | None
    province_doc_no: str | None
    city_doc_no: str | None
    county_doc_no: str | None
    credited_fen: int
    specific_fen: int
    resting_fen: int
    fen: int
    is_overdrawn: bool
    days: Days


class ReachRow(TypedDict):
    """How much of a document reached cards by the payments of one pool it came into: as traced, and the least and most in any order.

    `named_fen`: what payments and pass-downs say they draw on it, `named_credited_fen` of this on cards.
    """

    division: str
    division_name: str | None
    pool_code: str
    fiscal_year: int
    doc_no: str
    inflow_fen: int
    named_fen: int
    named_credited_fen: int
    credited_fen: int
    at_least_fen: int
    at_most_fen: int


class NamingRow(TypedDict):
    """A payment that names the document: what it asked of it and got (titles.DRAWN); `short_fen` of it is traced first in, first out."""

    division: str
    division_name: str | None
    voucher_no: str | None
    paid_on: dt.date | None
    doc_no: str
    received_doc_no: str | None
    stated_fen: int | None
    asked_fen: int
    drawn_fen: int
    short_fen: int
    status: str


class ReachedRow(TypedDict):
    """Where it arrived: county, programme and month (yyyymm), with distinct cards, persons and households."""

    division: str
    division_name: str | None
    programme_code: str
    programme_name: Text
    payroll_month: int
    fen: int
    credits: int
    cards: int
    persons: int
    households: int
    first_credited_on: dt.date | None
    last_credited_on: dt.date | None
    is_overdrawn: bool
    days: Days


class RestingRow(TypedDict):
    """Where it lies (titles.PLACES), since when, for how many days, and the rule that watches it."""

    place: str
    division: str | None
    division_name: str | None
    level: str | None
    pool_code: str | None
    fiscal_year: int | None
    bank_code: str | None
    bank_name: Text | None
    batch_no: str | None
    reference: str | None
    since: dt.date | None
    days: int | None
    age_band: str | None
    rule_code: str | None
    fen: int


class PassedDownRow(TypedDict):
    """What a place sent to one below in a fiscal year, as sent and as received."""

    receiver_division: str | None
    receiver_name: str | None
    fiscal_year: int
    sent_fen: int
    received_fen: int
    last_received_on: dt.date | None
