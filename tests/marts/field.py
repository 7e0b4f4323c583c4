"""A lake written row by row, in which every case of every rule has a county and persons of its own; built once for all cases.

A row is known by its number, which is unique over all tables: what a case expects is the set of numbers of its primary evidence.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import compiled

from onecard.words.divisions import divisions

BUSINESS_DATE = compiled.BUSINESS_DATE
POOLS = {"disability_living": "disability", "disability_care": "disability"}
PROGRAMMES = ("rural_dibao", "tekun", "temporary_relief", "orphan", "disability_living", "disability_care")
FEN = 30_000
BANK_SOURCES = ("bank_batches", "card_accounts", "card_withdrawals")
# Persons of a case have lesser numbers.
BYSTANDERS = 700

_COUNTIES = sorted(code for code, division in divisions().items() if division.level == "county")


def day(month: int, number: int) -> dt.date:
    return dt.date(month // 100, month % 100, number)


@dataclass
class Field:
    """The whole lake, and the rows of each case."""

    lake: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))


class Case:
    """One case's county. Persons, names and cards are small numbers (7 is 7 everywhere in the case); card 7 is held by person 7
    where a card list says so. Methods add a row and return its number."""

    def __init__(self, field: Field, index: int) -> None:
        self._lake, self._numbers, self._base = field.lake, field.numbers, index * 1000
        self.county = _COUNTIES[index]
        # Nobody else's, while a module has fewer cases than half the counties.
        self.other_county = _COUNTIES[-1 - index]
        self.city = divisions()[self.county].parent
        self.rows: set[int] = set()
        self._deliveries: dict[str, dict[str, Any]] = {}
        self._batches = 0

    def key(self, number: int | None) -> int | None:
        """The pseudonym of a person, a name, a card or a household of this case."""
        return None if number is None else self._base + number

    def delivery(self, source: str, **facts: Any) -> None:
        """A delivery in force: the rows of its source that follow belong to it. The first row of a source brings one with it."""
        sender = {"sender_bank": "RCU"} if source in BANK_SOURCES else {"sender_division": self.county, "period": "201812"}
        row = compiled.delivery(next(self._numbers), source, **(sender | facts))
        self._lake["deliveries"].append(row)
        self._deliveries[source] = row

    def _add(self, table: str, source: str, values: dict[str, Any]) -> int:
        if source not in self._deliveries:
            self.delivery(source)
        number = next(self._numbers)
        self._lake[table].append({"delivery_key": self._deliveries[source]["delivery_key"], "sheet_no": 1, "row_no": number} | values)
        self.rows.add(number)
        return number

    def document(
        self,
        kind: str,
        doc_no: str,
        fen: int = FEN,
        issued: dt.date = dt.date(2018, 1, 5),
        issuer: str = "",
        receiver: str = "",
        **more: Any,
    ) -> int:
        """A row of the list of the government that its kind names: sender for what goes down, else receiver."""
        issuer, receiver = issuer or self.city, receiver or self.county
        reporter = issuer if kind in ("passed_down", "clawback_in") else receiver
        if kind in ("own", "carry_in"):
            issuer = receiver
        values = {
            "doc_no": f"{doc_no}/{self.county}", "issuer_division": issuer, "receiver_division": receiver, "reporter_division": reporter,
            "pool_code": "relief", "fiscal_year": 2018, "amount_fen": fen, "issued_on": issued, "fund_source_level": "central",
            "kind": kind,
        }  # fmt: skip
        if more.get("parent_doc_no"):
            more["parent_doc_no"] = f"{more['parent_doc_no']}/{self.county}"
        return self._add("budget_allocations", "budget_allocations", values | more)

    def funds(self, fen: int = 10**12) -> None:
        """Plenty of the county's own money from the first day of the year, in both pools."""
        for pool in ("relief", "disability"):
            self.document("own", f"own-{pool}", fen, dt.date(2018, 1, 1), pool_code=pool)

    def voucher(self, batch_no: str | None, fen: int, paid: dt.date, programme: str | None = "rural_dibao", **more: Any) -> int:
        values = {
            "voucher_no": f"V{batch_no}-{paid}", "payer_division": self.county, "programme_code": programme,
            "pool_code": POOLS.get(programme or "", "relief"), "payee_kind": "agent_bank", "payee_bank_code": "RCU", "amount_fen": fen,
            "paid_on": paid, "batch_no": batch_no, "payroll_month": paid.year * 100 + paid.month,
        }  # fmt: skip
        return self._add("treasury_payments", "treasury_payments", values | more)

    def roll(self, person: int, fen: int = FEN, month: int = 201803, programme: str = "rural_dibao", **more: Any) -> int:
        """A row of a roll: the person is a household of their own, with a card of their own, unless `more` says otherwise."""
        head = more.pop("head", person)
        values = {
            "division": self.county, "programme_code": programme, "payroll_month": month, "household_key": self.key(head),
            "head_person_key": self.key(head), "person_key": self.key(person), "name_key": self.key(person), "amount_fen": fen,
            "card_key": self.key(more.pop("card", person)), "payee_person_key": self.key(more.pop("payee", None)),
        }  # fmt: skip
        return self._add("payment_rolls", "payment_rolls", values | more)

    def register(self, person: int, programme: str = "rural_dibao", month: int = 201803, **more: Any) -> int:
        head, proxy = more.pop("head", person), more.pop("proxy", None)
        values = {
            "division": self.county, "snapshot_month": month, "household_key": self.key(head), "head_person_key": self.key(head),
            "person_key": self.key(person), "name_key": self.key(more.pop("name", person)), "programme_code": programme,
            "approved_on": dt.date(2017, 1, 1), "start_month": 201702, "proxy_person_key": self.key(proxy),
        }  # fmt: skip
        return self._add("beneficiary_registers", "beneficiary_registers", values | more)

    def holder(self, card: int, person: int, agent: int | None = None, **more: Any) -> int:
        """A row of a card list; `agent` opened the card."""
        values = {
            "bank_code": "RCU", "snapshot_month": 201812, "card_key": self.key(card), "holder_person_key": self.key(person),
            "holder_name_key": self.key(more.pop("name", person)), "account_status": "open", "agent_person_key": self.key(agent),
        }  # fmt: skip
        return self._add("card_accounts", "card_accounts", values | more)

    def person(self, person: int, status: str, born: int | None = None) -> None:
        """What the ID number of a person is worth; a person never named has a valid one."""
        masked = f"6211**********{person:04d}"
        self._lake["persons"].append({"person_key": self.key(person), "id_status": status, "born_month": born, "id_masked": masked})

    def masked(self, name: int, mask: str) -> None:
        """How a name is shown."""
        self._lake["names"].append({"name_key": self.key(name), "name_masked": mask})

    def card_status(self, card: int, status: str) -> None:
        """What the number of a card is worth; a card never named has a right one."""
        self._lake["cards"].append({"card_key": self.key(card), "card_status": status})

    def compared(self, one: int, other: int, grade: str, reason: str | None = None) -> None:
        """How two names compare."""
        a, b = self._pair(one, other)
        self._lake["name_comparisons"].append({"name_key_a": a, "name_key_b": b, "grade": grade, "reason": reason})

    def linked(self, one: int, other: int, grade: str = "same", reason: str = "相差一位 one digit off") -> None:
        """Two numbers that may be one person."""
        a, b = self._pair(one, other)
        self._lake["person_links"].append({"person_key_a": a, "person_key_b": b, "kind": "one_digit", "grade": grade, "reason": reason})

    def judged(self, one: int, other: int, verdict: str, of: int | None = None, on: dt.date = dt.date(2018, 6, 1)) -> None:
        """What a person decided about two numbers, or about two names of person `of`."""
        a, b = self._pair(one, other)
        facts = {"subject": "person" if of is None else "name", "person_key": self.key(of), "key_a": a, "key_b": b, "verdict": verdict}
        self._lake["verdicts"].append({**facts, "reviewer": "r", "decided_at": dt.datetime.combine(on, dt.time(1), dt.UTC)})

    def _pair(self, one: int, other: int) -> list[int]:
        return sorted(self._base + number for number in (one, other))

    def death(self, person: int, died: dt.date, registered: dt.date | None = None, **more: Any) -> int:
        """A row of a list of the dead."""
        values = {"division": self.county, "person_key": self.key(person), "died_on": died, "registered_on": registered}
        return self._add("deaths", "deaths", values | more)

    def staff(self, person: int, relative: int | None = None, filed: str | None = None, **more: Any) -> int:
        """A row of a list of staff, with a relative or alone."""
        values = {
            "division": self.county, "staff_person_key": self.key(person), "relative_person_key": self.key(relative), "is_filed": filed,
        }  # fmt: skip
        return self._add("staff_relatives", "staff_relatives", values | more)

    def drawn(self, card: int, at: dt.datetime, agent: int | None = None, channel: str = "counter", **more: Any) -> int:
        """A withdrawal at a moment of Shanghai."""
        values = {
            "bank_code": "RCU", "card_key": self.key(card), "txn_no": str(len(self.rows)), "withdrawn_on": at.date(), "channel": channel,
            "withdrawn_at": (at - dt.timedelta(hours=8)).replace(tzinfo=dt.UTC), "amount_fen": FEN, "terminal_no": f"{self.county}-T",
            "agent_person_key": self.key(agent),
        }  # fmt: skip
        return self._add("card_withdrawals", "card_withdrawals", values | more)

    def surround(self, rule: str) -> None:
        """What makes a county's files whole beside the rows of its case: twenty bystanders in each of its cells, whom nothing ails, and
        files that came and hold nobody. Without it the case would rest on what was not read."""
        tables = {"payment_rolls": "payment_rolls", "bank_batch_controls": "bank_batches"}
        mine = {
            (row["division"], row["programme_code"], row["payroll_month"])
            for table in tables
            for row in self._lake[table]
            if row["row_no"] in self.rows
        }
        months = sorted({row["snapshot_month"] for row in self._lake["beneficiary_registers"] if row["row_no"] in self.rows})
        failed = {row["batch_no"] for row in self._lake["bank_batches"] if row["row_no"] in self.rows and row["status"] == "failed"}
        again = [row for row in self._lake["bank_batch_controls"] if row["batch_no"] in failed]
        self._deliveries.clear()
        for place, (county, programme, month) in enumerate(sorted(mine, key=str)):
            if not rule.startswith("FS"):
                first = BYSTANDERS + 20 * (PROGRAMMES.index(programme) + (0 if county == self.county else len(PROGRAMMES)))
                people = range(first, first + 20)
                batch = self.batch(month, programme, division=county, batch_no=f"{self._base}-by-{place}")
                for person in people:
                    self.roll(person, month=month, programme=programme, division=county)
                    batch.line(person)
                for snapshot in months:
                    for person in people:
                        self.register(person, programme, snapshot, division=county)
        for row in again if rule == "FS04" else ():
            batch = self.batch(row["payroll_month"], row["programme_code"], batch_kind="reissue", bank_code=row["bank_code"])
            batch.line(BYSTANDERS)
        for month in range(201801, 201813):
            if rule not in ("FS03", "FS07"):
                self.came("treasury_payments", sender_division=self.county, period=str(month))
            self.came("beneficiary_registers", sender_division=self.county, period=str(month))
            for bank in ("RCU", "ABC", "PSBC"):
                self.came("card_accounts", sender_division=None, sender_bank=bank, period=str(month))
                if rule == "CD07":
                    continue
                self.came("card_withdrawals", sender_division=None, sender_bank=bank, period=str(month))

    def set_aside(self, source: str, person: int | None = None, fen: int = FEN) -> None:
        """A row in quarantine of the delivery of a source that was added last, about a person or nobody knows whom."""
        facts = {"delivery_key": self._deliveries[source]["delivery_key"], "sheet_no": 1, "row_no": next(self._numbers), "source": source}
        who = {"person_key": self.key(person), "card_key": self.key(person)}
        self._lake["quarantine_rows"].append(facts | who | {"amount_fen": fen})

    def came(self, source: str, **facts: Any) -> None:
        """A file that came, is whole, and holds none of these rows."""
        self._lake["deliveries"].append(compiled.delivery(next(self._numbers), source, **facts))

    def paid(self, person: int, month: int = 201803, programme: str = "rural_dibao", **more: Any) -> int:
        """A roll row of the person and its credit, which is returned; `on` and `name` are of the credit alone."""
        credit = {name: more.pop(name) for name in ("on", "name", "credited") if name in more}
        name = {"name": credit.pop("name")} if "name" in credit else {}
        card = {"card": more["card"]} if "card" in more else {}
        self.roll(person, month=month, programme=programme, **more)
        county = {"division": more["division"]} if "division" in more else {}
        return self.batch(month, programme, **credit, **county).line(person, **card, **name)

    def batch(self, month: int = 201803, programme: str = "rural_dibao", on: int = 8, **more: Any) -> "Batch":
        """A batch, credited on a day of its month (or `credited`); its lines follow."""
        self._batches += 1
        credited = more.pop("credited", None) or day(month, on)
        number = more.pop("batch_no", f"{self.county}-{self._batches}")
        values = {
            "bank_code": "RCU", "batch_no": number, "division": self.county, "programme_code": programme, "payroll_month": month,
            "batch_kind": "original", "batch_on": credited,
        }  # fmt: skip
        values |= more
        self._add("bank_batch_controls", "bank_batches", values)
        return Batch(self, number, values["bank_code"], programme, credited)


