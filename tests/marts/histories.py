"""Random years of a city's money, as lake rows: documents lost or altered on the way, money spent before it came, lines that fail."""

import datetime as dt
from operator import itemgetter
from typing import Any

import compiled
from hypothesis import strategies as st

BUSINESS_DATE = dt.date(2019, 12, 31)
COUNTIES = ("621102", "621121")
CHAIN = {"100000": ("620000",), "620000": ("621100",), "621100": COUNTIES}
GOVERNMENTS = (*CHAIN, *COUNTIES)
POOL_OF = {"rural_dibao": "relief", "tekun": "relief", "disability_care": "disability"}
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2019, 12, 30))
# Small sums, so that intervals meet; now and then one near the bound of what a city can hold.
FEN = st.one_of(st.integers(1, 400), st.integers(1, 400), st.integers(10**12, 10**12 + 3))
Lake = dict[str, list[dict[str, Any]]]


class _Pen:
    """Writes lake rows, each at a place of its own."""

    def __init__(self) -> None:
        tables = ("budget_allocations", "treasury_payments", "bank_batches", "bank_batch_controls", "payment_rolls", "payment_documents")
        self.lake: Lake = {"deliveries": [compiled.delivery()], **{name: [] for name in tables}}

    def write(self, table: str, **facts: Any) -> None:
        rows = self.lake[table]
        rows.append({"sheet_no": list(self.lake).index(table), "row_no": len(rows) + 1, **facts})


@st.composite
def histories(draw: st.DrawFn) -> Lake:
    """Two years of documents and payments, every row in force."""
    pen = _Pen()
    known: list[str] = []
    for number in range(draw(st.integers(0, 8))):
        _document(draw, pen, number, known)
    for number in range(draw(st.integers(0, 4))):
        _batch(draw, pen, number)
    for _ in range(draw(st.integers(0, 3))):
        _several(draw, pen)
    for row in pen.lake["treasury_payments"]:
        if draw(st.integers(0, 2)) == 0:
            _named(draw, pen, row, known)
    return pen.lake


def _named(draw: st.DrawFn, pen: _Pen, payment: dict[str, Any], known: list[str]) -> None:
    """The documents that a payment says it draws on, with or without amounts; one may be nobody's."""
    names = draw(st.lists(st.sampled_from([*known, "文〔2018〕99号"]), min_size=1, max_size=3))
    stated = [draw(st.one_of(st.none(), st.none(), st.integers(0, 300))) for _ in names]
    without = "、".join(dict.fromkeys(name for name, fen in zip(names, stated, strict=True) if fen is None))
    seen = set()
    for position, (name, fen) in enumerate(zip(names, stated, strict=True), 1):
        if (name, fen) not in seen:
            seen.add((name, fen))
            pen.lake["payment_documents"].append(
                {"sheet_no": payment["sheet_no"], "row_no": payment["row_no"], "position": position, "doc_no": name, "stated_fen": fen,
                 "in_order": without if fen is None else None}
            )  # fmt: skip


def _several(draw: st.DrawFn, pen: _Pen) -> None:
    """A voucher, or money back, for several batches at once, one of which may never come; their banks may differ."""
    batches = pen.lake["bank_batch_controls"]
    if not batches:
        return
    chosen = draw(st.lists(st.sampled_from(batches), min_size=1, max_size=3, unique_by=itemgetter("batch_no")))
    numbers = [row["batch_no"] for row in chosen] + draw(st.sampled_from(([], [], ["B9"])))
    fen = draw(st.one_of(FEN, st.just(max(1, sum(row["trailer_fen"] for row in chosen)))))
    place, sign = draw(st.sampled_from(chosen)), draw(st.sampled_from((1, 1, 1, -1)))
    pen.write("treasury_payments", voucher_no=f"V{len(pen.lake['treasury_payments'])}", payer_division=place["division"],
              programme_code=place["programme_code"], pool_code=POOL_OF[place["programme_code"]], payee_kind="agent_bank",
              payee_bank_code=place["bank_code"], amount_fen=sign * fen, paid_on=draw(DAYS),
              batch_no=draw(st.sampled_from(("、".join(numbers),) * 4 + (None,))),
              payroll_month=place["payroll_month"])  # fmt: skip


