"""Every physical row is header, landed or quarantined, whatever is wrong with it; counted here by other means than the reader's."""

import random
import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import sent
from hypothesis import example, given, settings
from hypothesis import strategies as st
from outcome import Outcome, read

BANK = "RCU_B001_回盘.txt"
FAULTS = {
    "short": lambda line, rng: line.rsplit("|", 1)[0],
    "long": lambda line, rng: line + "|多出一列",
    "nul": lambda line, rng: line[:9] + "\x00" + line[9:],
    "unknown record": lambda line, rng: "Z" + line[1:],
    "words for money": lambda line, rng: re.sub(r"\|\d+\.\d\d\|", "|壹佰元|", line),
    "no such day": lambda line, rng: line.replace("|20180309", "|20180231"),
    "unknown status": lambda line, rng: line.replace("|成功|", "|已受理|"),
    "no name": lambda line, rng: re.sub(r"^(D\|\d+\|)[^|]*", r"\1", line),
}
NEWLINES = ("\n", "\r\n", "\r")


def lines_in(raw: bytes) -> int:
    """Physical lines of a file: byte by byte, a CR and LF in a row are one ending."""
    count, previous, open_line = 0, 0, False
    for byte in raw:
        if byte == 10 and previous == 13:
            previous = byte
            continue
        if byte in (10, 13):
            count, open_line = count + 1, False
        else:
            open_line = True
        previous = byte
    return count + open_line


def assert_ledger(outcome: Outcome, rows: int) -> None:
    facts = outcome.facts
    assert outcome.refused is None, (outcome.refused, outcome.detail)
    assert facts["rows_total"] == rows
    assert facts["rows_header"] + facts["rows_landed"] + facts["rows_quarantined"] == rows
    assert facts["rows_quarantined"] == len(outcome.quarantined) == len(outcome.raw)


def pipe_with(body: list[bytes], count: int, ending: bytes = b"\n") -> bytes:
    head = sent.PIPE_HEAD.format(batch="B001", count=count, total="1.00").encode("gb18030")
    return ending.join([head, *body, f"T|{count}|1.00|0|0.00|0|0.00".encode()]) + ending


def test_twenty_thousand_bank_lines_of_which_a_tenth_is_broken() -> None:
    rng = random.Random(1)
    body, good, count = [], set(), 0
    for seq in range(1, 20_001):
        text, draw = sent.line(seq), rng.random()
        if draw < 0.02:
            body.append(rng.choice([b"", b"   ", b"\t"]))
            continue
        count += 1
        if draw < 0.03:
            body.append(text.encode("gb18030").replace(b"|2018", b"\xff|2018", 1))
        elif draw < 0.12:
            body.append(FAULTS[rng.choice(sorted(FAULTS))](text, rng).encode("gb18030"))
        else:
            body.append(text.encode("gb18030"))
            good.add(seq)
    raw = b"".join(part + rng.choice(NEWLINES).encode() for part in pipe_with(body, count).split(b"\n")[:-1])
    outcome = read(BANK, raw)
    assert_ledger(outcome, lines_in(raw))
    assert sorted(outcome.column("bank_batches", "seq_no")) == sorted(good)
    places = outcome.column("bank_batches", "row_no") + [row["row_no"] for row in outcome.quarantined]
    assert len(set(places)) == len(places)
    assert outcome.facts["rows_landed"] == len(good)
    assert outcome.facts["landed_fen"] == 15000 * len(good)


def test_a_row_number_is_the_line_in_the_file_whatever_stands_before_it() -> None:
    body = [b"", sent.line(7).encode("gb18030"), b"", b"D|broken", sent.line(8).encode("gb18030")]
    outcome = read(BANK, pipe_with(body, 3, b"\r\n"))
    assert dict(zip(outcome.column("bank_batches", "seq_no"), outcome.column("bank_batches", "row_no"), strict=True)) == {7: 3, 8: 6}
    assert [(row["row_no"], row["reason"]) for row in outcome.quarantined] == [(5, "wrong_field_count")]
    assert outcome.raw[0]["raw"] == "D|broken"


CELLS = st.text(alphabet=st.sampled_from('张a1,"|｜\u3000\xa0 \t\x00.-元'), max_size=12)


