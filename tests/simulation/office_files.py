"""Reads a simulated inbox with readers of its own (openpyxl, csv, bytes); knows nothing of the simulator."""

import csv
import dataclasses
import datetime as dt
import io
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import openpyxl

Place = tuple[str, int, int]  # file, sheet, row
Row = TypeVar("Row")
_PROGRAMMES = (("农村", "dibao"), ("特困", "tekun"), ("临时", "relief"), ("孤儿", "orphan"), ("困难残疾", "living"), ("重度残疾", "care"))
_BANKS = ("RCU", "ABC", "PSBC")
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


@dataclass
class Line:
    """One row of a return file."""

    place: Place
    bank: str
    batch: str
    county: str
    programme: str
    month: str
    kind: str
    seq: int
    name: str
    id: str
    card: str
    fen: int
    at: str
    ok: bool
    code: str
    memo: str

    @property
    def day(self) -> dt.date:
        return day(self.at[:8])

    @property
    def scope(self) -> tuple[str, str, str]:
        return self.county, self.programme, self.month


@dataclass
class RollRow:
    place: Place
    county: str
    programme: str
    month: str
    head: str
    name: str
    id: str
    category: str
    size: int
    fen: int
    card: str

    @property
    def scope(self) -> tuple[str, str, str]:
        return self.county, self.programme, self.month


@dataclass
class RegisterRow:
    place: Place
    county: str
    month: str
    head: str
    name: str
    id: str
    programme: str
    approved: dt.date
    start: str
    end: str
    proxy: str
    grade: str
    sex: str  # as the clerk states them; some do not
    born: dt.date | None


@dataclass
class CardRow:
    """A row of a bank's latest card list."""

    place: Place
    card: str
    name: str
    id: str
    opened: dt.date
    agent: str


@dataclass
class Withdrawal:
    place: Place
    bank: str
    card: str
    number: str
    at: dt.datetime
    channel: str
    fen: int
    terminal: str
    agent: str


@dataclass
class Death:
    place: Place
    county: str
    month: str
    id: str
    died: dt.date
    registered: dt.date


@dataclass
class StaffRow:
    place: Place
    county: str
    id: str
    unit: str
    position: str
    relative: str
    relation: str
    filed: str


@dataclass
class Voucher:
    place: Place
    county: str
    number: str
    account: str
    purpose: str
    fen: int
    day: dt.date
    batch: str
    subject: str


@dataclass(frozen=True)
class Document:
    place: Place
    reporter: str
    doc_no: str
    issuer: str
    receiver: str
    pool: str
    kind: str
    fen: int
    issued: dt.date
    received: dt.date | None
    level: str
    parent: str
    year: int


@dataclass
class Office:
    """Everything in an inbox; of the city's list that was sent twice, the second, and of a row told again, what was told last."""

    lines: list[Line] = field(default_factory=list)
    rolls: list[RollRow] = field(default_factory=list)
    registers: list[RegisterRow] = field(default_factory=list)
    holders: dict[str, str] = field(default_factory=dict)
    cards: list[CardRow] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


def plain(value: object) -> str:
    """Half-width text without spaces, and without what guards a number in a spreadsheet."""
    text = "".join(unicodedata.normalize("NFKC", "" if value is None else str(value)).split())
    return re.sub(r"[\u202a-\u202e]|^'|^=\"|\"$", "", text)


def identity(value: object) -> str:
    """An ID number in capitals; one of 15 digits with its century and check character (GB 11643: the sum leaves 1)."""
    text = plain(value).upper()
    if not re.fullmatch(r"\d{15}", text):
        return text
    full = text[:6] + "19" + text[6:]
    return full + "0123456789X"[(1 - weighed(full)) % 11]


def weighed(first17: str) -> int:
    """Sum of the digits times 2 to the power of their place, counted from the check character."""
    return sum(int(digit) * pow(2, place) for place, digit in enumerate(reversed(first17), 1))


def fen(value: object, unit: int = 100) -> int:
    """Fen of an amount as written; `unit` fen in one of its units."""
    amount = Decimal(re.sub(r"[¥,元]", "", plain(value))) * unit
    assert amount == int(amount)
    return int(amount)


def day(value: object) -> dt.date:
    """A date in any form the offices use; a plain number of five digits is Excel's."""
    if isinstance(value, dt.datetime):
        return value.date()
    parts = re.findall(r"\d+", plain(value))
    if len(parts) == 3:
        return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
    return dt.date.fromisoformat(parts[0])


def month(value: object) -> str:
    """yyyymm of a month in any form."""
    parts = re.findall(r"\d+", plain(value))
    return parts[0] if len(parts) == 1 else f"{parts[0]}{int(parts[1]):02d}" if parts else ""


def programme(text: str) -> str:
    return next(code for word, code in _PROGRAMMES if word in text)


