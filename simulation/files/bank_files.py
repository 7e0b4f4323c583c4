"""回盘文件: what three banks return for each batch, some in parts or with failed lines again: three layouts, GB18030, control records."""

import copy
import datetime as dt
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.seed_lookup import programmes
from simulation import habits, workdays
from simulation.files import text
from simulation.files.delivery import Inbox
from simulation.files.persons import PersonTexts
from simulation.ledger.payments import FAILURES, ORIGINAL, Batch, Payments
from simulation.people.county import County
from simulation.plan import BANKS, PROGRAMMES

_ENCODING = "gb18030"
_SECONDS = pa.array([f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}" for second in range(86400)])
_OPENS, _SPAN = 9 * 3600, 7 * 3600
# Agreed texts as each programme's clerk writes them; {m} is the month.
_MEMOS = (
    ("农村低保金", "2018年{m}月农村低保金", "农村低保"),
    ("特困供养金", "特困人员救助供养金", "{m}月特困供养金"),
    ("临时救助金", "临时救助金", "临时救助金"),
    ("孤儿基本生活费", "2018年{m}月孤儿基本生活费", "孤儿基本生活费{m}月"),
    ("困难残疾人生活补贴", "{m}月份困难残疾人生活补贴", "困难残疾人生活补贴"),
    ("重度残疾人护理补贴", "重度残疾人护理补贴", "2018年{m}月重度残疾人护理补贴"),
)
_PROGRAMME_NAMES: tuple[dict[str, str], ...] = (
    {},
    {"rural_dibao": "农村居民最低生活保障金", "tekun": "特困人员供养"},
    {"rural_dibao": "农村低保金", "orphan": "孤儿基本生活费"},
)
_CSV_HEADER = "批次号,行政区划,项目名称,所属月份,批次类型,原批次号,序号,户名,证件号码,账号,金额(元),入账时间,状态,原因码,失败原因,摘要"


def write_bank_files(county: County, payments: Payments, persons: PersonTexts, inbox: Inbox) -> None:
    """The return file of every batch of a county."""
    writers: tuple[Callable[[_Lines], bytes], ...] = (_pipe, _fixed, _csv)
    widths = pa.array([len(name.encode(_ENCODING)) for name in persons.bank_name.to_pylist()])
    for batch in payments.batches:
        rows = payments.rows(batch)
        if not len(rows):
            continue
        lines = _Lines(county, payments, persons, batch, rows, widths)
        for suffix, chosen, day in _pieces(county, lines):
            piece = lines.of(chosen)
            file = f"{BANKS[batch.bank]}_{batch.number}_回盘{suffix}.{'csv' if batch.bank == 2 else 'txt'}"
            inbox.path(file).write_bytes(writers[batch.bank](piece))
            inbox.locate(("bank", county.index), file, rows[chosen], 1, np.arange(2, len(chosen) + 2))
            inbox.delivered(file, "bank_batches", BANKS[batch.bank], str(batch.month), day, len(chosen), piece.total, 9)


def _pieces(county: County, lines: "_Lines") -> Iterator[tuple[str, np.ndarray, dt.date]]:
    """The files in which the return of a batch comes: end of its name, which of the lines, and the day on which it is received."""
    batch, every = lines.batch, np.arange(lines.count)
    day = workdays.shift(batch.credited, 1)
    if batch.kind == ORIGINAL and habits.sends_returns_in_parts(county.index, batch.programme, batch.bank) and len(every) > 1:
        for number, part in enumerate(np.array_split(every, 2), 1):
            yield f"_第{number}部分", part, day
        return
    yield "", every, day
    failed = np.flatnonzero(~lines.ok)
    if len(failed) and habits.sends_failed_lines_again(county.index, batch.programme, batch.bank):
        yield "_失败明细", failed, workdays.shift(day, 1)


class _Lines:
    """The fields of a batch's rows as texts, and its control figures."""

    def __init__(self, county: County, payments: Payments, persons: PersonTexts, batch: Batch, rows: np.ndarray, widths: pa.Array) -> None:
        lines = payments.lines
        self.batch = batch
        self.bank = BANKS[batch.bank]
        self.division = county.code
        code = PROGRAMMES[batch.programme]
        self.programme = _PROGRAMME_NAMES[batch.bank].get(code, programmes()[code].name_zh)
        self.fen = lines["amount"][rows]
        self.ok = lines["ok"][rows] == 1
        self.seq = np.arange(1, self.count + 1)
        self.name = text.pick(persons.bank_name, lines["name"][rows])
        self.name_width = widths.take(pa.array(lines["name"][rows])).to_numpy()
        self.id = text.pick(persons.id, lines["id"][rows])
        self.card = pc.fill_null(text.pick(persons.card, lines["card"][rows]), "")
        seconds = _OPENS + (self.seq - 1) * _SPAN // self.count
        self.time = pc.binary_join_element_wise(f"{batch.credited:%Y%m%d}", _SECONDS.take(pa.array(seconds)), "")
        self.reason = np.where(self.ok, -1, lines["reason"][rows])
        agreed = _MEMOS[batch.programme][(county.index + batch.bank) % 3].format(m=batch.month % 100)
        self.memo = text.words([agreed, *payments.memos[1:]], lines["memo"][rows].astype(int))

    def of(self, chosen: np.ndarray) -> "_Lines":
        """Some of the lines, as they are in the whole batch."""
        piece = copy.copy(self)
        for name in ("fen", "ok", "seq", "name_width", "reason"):
            setattr(piece, name, getattr(self, name)[chosen])
        for name in ("name", "id", "card", "time", "memo"):
            setattr(piece, name, getattr(self, name).take(pa.array(chosen)))
        return piece

    @property
    def count(self) -> int:
        return len(self.fen)

    @property
    def total(self) -> int:
        return int(self.fen.sum())

    @property
    def ok_count(self) -> int:
        return int(self.ok.sum())

    @property
    def ok_total(self) -> int:
        return int(self.fen[self.ok].sum())


def _joined(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def _encoded(head: str, records: pa.Array, tail: str, newline: str) -> bytes:
    """Head, records and tail as lines; a record already ends with the newline."""
    return (head + newline + "".join(records.to_pylist()) + (tail + newline if tail else "")).encode(_ENCODING)


def _money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _pipe(lines: _Lines) -> bytes:
    batch = lines.batch
    head = ["H", lines.bank, batch.number, lines.division, lines.programme, str(batch.month), batch.kind, batch.original]
    head += [str(lines.count), _money(lines.total), f"{batch.credited:%Y%m%d}"]
    records = _joined("D|", *_separated(lines, "|"), "\n")
    failed_count, failed_total = lines.count - lines.ok_count, lines.total - lines.ok_total
    tail = [
        "T",
        str(lines.count),
        _money(lines.total),
        str(lines.ok_count),
        _money(lines.ok_total),
        str(failed_count),
        _money(failed_total),
    ]
    return _encoded("|".join(head), records, "|".join(tail), "\n")


def _separated(lines: _Lines, delimiter: str) -> list[object]:
    """The fields that the two delimited layouts share, with delimiters between them."""
    fields = [
        text.ints(lines.seq),
        lines.name,
        lines.id,
        lines.card,
        text.yuan(lines.fen),
        lines.time,
        text.words(("失败", "成功"), lines.ok.astype(int)),
        text.words([code for code, _ in FAILURES], lines.reason),
        text.words([word for _, word in FAILURES], lines.reason),
        lines.memo,
    ]
    return [part for field in fields for part in (delimiter, field)][1:]


def _left(value: str, width: int) -> str:
    return value + " " * (width - len(value.encode(_ENCODING)))


def _left_words(pool: list[str], rows: np.ndarray, width: int) -> pa.Array:
    """Words padded to bytes; -1 is all spaces."""
    return text.words([*(_left(word, width) for word in pool), " " * width], np.where(rows < 0, len(pool), rows))


def _zeros(values: np.ndarray, width: int) -> pa.Array:
    return pc.utf8_lpad(text.ints(values), width, "0")


def _fixed(lines: _Lines) -> bytes:
    batch = lines.batch
    head = (
        f"1{_left(lines.bank, 8)}{_left(batch.number, 24)}{lines.division}{_left(lines.programme, 40)}{batch.month}{batch.kind}"
        f"{_left(batch.original, 24)}{lines.count:08d}{lines.total:016d}{batch.credited:%Y%m%d}"
    )
    pads = pa.array([" " * count for count in range(61)])
    codes = _left_words([code for code, _ in FAILURES], lines.reason, 4)
    reasons = _left_words([word for _, word in FAILURES], lines.reason, 40)
    memos = lines.memo.dictionary_encode()
    memo = pa.array([_left(word, 40) for word in memos.dictionary.to_pylist()], pa.string()).take(memos.indices)
    status = text.words(("F", "S"), lines.ok.astype(int))
    records = _joined(
        "2", _zeros(lines.seq, 8), lines.name, pads.take(pa.array(60 - lines.name_width)), pc.utf8_rpad(lines.id, 18, " "),
        pc.utf8_rpad(lines.card, 19, " "), _zeros(lines.fen, 14), lines.time, status, codes, reasons, memo, "\r\n",
    )  # fmt: skip
    failed = lines.count - lines.ok_count
    tail = f"9{lines.count:08d}{lines.total:016d}{lines.ok_count:08d}{lines.ok_total:016d}{failed:08d}{lines.total - lines.ok_total:016d}"
    return _encoded(head, records, tail, "\r\n")


def _csv(lines: _Lines) -> bytes:
    batch = lines.batch
    shared = f"{batch.number},{lines.division},{lines.programme},{batch.month},{batch.kind},{batch.original},"
    return _encoded(_CSV_HEADER, _joined(shared, *_separated(lines, ","), "\r\n"), "", "\r\n")