@dataclass
class Batch:
    case: Case
    number: str
    bank: str
    programme: str
    credited: dt.date
    seq: int = 0

    def line(self, person: int | None, fen: int = FEN, **more: Any) -> int:
        """A line, credited; name and card are the person's unless `more` says otherwise."""
        self.seq += 1
        card, name = more.pop("card", person), more.pop("name", person)
        credited = more.pop("credited", self.credited)
        values = {
            "bank_code": self.bank, "batch_no": self.number, "seq_no": self.seq, "person_key": self.case.key(person),
            "name_key": self.case.key(name), "card_key": self.case.key(card), "amount_fen": fen, "credited_on": credited,
            "credited_at": dt.datetime.combine(credited, dt.time(2), dt.UTC), "status": "success", "memo_programme": self.programme,
        }  # fmt: skip
        return self.case._add("bank_batches", "bank_batches", values | more)

    def failed(self, person: int | None, fen: int = FEN, code: str = "lost", **more: Any) -> int:
        """A line the bank refused."""
        return self.line(person, fen, status="failed", failure_code=code, **more)


Told = set[int]


@dataclass(frozen=True)
class Outcome:
    """What a case expects, what its rule reported of its rows, the rows that support it, and the findings that hold them."""

    expected: Told
    told: Told
    supporting: Told
    findings: list[dict[str, Any]]