def read(inbox: Path) -> Office:
    """All files of an inbox."""
    office = Office()
    with (inbox / "deliveries.csv").open(encoding="utf-8") as file:
        facts = {row["file"]: row for row in csv.DictReader(file)}
    for name, fact in facts.items():
        path = inbox / name
        match fact["source"]:
            case "bank_batches":
                office.lines.extend(_lines(path))
            case "payment_rolls":
                office.rolls.extend(_roll(path, fact))
            case "beneficiary_registers":
                office.registers.extend(_register(path, fact))
            case "card_accounts":
                latest = max(item["period"] for item in facts.values() if item["source"] == "card_accounts")
                if fact["period"] == latest:
                    office.cards.extend(_cards(path))
            case "card_withdrawals":
                office.withdrawals.extend(_withdrawals(path))
            case "deaths":
                office.deaths.extend(_deaths(path, fact))
            case "staff_relatives":
                office.staff.extend(_staff(path, fact))
            case "treasury_payments":
                office.vouchers.extend(_vouchers(path, fact))
            case "budget_allocations" if name.replace(".xlsx", "_更正1.xlsx") not in facts:
                office.documents.extend(_documents(path, fact))
    office.rolls = _of_households(office.rolls)
    office.lines = _told_last(office.lines, lambda row: (row.bank, row.batch, row.seq))
    office.vouchers = _told_last(office.vouchers, lambda row: (row.county, row.number))
    office.vouchers = list(_by_batch(office))
    office.documents = _told_last(office.documents, lambda row: dataclasses.replace(row, place=("", 0, 0)))
    office.holders = {row.card: row.id for row in office.cards}
    return office


def _told_last(rows: list[Row], key: Callable[[Row], Hashable]) -> list[Row]:
    """Of rows with one key the last; files are read in the order in which they came."""
    return list({key(row): row for row in rows}.values())


def _of_households(rows: list[RollRow]) -> list[RollRow]:
    """Rows of a household's members on one card, whom one credit pays, as the one row of its head."""
    found: dict[Hashable, RollRow] = {}
    for row in sorted(rows, key=lambda row: row.id != row.head):
        key = (*row.scope, row.head, row.card) if row.programme == "dibao" else row.place
        if key not in found:
            found[key] = row
        elif row.id == found[key].id:
            found[row.place] = row
        else:
            found[key] = dataclasses.replace(found[key], fen=found[key].fen + row.fen, size=found[key].size + row.size)
    return list(found.values())


def _by_batch(office: Office) -> Iterator[Voucher]:
    """Vouchers; one for several batches as several, each of what its batch holds."""
    held: Counter[str] = Counter()
    for line in office.lines:
        held[line.batch] += line.fen
    for voucher in office.vouchers:
        numbers = voucher.batch.split("、")
        if len(numbers) > 1:
            assert voucher.fen == sum(held[number] for number in numbers), voucher
            yield from (dataclasses.replace(voucher, batch=number, fen=held[number]) for number in numbers)
        else:
            yield voucher


def _lines(path: Path) -> list[Line]:
    if path.name.startswith("RCU"):
        records = [line.split("|") for line in path.read_text("gb18030").split("\n")[:-1]]
        head = records[0][1:8]
        rows = [record[1:8] + record[8:11] for record in records[1:-1]]
    elif path.name.startswith("ABC"):
        raw = path.read_bytes().split(b"\r\n")[:-1]
        head = _cut(raw[0], (1, 9, 33, 39, 79, 85, 89, 113))
        rows = [_cut(record, (1, 9, 69, 87, 106, 120, 134, 135, 139, 179, 219)) for record in raw[1:-1]]
        for row in rows:
            row[4] = f"{int(row[4][:-2])}.{row[4][-2:]}"
            row[6] = {"S": "成功", "F": "失败"}[row[6]]
    else:
        records = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
        head = ["PSBC", *records[1][:6]]
        rows = [record[6:] for record in records[1:]]
    return [
        Line(
            (path.name, 1, number), *head[:3], programme(head[3]), *head[4:6], int(row[0]), row[1], plain(row[2]), row[3], fen(row[4]),
            row[5], row[6] == "成功", row[7], row[9],
        )
        for number, row in enumerate(rows, 2)
    ]  # fmt: skip


def _cut(record: bytes, edges: tuple[int, ...]) -> list[str]:
    return [record[start:end].decode("gb18030").strip() for start, end in itertools.pairwise(edges)]


def _sheets(path: Path) -> list[tuple[Place, list[object]]]:
    """Every row of a workbook that has cells."""
    found = []
    for number, sheet in enumerate(openpyxl.load_workbook(path, read_only=True).worksheets, 1):
        sheet.reset_dimensions()  # some files state a wrong one, as WPS does
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        width = max(map(len, rows), default=0)
        for row_no, row in enumerate(rows, 1):
            if any(cell is not None for cell in row):
                found.append(((path.name, number, row_no), row + [None] * (width - len(row))))
    return found


