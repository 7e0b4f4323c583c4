"""The rules about persons, cards and staff, worked out anew from what an independent reader found in the files."""

import datetime as dt
import itertools
import re
from collections import Counter, defaultdict

from office_files import CardRow, Line, Office, Place, RegisterRow, weighed

from onecard.words.names import compare_names
from onecard.words.reference_data import seed_rows

_LONG_PROGRAMMES = {"dibao": "rural_dibao", "living": "disability_living", "care": "disability_care"}
_EXCLUDED = {
    "tekun": ("dibao", "living", "care"),
    "orphan": ("tekun", "living"),
}
_BINS = {row["bin_prefixes"] for row in seed_rows("agent_banks")}


def _latest(office: Office) -> list[RegisterRow]:
    last = max(row.month for row in office.registers)
    return [row for row in office.registers if row.month == last]


def _good(office: Office) -> list[Line]:
    return [line for line in office.lines if line.ok]


def _different(a: str, b: str) -> bool:
    return compare_names(a, b).grade == "different"


def _check_fits(number: str) -> bool:
    return re.fullmatch(r"\d{17}[0-9X]", number) is not None and (weighed(number[:17]) + "0123456789X".index(number[17])) % 11 == 1


def contradicted(office: Office) -> set[Place]:
    """Rows of the latest register whose own birth or sex is not that of a valid number."""
    found = set()
    for row in _latest(office):
        if row.born and _check_fits(row.id) and re.fullmatch(r"(19|20)\d\d(0\d|1[012])[0-3]\d", row.id[6:14]):
            number = f"{row.born:%Y%m%d}" + ("男" if int(row.id[16]) % 2 else "女")
            if number != row.id[6:14] + row.sex:
                found.add(row.place)
    return found


def id05(office: Office) -> set[Place]:
    names = {row.id: row.name for row in _latest(office)}
    rows: list[tuple[str, str, Place]] = [(row.id, row.name, row.place) for row in (*office.rolls, *office.cards, *_latest(office))]
    return {place for number, name, place in rows if number in names and _different(name, names[number])}


def _slip(a: str, b: str) -> bool:
    """Whether one of 18 characters, two neighbours, or one digit and the check character tell two numbers apart."""
    if len(a) != 18 or len(b) != 18:
        return False
    apart = [index for index in range(18) if a[index] != b[index]]
    exchanged = len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]
    return len(apart) == 1 or exchanged or (len(apart) == 2 and apart[1] == 17)


def id06(office: Office) -> set[Place]:
    rows = [*_latest(office), *office.rolls, *_good(office)]
    places: dict[str, list[Place]] = defaultdict(list)
    namesakes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        places[row.id].append(row.place)
        namesakes[row.name].add(row.id)
    heads: dict[str, set[str]] = defaultdict(set)
    for row in (*_latest(office), *office.rolls):
        heads[row.id].add(row.head)
    found: set[Place] = set()
    for numbers in namesakes.values():
        for a, b in itertools.combinations(sorted(numbers), 2):
            if _slip(a, b) and (not _check_fits(a) or not _check_fits(b) or heads[a] & heads[b]):
                main = max((a, b), key=lambda number: (_check_fits(number), len(places[number])))
                found |= set(places[b if main == a else a])
    return found


def en05(office: Office) -> set[Place]:
    known = {(row.county, row.programme, row.id) for row in office.registers}
    households = {(row.county, row.head) for row in office.registers if row.programme == "dibao"}
    return {
        row.place
        for row in office.rolls
        if (row.county, row.programme, row.id) not in known and not (row.programme == "dibao" and (row.county, row.head) in households)
    }


def en06(office: Office) -> set[Place]:
    standards = {(row["programme_code"], row["category"]): int(row["monthly_fen"]) for row in seed_rows("standards")}
    units: dict[tuple[str, ...], list] = defaultdict(list)  # type: ignore[type-arg]
    for row in office.rolls:
        if row.programme != "relief":
            units[(*row.scope, row.head if row.programme == "dibao" else row.id)].append(row)
    return {
        row.place
        for rows in units.values()
        if sum(row.fen for row in rows)
        != sum(standards[_LONG_PROGRAMMES.get(row.programme, row.programme), row.category] * row.size for row in rows)
        for row in rows
    }


def en07(office: Office) -> set[Place]:
    dead = {row.id: row for row in office.deaths}
    return {
        line.place
        for line in _good(office)
        if (death := dead.get(line.id))
        and line.month > f"{death.died:%Y%m}"
        and not ((death.registered - death.died).days <= 30 and line.day <= death.registered)
    }


def en08(office: Office) -> set[Place]:
    ends: dict[tuple[str, str, str], str] = {}
    for row in sorted(office.registers, key=lambda row: row.month):
        ends[row.county, row.programme, row.id] = row.end or "999912"
    return {line.place for line in _good(office) if line.month > ends.get((line.county, line.programme, line.id), "999912")}


