"""The same reconciliation as one would write it with pandas in an afternoon: entitled against credited, per person, programme and month."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import plain_pandas

_LAYOUTS = (("RCU_*_回盘*.txt", "pipe"), ("ABC_*_回盘*.txt", "fixed"), ("PSBC_*_回盘*.csv", "bank_csv"))
_ALIASES = {
    "农村居民最低生活保障金": "农村低保", "农村低保金": "农村低保", "特困人员供养": "特困人员救助供养",
    "孤儿基本生活费": "孤儿基本生活保障",
}  # fmt: skip
_ROLL = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<programme>.+?)(发放清册|发放表|花名册)")
_PERSON = ("身份证号", "领款人身份证号", "领款人身份证号码", "身份证号码")
_AMOUNT = ("发放金额", "金额", "实发金额", "应发金额")


def reconcile(inbox: str) -> dict[str, Any]:
    """Parse rolls and return files, join them, count what differs; money as float, as people do."""
    credits = pd.concat([_credits(path, layout) for pattern, layout in _LAYOUTS for path in sorted(Path(inbox).glob(pattern))])
    read = [_roll(path) for path in sorted(Path(inbox).glob("*.xlsx")) if _ROLL.search(path.name) and "救助对象" not in path.name]
    rolls = pd.concat([roll for roll in read if roll is not None])
    keys = ["person", "programme", "month"]
    paid = credits[credits["status"] == "success"].groupby(keys)["amount"].sum().rename("credited")
    owed = rolls.groupby(keys)["amount"].sum().rename("entitled")
    both = pd.concat([owed, paid], axis=1)
    short = both["credited"].fillna(0) < both["entitled"].fillna(0)
    unread = sum(roll is None for roll in read)
    return {
        "bank_rows": len(credits),
        "roll_rows": len(rolls),
        "rolls_not_understood": unread,
        "pairs": len(both),
        "short": int(short.sum()),
    }


def _credits(path: Path, layout: str) -> pd.DataFrame:
    lines = plain_pandas.frame(layout, str(path))
    if layout == "bank_csv":
        programme, month = lines["项目名称"], lines["所属月份"]
    else:
        head = path.read_bytes().split(b"\n", 1)[0]
        fields = (
            head.decode("gb18030").split("|")
            if layout == "pipe"
            else [""] * 4 + [head[39:79].decode("gb18030").strip(), head[79:85].decode()]
        )
        programme, month = fields[4], fields[5]
    lines = lines.assign(programme=programme, month=month)[["person", "programme", "month", "amount", "status"]]
    return lines.assign(programme=lines["programme"].replace(_ALIASES))


def _roll(path: Path) -> pd.DataFrame | None:
    """A roll; None when its header is one that this script does not understand (two rows, merged)."""
    named = _ROLL.search(path.name)
    assert named is not None
    rows = plain_pandas.frame("table", str(path))
    person = next((rows[name] for name in _PERSON if name in rows), None)
    amount = next((rows[name] for name in _AMOUNT if name in rows), None)
    if person is None or amount is None:
        return None
    if not pd.api.types.is_numeric_dtype(amount):
        amount = pd.to_numeric(amount.str.replace(",", ""), errors="coerce") * 100
    month = f"{named['year']}{int(named['month']):02d}"
    found = pd.DataFrame({"person": person, "amount": amount, "programme": named["programme"], "month": month})
    return found[found["person"].notna()]
