"""Programmes, fund pools, agreed memos and agent banks: the words of the trade, read from the seed tables."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from onecard.words.reference_data import seed_rows

# Words that free text may keep beside names of programmes, pools, banks and agreed memos. None of one character: 金, 费 and 月
# stand in people's names.
TRADE_WORDS = (
    "代发", "发放", "补发", "退回", "退汇", "退票", "补贴", "补助", "资金", "生活", "城市", "农村", "财政", "民政", "工资", "奖金",
    "转账", "汇款", "其他", "补差", "提标", "困难群众", "惠农", "一卡通", "社保", "低保", "五保", "特困", "孤儿", "残疾人", "救助",
    "供养", "护理", "生活费", "两项补贴", "一季度", "二季度", "三季度", "四季度", "全年", "上半年", "下半年", "春节", "一次性",
    "物价", "价格", "临时", "慰问", "高龄", "养老", "养老金", "现金", "取款", "存入", "利息", "结息",
)  # fmt: skip
_YEAR_MONTH = r"(?:(?:(?:19|20)[0-9]{2}年)?(?:0?[1-9]|1[0-2])月份?|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2]))"
_DATED_MEMO = re.compile(rf"(?P<memo>.+?){_YEAR_MONTH}|{_YEAR_MONTH}(?P<memo2>.+)")


@dataclass(frozen=True)
class Programme:
    """One assistance programme; `paid_to` is household or person, `pay_by_day` a day of the month or None."""

    code: str
    name_zh: str
    name_en: str
    paid_to: str
    pay_by_day: int | None


@cache
def programmes() -> dict[str, Programme]:
    """All programmes by code."""
    return {
        row["programme_code"]: Programme(
            row["programme_code"],
            row["name_zh"],
            row["name_en"],
            row["paid_to"],
            int(row["pay_by_day"]) if row["pay_by_day"] else None,
        )
        for row in seed_rows("programmes")
    }


def compact(text: str) -> str:
    """Half-width, no spaces: the form in which words are looked up."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _aliases(seed: str, key: str, value: str) -> tuple[tuple[str, str], ...]:
    """Pairs (alias, code), longest alias first."""
    return tuple(sorted(((compact(row[key]), row[value]) for row in seed_rows(seed)), key=lambda pair: (-len(pair[0]), pair[0])))


def _contained(text: str, aliases: tuple[tuple[str, str], ...]) -> str | None:
    clean = compact(text)
    return next((code for alias, code in aliases if alias in clean), None)


def find_programme(text: str | None) -> str | None:
    """Code of the programme whose longest alias stands in the text."""
    return _contained(text, _aliases("programme_aliases", "alias", "programme_code")) if text else None


def only_programme(text: str | None) -> str | None:
    """Code of the programme that the text names, when it names no second one."""
    left, found = compact(text or ""), set()
    for alias, code in _aliases("programme_aliases", "alias", "programme_code"):
        if alias in left:
            found.add(code)
            left = left.replace(alias, " ")
    return found.pop() if len(found) == 1 else None


def find_fund(text: str | None) -> tuple[str | None, str | None]:
    """(pool, programme) that a fund name means: a pool's own name leaves the programme open."""
    if not text:
        return None, None
    pool = _contained(text, _aliases("fund_aliases", "alias", "pool_code"))
    programme = find_programme(text)
    if pool is not None:
        return pool, None
    return (pool_of(programme), programme) if programme else (None, None)


def pool_of(programme: str, year: int | None = None) -> str | None:
    """Pool that pays a programme in a fiscal year (in any year when None)."""
    for row in seed_rows("pool_programmes"):
        if row["programme_code"] == programme and (year is None or int(row["valid_from_year"]) <= year <= int(row["valid_to_year"])):
            return row["pool_code"]
    return None


@cache
def _subject_pools() -> dict[str, str]:
    return {row["subject_class"]: row["pool_code"] for row in seed_rows("subject_pools")}


def pool_of_subject(subject: str) -> str | None:
    """Pool of a functional class of budget expenditure: the first five digits decide."""
    return _subject_pools().get(subject[:5])


@cache
def _agreed_memos() -> dict[str, str]:
    return {compact(row["memo"]): row["programme_code"] for row in seed_rows("agreed_memos")}


def agreed_memo_programme(memo: str | None) -> str | None:
    """Programme whose agreed text the memo is, apart from a year and month before or after it; None for any other text."""
    clean = compact(memo or "")
    agreed = _agreed_memos()
    if clean in agreed:
        return agreed[clean]
    match = _DATED_MEMO.fullmatch(clean)
    return agreed.get(match["memo"] or match["memo2"]) if match else None


@cache
def _bank_aliases() -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for row in seed_rows("agent_banks"):
        names = [row["bank_code"], row["name_zh"], *row["aliases"].split("|")]
        pairs.extend((name, row["bank_code"]) for name in names if name)
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def find_bank(text: str | None) -> str | None:
    """Code of the agent bank named in the text."""
    return _contained(text, _bank_aliases()) if text else None


@cache
def _accounts() -> dict[str, tuple[str, str]]:
    return {row["account_no"]: (row["bank_code"], row["division"]) for row in seed_rows("agent_bank_accounts")}


def agent_bank_account(account_no: str | None) -> tuple[str, str] | None:
    """(bank code, division) of a batch account of an agent bank; None for any other account."""
    return _accounts().get(compact(account_no or ""))


@cache
def trade_vocabulary() -> tuple[str, ...]:
    """Words that scrubbed text may keep, longest first."""
    words = {row["alias"] for seed in ("programme_aliases", "fund_aliases") for row in seed_rows(seed)}
    words |= {row["memo"] for row in seed_rows("agreed_memos")} | {name for name, _ in _bank_aliases() if len(name) > 1}
    words = {compact(word) for word in words if len(word) > 1}
    return tuple(sorted(words | set(TRADE_WORDS), key=lambda word: (-len(word), word)))
