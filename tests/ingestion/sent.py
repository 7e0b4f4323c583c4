"""Files as offices and banks send them, small and by hand: what the tests of ingestion are fed."""

import base64
import datetime as dt
import io
import random
from pathlib import Path

import xlsxwriter

from onecard.words.national_id import check_digit

# Of the test's vault: 32 known bytes.
KEY = base64.b64encode(bytes(range(32))).decode()
PIPE_HEAD = "H|RCU|{batch}|621102|农村低保|201803|正常||{count}|{total}|20180309"
CSV_HEAD = "批次号,行政区划,项目名称,所属月份,批次类型,原批次号,序号,户名,证件号码,账号,金额(元),入账时间,状态,原因码,失败原因,摘要"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "国建军伟芳娜秀英敏静强磊洋艳勇娟涛明超兰霞平刚桂凤"


def id_number(index: int, division: str = "621102") -> str:
    """A valid 18-digit number, another one for each index."""
    day, month, year = 1 + index // 30 % 27, 1 + index // 810 % 12, 1950 + index // 9720 % 50
    first17 = f"{division}{year}{month:02d}{day:02d}{100 + index % 30 + index // 486000 * 30:03d}"
    return first17 + check_digit(first17)


def card_number(index: int, prefix: str = "623065") -> str:
    """A 19-digit card number that passes Luhn."""
    body = f"{prefix}{index:012d}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def name(index: int) -> str:
    generator = random.Random(index)
    return generator.choice(SURNAMES) + "".join(generator.choices(GIVEN, k=2))


def yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def line(seq: int, fen: int = 15000, ok: bool = True, who: int | None = None) -> str:
    who = seq if who is None else who
    end = "成功|||农村低保金" if ok else "失败|01|户名不符|农村低保金"
    return f"D|{seq}|{name(who)}|{id_number(who)}|{card_number(who)}|{yuan(fen)}|20180309101500|{end}"


def pipe(lines: list[str], batch: str = "B001", **stated: object) -> str:
    """A pipe file with header and trailer over the given lines; `stated` overrides their figures."""
    cells = [text.split("|") for text in lines]
    cells = [parts for parts in cells if len(parts) == 11]
    fen = [round(float(parts[5]) * 100) if parts[5].replace(".", "").isdigit() else 0 for parts in cells]
    good = [amount for amount, parts in zip(fen, cells, strict=True) if parts[7] == "成功"]
    bad = [amount for amount, parts in zip(fen, cells, strict=True) if parts[7] == "失败"]
    facts: dict[str, object] = {"count": len(lines), "total": yuan(sum(fen))} | stated
    head = PIPE_HEAD.format(batch=batch, count=facts["count"], total=facts["total"])
    tail = f"T|{facts['count']}|{facts['total']}|{len(good)}|{yuan(sum(good))}|{len(bad)}|{yuan(sum(bad))}"
    return "\n".join([head, *lines, tail]) + "\n"


def _padded(text: str, width: int) -> bytes:
    raw = text.encode("gb18030")
    assert len(raw) <= width, text
    return raw.ljust(width)


def fixed(rows: list[tuple[int, int, bool]], batch: str = "F001") -> bytes:
    """A fixed-width file over (seq, fen, credited)."""
    total = sum(fen for _, fen, _ in rows)
    good = [fen for _, fen, ok in rows if ok]
    head = b"1" + b"".join(
        _padded(text, width)
        for text, width in (
            ("ABC", 8), (batch, 24), ("621102", 6), ("农村低保", 40), ("201803", 6), ("正常", 4), ("", 24),
            (f"{len(rows):08d}", 8), (f"{total:016d}", 16), ("20180309", 8),
        )
    )  # fmt: skip
    lines = [
        b"2"
        + b"".join(
            _padded(text, width)
            for text, width in (
                (f"{seq:08d}", 8), (name(seq), 60), (id_number(seq), 18),
                (card_number(seq, "622848"), 19), (f"{fen:014d}", 14),
                ("20180309101500", 14), ("S" if ok else "F", 1), ("" if ok else "02", 4),
                ("" if ok else "账号不存在", 40), ("农村低保金", 40),
            )
        )
        for seq, fen, ok in rows
    ]  # fmt: skip
    tail = f"9{len(rows):08d}{total:016d}{len(good):08d}{sum(good):016d}{len(rows) - len(good):08d}{total - sum(good):016d}".encode()
    return b"\r\n".join([head, *lines, tail]) + b"\r\n"


def csv_line(seq: int, fen: int = 15000, batch: str = "P001") -> str:
    return (
        f"{batch},621102,农村低保,201803,正常,,{seq},{name(seq)},{id_number(seq)},{card_number(seq, '621098')},{yuan(fen)},"
        "2018-03-09 10:15:00,成功,,,农村低保金"
    )


ROLL_HEADERS = (
    "序号", "乡镇", "村", "户主姓名", "户主身份证号", "领款人", "身份证号", "与户主关系", "保障类别", "保障人口", "月标准", "发放金额",
    "所属月份", "开户银行", "银行账号", "账户名", "备注",
)  # fmt: skip


def roll_row(seq: int, fen: int = 15000) -> list[object]:
    who = name(seq)
    return [
        seq, "凤翔镇", "景家口村", who, id_number(seq), who, id_number(seq), "本人", "二类", 1, 150, fen / 100, "201803", "农信社",
        card_number(seq), who, "",
    ]  # fmt: skip


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Rows per sheet as an xlsx file; texts stay texts, numbers numbers, a text beginning with `=` is a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2018, 3, 9)})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(row, column, cell, None, 620102)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write_number(row, column, cell)
    return target.getvalue()


def roll(rows: list[list[object]], headers: tuple[str, ...] = ROLL_HEADERS, above: tuple[list[object], ...] | None = None) -> bytes:
    """A payment roll with title and unit line above its header."""
    top = above if above is not None else (["安定区2018年3月农村低保金发放清册"], ["单位:元"])
    return workbook({"凤翔镇": [*top, list(headers), *rows]})


ROLL_NAME = "安定区2018年3月农村低保发放清册.xlsx"


def put(folder: Path, file: str, content: str | bytes, encoding: str = "gb18030") -> Path:
    """Write a file and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
