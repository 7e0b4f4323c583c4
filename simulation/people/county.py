"""Builds one county: persons in households, their cards, and their entitlements, as columns of numbers."""

from dataclasses import dataclass, field

import numpy as np

from onecard.words.months import add_months
from simulation.people import names, numbers, staff
from simulation.people import townships as places
from simulation.people.columns import Columns
from simulation.plan import PROGRAMMES, Plan

DIBAO, TEKUN, RELIEF, ORPHAN, LIVING, CARE = range(len(PROGRAMMES))
_SHARE = {DIBAO: 0.62, TEKUN: 0.09, RELIEF: 0.02, ORPHAN: 0.02, LIVING: 0.13, CARE: 0.12}
# Monthly standards in fen by category.
CATEGORIES: dict[int, tuple[tuple[str, int], ...]] = {
    DIBAO: (("一类", 31833), ("二类", 30200), ("三类", 8400), ("四类", 5800)),
    TEKUN: (("全自理", 47200), ("半护理", 57350), ("全护理", 67500)),
    RELIEF: (("一般救助", 0), ("急难救助", 0)),
    ORPHAN: (("散居", 64000), ("集中", 100000)),
    LIVING: (("困难残疾人", 10000), ("困难残疾人(一级)", 15000)),
    CARE: (("重度残疾人", 10000), ("重度残疾人(一级)", 11050)),
}
RELATIONS = ("户主", "配偶", "子", "女", "父亲", "母亲", "孙子", "被监护人")
HEAD, SPOUSE, SON, DAUGHTER, FATHER, MOTHER, GRANDSON, WARD = range(len(RELATIONS))
GRADES = ("", "一级", "二级", "三级")
_BANK_SHARE = (0.58, 0.25, 0.17)
# Of cards whose holder has a proxy, or a household: how many were opened by the proxy, by husband or wife or head.
_OPENED_BY_PROXY, _OPENED_BY_FAMILY = 0.5, 0.04


@dataclass
class County:
    """One county. Persons, cards and entitlements are columns of equal length; indices refer to rows of each other.

    persons: name, bank_name, id, phone (str); male, born; household, relation, township, village; proxy (person or -1);
    stated_male, stated_born (sex and birth as the register states them).
    cards: number, branch (str); bank, holder (person), name (person whose name the bank lists), opened (days since 1900),
    status, agent (person or -1), listed (0: in no card list).
    ents: person, programme, category, size, standard, amount (fen), start, end (yyyymm, 0 = open), approved (days
    since 1900), card, payee, grade. A household is known by the person at its head.
    staff: see `staff.appoint`. deaths: person, died, registered (days since 1900). Of the persons, the first `residents`
    live here; who comes after them was put there by a plant.
    """

    code: str
    name: str
    index: int
    townships: list[str]
    villages: list[list[str]]
    persons: Columns
    cards: Columns
    ents: Columns
    staff: Columns
    residents: int
    deaths: Columns = field(default_factory=lambda: Columns(**{name: np.empty(0, np.int64) for name in ("person", "died", "registered")}))

    def add_person(self, **values: object) -> int:
        """One more person, by default like nobody: no household, township 0."""
        default = {
            "household": len(self.persons),
            "relation": HEAD,
            "township": 0,
            "village": 0,
            "proxy": -1,
            "male": 1,
            "born": 30000,
            "phone": "13800000000",
        }
        values = default | {"bank_name": values["name"]} | values
        return self.persons.append(**({"stated_male": values["male"], "stated_born": values["born"]} | values))

    def add_card(self, bank: int, holder: int, listed: int = 1, agent: int = -1) -> int:
        """One more card of a person."""
        number = numbers.card_numbers(np.array([bank]), self.index, len(self.cards))[0]
        branch = self.cards["branch"][0]
        return self.cards.append(
            number=number, bank=bank, holder=holder, name=holder, opened=43000, branch=branch, status=0, agent=agent, listed=listed
        )


