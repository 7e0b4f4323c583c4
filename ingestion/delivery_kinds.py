"""What a file says it is to the ones before it: a supplement, a restatement, or a part of a whole, by its name, else its titles or sheets.

Only what cannot be read otherwise is taken for said; where nothing is, the keys of the rows tell (SQL).
"""

import re
from collections.abc import Iterable

from onecard.catalogue.sources import Contract, name_without_extension

_ADDS = re.compile(
    r"补充|补发|补报|追加|增补|新增|第(?:[2-9]|[1-9][0-9]|[二三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?)批|失败|未成功|退票"
)
_REPLACES = re.compile(r"更正|重报|修正|修订|订正|改正|最终|终稿|重新[报发]送|重新上报|变更后|修改")
# A return file named 补发 is the return of a reissue, a batch of its own.
_REISSUE = re.compile(r"补发")
# What stands above a header speaks of its rows, too: 新增3户, 补发:0.00.
_COUNTED = re.compile(r"(?:说明|备注|注)[::].*|(?:补充|补发|补报|追加|增补|新增|退票|失败|修改|更正)(?:[0-9]|[::]).*")
_JOINTS = re.compile(r"[^0-9A-Za-z一-龥]+")
_ONE_PLACE = re.compile(r"[一-龥]{1,8}(?:镇|乡|街道|街道办|街道办事处|村|支行|分行|分理处)")
_ONE_PIECE = re.compile(r"第(?:[0-9]+|[一二三四五六七八九十]+)(?:部分|分册)|[上中下](?:部分|半部分|册|篇)?")
# 各乡镇, 全镇, 农村: no one place.
_NO_PLACE = re.compile(r"^[各全分按到含每]|农村$|城乡$|乡镇$|乡村$")


def stated_kind(name: str, contract: Contract, sheets: Iterable[tuple[str, str]], only_failed: bool = False) -> str | None:
    """`supplement`, `restatement`, `part`, or None. `name`: as it was (readable); `sheets`: title and name of each sheet.

    `only_failed`: a return file of which no line was credited says no more than that, whatever it is called.
    """
    if only_failed:
        return "supplement"
    words, tail = _parts(name_without_extension(name), contract)
    bank = contract.source == "bank_batches"
    said = _said(words, bank) | ({"part"} if not _said(words, bank) and _names_a_part(tail) else set())
    if not said:
        each = [_said(_COUNTED.sub("", title), bank) or _said(sheet, bank) for title, sheet in sheets]
        said = each[0] if each and all(kinds == each[0] for kinds in each) else set()
    return said.pop() if len(said) == 1 else None


def _parts(stem: str, contract: Contract) -> tuple[str, str]:
    """The words of a name without its sender, whose own name may hold any (镇原县), and what stands behind what the contract expects."""
    for pattern in contract.name_patterns:
        if found := re.search(pattern, stem):
            sender = range(*found.span("sender")) if "sender" in found.groupdict() else range(0)
            return "".join(letter for place, letter in enumerate(stem) if place not in sender), stem[found.end() :]
    return stem, ""


def _said(text: str, bank: bool) -> set[str]:
    """What the words of a text say; both, when it says both."""
    clean = _REISSUE.sub("", text) if bank else text
    return {kind for kind, words in (("supplement", _ADDS), ("restatement", _REPLACES)) if words.search(clean)}


def _names_a_part(tail: str) -> bool:
    pieces = [piece for piece in _JOINTS.split(tail) if piece]
    places = [piece for piece in pieces if _ONE_PLACE.fullmatch(piece) and not _NO_PLACE.search(piece)]
    return bool(places) or any(_ONE_PIECE.fullmatch(piece) for piece in pieces)
