"""Withdrawals from a share of the cards: by whom, where and when, never more than was credited that month."""

import numpy as np

from onecard.words.months import add_months
from simulation.ledger.deaths import days
from simulation.ledger.payments import Payments
from simulation.people.columns import Columns
from simulation.people.county import County, relative_at_hand
from simulation.plan import BANKS, Plan, month_day

CHANNELS = ("柜面", "ATM", "助农点", "POS")
COUNTER, ATM, AGENT_POINT, POS = range(len(CHANNELS))
_CHANNEL_SHARE = (0.27, 0.33, 0.32, 0.08)
_CARD_SHARE = {"tiny": 0.5, "county": 0.12, "city": 0.12}
_DRAWN_SHARE, _TWICE_SHARE, _BY_OTHERS_SHARE = 0.85, 0.12, 0.35
_LATEST = 16  # days after the credit
_OPENS, _SPAN = 9 * 3600, 8 * 3600
# A machine serves at most so many a day, evenly over its hours: so that ten minutes never see eight of them.
_ATM_OPENS, _ATM_SPAN, _ATM_DAILY = 7 * 3600, 14 * 3600, 150
_ATM_JITTER = 60
_YUAN = 100


def build_withdrawals(plan: Plan, county: County, payments: Payments) -> Columns:
    """Withdrawals of a county in order of bank, month and time: card, bank, month (index), day (since 1900), second, channel,
    amount, terminal, agent (person or -1), ref (of planted ones, else -1)."""
    rng, cards = plan.rng(7, int(county.code)), county.cards
    certain = np.zeros(len(cards), bool)
    certain[list(payments.drawn)] = True
    followed = certain | (rng.random(len(cards)) < _CARD_SHARE[plan.size])
    followed[list(payments.quiet)] = False
    followed &= cards["listed"] == 1
    alive = _death_days(county)[cards["holder"]]
    ends = np.array([days(month_day(add_months(month, 1), 1)) - 1 for month in plan.months])
    credits = _monthly_credits(plan, payments, followed)
    credits = credits.take(np.flatnonzero((rng.random(len(credits)) < _DRAWN_SHARE) | certain[credits["card"]]))
    wait = 1 + np.minimum(rng.geometric(0.25, len(credits)) - 1, _LATEST)
    day = np.minimum(credits["day"] + wait, ends[credits["month"]])
    kept = (day > credits["day"]) & (day <= alive[credits["card"]])
    card, month, total, day = (values[kept] for values in (credits["card"], credits["month"], credits["total"], day))
    channel = rng.choice(len(CHANNELS), len(card), p=_CHANNEL_SHARE)
    channel[(channel == ATM) & (total < 100 * _YUAN)] = AGENT_POINT
    amount = _amounts(rng, channel, total)
    # Some come again for the rest, later in the month.
    rest, end = total - amount, ends[month]
    again = np.flatnonzero((rest >= 20 * _YUAN) & (day < end) & (alive[card] > end) & (rng.random(len(card)) < _TWICE_SHARE))
    later = np.minimum(day[again] + rng.integers(1, 8, len(again)), end[again])
    second_channel = np.full(len(again), AGENT_POINT)
    amount = np.r_[amount, _amounts(rng, second_channel, rest[again])]
    card, month, day, channel = np.r_[card, card[again]], np.r_[month, month[again]], np.r_[day, later], np.r_[channel, second_channel]
    terminal, second = _places(rng, county, card, day, channel)
    draws = Columns(
        card=card,
        bank=cards["bank"][card],
        month=month,
        day=day,
        second=second,
        channel=channel,
        amount=amount,
        terminal=terminal,
        agent=_agents(rng, county, card, channel),
        ref=np.full(len(card), -1),
    )
    planted = Columns(**{name: np.array([draw[name] for draw in payments.draws], np.int64) for name in draws.names})
    draws = Columns.concat([draws, planted])
    return draws.take(np.lexsort((draws["card"], draws["second"], draws["day"], draws["month"], draws["bank"])))


def plant_draw(plan: Plan, county: County, payments: Payments, **values: int) -> int:
    """One more withdrawal: card, day, second, channel, amount, terminal, agent (-1); its reference."""
    day = np.datetime64("1900-01-01") + values["day"]
    month = int(str(day)[:4]) * 100 + int(str(day)[5:7])
    ref = len(payments.draws)
    where = {"bank": int(county.cards["bank"][values["card"]]), "month": plan.months.index(month)}
    payments.draws.append({"agent": -1} | values | where | {"ref": ref})
    return ref


