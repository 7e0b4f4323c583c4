"""Facts that people state about delivered files: options of `receive` and `deliveries.csv`; checked before any file is taken."""

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.formats.text_decoding import encoding_of
from onecard.catalogue.seed_lookup import find_bank
from onecard.catalogue.sources import load_contracts
from onecard.words.divisions import find_division
from onecard.words.errors import InputRefused
from onecard.words.months import DateError, parse_month

FACTS_FILE = "deliveries.csv"
COLUMNS = ("file", "source", "sender", "period", "received_at")


@dataclass
class FactsFile:
    """What a `deliveries.csv` states: facts by file name, what is wrong by file name, and what is wrong with it as a whole."""

    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: dict[str, InputRefused] = field(default_factory=dict)
    fault: InputRefused | None = None

    def of(self, name: str) -> dict[str, str]:
        """Facts stated about a file. Raises InputRefused when they are not understood."""
        fault = self.fault or self.faults.get(name)
        if fault is not None:
            raise fault
        return self.facts.get(name, {})


def read_facts(path: Path) -> FactsFile:
    """The `deliveries.csv` at a path; nothing is stated when there is none."""
    if not path.exists() and not path.is_symlink():
        return FactsFile()
    try:
        rows = _rows(path)
    except InputRefused as fault:
        return FactsFile(fault=fault)
    stated = FactsFile()
    for number, row in enumerate(rows, start=2):
        name = (row.get("file") or "").strip()
        if not name:
            continue
        where = f"{FACTS_FILE}:{number}"
        given = {column: (row.get(column) or "").strip() for column in COLUMNS[1:]}
        try:
            if None in row:
                raise _refused("字段多于表头 more fields than the header", where, "逐列填写，值中有逗号时加引号 quote values with commas")
            facts = checked({column: value for column, value in given.items() if value}, where)
            if stated.facts.get(name, facts) != facts:
                raise _refused("同一文件有两种说法 two different lines for one file", where, "只留一行 keep one line")
        except InputRefused as fault:
            stated.faults[name] = fault
        else:
            stated.facts[name] = facts
    return stated


def _rows(path: Path) -> list[dict[str, str]]:
    if path.is_symlink() or not path.is_file():
        raise _refused("不是普通文件 no plain file", FACTS_FILE, "放入文件本身 put the file itself there")
    try:
        data = path.read_bytes()
        text = data.decode(encoding_of(data)).lstrip("\ufeff")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = [(name or "").strip() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        rows = list(reader)
    except (OSError, UnicodeError, csv.Error):
        raise _refused("不是可读的 CSV 文本 no readable csv text", FACTS_FILE, "以 UTF-8 另存为 CSV save it as csv in UTF-8") from None
    strange = set(names) - set(COLUMNS)
    if "file" not in names or strange:
        raise _refused(
            f"表头不对 wrong header: {len(strange)} 个未知列 unknown, file {'有 there' if 'file' in names else '缺 missing'}",
            f"{FACTS_FILE}:1",
            f"表头为 the header is {','.join(COLUMNS)}",
        )
    return rows


def checked(given: dict[str, str], where: str) -> dict[str, str]:
    """Stated facts in the form that is kept. Raises InputRefused for a source, sender, period or moment that cannot be."""
    facts = dict(given)
    if facts.get("source") and facts["source"] not in load_contracts():
        raise _refused("来源不在约定中 unknown source", where, "可用 one of: " + ", ".join(load_contracts()))
    if facts.get("sender") and not (find_division(facts["sender"]) or find_bank(facts["sender"])):
        raise _refused("发送方无法识别 unknown sender", where, "写六位区划代码或银行代码 a 6-digit division or a bank's code")
    if facts.get("period"):
        period = stated_period(facts["period"])
        if period is None:
            raise _refused("所属期无法识别 period not understood", where, "写成 201803 或 2018 write it like this")
        facts["period"] = period
    if facts.get("received_at"):
        facts["received_at"] = _moment(facts["received_at"], where)
    return facts


def stated_period(text: str) -> str | None:
    """yyyymm or yyyy of a period as people write it; None when it is none."""
    if re.fullmatch(r"(19|20)[0-9]{2}", text.strip()):
        return text.strip()
    try:
        return str(parse_month(text))
    except DateError:
        return None


def _moment(text: str, where: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputRefused(
            code="OC-IN-003",
            what="收到时间无法识别 received_at not understood",
            where=where,
            why="不是带时区的 ISO 8601 时间 not an ISO 8601 time with a zone",
            remedy="写成 2018-03-05T08:00:00+08:00 write it like this",
        )
    return utc(moment)


def utc(moment: dt.datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _refused(why: str, where: str, remedy: str) -> InputRefused:
    return InputRefused(code="OC-IN-004", what="对文件的说明有误 what is stated about a file is wrong", where=where, why=why, remedy=remedy)


__all__ = ["COLUMNS", "FACTS_FILE", "FactsFile", "checked", "read_facts", "stated_period", "utc"]