def _roll(path: Path, fact: dict[str, str]) -> list[RollRow]:
    """Rows that begin with a number; every cell up to the card is filled, so blank columns can be skipped."""
    rows = []
    for place, cells in _sheets(path):
        filled = [cell for cell in cells if cell is not None]
        if len(filled) > 14 and plain(filled[0]).isdigit():
            where = (fact["sender"], programme(path.name), fact["period"])
            person = (identity(filled[4]), plain(filled[5]), identity(filled[6]), str(filled[8]), int(plain(filled[9])))
            rows.append(RollRow(place, *where, *person, fen(filled[11]), plain(filled[14])))
    return rows


def _register(path: Path, fact: dict[str, str]) -> list[RegisterRow]:
    rows = []
    stated = False
    for place, cells in _sheets(path):
        stated = stated or "性别" in cells
        first = next(index for index, cell in enumerate(cells) if cell is not None)
        if re.fullmatch(r"H\d{8}", plain(cells[first])):
            row = cells[first:]
            sex, born = (str(row.pop(5)), day(row.pop(5))) if stated else ("", None)
            _, _, head, name, number, _, _, _, kind, _, approved, start, end, _, proxy, grade, *_ = row
            where = (place, fact["sender"], fact["period"])
            texts = (identity(head), str(name), identity(number), programme(plain(kind)), day(approved), month(start), month(end))
            rows.append(RegisterRow(*where, *texts, identity(proxy), plain(grade), sex, born))
    return rows


def _csv(path: Path) -> list[tuple[Place, list[str]]]:
    """Rows under the header of a bank's list."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
    return [((path.name, 1, number), row) for number, row in enumerate(rows[1:], 2)]


def _cards(path: Path) -> list[CardRow]:
    return [CardRow(place, row[0], row[1], row[2], day(row[3]), row[6]) for place, row in _csv(path)]


def _withdrawals(path: Path) -> list[Withdrawal]:
    found = []
    for place, row in _csv(path):
        digits = "".join(re.findall(r"\d", row[2])) if "/" not in row[2] else ""
        date = day(row[2].split()[0]) if not digits else day(digits[:8])
        clock = (digits or "".join(re.findall(r"\d", row[2].split()[1])))[-6:]
        at = dt.datetime.combine(date, dt.time(int(clock[:2]), int(clock[2:4]), int(clock[4:])))
        found.append(Withdrawal(place, path.name.split("_")[0], row[0], row[1], at, row[3], fen(row[4]), row[5], row[7]))
    return found


def _deaths(path: Path, fact: dict[str, str]) -> list[Death]:
    rows = []
    for place, cells in _sheets(path):
        row = [cell for cell in cells if cell is not None]
        if len(row) == 7 and plain(row[0]).isdigit():
            rows.append(Death(place, fact["sender"], fact["period"], identity(row[3]), day(row[5]), day(row[6])))
    return rows


def _staff(path: Path, fact: dict[str, str]) -> list[StaffRow]:
    rows = []
    for place, cells in _sheets(path):
        row = cells[next(index for index, cell in enumerate(cells) if cell is not None) :]
        if plain(row[0]).isdigit():
            _, _, number, unit, position, _, relative, relation, filed = [*row, *[None] * 9][:9]
            filed = {"已备案": "是", "未备案": "否"}.get(plain(filed), plain(filed))
            texts = (identity(number), plain(unit), plain(position), identity(relative), plain(relation), filed)
            rows.append(StaffRow(place, fact["sender"], *texts))
    return rows


def _vouchers(path: Path, fact: dict[str, str]) -> list[Voucher]:
    if path.suffix == ".csv":
        raw = path.read_bytes()
        text = next(text for encoding in _ENCODINGS if (text := _decoded(raw, encoding)) is not None)
        rows = [((path.name, 1, number), row) for number, row in enumerate(csv.reader(io.StringIO(text)), 1)]
    else:
        rows = [(place, [plain(cell) for cell in cells]) for place, cells in _sheets(path)]
    return [
        Voucher(place, fact["sender"], row[0], row[3], row[4], fen(row[5]), day(row[6]), row[7], row[8])
        for place, row in rows
        if row[0].isdigit()
    ]


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _documents(path: Path, fact: dict[str, str]) -> list[Document]:
    rows = []
    unit = 100
    for place, cells in _sheets(path):
        texts = [plain(cell) for cell in cells]
        if any("万元" in text for text in texts):
            unit = 1_000_000
        first = next(index for index, text in enumerate(texts) if text)
        row = texts[first:]
        if re.fullmatch(r".+〔\d{4}〕\d+号", row[0]):
            issued, received = day(row[9]), day(row[10]) if row[10] else None
            pool = "relief" if row[5] == "20819" else "disability"
            parties = (fact["sender"], row[0], row[1], row[3])
            rows.append(Document(place, *parties, pool, row[7], fen(row[8], unit), issued, received, row[11], row[12], int(row[6])))
    return rows