def _monthly_credits(plan: Plan, payments: Payments, followed: np.ndarray) -> Columns:
    """Per followed card and calendar month (index): `total` fen credited, and the `day` of the last credit."""
    lines = payments.lines
    rows = np.flatnonzero((lines["ok"] == 1) & (lines["there"] == 1) & (lines["card"] >= 0))
    rows = rows[followed[lines["card"][rows]]]
    day = payments.line_days()[rows]
    starts = np.array([days(month_day(month, 1)) for month in (*plan.months, add_months(plan.months[-1], 1))])
    month = np.searchsorted(starts, day, "right") - 1
    inside = (month >= 0) & (month < len(plan.months))
    rows, day, month = rows[inside], day[inside], month[inside]
    key, place = np.unique(lines["card"][rows] * len(plan.months) + month, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, place, lines["amount"][rows])
    last = np.zeros(len(key), np.int64)
    np.maximum.at(last, place, day)
    return Columns(card=key // len(plan.months), month=key % len(plan.months), total=total, day=last)


def _death_days(county: County) -> np.ndarray:
    found = np.full(len(county.persons), np.iinfo(np.int64).max)
    resident = county.deaths["person"] < county.residents  # from the cards of others the money goes on being drawn
    found[county.deaths["person"][resident]] = county.deaths["died"][resident]
    return found


def _amounts(rng: np.random.Generator, channel: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Notes of 100 yuan from machines, whole tens at agent points (2,000 yuan at most), whole yuan over the counter, cents in shops."""
    part = np.where(rng.random(len(total)) < 0.7, total, total * rng.integers(4, 10, len(total)) // 10)
    steps = np.array([_YUAN, 100 * _YUAN, 10 * _YUAN, 1])[channel]
    limits = np.array([10**9, 3_000 * _YUAN, 2_000 * _YUAN, 1_000 * _YUAN])[channel]
    amount = np.minimum(part, limits) // steps * steps
    amount = np.where(channel == POS, np.minimum(limits, total * rng.integers(100, 900, len(total)) // 1000), amount)
    return np.where(amount > 0, amount, np.minimum(total // steps * steps, limits)).clip(min=1)


def _places(
    rng: np.random.Generator, county: County, card: np.ndarray, day: np.ndarray, channel: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Terminal and second of the day: the township's counter or machines, the village's agent point, one of the shops."""
    holder = county.cards["holder"][card]
    township, village = county.persons["township"][holder], county.persons["village"][holder]
    second = _OPENS + rng.integers(0, _SPAN, len(card))
    terminal = np.select([channel == AGENT_POINT, channel == POS], [township * 20 + village, rng.integers(0, 40, len(card))], township)
    rows = np.flatnonzero(channel == ATM)
    place = (day[rows] * len(BANKS) + county.cards["bank"][card[rows]]) * 100 + township[rows]
    order = np.lexsort((rng.random(len(rows)), place))
    rank, size = _ranks(place[order])
    rows = rows[order]
    # Each machine's customers have turns of their own, which lie apart and all over the day.
    turn = (rank % _ATM_DAILY) * _ATM_DAILY // np.minimum(size, _ATM_DAILY)
    second[rows] = _ATM_OPENS + turn * (_ATM_SPAN // _ATM_DAILY) + rng.integers(0, _ATM_JITTER, len(rows))
    terminal[rows] = township[rows] * 20 + rank // _ATM_DAILY
    return terminal, second


def _ranks(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place within, and size of, each run of equal sorted keys."""
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, int)
    sizes = np.diff(np.r_[starts, len(keys)])
    return np.arange(len(keys)) - np.repeat(starts, sizes), np.repeat(sizes, sizes)


def _agents(rng: np.random.Generator, county: County, card: np.ndarray, channel: np.ndarray) -> np.ndarray:
    """Over the counter and at agent points some cards are presented by the holder's proxy, or by somebody of the household."""
    persons, holder = county.persons, county.cards["holder"][card]
    lawful = np.where(persons["proxy"][holder] >= 0, persons["proxy"][holder], relative_at_hand(persons)[holder])
    allowed = np.isin(channel, (COUNTER, AGENT_POINT)) & (rng.random(len(card)) < _BY_OTHERS_SHARE)
    return np.where(allowed, lawful, -1)
