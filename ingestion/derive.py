"""What is particular to one source: facts of the file and typed columns become the rows of its lake table."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.conform import Conformed, each, flag
from ingestion.drawn_documents import flag_unreadable
from ingestion.missing_ids import with_stand_ins, without_placeholders
from ingestion.refusal import FileRefused
from ingestion.sheet_rows import SheetRows
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import (
    agent_bank_account,
    agreed_memo_programme,
    find_bank,
    find_fund,
    find_programme,
    pool_of_subject,
    trade_vocabulary,
)
from onecard.catalogue.shown_names import shown_name
from onecard.catalogue.sources import Contract
from onecard.words.divisions import GOVERNMENT_LEVELS, divisions, find_division
from onecard.words.masks import looks_like_institution, mask_name, scrub
from onecard.words.months import SHANGHAI, spoken_month
from onecard.words.national_id import birth_date_array, sex_array

_LEVELS = {level: place for place, level in enumerate(GOVERNMENT_LEVELS)}


@dataclass
class Facts:
    """What is known of the file as a whole: sender (division or bank code), period (yyyymm), groups of its name, and of what it pays.

    `programme` is that of the sheet being read, `programmes` those of all sheets so far.
    """

    sender: str
    period: str | None
    named: dict[str, str] = field(default_factory=dict)
    office: str | None = None
    programme: str | None = None
    programmes: set[str] = field(default_factory=set)

    @property
    def month(self) -> int | None:
        return int(self.period) if self.period and len(self.period) == 6 and self.period.isdigit() else None


Derivation = Callable[[Conformed, Facts], dict[str, pa.Array]]
DERIVE: dict[str, Derivation] = {}


def of_source(derive: Derivation) -> Derivation:
    """Registers a function as the derivation of the source it is named after."""
    DERIVE[derive.__name__] = derive
    return derive


def resolve_sender(contract: Contract, text: str | None) -> str:
    """Division or bank code of a sender. Raises FileRefused when it is not known."""
    if contract.sender == "division":
        division = find_division(text)
        code = division.code if division else None
    else:
        code = find_bank(text)
    if code is None:
        raise FileRefused(Reason.UNKNOWN_SENDER, shown_name(text or ""))
    return code


def constant(value: object, size: int, kind: pa.DataType) -> pa.Array:
    return pa.nulls(size, kind) if value is None else pa.repeat(pa.scalar(value, kind), size)


@of_source
def budget_allocations(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns, size = done.columns, len(done.row_no)
    receiver = pc.coalesce(columns["receiver_division"], each(columns["receiver_name"], _office))
    flag(done, receiver.is_null(), Reason.UNKNOWN_DIVISION, "receiver_name")
    pool = each(columns["fund_name"], lambda text: find_fund(text)[0])
    flag(done, pc.and_(pool.is_null(), columns["fund_name"].is_valid()), Reason.UNKNOWN_FUND, "fund_name")
    kind, amount = _document_kinds(columns, receiver, facts.sender)
    flag(done, kind.is_null(), Reason.NOT_BETWEEN_LEVELS, "issuer_division")
    return columns | {
        "receiver_division": receiver,
        "reporter_division": constant(facts.sender, size, pa.string()),
        "pool_code": pool,
        "programme_code": each(columns["fund_name"], lambda text: find_fund(text)[1]),
        "kind": kind,
        "amount_fen": amount,
    }


def _office(text: str) -> str | None:
    division = find_division(text)
    return division.code if division else None


def _document_kinds(columns: dict[str, pa.Array], receiver: pa.Array, reporter: str) -> tuple[pa.Array, pa.Array]:
    """Kind of each line from who reports it (see docs/rooms/ingestion.md), with its amount positive."""
    level = {code: _LEVELS[division.level] for code, division in divisions().items()}
    kinds: list[str | None] = []
    amounts = columns["amount_fen"].to_pylist()
    rows = zip(columns["issuer_division"].to_pylist(), receiver.to_pylist(), columns["transaction"].to_pylist(), amounts, strict=True)
    for issuer, to, transaction, amount in rows:
        back = transaction == "clawback" or (amount is not None and amount < 0)
        if issuer is None or to is None:
            kinds.append(None)
        elif issuer == to == reporter:
            kinds.append("carry_in" if transaction == "carry_in" else "own" if not back else None)
        elif to == reporter and level[issuer] < level[to]:
            kinds.append("clawback_out" if back else "received")
        elif issuer == reporter and level[to] > level[issuer]:
            kinds.append("clawback_in" if back else "passed_down")
        else:
            kinds.append(None)
    return pa.array(kinds, pa.string()), pc.abs(columns["amount_fen"])


@of_source
def treasury_payments(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns, size = done.columns, len(done.row_no)
    bank = each(columns["payee_account"], lambda text: (agent_bank_account(text) or (None, None))[0])
    programme = each(columns["purpose"], find_programme)
    # The account the money was booked under says whose money it is; only without one does the purpose.
    pool = pc.coalesce(each(columns["subject_code"], pool_of_subject), each(columns["purpose"], lambda text: find_fund(text)[0]))
    flag(done, pool.is_null(), Reason.UNKNOWN_FUND, "purpose")
    flag_unreadable(done)
    return columns | {
        "payer_division": constant(facts.sender, size, pa.string()),
        "payroll_month": pc.coalesce(columns["payroll_month"], _months_of_purposes(columns)),
        "programme_code": programme,
        "pool_code": pool,
        "payee_bank_code": bank,
        "payee_kind": pc.if_else(bank.is_valid(), "agent_bank", "other"),
        "payee_display": each(columns["payee_name"], lambda text: text if looks_like_institution(text) else mask_name(text)),
        "purpose_scrubbed": each(columns["purpose"], lambda text: scrub(text, trade_vocabulary())),
    }


def _months_of_purposes(columns: dict[str, pa.Array]) -> pa.Array:
    """The month that a purpose names, for vouchers without one of their own."""
    rows = zip(columns["purpose"].to_pylist(), columns["paid_on"].to_pylist(), strict=True)
    return pa.array([spoken_month(purpose, paid) if purpose and paid else None for purpose, paid in rows], pa.int32())


@of_source
def payment_rolls(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    programme = facts.programme
    if programme is None:
        raise FileRefused(Reason.UNKNOWN_FILE_PROGRAMME)
    columns, size = with_stand_ins(without_placeholders(done.columns, "payee_person_key"), facts.sender), len(done.row_no)
    return columns | {
        "division": constant(facts.sender, size, pa.string()),
        "programme_code": constant(programme, size, pa.string()),
        "household_key": columns["head_person_key"],
    }


@of_source
def beneficiary_registers(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    size = len(done.row_no)
    if facts.month is None:
        raise FileRefused(Reason.UNKNOWN_PERIOD)
    columns = with_stand_ins(without_placeholders(done.columns, "proxy_person_key"), facts.sender)
    return columns | {
        "division": constant(facts.sender, size, pa.string()),
        "snapshot_month": constant(facts.month, size, pa.int32()),
        "household_key": columns["head_person_key"],
        "id_agrees": _id_agrees(done.columns),
    }


def _id_agrees(columns: dict[str, pa.Array]) -> pa.Array:
    """`yes`, `birth_differs` or `sex_differs`: the register's own columns against what the ID number says; null where neither can speak."""
    numbers = columns["person_key"]
    born = pc.not_equal(columns["born_on"], birth_date_array(numbers))
    other_sex = pc.not_equal(columns["sex"], sex_array(numbers))
    spoke = pc.or_(born.is_valid(), other_sex.is_valid())
    answer = pc.if_else(pc.fill_null(other_sex, False), "sex_differs", "yes")
    answer = pc.if_else(pc.fill_null(born, False), "birth_differs", answer)
    return pc.if_else(spoke, answer, pa.scalar(None, pa.string()))


