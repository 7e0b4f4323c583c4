"""The trace's codes in words: places, stops, kinds of source, levels; Chinese first."""

PLACES = {
    "pool": ("在资金池", "in the pool"),
    "in_transit": ("在途，对方未入账", "on its way, not booked by the receiver"),
    "not_reporting": ("发往未报账的单位", "sent to one that does not report"),
    "bank_no_batch": ("已付银行，无批次", "paid to the bank, no batch"),
    "bank_unspent": ("在银行，批次未用完", "at the bank, beyond its batch"),
    "bank_failed": ("在银行，入账失败未了", "at the bank, failed and not settled"),
    "bank_unread": ("在银行，明细读不出", "at the bank, lines unreadable"),
    "other_payee": ("付给代发户以外", "paid to another payee"),
}
STOPS = {
    "central": ("中央", "central"),
    "province": ("省", "province"),
    "city": ("市", "city"),
    "county": ("县", "county"),
    "bank": ("银行", "bank"),
    "in_all": ("全程", "in all"),
}
SOURCE_KINDS = {
    "own": ("本级安排", "own appropriation"),
    "received": ("上级下达(上级未报)", "received, its sender does not report it"),
    "carry_in": ("上年结转", "carried in"),
    "clawback_in": ("下级退回", "taken back from below"),
    "returned": ("银行退回", "returned by a bank"),
    "uncovered": ("无来源:先花后到", "no origin: spent before any money came"),
}
LEVELS = {"central": ("中央", "central"), "province": ("省", "province"), "city": ("市", "city"), "county": ("县", "county")}


def both(words: dict[str, tuple[str, str]], code: str | None) -> str:
    """`在途 on its way` for a code; the code itself when there are no words for it."""
    return " ".join(words[code]) if code in words else code or "—"