def _document(draw: st.DrawFn, pen: _Pen, number: int, known: list[str]) -> None:
    kind = draw(st.sampled_from(("pass", "pass", "pass", "own", "own", "carry_in", "clawback")))
    issuer = draw(st.sampled_from(GOVERNMENTS if kind in ("own", "carry_in") else tuple(CHAIN)))
    day, amount, year = draw(DAYS), draw(FEN), draw(st.sampled_from((2018, 2018, 2019)))
    doc_no = f"文〔{year}〕{number}号"
    shared = {
        "doc_no": doc_no, "pool_code": draw(st.sampled_from(("relief", "relief", "disability"))), "issuer_division": issuer,
        "issued_on": day, "fiscal_year": 2019 if kind == "carry_in" else year,
        "fund_source_level": draw(st.sampled_from((None, "central", "province"))),
    }  # fmt: skip
    parent = draw(st.sampled_from([None, *known]))
    known.append(doc_no)
    if kind in ("own", "carry_in"):
        pen.write("budget_allocations", **shared, receiver_division=issuer, reporter_division=issuer, amount_fen=amount, kind=kind)
        return
    receiver = draw(st.sampled_from(CHAIN[issuer]))
    down, up = ("passed_down", "received") if kind == "pass" else ("clawback_in", "clawback_out")
    shared |= {"receiver_division": receiver, "parent_doc_no": parent}
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
        pen.write("budget_allocations", **shared, reporter_division=issuer, amount_fen=amount, kind=down)
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
        pen.write("budget_allocations", **shared, reporter_division=receiver, kind=up,
                  amount_fen=amount + draw(st.sampled_from((0, 0, 1))),
                  received_on=day + dt.timedelta(days=draw(st.integers(0, 90))))  # fmt: skip


def _batch(draw: st.DrawFn, pen: _Pen, number: int) -> None:
    """A roll, its batch and voucher; what failed is returned, paid again with or without a voucher, or left."""
    county, programme, bank = draw(st.sampled_from(COUNTIES)), draw(st.sampled_from(sorted(POOL_OF))), draw(st.sampled_from(("RCU", "ABC")))
    month, day, batch_no = 201800 + draw(st.integers(1, 3)), draw(DAYS), f"B{number}"
    payees = [(draw(st.one_of(st.none(), st.integers(1, 6))), draw(FEN)) for _ in range(draw(st.integers(0, 4)))]
    place = {"bank_code": bank, "division": county, "programme_code": programme, "payroll_month": month}
    failed: list[tuple[int | None, int]] = []
    for seq, (person, amount) in enumerate(payees):
        status = draw(st.sampled_from(("success", "success", "failed")))
        if status == "failed":
            failed.append((person, amount))
        _line(pen, bank, batch_no, seq, person, amount, day, status, programme)
    total = sum(amount for _, amount in payees)
    _control(pen, place, batch_no, total, len(payees), "original", None)
    _voucher(pen, place, batch_no, draw(st.sampled_from((0, total, total, total + 1, draw(FEN)))), day, draw)
    back = sum(amount for _, amount in failed)
    later = day + dt.timedelta(days=draw(st.integers(-3, 20)))
    if failed and draw(st.booleans()):
        _voucher(pen, place, batch_no, -draw(st.sampled_from((back, back, draw(FEN)))), later, draw)
    if failed and draw(st.booleans()):
        again = later + dt.timedelta(days=5)
        for seq, (person, amount) in enumerate(failed):
            _line(pen, bank, f"{batch_no}R", seq, person, amount, again, draw(st.sampled_from(("success", "success", "failed"))), programme)
        _control(pen, place, f"{batch_no}R", back, len(failed), "reissue", batch_no)
        _voucher(pen, place, f"{batch_no}R", draw(st.sampled_from((0, back))), again, draw)
    for person in range(1, draw(st.integers(1, 5))):
        pen.write("payment_rolls", division=county, programme_code=programme, payroll_month=month, person_key=person, name_key=person,
                  head_person_key=person, household_key=1000 + person, card_key=100 + person, amount_fen=draw(FEN))  # fmt: skip


def _line(pen: _Pen, bank: str, batch: str, seq: int, person: int | None, amount: int, day: dt.date, status: str, memo: str) -> None:
    pen.write("bank_batches", bank_code=bank, batch_no=batch, seq_no=seq, person_key=person, name_key=person,
              card_key=None if person is None else 100 + person, amount_fen=amount, credited_on=day, status=status,
              memo_programme=memo)  # fmt: skip


def _control(pen: _Pen, place: dict[str, Any], batch: str, total: int, count: int, kind: str, original: str | None) -> None:
    pen.write("bank_batch_controls", **place, batch_no=batch, batch_kind=kind, original_batch_no=original, header_count=count,
              header_fen=total, trailer_count=count, trailer_fen=total)  # fmt: skip


def _voucher(pen: _Pen, place: dict[str, Any], batch: str, amount: int, day: dt.date, draw: st.DrawFn) -> None:
    if amount:
        pen.write("treasury_payments", voucher_no=f"V{len(pen.lake['treasury_payments'])}", payer_division=place["division"],
                  programme_code=place["programme_code"], pool_code=POOL_OF[place["programme_code"]],
                  payee_kind=draw(st.sampled_from(("agent_bank",) * 5 + ("other",))), payee_bank_code=place["bank_code"],
                  amount_fen=amount, paid_on=day, batch_no=draw(st.sampled_from((batch,) * 5 + (None,))),
                  payroll_month=place["payroll_month"])  # fmt: skip