@of_source
def deaths(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns = without_placeholders(done.columns, "person_key")
    return columns | {"division": constant(facts.sender, len(done.row_no), pa.string())}


@of_source
def staff_relatives(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns = without_placeholders(done.columns, "staff_person_key", "relative_person_key")
    return columns | {"division": constant(facts.sender, len(done.row_no), pa.string())}


@of_source
def card_withdrawals(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns = without_placeholders(done.columns, "agent_person_key")
    return columns | {
        "bank_code": constant(facts.sender, len(done.row_no), pa.string()),
        "withdrawn_on": _day_in_shanghai(done.columns["withdrawn_at"]),
    }


def _day_in_shanghai(moment: pa.Array) -> pa.Array:
    return pc.local_timestamp(moment.cast(pa.timestamp("us", SHANGHAI.key))).cast(pa.date32(), safe=False)


@of_source
def card_accounts(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    size = len(done.row_no)
    if facts.month is None:
        raise FileRefused(Reason.UNKNOWN_PERIOD)
    columns = without_placeholders(done.columns, "holder_person_key", "agent_person_key")
    return columns | {
        "bank_code": constant(facts.sender, size, pa.string()),
        "snapshot_month": constant(facts.month, size, pa.int32()),
    }


@of_source
def bank_batches(done: Conformed, facts: Facts) -> dict[str, pa.Array]:
    columns, size = without_placeholders(done.columns, "person_key"), len(done.row_no)
    failed = pc.equal(columns["status"], "failed")
    return columns | {
        "bank_code": constant(facts.sender, size, pa.string()),
        "batch_no": constant(facts.named["batch_no"], size, pa.string()),
        "credited_on": _day_in_shanghai(columns["credited_at"]),
        "failure_code": pc.if_else(failed, pc.coalesce(columns["failure_code"], "other"), None),
        "memo_scrubbed": each(columns["memo"], lambda text: scrub(text, trade_vocabulary())),
        "memo_programme": each(columns["memo"], agreed_memo_programme),
    }


def only_value(sheet: SheetRows, name: str, spell: Callable[[str], str] = str) -> str | None:
    """The one value, spelled alike, that a column repeats in every row (csv return files carry their batch that way).

    Raises FileRefused when there are several: two batches in one file would pass for one.
    """
    values = list({spell(value): None for value in pc.unique(sheet.columns[name]).to_pylist() if value})
    if len(values) > 1:
        raise FileRefused(Reason.SEVERAL_BATCHES, name)
    return values[0] if values else None
