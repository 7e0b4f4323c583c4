"""The codes and money columns of a release in words: one title for each, in Chinese and English, for every page, table and report."""

from collections.abc import Mapping

from onecard.words.divisions import GOVERNMENT_LEVELS
from onecard.words.language import Text

_LEVELS = {
    "central": Text("中央", "central"),
    "province": Text("省", "province"),
    "city": Text("市", "city"),
    "county": Text("县", "county"),
}
# Levels of government from the top down, as far as they have pools of money.
LEVELS = {level: _LEVELS[level] for level in GOVERNMENT_LEVELS}

# Where money stops on its way (mart_speed.stop, mart_trace.days_at_…), and the whole way.
STOPS = LEVELS | {"bank": Text("银行", "bank"), "in_all": Text("全程", "end to end")}

# Money columns. The same column has the same title wherever it is shown.
MONEY = {
    "received_fen": Text("收到上级下达", "received from above"),
    "own_fen": Text("本级安排", "own appropriation"),
    "carry_in_fen": Text("上年结转", "brought forward"),
    "clawback_in_fen": Text("从下级收回", "clawed back from the level below"),
    "returned_fen": Text("银行退回", "returned by banks"),
    "in_fen": Text("收入合计", "total in"),
    "passed_down_fen": Text("下达下级", "passed down"),
    "paid_fen": Text("拨付代发银行", "paid to agent banks"),
    "clawback_out_fen": Text("被上级收回", "clawed back by the level above"),
    "diverted_fen": Text("付给非代发账户", "paid to non-agent payees"),
    "other_fen": Text("其他支出", "other outflows"),
    "out_fen": Text("支出合计", "total out"),
    "balance_fen": Text("结余", "balance"),
    "resting_fen": Text("停留", "at rest"),
    "carried_on_fen": Text("结转下年", "carried forward"),
    "overdrawn_fen": Text("透支", "overdrawn"),
    "entitled_fen": Text("应发", "entitled"),
    "credited_fen": Text("实发", "credited"),
}
# What came into a pool, what left it, and of what its balance is made: in = out + balance, balance = at rest + forward - overdrawn.
INFLOWS = ("received_fen", "own_fen", "carry_in_fen", "clawback_in_fen", "returned_fen")
OUTFLOWS = ("passed_down_fen", "paid_fen", "clawback_out_fen", "diverted_fen")
HELD = ("resting_fen", "carried_on_fen", "overdrawn_fen")

# Whether what a sender should report of a month was read (mart_completeness.state).
COMPLETENESS = {
    "whole": Text("完整", "whole"),
    "partial": Text("不完整", "partial"),
    "refused": Text("被拒", "rejected"),
    "missing": Text("应报未报", "missing"),
}
# Why it was not (int_gaps.cause), and what to do about it.
GAPS = {
    "refused": Text("文件被拒，请重报", "the file was rejected; have it sent again"),
    "held": Text("文件待认定：onecard deliveries --questions", "the file waits for an answer: onecard deliveries --questions"),
    "quarantined": Text("有行被隔离：onecard quarantine", "rows are in quarantine: onecard quarantine"),
    "contradicts": Text("文件自报合计与各行不符，请核对后重报", "the file contradicts its own totals; have it checked and sent again"),
    "short": Text(
        "比对应文件或相邻月份少得多，请核对是否报全", "much smaller than its counterpart or the months beside it; ask for the rest"
    ),
    "missing": Text("应报未报，请催报", "expected and not come; ask for it"),
    "pending": Text("尚未报到，或无从得知是否有", "not come yet, or nobody knows whether there is one"),
}

# Credited money that was not there yet when it was paid (mart_trace.is_overdrawn).
SPENT_EARLY = Text("先支后收", "spent before funds arrived")

# mart_trace.method
METHODS = {"specific": Text("按文号", "by document number"), "fifo": Text("先进先出", "first in, first out")}
# mart_payment_document.status
DRAWN = {
    "drawn": Text("取足", "drawn in full"),
    "used_up": Text("文件不够，余下先进先出", "document used up, the rest first in, first out"),
    "not_received": Text("该池没有这份文件，按先进先出", "not received by this pool, first in, first out"),
}

# mart_stranded.place
PLACES = {
    "pool": Text("在资金池", "in the pool"),
    "in_transit": Text("在途，收文方未入账", "in transit, not booked by the receiver"),
    "not_reporting": Text("发往未报送台账的单位", "sent to a government that reported nothing"),
    "bank_no_batch": Text("已付银行，无对应批次", "paid to a bank, no batch"),
    "bank_unspent": Text("在银行，凭证大于批次的余额", "at the bank, in excess of its batch"),
    "bank_failed": Text("在银行，退票未处理", "at the bank, failed and unresolved"),
    "bank_unread": Text("在银行，明细被隔离", "at the bank, lines quarantined"),
    "other_payee": Text("付给非代发账户", "paid to a non-agent payee"),
}

