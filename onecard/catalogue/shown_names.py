"""What of a file's or a sheet's name may be shown: words of the trade, places, dates and short numbers; a name may hold a person's."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from onecard.catalogue.seed_lookup import trade_vocabulary
from onecard.catalogue.sources import load_contracts
from onecard.words.divisions import divisions, short_names
from onecard.words.masks import STAR
from onecard.words.national_id import id_status
from onecard.words.offices import DEPARTMENT

# What offices call their files; none of one character but the ends of dates and numbers.
FILE_WORDS = (
    "回盘", "批次", "明细", "清册", "清单", "花名册", "台账", "账户", "报表", "表格", "汇总", "汇总表", "明细表", "发放表", "统计表",
    "登记表", "名单", "名册", "文件", "附件", "数据", "资料", "材料", "模板", "样表", "样例", "测试", "更正", "更正后", "修改", "修改后",
    "调整", "补充", "补报", "重报", "上报", "报送", "下发", "导出", "副本", "复件", "备份", "最终", "最终版", "定稿", "初稿", "新建",
    "工作表", "电子表格", "支付", "集中支付", "指标", "指标文", "预算", "分配", "下达", "对象", "救助对象", "困难", "城乡",
    "居民", "人员", "家庭", "在册", "新增", "停发", "公示", "说明", "填表说明", "目录", "封面", "合计", "年度", "季度", "月份", "截至",
    "截止", "全市", "全县", "全区", "全省", "银行", "信用社", "农商行",
    "支取", "取款", "死亡", "经办", "近亲属", "亲属", "备案", "备案表", "信息", "殡葬",
    "乡镇", "街道", "社区", "压缩", "密码", "加密", "空白", "错误", "原始", "失败", "支行", "分行", "分理处",
)  # fmt: skip
# A phone number has eleven digits; fewer are dates, codes of divisions and short numbers of documents.
_OPEN_DIGITS = 10
_LONGEST = 120
_PLACE = re.compile(r"[一-龥]{1,6}(乡|镇|村|街道|社区|县|区|市|州|省)")
# A township or village behind its county, or alone between separators; 农村 and 乡镇 behind a person's name are none.
_TOWNSHIP = r"[一-龥]{1,4}?(?:(?<![乡城])镇|(?<!城)乡(?!镇)|街道(?:办事处|办)?|(?<!农)村|社区)"
_PIECE = r"批|部分|分册|季度|期"


@cache
def _tokens() -> re.Pattern[str]:
    known = {name for division in divisions().values() for name in short_names(division.name)}
    known |= set(trade_vocabulary()) | set(FILE_WORDS) | _words_of_patterns()
    words = "|".join(re.escape(word) for word in sorted(known, key=lambda word: (-len(word), word)) if len(word) > 1)
    return re.compile(
        rf"(?P<place>(?<=[县区市]){_TOWNSHIP}(?=[^一-龥]|{words}|$)|(?<![一-龥]){_TOWNSHIP}(?![一-龥]))"
        rf"|(?P<word>{DEPARTMENT}|{words}|第[一二三四五六七八九十]{{1,3}}(?:{_PIECE}))|(?P<joint>[和及与的等或](?={words}))"
        rf"|第?(?P<digits>[0-9]+(?:[-. ][0-9]+)*[xX]?)(?P<unit>[年月日号版]|{_PIECE})?"
        r"|(?P<plain>[A-Za-z]+|[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e、。《》【】·])|(?P<space>\s+)|(?P<rest>.)",
        re.DOTALL,
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for contract in load_contracts().values() for pattern in contract.file_patterns)


def _words_of_patterns() -> set[str]:
    """Words that contracts expect in the names of files."""
    return {word for pattern in _patterns() for word in re.findall(r"[一-龥]{2,}", pattern.pattern)}


def readable(name: str) -> str:
    """A file name as it is matched with patterns: NFKC, bytes that are no text replaced."""
    return unicodedata.normalize("NFKC", name.encode("utf-8", "replace").decode("utf-8"))


def shown_name(name: str) -> str:
    """A file name with everything starred that is not known to be harmless; numbers as long as a phone's are starred, too.

    The batch number of a name that follows a contract stays, unless it is a valid ID number.
    """
    clean = readable(name)
    batch = range(*_batch_span(clean))
    shown: list[str] = []
    after_word = False
    for match in _tokens().finditer(clean):
        if match.start() in batch or (after_word if match["joint"] else _harmless(match)):
            shown.append(" " if match["space"] else match[0])
        elif not shown or shown[-1] != STAR:
            shown.append(STAR)
        after_word = match["word"] is not None
    text = "".join(shown)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 10]}…{text[-9:]}"


def shown_path(path: Path) -> str:
    """A path that a person gave: every part of it as a file name, for folders are named after people, too."""
    return str(Path(*(part if part in (path.anchor, "..") else shown_name(part) for part in path.parts)))


def _harmless(match: re.Match[str]) -> bool:
    if match["digits"]:
        return sum(map(str.isdigit, match["digits"])) <= _OPEN_DIGITS
    return match["rest"] is None


def _batch_span(name: str) -> tuple[int, int]:
    for pattern in _patterns():
        found = pattern.search(name) if "batch_no" in pattern.groupindex else None
        if found:
            return found.span("batch_no") if not id_status(found["batch_no"]).startswith("valid") else (0, 0)
    return 0, 0


def shown_sheet(name: str) -> str:
    """A sheet's name as it may be shown: a township's or village's whole, any other as a file name."""
    clean = "".join(readable(name).split())
    return clean if _PLACE.fullmatch(clean) else shown_name(clean)