def build_county(plan: Plan, index: int) -> County:
    """The people of county number `index` of the plan."""
    division = plan.counties[index]
    rng = plan.rng(1, int(division.code))
    town_names = places.townships(division.code, plan.size == "tiny")
    village_names = places.villages(rng, len(town_names))
    builder = _Builder(plan, rng, np.array([len(item) for item in village_names]))
    persons, groups = builder.people(division.code)
    ents = builder.entitlements(persons, groups)
    cards = _cards(rng, index, persons, ents, division.name)
    appointed = staff.appoint(plan.rng(6, int(division.code)), division.name, town_names, persons, ents, groups["staff"], groups["kin"])
    return County(division.code, division.name, index, town_names, village_names, persons, cards, ents, appointed, len(persons))


class _Builder:
    def __init__(self, plan: Plan, rng: np.random.Generator, village_counts: np.ndarray) -> None:
        self.plan, self.rng, self.village_counts = plan, rng, village_counts
        self.count = {programme: max(3, round(plan.lines_per_month * share)) for programme, share in _SHARE.items()}

    def people(self, county: str) -> tuple[Columns, dict[str, np.ndarray]]:
        """Persons, and the persons of each group."""
        rng = self.rng
        members_of = rng.choice(4, self.count[DIBAO], p=(0.4, 0.3, 0.2, 0.1))
        guardians = max(2, int(self.count[ORPHAN] * 0.85))
        others = int(0.08 * self.plan.lines_per_month) + self.count[RELIEF] * len(self.plan.months) // 2 + 8
        sizes = {
            "heads": self.count[DIBAO],
            "members": int(members_of.sum()),
            "tekun": self.count[TEKUN],
            "guardians": guardians,
            "orphans": self.count[ORPHAN],
            "others": others,
            "proxies": max(2, others // 20),
            "staff": staff.number_of_staff(len(self.village_counts)),
            "kin": staff.number_of_staff(len(self.village_counts)) * 3 // 2,
            "passers_by": passers_by(self.plan.lines_per_month),  # last, so that they are known by their place
        }
        edges = np.cumsum([0, *sizes.values()])
        groups = {name: np.arange(start, end) for name, start, end in zip(sizes, edges[:-1], edges[1:], strict=True)}
        total = int(edges[-1])
        household = np.arange(total)  # everybody a household of their own, then those who live with others
        relation = np.full(total, HEAD)
        household[groups["members"]] = np.repeat(groups["heads"], members_of)
        rank = np.arange(sizes["members"]) - np.repeat(np.cumsum(members_of) - members_of, members_of)
        kind = np.where(rank == 0, SPOUSE, rng.choice([SON, DAUGHTER, FATHER, MOTHER, GRANDSON], sizes["members"]))
        relation[groups["members"]] = kind
        guardian = groups["guardians"][np.arange(sizes["orphans"]) % guardians]
        with_guardian = rng.random(sizes["orphans"]) < 0.5
        household[groups["orphans"][with_guardian]] = guardian[with_guardian]
        relation[groups["orphans"][with_guardian]] = WARD
        proxy = np.full(total, -1)
        proxy[groups["orphans"]] = guardian
        persons = self._describe(county, groups, relation, household)
        persons["proxy"] = proxy
        groups["paid_by_proxy"] = groups["orphans"][rng.random(sizes["orphans"]) < 0.3]
        return persons, groups

    def _describe(self, county: str, groups: dict[str, np.ndarray], relation: np.ndarray, household: np.ndarray) -> Columns:
        rng, total = self.rng, len(relation)
        male = rng.random(total) < 0.55
        born = numbers.born_between(rng, total, 1936, 1990)
        for chosen, first, last in (
            (groups["tekun"], 1930, 1957),
            (groups["orphans"], 2002, 2016),
            (np.flatnonzero(np.isin(relation, (SON, DAUGHTER))), 1995, 2016),
            (np.flatnonzero(relation == GRANDSON), 2005, 2016),
            (np.flatnonzero(np.isin(relation, (FATHER, MOTHER))), 1930, 1945),
            (groups["staff"], 1963, 1990),
            (groups["passers_by"], 1930, 1970),
        ):
            born[chosen] = numbers.born_between(rng, len(chosen), first, last)
        male[np.isin(relation, (SON, FATHER, GRANDSON))] = True
        male[np.isin(relation, (DAUGHTER, MOTHER))] = False
        spouse = relation == SPOUSE
        male[spouse] = ~male[household[spouse]]
        year = numbers.birth_year(born)
        name = names.draw(rng, male, year)
        township = rng.integers(0, len(self.village_counts), total)
        village = (rng.random(total) * self.village_counts[township]).astype(int)
        short_id = (year < 1960) & (rng.random(total) < 0.02)
        return Columns(
            name=name,
            bank_name=names.as_the_bank_writes(rng, name),
            id=numbers.draw_ids(rng, county, born, male),
            phone=numbers.draw_phones(rng, total),
            male=male.astype(int),
            born=born,
            household=household,
            relation=relation,
            township=township[household],
            village=village[household],
            short_id=short_id.astype(int),
            stated_male=male.astype(int),
            stated_born=born.copy(),
        )

    def entitlements(self, persons: Columns, groups: dict[str, np.ndarray]) -> Columns:
        """Who is entitled to what, from when to when; `proxy` of persons gains adults' proxies."""
        rng = self.rng
        adults = groups["members"][np.isin(persons["relation"][groups["members"]], (SPOUSE, FATHER, MOTHER))]
        heads, others = groups["heads"], groups["others"]
        living = self._sample(self.count[LIVING], heads, adults, others)
        care = self._sample(self.count[CARE], living[rng.random(len(living)) < 0.4], adults, others, heads)
        dependent = rng.permutation(np.setdiff1d(care, np.concatenate([heads, adults])))[: len(groups["proxies"])]
        persons["proxy"][dependent] = groups["proxies"][: len(dependent)]
        groups["paid_by_proxy"] = np.concatenate([groups["paid_by_proxy"], dependent[::2]])
        relief = rng.permutation(np.concatenate([heads, others]))[: self.count[RELIEF] * len(self.plan.months)]
        parts = [
            self._entitle(persons, DIBAO, heads, np.bincount(persons["household"], minlength=len(persons))[heads]),
            self._entitle(persons, TEKUN, groups["tekun"]),
            self._entitle(persons, ORPHAN, groups["orphans"]),
            self._entitle(persons, LIVING, living),
            self._entitle(persons, CARE, care),
            self._relief(persons, relief),
        ]
        ents = Columns.concat(parts)
        payee = ents["person"].copy()
        by_proxy = np.isin(payee, groups["paid_by_proxy"])
        payee[by_proxy] = persons["proxy"][payee[by_proxy]]
        ents["payee"] = payee
        return ents

    def _sample(self, count: int, *pools: np.ndarray) -> np.ndarray:
        """`count` distinct persons: half from the first pool, the rest from the others in turn."""
        wanted = (0.5, 0.25, 0.25, 1.0)
        chosen: list[np.ndarray] = []
        left = count
        for share, pool in zip(wanted, pools, strict=False):
            free = np.setdiff1d(pool, np.concatenate(chosen)) if chosen else pool
            take = min(left, len(free), max(1, int(count * share)))
            chosen.append(self.rng.permutation(free)[:take])
            left -= take
        return np.sort(np.concatenate(chosen))

    def _entitle(self, persons: Columns, programme: int, who: np.ndarray, size: np.ndarray | None = None) -> Columns:
        rng, months, count = self.rng, self.plan.months, len(who)
        options = CATEGORIES[programme]
        weights = {DIBAO: (0.15, 0.25, 0.4, 0.2), TEKUN: (0.7, 0.2, 0.1)}.get(programme, (0.8, 0.2))
        category = rng.choice(len(options), count, p=weights)
        size = np.ones(count, int) if size is None else size
        standard = np.array([fen for _, fen in options])[category]
        start = (2015 + rng.integers(0, 3, count)) * 100 + rng.integers(1, 13, count)
        end = np.zeros(count, int)
        lot = rng.random(count)
        newcomers, leavers = lot < 0.02, lot > 0.985
        start[newcomers] = rng.choice(months[1:], int(newcomers.sum()))
        end[leavers] = rng.choice(months[:-1], int(leavers.sum()))
        grade = rng.integers(1, 3, count) if programme in (LIVING, CARE) else np.zeros(count, int)
        return Columns(
            person=who,
            programme=np.full(count, programme),
            category=category,
            size=size,
            standard=standard,
            amount=standard * size,
            start=start,
            end=end,
            approved=self._approved(start),
            grade=grade,
        )

    def _relief(self, persons: Columns, who: np.ndarray) -> Columns:
        """Temporary relief: one month each, sums of 500 to 5,000 yuan."""
        rng, count = self.rng, len(who)
        start = np.array(self.plan.months)[np.arange(count) % len(self.plan.months)]
        amount = rng.integers(10, 101, count) * 5000
        zeros = np.zeros(count, int)
        return Columns(
            person=who,
            programme=zeros + RELIEF,
            category=rng.integers(0, 2, count),
            size=zeros + 1,
            standard=amount,
            amount=amount,
            start=start,
            end=start.copy(),
            approved=self._approved(start),
            grade=zeros,
        )

    def _approved(self, start: np.ndarray) -> np.ndarray:
        """Approval days (since 1900): a day of the month before the first."""
        distinct = np.unique(start)
        before = np.array([add_months(int(month), -1) for month in distinct])
        first = np.array([np.datetime64(f"{month // 100}-{month % 100:02d}-01") for month in before], "datetime64[D]")
        days = (first - np.datetime64("1900-01-01")).astype(int)
        return days[np.searchsorted(distinct, start)] + self.rng.integers(5, 26, len(start))


def _cards(rng: np.random.Generator, index: int, persons: Columns, ents: Columns, county: str) -> Columns:
    """One card for everybody who is paid, at the township's bank; sets the card of each entitlement."""
    holders = np.unique(ents["payee"])
    bank = rng.choice(3, len(holders), p=_BANK_SHARE)
    branches = np.array([f"{county}{name}支行" for name in ("城关", "新城", "北街", "中川")], object)
    ents["card"] = np.searchsorted(holders, ents["payee"])
    lot = rng.random(len(holders))
    family = relative_at_hand(persons)[holders]
    agent = np.where((family >= 0) & (lot < _OPENED_BY_FAMILY), family, -1)
    proxy = persons["proxy"][holders]
    agent = np.where((proxy >= 0) & (lot < _OPENED_BY_PROXY), proxy, agent)
    return Columns(
        number=numbers.card_numbers(bank, index, 0),
        bank=bank,
        holder=holders,
        name=holders.copy(),
        opened=rng.integers(40200, 42900, len(holders)),  # 2010 to 2017
        branch=branches[rng.integers(0, len(branches), len(holders))],
        status=np.zeros(len(holders), int),
        agent=agent,
        listed=np.ones(len(holders), np.int8),
    )


def passers_by(lines_per_month: int) -> int:
    """Number of residents whom no office pays or asks for anything."""
    return max(6, lines_per_month // 50)


def relative_at_hand(persons: Columns) -> np.ndarray:
    """For each person whoever of the household does an errand at the bank: a head's husband or wife, else the head; -1: nobody."""
    household, relation = persons["household"], persons["relation"]
    everybody = np.arange(len(persons))
    at_hand = np.where(household != everybody, household, -1)
    spouses = np.flatnonzero(relation == SPOUSE)
    at_hand[household[spouses]] = spouses
    return at_hand
