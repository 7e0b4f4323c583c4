"""What an able analyst would write in an afternoon: each source read with pandas, columns typed and tidied; no row accounted for."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd

_WIDTHS = (1, 8, 60, 18, 19, 14, 14, 1, 4, 40, 40)
_BANK = ["type", "seq_no", "name", "person", "card", "amount", "credited_at", "status", "failure_code", "failure_text", "memo"]
_CSV_NAMES = {
    "金额(元)": "amount", "入账时间": "credited_at", "状态": "status", "户名": "name", "证件号码": "person", "账号": "card",
}  # fmt: skip
_AMOUNTS = ("发放金额", "金额", "指标金额", "月标准")
_DATES = ("发文日期", "收文日期", "支付日期", "审批日期", "开户日期")
_MONTHS = ("所属月份", "享受起始", "享受终止")
_NUMBERS = ("身份证号", "户主身份证号", "证件号码", "银行账号", "卡号", "账号", "收款账号")


def read(layout: str, path: str) -> int:
    """Rows of a file after parsing and typing."""
    return len(frame(layout, path))


def frame(layout: str, path: str) -> pd.DataFrame:
    """A file as typed columns; the sheets of a workbook one below the other."""
    if layout == "fixed":
        return _bank(_fixed(Path(path)), "分", "%Y%m%d%H%M%S")
    if layout == "pipe":
        lines = pd.read_csv(path, sep="|", header=None, names=_BANK, skiprows=1, dtype=str, encoding="gb18030")
        return _bank(lines[lines["type"] == "D"].copy(), "元", "%Y%m%d%H%M%S")
    if layout == "bank_csv":
        return _bank(pd.read_csv(path, dtype=str, encoding="gb18030").rename(columns=_CSV_NAMES), "元", "mixed")
    if path.endswith(".xlsx"):
        sheets = pd.read_excel(path, dtype=str, header=None, sheet_name=None, engine="calamine").values()
        return pd.concat([_table(_below_header(sheet)) for sheet in sheets if len(sheet)])
    raw = Path(path).read_bytes()
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030"
    rows = pd.read_csv(io.BytesIO(raw), dtype=str, encoding=encoding, header=None, on_bad_lines="skip", names=range(30))
    return _table(_below_header(rows))


def _fixed(path: Path) -> pd.DataFrame:
    """Fields cut from bytes: Chinese characters are two bytes wide, so read_fwf, which counts characters, cannot."""
    cuts = [sum(_WIDTHS[:number]) for number in range(len(_WIDTHS) + 1)]
    lines = path.read_bytes().split(b"\r\n")[1:-2]
    records = [[line[a:b].decode("gb18030") for a, b in pairwise(cuts)] for line in lines]
    return pd.DataFrame(records, columns=_BANK)


def _bank(lines: pd.DataFrame, unit: str, form: str) -> pd.DataFrame:
    for column in lines.columns:
        lines[column] = lines[column].str.strip()
    amount = pd.to_numeric(lines["amount"])
    lines["amount"] = (amount if unit == "分" else (amount * 100).round()).astype("int64")
    lines["credited_at"] = pd.to_datetime(lines["credited_at"], format=form).dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    lines["status"] = lines["status"].map({"成功": "success", "失败": "failed", "S": "success", "F": "failed"})
    lines["person"] = lines["person"].str.upper()
    lines["valid"] = lines["person"].str.fullmatch(r"\d{15}|\d{17}[\dX]")
    return lines


def _below_header(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows under the first row that has at least five filled cells."""
    filled = rows.notna().sum(axis=1)
    top = int(filled[filled >= 5].index[0])
    body = rows.iloc[top + 1 :].copy()
    body.columns = pd.Index([re.sub(r"[（(].*", "", str(cell)).strip() for cell in rows.iloc[top]])
    return body.loc[:, ~body.columns.duplicated()]


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.dropna(how="all")
    for column in rows.columns:
        rows[column] = rows[column].str.normalize("NFKC").str.strip()
    for column in rows.columns.intersection(list(_AMOUNTS)):
        figures = rows[column].str.replace(r"[¥,元]", "", regex=True)
        rows[column] = (pd.to_numeric(figures, errors="coerce") * 100).round().astype("Int64")
    for column in rows.columns.intersection(list(_DATES)):
        digits = rows[column].str.replace(r"[年月./]", "-", regex=True).str.replace("日", "")
        rows[column] = pd.to_datetime(digits, errors="coerce", format="mixed")
    for column in rows.columns.intersection(list(_MONTHS)):
        rows[column] = pd.to_numeric(rows[column].str.replace(r"\D", "", regex=True).str[:6], errors="coerce").astype("Int64")
    for column in rows.columns.intersection(list(_NUMBERS)):
        rows[column] = rows[column].str.replace(r"[\s-]", "", regex=True).str.upper()
    return rows
