"""Who dies: people whose entitlement had ended by it, members of households, and others whom nobody ever paid."""

import datetime as dt

import numpy as np

from onecard.words.months import add_months
from simulation.ledger.payments import Payments
from simulation.people.columns import Columns
from simulation.people.county import DIBAO, FATHER, MOTHER, RELIEF, County, passers_by, relative_at_hand
from simulation.plan import Plan, month_day

EPOCH = dt.date(1900, 1, 1)
_ENDED_SHARE, _RELIEF_SHARE, _PARENT_SHARE, _STRANGER_SHARE = 0.6, 0.05, 0.05, 0.9
# Of the dead: registered only after the money of the next month was on the card; registered late, payments stopped before.
_NEXT_MONTH_SHARE, _LATE_SHARE = 0.25, 0.15
_GOOD_FAITH_DAYS = 30
_AT_LEAST = 2


def add_deaths(plan: Plan, county: County, payments: Payments) -> None:
    """Deaths of residents; whoever had money coming gets none for a month after that of the death, but for one case:

    a death late in a month that is registered within 30 days, after the money of the next month was on the card.
    """
    rng = plan.rng(5, int(county.code))
    last_paid, last_credit = _last_payments(county, payments)
    ended, parents, strangers = _groups(rng, plan, county, last_paid)
    rows = [_death(rng, person, int(last_paid[person]), int(last_credit[person])) for person in ended]
    last = plan.months[-1]
    rows += [(person, *_dates(rng, last)) for person in parents]
    rows += [(person, *_dates(rng, int(rng.choice(plan.months)))) for person in strangers]
    persons, died, registered = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    county.deaths = Columns(
        person=np.r_[county.deaths["person"], persons],
        died=np.r_[county.deaths["died"], died],
        registered=np.r_[county.deaths["registered"], registered],
    )


def days(day: dt.date) -> int:
    """Days since 1900."""
    return (day - EPOCH).days


def _last_payments(county: County, payments: Payments) -> tuple[np.ndarray, np.ndarray]:
    """For each person the last month on a roll (0: never), and the day of the last credit for it."""
    rolls, lines = payments.rolls, payments.lines
    month, day = np.zeros(len(county.persons), np.int64), np.zeros(len(county.persons), np.int64)
    np.maximum.at(month, rolls["person"], rolls["month"])
    credited = payments.line_days()
    rows = np.flatnonzero((lines["roll"] >= 0) & (lines["there"] == 1))
    roll = lines["roll"][rows]
    last = rolls["month"][roll] == month[rolls["person"][roll]]
    np.maximum.at(day, rolls["person"][roll[last]], credited[rows[last]])
    return month, day


def _groups(rng: np.random.Generator, plan: Plan, county: County, last_paid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    persons, ents, size = county.persons, county.ents, len(county.persons)
    resident = np.arange(size) < county.residents
    needed = np.zeros(size, bool)  # alive for others: proxies, staff and their relatives, whoever opened a card
    for others in (persons["proxy"], county.staff["person"], county.staff["relative"], county.cards["agent"]):
        needed[others[others >= 0]] = True
    needed[relative_at_hand(persons)[relative_at_hand(persons) >= 0]] = True
    entitled = np.bincount(ents["person"], minlength=size) > 0
    open_ended = np.bincount(ents["person"], ents["end"] == 0, size) > 0
    end = np.zeros(size, np.int64)
    np.maximum.at(end, ents["person"], ents["end"])
    only_relief = np.bincount(ents["person"], ents["programme"] != RELIEF, size) == 0
    single = np.bincount(persons["household"], minlength=size)[persons["household"]] == 1
    free = resident & ~needed
    fits = free & entitled & ~open_ended & single & (last_paid > 0) & (last_paid <= end)
    lot = rng.random(size)
    # In a small county, too, somebody who was paid dies.
    chance = np.where(fits, lot / np.where(only_relief, _RELIEF_SHARE, _ENDED_SHARE), np.inf)
    some = np.sort(chance[fits])[: min(_AT_LEAST, int(fits.sum()))]
    ended = np.flatnonzero(fits & (chance <= max(1.0, *some)))
    # Their household is paid for them up to the last month of the plan, in which they die.
    of_dibao = np.zeros(size, bool)
    of_dibao[ents["person"][ents["programme"] == DIBAO]] = True
    parents = free & ~entitled & np.isin(persons["relation"], (FATHER, MOTHER)) & of_dibao[persons["household"]]
    strangers = free & (np.arange(size) >= county.residents - passers_by(plan.lines_per_month))
    return ended, np.flatnonzero(parents & (lot < _PARENT_SHARE)), np.flatnonzero(strangers & (lot < _STRANGER_SHARE))


def _death(rng: np.random.Generator, person: int, last_month: int, last_credit: int) -> tuple[int, int, int]:
    """A death in the last month that was paid; or late in the month before, when that was not known at the bank's."""
    before = days(month_day(last_month, 1)) - int(rng.integers(1, 9))
    registered = last_credit + int(rng.integers(0, 4))
    if rng.random() < _NEXT_MONTH_SHARE and last_credit and registered - before <= _GOOD_FAITH_DAYS:
        return person, before, registered
    return person, *_dates(rng, last_month)


def _dates(rng: np.random.Generator, month: int) -> tuple[int, int]:
    """Died on a day of a month, and registered days to weeks after, or months."""
    length = (month_day(add_months(month, 1), 1) - month_day(month, 1)).days
    died = days(month_day(month, 1)) + int(rng.integers(0, length))
    late = rng.random() < _LATE_SHARE
    return died, died + int(rng.integers(35, 81) if late else rng.integers(2, 22))
