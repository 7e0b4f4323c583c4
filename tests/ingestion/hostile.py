"""Workbooks and texts as an adversary, or a bad day, sends them: what xlsxwriter would never write is patched into its zip."""

import io
import struct
import zipfile
from collections.abc import Callable

import msoffcrypto
import openpyxl
import sent
import xlsxwriter
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile


def good_roll(rows: int = 3) -> bytes:
    return sent.roll([sent.roll_row(seq) for seq in range(1, rows + 1)])


def patched(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part of its zip changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return target.getvalue()


SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def with_part(data: bytes, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", method) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def zip_bomb() -> bytes:
    """A shared string of 600 MB in less than a megabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_roll())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != STRINGS:
                new.writestr(entry.filename, old.read(entry))
        with new.open(STRINGS, "w", force_zip64=True) as stream:
            block = b" " * (4 << 20)
            for _ in range(150):
                stream.write(block)
    return target.getvalue()


def many_parts() -> bytes:
    target = io.BytesIO(good_roll())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(2100):
            archive.writestr(f"xl/media/{number}", b"")
    return target.getvalue()


def far_cell() -> bytes:
    return patched(
        good_roll(),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )


def hidden_far_cell() -> bytes:
    """A cell whose own reference is far from the row it stands in."""
    return patched(good_roll(), SHEET, lambda xml: xml.replace(b"</row></sheetData>", b'<c r="XFD1048576"><v>1</v></c></row></sheetData>'))


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE sst [<!ENTITY l0 "哈">{entities}]>'.encode()
    return patched(good_roll(), STRINGS, lambda xml: xml.replace(b"<sst", doctype + b"<sst", 1).replace("凤翔镇".encode(), b"&l9;", 1))


def protected() -> bytes:
    sealed = io.BytesIO()
    OOXMLFile(io.BytesIO(good_roll())).encrypt("一二三456", sealed)
    assert msoffcrypto.OfficeFile(io.BytesIO(sealed.getvalue())).is_encrypted()
    return sealed.getvalue()


def legacy() -> bytes:
    """A document of another program in the container of .xls files."""
    return legacy_roll().replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le"))


def legacy_roll() -> bytes:
    """The roll as an .xls, by another author's writer."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("清册")
    for row, cells in enumerate(openpyxl.load_workbook(io.BytesIO(good_roll())).active.iter_rows(values_only=True)):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)
    return saved(book)


def saved(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def encrypted_zip() -> bytes:
    """A zip whose entries are marked as encrypted."""
    raw = bytearray(good_roll())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(magic)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(magic, at + 4)
    return bytes(raw)


def claims_a_gigabyte() -> bytes:
    """Central directory and local headers say 1 GB for every part; the content is small."""
    raw = bytearray(good_roll())
    for magic, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(magic)
        while at >= 0:
            raw[at + place : at + place + 4] = struct.pack("<I", 1 << 30)
            at = raw.find(magic, at + 4)
    return bytes(raw)


def macro() -> bytes:
    """The content of an .xlsm: a sheet and a VBA project."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("凤翔镇")
        for row, cells in enumerate([["单位:元"], list(sent.ROLL_HEADERS), sent.roll_row(1)]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    return with_part(target.getvalue(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Sub Auto_Open()")


def hidden_sheet(rows: list[list[object]]) -> bytes:
    data = sent.workbook({"凤翔镇": [["单位:元"], list(sent.ROLL_HEADERS), sent.roll_row(1)], "Sheet2": rows})
    return patched(data, BOOK, lambda xml: xml.replace(b'<sheet name="Sheet2"', b'<sheet state="hidden" name="Sheet2"'))


def merged_rows(ranges: tuple[str, ...], rows: list[list[object]]) -> bytes:
    """A roll whose cells are merged downwards over some ranges."""
    cells = b"".join(f'<mergeCell ref="{item}"/>'.encode() for item in ranges)
    merge = f'<mergeCells count="{len(ranges)}">'.encode() + cells + b"</mergeCells>"
    return patched(sent.roll(rows), SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merge))


def prefixed_far_cell() -> bytes:
    """The far cell in XML with a namespace prefix and its attributes in another order."""
    cell = b'<x:row spans="1:1" r="2"><x:c t="n" r="XFD1048576"><x:v>1</x:v></x:c></x:row></sheetData>'
    return patched(good_roll(), SHEET, lambda xml: xml.replace(b"</sheetData>", cell))


def starving() -> bytes:
    """Twelve million lines in as many megabytes: small on the disk, large in any table."""
    return sent.pipe([sent.line(1)]).encode("gb18030") + b"D\n" * 12_000_000