class CaseBook:
    """The cases of one module, at most one per county; all of them are in the lake when the first outcome is asked for."""

    def __init__(self) -> None:
        self._cases: dict[str, Callable[[Case], Told]] = {}

    def case(self, rule: str) -> Callable[[Callable[[Case], Told]], Callable[[Case], Told]]:
        """Register a function that writes the rows of a case and returns the numbers of those the rule must report, and no others."""

        def register(write: Callable[[Case], Told]) -> Callable[[Case], Told]:
            self._cases[f"{rule}-{write.__name__}"] = write
            return write

        return register

    @property
    def names(self) -> list[str]:
        return list(self._cases)

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        field = Field()
        counties = [Case(field, index) for index in range(len(self._cases))]
        expected = [write(county) for write, county in zip(self._cases.values(), counties, strict=True)]
        for name, county in zip(self._cases, counties, strict=True):
            county.surround(name[:4])
        con = compiled.build(field.lake)
        broken = con.execute("select joint, scope, difference_fen from mart_conservation where difference_fen <> 0").fetchall()
        assert broken == [], "the cases must leave every joint closed"
        every = con.execute("select rule_code, row_no, finding_id, evidence_role from mart_finding_evidence").fetchall()
        evidence = [(rule, row, finding) for rule, row, finding, role in every if role == "primary"]
        findings = {row["finding_id"]: row for row in con.sql("select * from mart_finding").to_arrow_table().to_pylist()}
        done = {}
        for name, county, rows in zip(self._cases, counties, expected, strict=True):
            told = [(row, finding) for rule, row, finding in evidence if rule == name[:4] and row in county.rows]
            ids = sorted({finding for _, finding in told})
            supporting = {row for _, row, finding, role in every if finding in ids and role == "supporting"}
            done[name] = Outcome(rows, {row for row, _ in told}, supporting, [findings[finding] for finding in ids])
        return done