@settings(max_examples=150)
@given(
    st.lists(st.one_of(st.integers(1, 99).map(sent.csv_line), CELLS, st.just(""), st.just("合计,,,,,,,,,,150.00,,,,,")), max_size=30),
    st.sampled_from(NEWLINES),
    st.sampled_from(["gb18030", "utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
@example(["元"] * 3, "\n", "gb18030", False)  # 元 is by chance UTF-8 in GB18030, too
@example(["元"] * 2000, "\r\n", "gb18030", True)
@example(["元元", "元", ",,元"] * 30, "\r", "gb18030", True)
@example(["元"] * 3, "\n", "utf-8", False)
def test_any_csv_whatever(body: list[str], newline: str, encoding: str, last_ends: bool) -> None:
    text = newline.join([sent.CSV_HEAD, sent.csv_line(100), *body]) + (newline if last_ends else "")
    raw = text.encode(encoding)
    outcome = read("PSBC_P001_回盘.csv", raw)
    assert_ledger(outcome, lines_in(text.encode("utf-8")))
    assert outcome.column("bank_batches", "seq_no").count(100) == 1 + body.count(sent.csv_line(100))


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["good", "short", "long", "half", "nul", "blank"]), min_size=1, max_size=25), st.sampled_from([b"\r\n", b"\n"])
)
def test_any_fixed_width_file(kinds: list[str], newline: bytes) -> None:
    lines = sent.fixed([(seq, 15000, True) for seq in range(1, len(kinds) + 1)]).split(b"\r\n")[:-1]
    changes = {
        "good": lambda raw: raw,
        "short": lambda raw: raw[:-1],
        "long": lambda raw: raw + b" ",
        "half": lambda raw: raw[:14] + b" " + raw[15:],  # half of a character of the name is gone
        "nul": lambda raw: raw[:80] + b"\x00" + raw[81:],
        "blank": lambda raw: b"",
    }
    body = [changes[kind](raw) for kind, raw in zip(kinds, lines[1:-1], strict=True)]
    lost = kinds.count("blank")
    count = len(kinds) - lost
    head = lines[0].replace(f"{len(kinds):08d}{15000 * len(kinds):016d}".encode(), f"{count:08d}{15000 * count:016d}".encode())
    tail = f"9{count:08d}{15000 * count:016d}{count:08d}{15000 * count:016d}{0:08d}{0:016d}".encode()
    raw = newline.join([head, *body, tail])
    outcome = read("ABC_F001_回盘.txt", raw)
    if count == 0:
        assert outcome.refused == "no_rows"
        return
    assert_ledger(outcome, lines_in(raw))
    assert outcome.facts["rows_landed"] == kinds.count("good")


def sheet_rows(data: bytes) -> int:
    """Number of the last row of every sheet, summed, read from the XML."""
    total = 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/sheet"):
                sheet = ElementTree.fromstring(archive.read(part))  # noqa: S314  our own file
                numbers = [int(row.get("r", "0")) for row in sheet.iter() if row.tag.endswith("}row")]
                total += max(numbers, default=0)
    return total


def test_a_thousand_roll_rows_with_blanks_totals_formulas_and_numbers_for_cards() -> None:
    rng = random.Random(2)
    rows: list[list[object]] = []
    expected = {"good": 0, "bad": 0}
    for seq in range(1, 1001):
        row, draw = sent.roll_row(seq), rng.random()
        if draw < 0.03:
            row = []
        elif draw < 0.06:
            row = ["", "小计", "", "", "", "", "", "", "", "", "", 4500]
        elif draw < 0.10:
            row[rng.choice([4, 6, 14])] = float(sent.id_number(seq)[:17])
            expected["bad"] += 1
        elif draw < 0.13:
            row[6] = "=1+1"
            expected["bad"] += 1
        elif draw < 0.16:
            row[11] = "壹佰伍拾"
            expected["bad"] += 1
        else:
            expected["good"] += 1
        rows.append(row)
    data = sent.roll([*rows, ["合计", *[""] * 10, 15 * 10**4], ["制表人:某某", "", "", "审核:某某"]])
    outcome = read(sent.ROLL_NAME, data)
    assert_ledger(outcome, sheet_rows(data))
    assert outcome.facts["rows_landed"] == expected["good"]
    assert outcome.facts["rows_quarantined"] == expected["bad"]