# mart_trace.source_kind
SOURCE_KINDS = {
    "own": MONEY["own_fen"],
    "received": Text("上级下达（上级未报）", "received, not reported by the sender"),
    "carry_in": MONEY["carry_in_fen"],
    "clawback_in": MONEY["clawback_in_fen"],
    "returned": Text("银行退回", "returned by a bank"),
    "uncovered": Text("无来源：先支后收", "unfunded: spent before funds arrived"),
    "circular": Text("循环：付款先于退款", "circular: paid out before it was returned"),
}

# What is compared at each joint of the chain (mart_conservation.joint), in the order of the money's way.
JOINTS = {
    "J1": Text("每级资金：收入 = 支出 + 结余", "Level: in = out + balance"),
    "J2": Text("指标文：上级发出 ↔ 下级收到", "Documents: sent ↔ received"),
    "J3": Text("国库凭证 ↔ 银行批次", "Treasury vouchers ↔ bank batches"),
    "J4": Text("批次自报总额 ↔ 各行之和", "Batch totals as reported ↔ sum of lines"),
    "J5": Text("应发 ↔ 实发，到人到月", "Entitled ↔ credited, per person and month"),
    "J6": Text("失败资金 ↔ 补发、退库、未处理", "Failed lines ↔ reissued, returned, open"),
    "J8": Text("每一分的来源 ↔ 去处", "Sources of every fen ↔ where it went"),
}
# Last word of mart_conservation.scope: which side of the joint it speaks of.
FACETS = {
    "in": Text("收入", "in"),
    "out": Text("支出", "out"),
    "rest": MONEY["balance_fen"],
    "sent": Text("发出", "sent"),
    "received": Text("收到", "received"),
    "vouchers": Text("凭证", "vouchers"),
    "batches": Text("批次", "batches"),
    "stated": Text("自报", "as reported"),
    "entitled": MONEY["entitled_fen"],
    "credited": MONEY["credited_fen"],
    "pool": Text("实发，按资金池", "credited, by pool"),
    "failed": Text("失败", "failed"),
    "shares": Text("来源份额", "shares"),
    "credit": Text("逐笔入账的差额", "differences of each credit"),
    "inflow": Text("逐笔收入的差额", "differences of each inflow"),
    "roots": Text("源头", "sources"),
}

# Outcome of a check (expectations.results.Status).
OUTCOMES = {
    "passed": Text("通过", "passed"),
    "found": Text("有疑点", "findings"),
    "failed": Text("不符", "failed"),
    "error": Text("技术错误，未能校验", "technical error, not checked"),
}

# Pairs for a person to judge (mart_review_pair): of what, how the two differ, where they stand, what was decided, where they were seen.
SUBJECTS = {"name": Text("一号两名", "one ID, two names"), "person": Text("一人两号？", "one person, two IDs?")}
PAIR_KINDS = {
    "near": Text("姓名相近", "similar names"),
    "different": Text("姓名不同", "different names"),
    "variant": Text("姓名异写", "spelling variants"),
    "one_digit": Text("差一位", "one digit off"),
    "swapped": Text("相邻两位颠倒", "two digits swapped"),
    "length": Text("多一位或少一位", "a digit more or less"),
    "recomputed": Text("差一位且校验相符", "one digit off, both check digits valid"),
}
STATES = {
    "open": Text("待复核", "open"),
    "unsure": Text("不能确定", "undecided"),
    "linked": Text("程序认定为一人", "linked as one person"),
    "decided": Text("已有结论", "decided"),
}
VERDICTS = {
    "same": Text("同一人", "one person"),
    "different": Text("不是同一人", "two persons"),
    "unsure": Text("不能确定", "undecided"),
}
SEEN_IN = {
    "register": Text("花名册", "registers"),
    "roll": Text("发放清册", "payment rolls"),
    "bank": Text("银行回盘", "bank return files"),
    "card_list": Text("账户清单", "card lists"),
    "other": Text("死亡、经办人员名单", "death and staff lists"),
}

# What became of a file by the business date, and what a person may answer about one that is held.
DELIVERY_STATES = {
    "in_force": Text("有效", "in force"),
    "superseded": Text("被取代", "superseded"),
    "held": Text("待定，未计入", "held as a question"),
    "refused": Text("被拒", "rejected"),
}
DELIVERY_ANSWERS = {
    "supplement": Text("补充", "supplement"),
    "restatement": Text("更正", "restatement"),
    "part": Text("部分", "part"),
}
# What happened to a file between two releases.
CHANGES = {
    "received": Text("新收到", "received"),
    "received_superseded": Text("收到后又被取代", "received and superseded"),
    "superseded": Text("被取代", "superseded"),
    "in_force_again": Text("恢复有效", "in force again"),
    "gone": Text("后者未见", "missing from the later release"),
}
REFUSALS = {"refused": Text("新被拒", "rejected now"), "refused_no_more": Text("不再被拒", "rejected no more")}


def title(words: Mapping[str, Text], code: str | None) -> Text:
    """The title of a code; the code itself when it has none, a dash for none at all."""
    return words.get(code or "") or Text(code or "—", code or "—")


def both(words: Mapping[str, Text], code: str | None) -> str:
    """`在途 in transit` for a code: both languages, as stored and as notebooks show it."""
    return str(title(words, code))