def en09(office: Office) -> set[Place]:
    received: dict[tuple[str, str], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    household: dict[str, list[Line]] = defaultdict(list)
    for line in _good(office):
        received[line.id, line.month][line.programme].append(line)
        if line.programme == "dibao":
            household[line.id].append(line)
    for row in _latest(office):
        if row.programme == "dibao" and row.id != row.head:
            for line in household[row.head]:
                received[row.id, line.month]["dibao"].append(line)
    return {
        line.place
        for programmes in received.values()
        for one, others in _EXCLUDED.items()
        if one in programmes
        for other in others
        for line in programmes.get(other, [])
    }


def en10(office: Office) -> set[Place]:
    counties: dict[tuple[str, str], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in _good(office):
        counties[line.id, line.programme][line.county].append(line)
    found = set()
    for paid in counties.values():
        main = max(paid, key=lambda county: (len({line.month for line in paid[county]}), -int(min(line.month for line in paid[county]))))
        months = {line.month for line in paid[main]}
        found |= {line.place for county, lines in paid.items() if county != main for line in lines if line.month in months}
    return found


def en11(office: Office) -> set[Place]:
    disabled = {row.id for row in _latest(office) if row.grade not in ("", "无")}
    found = set()
    for line in _good(office):
        if line.programme in ("tekun", "orphan") and re.fullmatch(r"\d{17}[0-9X]", line.id) and _check_fits(line.id):
            months = (int(line.month[:4]) - int(line.id[6:10])) * 12 + int(line.month[4:]) - int(line.id[10:12])
            if line.programme == "orphan" and months > 18 * 12:
                found.add(line.place)
            if line.programme == "tekun" and 16 * 12 < months < 60 * 12 and line.id not in disabled:
                found.add(line.place)
    return found


def _kin(office: Office) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each person the proxies on file, and the members of their households."""
    proxies: dict[str, set[str]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    for row in office.registers:
        proxies[row.id] |= {row.proxy} - {""}
        members[row.head] |= {row.head, row.id}
    family: dict[str, set[str]] = defaultdict(set)
    for household in members.values():
        for person in household:
            family[person] |= household
    return proxies, family


def _stranger_to(office: Office) -> list[CardRow]:
    """Cards opened by somebody who is nobody to the holder."""
    proxies, family = _kin(office)
    return [row for row in office.cards if row.agent and row.agent not in {row.id} | proxies[row.id] | family[row.id]]


def cd05(office: Office) -> set[Place]:
    opened = _stranger_to(office)
    holders: dict[str, set[str]] = defaultdict(set)
    for row in opened:
        holders[row.agent].add(row.id)
    known = {number for row in office.registers for number in (row.id, row.head, row.proxy)}
    known |= {number for row in office.rolls for number in (row.id, row.head)}
    credited = {line.card for line in _good(office)}
    return {row.place for row in opened if len(holders[row.agent]) >= 10 or (row.id not in known and row.card in credited)}


def cd06(office: Office) -> set[Place]:
    proxies, family = _kin(office)
    households = {row.card: row.head for row in office.rolls}
    persons = {row.card: row.id for row in office.rolls}
    by_agent: dict[tuple[str, dt.date], list] = defaultdict(list)  # type: ignore[type-arg]
    by_machine: dict[tuple[str, str], list] = defaultdict(list)  # type: ignore[type-arg]
    for row in office.withdrawals:
        holder = office.holders[row.card]
        lawful = {person for owner in (holder, persons.get(row.card, holder)) for person in {owner} | proxies[owner] | family[owner]}
        if row.agent and row.agent not in lawful:
            by_agent[row.agent, row.at.date()].append(row)
        if row.channel == "ATM":
            by_machine[row.bank, row.terminal].append(row)
    found = {row.place for rows in by_agent.values() if len({households.get(row.card) for row in rows}) >= 5 for row in rows}
    for rows in by_machine.values():
        for first in rows:
            near = [row for row in rows if dt.timedelta(0) <= row.at - first.at <= dt.timedelta(minutes=10)]
            if len({households.get(row.card) for row in near}) >= 8:
                found |= {row.place for row in near}
    return found


def cd07(office: Office) -> set[Place]:
    staff = {row.id for row in office.staff}
    watched = {row.card for row in _stranger_to(office)} | {row.card for row in office.cards if row.agent in staff and row.agent != row.id}
    last_drawn: dict[str, dt.date] = {}
    for row in office.withdrawals:
        last_drawn[row.card] = max(last_drawn.get(row.card, dt.date.min), row.at.date())
    untouched: dict[str, list[Line]] = defaultdict(list)
    for line in _good(office):
        if line.card in watched and line.day > last_drawn.get(line.card, dt.date.min):
            untouched[line.card].append(line)
    return {line.place for lines in untouched.values() if len({line.month for line in lines}) >= 3 for line in lines}


def _card_fits(card: str) -> bool:
    digits = [int(sign) for sign in card]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return 16 <= len(card) <= 19 and card[:6] in _BINS and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def cd09(office: Office) -> set[Place]:
    return {row.place for row in (*office.rolls, *office.lines) if row.card and not _card_fits(row.card)}


def cd10(office: Office) -> set[Place]:
    proxies, _ = _kin(office)
    staff = {row.id for row in office.staff}
    heads = {(*row.scope, row.id): row.head for row in office.rolls}
    return {
        line.place
        for line in _good(office)
        if (holder := office.holders.get(line.card)) in staff
        and holder not in {line.id} | proxies[line.id]
        and not (line.programme == "dibao" and heads.get((*line.scope, line.id)) == holder)
    }


def co01(office: Office) -> set[Place]:
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for row in office.staff:
        if row.relative:
            said[row.relative][row.filed] += 1
    return {line.place for line in _good(office) if line.id in said and not said[line.id]["是"]}


def co02(office: Office) -> set[Place]:
    staff = {row.id for row in office.staff if "公益" not in row.position}
    return {line.place for line in _good(office) if line.id in staff}
