"""What may be shown of a person: 张*, 6201**********1234, the last four digits of a card; free text starred but for trade words."""

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa

from onecard.words.national_id import NO_PAPERS
from onecard.words.text_arrays import as_array, byte_matrix, map_distinct, map_odd, matrix_texts

STAR = "*"
# A surname of two characters is shown whole, as one of one character is.
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "司徒",
        "司空",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "端木",
        "申屠",
        "轩辕",
        "淳于",
        "独孤",
        "拓跋",
        "呼延",
        "东方",
        "南宫",
        "澹台",
        "濮阳",
        "万俟",
        "闻人",
        "钟离",
        "赫连",
    ]
)
# Shorter numbers are mistyped or no IDs at all: eight open characters would be most of them.
_SHORTEST_ID = 15
_SHORTEST_CARD = 12

_ACCOUNT_WORDS = re.compile(r"(代发|财政|资金|专用|基本|一般|存款|零余额|社保)*(专户|账户|帐户|户)$")
_INSTITUTION = re.compile(
    r"[一-龥]{2,}(银行|支行|分行|分理处|营业部|营业室|营业所|信用社|联合社|合作联社|联社|联合会|委员会|居委会|村委会|合作社|公司|集团|中心|医院|卫生院"
    r"|学校|小学|中学|大学|敬老院|福利院|供养院|救助站|管理站|服务站|人民政府|办公室|办事处|财政部|财政厅|财政局|财政所|民政部|民政厅|民政局"
    r"|保障局|管理局|国库)|[一-龥]{4,}(局|厅|所|站|院)"
)

# Digits count as one number over the signs that people put between groups of a card number.
_DIGIT_RUN = r"[0-9]+(?:[-—_./:,·][0-9]+)*"
_MAX_OPEN_DIGITS = 6
# Figures that are a date or an ordinal with the unit after them; they say nothing of a card number.
_UNITS = {
    "年": r"(?:19|20)[0-9]{2}",
    "季度": "[1-4]",
    "月份": "0?[1-9]|1[0-2]",
    "月": "0?[1-9]|1[0-2]",
    "日": "0?[1-9]|[12][0-9]|3[01]",
    "期": "[0-9]{1,2}",
    "批": "[0-9]{1,2}",
}
# One-character words that only say something right after a word of the trade (补贴款); elsewhere 金 and 费 are surnames.
_ENDINGS = "款金费户"


def mask_name(name: str) -> str:
    """The surname, the rest starred: 张*, 欧阳**. A single character is starred whole."""
    name = name.strip()
    shown = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    if len(name) <= shown:
        return STAR * len(name)
    return name[:shown] + STAR * (len(name) - shown)


def mask_id(number: str) -> str:
    """First and last four, what is between starred; 无证 for who has none; what is no ID number (short, not of digits) is starred whole."""
    if number.startswith(NO_PAPERS):
        return NO_PAPERS
    if len(number) < _SHORTEST_ID or not (number.isascii() and number[:-1].isdigit()):
        return STAR * len(number)
    return number[:4] + STAR * (len(number) - 8) + number[-4:]


def mask_card(number: str) -> str:
    """`*` and the last four digits; what is no card or account number is starred whole."""
    if len(number) < _SHORTEST_CARD or not (number.isascii() and number.isdigit()):
        return STAR * len(number)
    return STAR + number[-4:]


def mask_name_array(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`mask_name` of each; null stays null."""
    return map_distinct(as_array(names), mask_name, pa.string())


def mask_id_array(numbers: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`mask_id` of each; numbers of 18 characters are masked on bytes; null stays null."""
    numbers = as_array(numbers)
    matrix, done = byte_matrix(numbers, 18)
    digits = (matrix[:, :17] - np.uint8(ord("0")) <= 9).all(axis=1) & (matrix[:, 17] < 128)
    done[done] = digits
    masked = matrix[digits]
    masked[:, 4:14] = ord(STAR)
    return map_odd(numbers, _placed(matrix_texts(masked), done), done, mask_id)


def mask_card_array(numbers: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`mask_card` of each; numbers of 19 digits are masked on bytes; null stays null."""
    numbers = as_array(numbers)
    matrix, done = byte_matrix(numbers, 19)
    digits = (matrix - np.uint8(ord("0")) <= 9).all(axis=1)
    done[done] = digits
    masked = matrix[digits][:, 14:].copy()
    masked[:, 0] = ord(STAR)
    return map_odd(numbers, _placed(matrix_texts(masked), done), done, mask_card)


def _placed(values: pa.Array, rows: np.ndarray) -> pa.Array:
    """`values` at the chosen rows of a column, null elsewhere."""
    if rows.all():
        return values
    indices = np.cumsum(rows) - 1
    return values.take(pa.array(indices, pa.int64(), mask=~rows))


def looks_like_institution(name: str) -> bool:
    """Whether a payee's name is wholly an office's, a bank's or a company's, which may be shown in clear.

    Brackets, digits or words after the institution (民政局王小明) may hide a person, so such a name is none.
    """
    clean = "".join(unicodedata.normalize("NFKC", name).split())
    bare = _ACCOUNT_WORDS.sub("", clean)
    return _INSTITUTION.fullmatch(bare) is not None


@lru_cache(maxsize=8)
def _tokens(vocabulary: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(vocabulary, key=len, reverse=True) if len(word) > 1)
    units = "|".join(_UNITS)
    return re.compile(
        rf"(?P<word>(?:{words or '(?!)'})[{_ENDINGS}]?)|(?P<ordinal>第?)(?P<digits>{_DIGIT_RUN})(?P<unit>{units})?|(?P<rest>.)", re.DOTALL
    )


def scrub(text: str, vocabulary: tuple[str, ...]) -> str:
    """Free text in which only words of the trade, months and short numbers survive; runs of the rest become one *.

    Memos and remarks can hold a name or a card number; nothing is kept that is not known to be harmless. Numbers that are
    no date stay only while all of them together have at most six digits, so that a card number in groups does not pass.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split())
    found = list(_tokens(vocabulary).finditer(clean))
    loose = sum(sum(map(str.isdigit, match["digits"])) for match in found if match["digits"] and not _is_dated(match))
    kept: list[str] = []
    for match in found:
        if match["word"] or (match["digits"] and (_is_dated(match) or loose <= _MAX_OPEN_DIGITS)):
            kept.append(match[0])
        elif not kept or kept[-1] != STAR:
            kept.append(STAR)
    return "".join(kept)


def _is_dated(match: re.Match[str]) -> bool:
    """Whether a number is one that its unit can have."""
    return match["unit"] is not None and re.fullmatch(_UNITS[match["unit"]], match["digits"]) is not None
