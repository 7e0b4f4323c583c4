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
from onecard.words.language import COMMA, Text, joined
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
                remedy = Text("逐列填写；值中有逗号时加引号", "fill in column by column; quote values that contain commas")
                raise _refused(Text("字段多于表头", "more fields than the header"), where, remedy)
            facts = checked({column: value for column, value in given.items() if value}, where)
            if stated.facts.get(name, facts) != facts:
                why = Text("同一文件有两种说法", "two different lines for one file")
                raise _refused(why, where, Text("只留一行", "keep one line"))
        except InputRefused as fault:
            stated.faults[name] = fault
        else:
            stated.facts[name] = facts
    return stated


def _rows(path: Path) -> list[dict[str, str]]:
    if path.is_symlink() or not path.is_file():
        raise _refused(Text("不是普通文件", "not a regular file"), FACTS_FILE, Text("放入文件本身", "put the file itself there"))
    try:
        data = path.read_bytes()
        text = data.decode(encoding_of(data)).lstrip("\ufeff")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = [(name or "").strip() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        rows = list(reader)
    except (OSError, UnicodeError, csv.Error):
        why = Text("不是可读的 CSV 文本", "not a readable CSV text")
        raise _refused(why, FACTS_FILE, Text("以 UTF-8 另存为 CSV", "save it as CSV in UTF-8")) from None
    strange = set(names) - set(COLUMNS)
    if "file" not in names or strange:
        faults = [Text(f"未知列 {len(strange)} 个", f"unknown columns: {len(strange)}")] if strange else []
        faults += [Text("缺 file 列", "the column file is missing")] if "file" not in names else []
        why = Text("表头不对：", "wrong header: ") + joined(COMMA, faults)
        raise _refused(why, f"{FACTS_FILE}:1", Text("表头应为 ", "the header must be ") + ",".join(COLUMNS))
    return rows


def checked(given: dict[str, str], where: str) -> dict[str, str]:
    """Stated facts in the form that is kept. Raises InputRefused for a source, sender, period or moment that cannot be."""
    facts = dict(given)
    if facts.get("source") and facts["source"] not in load_contracts():
        why = Text("来源不在约定中", "unknown source")
        raise _refused(why, where, Text("可用：", "one of: ") + joined(COMMA, load_contracts()))
    if facts.get("sender") and not (find_division(facts["sender"]) or find_bank(facts["sender"])):
        remedy = Text("写六位区划代码或银行代码", "give a 6-digit division code or a bank code")
        raise _refused(Text("发送方无法识别", "unknown sender"), where, remedy)
    if facts.get("period"):
        period = stated_period(facts["period"])
        if period is None:
            remedy = Text("写成 201803 或 2018", "write it as 201803 or 2018")
            raise _refused(Text("所属期无法识别", "invalid period"), where, remedy)
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
        example = "2018-03-05T08:00:00+08:00"
        raise InputRefused(
            code="OC-IN-003",
            what=Text("收到时间无法识别", "invalid received_at"),
            where=where,
            why=Text("不是带时区的 ISO 8601 时间", "not an ISO 8601 time with a time zone"),
            remedy=Text(f"写成 {example}", f"write it as {example}"),
        )
    return utc(moment)


def utc(moment: dt.datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _refused(why: Text, where: str, remedy: Text) -> InputRefused:
    what = Text("对文件的说明有误", "what is stated about a file is wrong")
    return InputRefused(code="OC-IN-004", what=what, where=where, why=why, remedy=remedy)


__all__ = ["COLUMNS", "FACTS_FILE", "FactsFile", "checked", "read_facts", "stated_period", "utc"]
