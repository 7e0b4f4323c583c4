"""Planted cases show in the files what their rule says, and nothing else does: each rule is worked out anew from the files alone."""

import csv
import datetime as dt
import hashlib
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import office_files
import pytest
import rules_of_persons
from office_files import Document, Line, Office, Place

from onecard.words.errors import InputRefused
from onecard.words.names import compare_names
from onecard.words.reference_data import seed_rows
from simulation import Canary, SimulationSummary, simulate
from simulation.ledger.payments import build_payments
from simulation.people.county import build_county
from simulation.plan import make_plan
from simulation.plants.free_cases import Supply

# Contents of the clean city of 2,400 rows and seed 3. Changes when the simulator is meant to make other files, or numpy draws otherwise.
CLEAN = "27240e14cff3a9bbd1f3ad1906b31a01cb29970ac1a2e5959384271f6b9b90ca"


# Counties of Dingxi, and what their older residents' numbers begin with.
DIVISIONS = {row["division_code"] for row in seed_rows("divisions")} | {"622421", "622424"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return simulate(tmp_path_factory.mktemp("planted"), rows=3_000, seed=5, plant=True)


@pytest.fixture(scope="module")
def office(city: SimulationSummary) -> Office:
    return office_files.read(city.inbox)


@pytest.fixture(scope="module")
def truth(city: SimulationSummary) -> dict[str, dict[Place, str]]:
    found: dict[str, dict[Place, str]] = defaultdict(dict)
    with city.truth.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["rule_code"]][row["file"], int(row["sheet_no"]), int(row["row_no"])] = row["note"]
    return found


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def _contents(folder: Path) -> str:
    """Digest of all files, workbooks by their members: zlib may pack the same content otherwise."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode())
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    digest.update(archive.read(name))
        else:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def test_same_seed_plants_the_same_bytes(city: SimulationSummary, tmp_path: Path) -> None:
    assert _digests(simulate(tmp_path, rows=3_000, seed=5, plant=True).out) == _digests(city.out)


def test_the_clean_city_is_what_it_was(tmp_path: Path) -> None:
    clean = simulate(tmp_path, rows=2_400, seed=3)
    assert _contents(clean.inbox) == CLEAN
    assert clean.planted == {} and clean.truth.read_text() == "rule_code,file,sheet_no,row_no,note\n"


def test_every_rule_has_cases_and_every_case_has_rows(city: SimulationSummary, truth: dict[str, dict[Place, str]]) -> None:
    cases = json.loads((city.out / "truth" / "cases.json").read_text(encoding="utf-8"))
    counted = Counter(case["rule"] for case in cases)
    assert sorted(counted) == RULES == sorted(truth) == sorted(city.planted) and min(counted.values()) >= 2
    noted = {note.split(" ", 1)[0] for rows in truth.values() for note in rows.values()}
    assert noted == {case["case"] for case in cases} and all(case["what"] for case in cases)
    assert city.planted == {rule: len(rows) for rule, rows in truth.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_other_seeds_and_few_rows_can_be_planted(tmp_path: Path, seed: int) -> None:
    assert sorted(simulate(tmp_path, rows=1_200, seed=seed, plant=True).planted) == RULES


def test_too_few_people_are_refused_with_the_rows_needed() -> None:
    plan = make_plan("tiny", 1, 1_200)
    county = build_county(plan, 0)
    supply = Supply(plan, county, build_payments(plan, county), plan.rng(9), [])
    with pytest.raises(InputRefused, match="2,000"):
        for _ in range(200):
            supply.entitlement()


def test_canaries_are_left_alone(tmp_path: Path) -> None:
    canary = Canary("欧阳金丝雀", "62110219700101001X", "6230659999999999993", "13900001111")
    made = office_files.read(simulate(tmp_path, rows=2_000, plant=True, canaries=[canary]).inbox)
    assert {(line.name, line.card, line.ok) for line in made.lines if line.id == canary.id_no} >= {(canary.name, canary.card_no, True)}
    assert all(line.card == canary.card_no for line in made.lines if line.id == canary.id_no)


# Every rule, worked out anew.


def _by_scope(office: Office) -> dict[tuple[str, str, str, str], int]:
    """Fen on the roll by (county, programme, month, ID)."""
    return {(*row.scope, row.id): row.fen for row in office.rolls}


def _credits(office: Office) -> dict[tuple[str, str, str, str], list[Line]]:
    """Credited rows by the person on the roll whom they reach: by ID, else by card; in order of time."""
    entitled = _by_scope(office)
    cards = {(*row.scope, row.card): row.id for row in office.rolls}
    found: dict[tuple[str, str, str, str], list[Line]] = defaultdict(list)
    for line in sorted(office.lines, key=lambda line: (line.at, line.batch, line.seq)):
        if line.ok:
            person = line.id if (*line.scope, line.id) in entitled else cards.get((*line.scope, line.card), "")
            found[(*line.scope, person)].append(line)
    return found


def _valid(number: str) -> bool:
    """GB 11643: a known division, a date, and the check character."""
    if not re.fullmatch(r"\d{17}[0-9X]", number) or number[:6] not in DIVISIONS:
        return False
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return (office_files.weighed(number[:17]) + "0123456789X".index(number[17])) % 11 == 1


def _heads(office: Office) -> dict[tuple[str, str, str, str], str]:
    return {(*row.scope, row.id): row.head for row in office.rolls}


def en01(office: Office) -> set[Place]:
    entitled = _by_scope(office)
    return {
        line.place
        for key, lines in _credits(office).items()
        if key in entitled and sum(line.fen for line in lines) < entitled[key]
        for line in lines
    }


def en02(office: Office) -> set[Place]:
    entitled = _by_scope(office)
    return {line.place for key, lines in _credits(office).items() if key in entitled for line in lines if line.fen > entitled[key]}


def en03(office: Office) -> set[Place]:
    entitled = _by_scope(office)
    return {
        line.place
        for key, lines in _credits(office).items()
        if key in entitled and sum(line.fen for line in lines) > entitled[key]
        for line in lines[1:]
    }


def en04(office: Office) -> set[Place]:
    return {line.place for key, lines in _credits(office).items() if not key[3] for line in lines}


def id01(office: Office) -> set[Place]:
    last = max(row.month for row in office.registers)
    rows = [*office.rolls, *office.lines, *(row for row in office.registers if row.month == last)]
    return {row.place for row in rows if not _valid(row.id)} | rules_of_persons.contradicted(office)


def id02(office: Office) -> set[Place]:
    names = {row.id: row.name for row in office.registers}
    return {
        line.place
        for line in office.lines
        if line.ok and line.id in names and compare_names(line.name, names[line.id]).grade == "different"
    }


def id03(office: Office) -> set[Place]:
    return {line.place for key, lines in _credits(office).items() for line in lines if key[3] and line.id != key[3]}


def id04(office: Office) -> set[Place]:
    proxies = {(row.id, row.proxy) for row in office.registers if row.proxy}
    heads = _heads(office)
    found = set()
    for key, lines in _credits(office).items():
        for line in lines:
            person, holder = key[3] or line.id, office.holders.get(line.card)
            is_head = key[1] == "dibao" and holder == heads.get(key)
            if holder and holder != person and not is_head and (person, holder) not in proxies:
                found.add(line.place)
    return found


def id07(office: Office) -> set[Place]:
    return {line.place for line in office.lines if not line.ok and line.code == "01"}


def _beside_the_main(uses: dict[str, list[Line]]) -> set[Place]:
    """Rows on cards beside the main one, of cards whose times overlap."""
    spans = {card: (min(line.day for line in lines), max(line.day for line in lines)) for card, lines in uses.items()}
    together = [
        card
        for card, (first, last) in spans.items()
        if any(first <= end and start <= last for other, (start, end) in spans.items() if other != card)
    ]
    main = max(together, key=lambda card: (len(uses[card]), -spans[card][0].toordinal()), default=None)
    return {line.place for card in together if card != main for line in uses[card]}


def cd01(office: Office) -> set[Place]:
    uses: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for key, lines in _credits(office).items():
        for line in lines:
            if line.card:
                uses[key[3] or line.id][line.card].append(line)
    return {place for cards in uses.values() for place in _beside_the_main(cards)}


def cd02(office: Office) -> set[Place]:
    heads = _heads(office)
    uses: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for key, lines in _credits(office).items():
        for line in lines:
            if key[1] == "dibao" and key in heads and line.card:
                uses[heads[key]][line.card].append(line)
    several = {head: cards for head, cards in uses.items() if len({line.id for lines in cards.values() for line in lines}) > 1}
    return {place for cards in several.values() for place in _beside_the_main(cards)}


def cd03(office: Office) -> set[Place]:
    heads = _heads(office)
    proxies = {(row.id, row.proxy) for row in office.registers if row.proxy}
    uses: dict[str, list[tuple[str, str, Line]]] = defaultdict(list)
    for key, lines in _credits(office).items():
        for line in lines:
            if key in heads and line.card:
                uses[line.card].append((heads[key], key[3], line))
    return {
        line.place
        for card, rows in uses.items()
        if len({head for head, _, _ in rows}) > 1 and not all((person, office.holders.get(card)) in proxies for _, person, _ in rows)
        for _, _, line in rows
    }


def cd04(office: Office) -> set[Place]:
    cards = {(*row.scope, row.id): row.card for row in office.rolls}
    return {line.place for key, lines in _credits(office).items() if key in cards for line in lines if line.card != cards[key]}


def cd08(office: Office) -> set[Place]:
    codes = {"rural_dibao": "dibao", "temporary_relief": "relief", "disability_living": "living", "disability_care": "care"}
    agreed = {row["memo"]: codes.get(row["programme_code"], row["programme_code"]) for row in seed_rows("agreed_memos")}
    return {
        line.place for line in office.lines if line.ok and agreed.get(re.sub(r"(\d{4}年)?\d{1,2}月份?", "", line.memo)) != line.programme
    }


def dl01(office: Office) -> set[Place]:
    return {
        line.place
        for line in office.lines
        if line.ok and line.kind == "正常" and line.programme != "relief" and f"{line.day:%Y%m%d}" > line.month + "10"
    }


def dl03(office: Office) -> set[Place]:
    """Rolls nobody paid; and persons paid for themselves (dibao: heads) who are on the register and on no roll of a month."""
    failed = {(*line.scope, line.id) for line in office.lines if not line.ok}
    paid = set(_credits(office))
    found = {row.place for row in office.rolls if (*row.scope, row.id) not in paid | failed}
    rolled = set(_by_scope(office))
    last = max(row.month for row in office.registers)
    begun = _late_starters(office)
    for row in office.registers:
        if row.month == last and (row.programme != "dibao" or row.id == row.head):
            for month in ("201801", "201802", "201803"):
                active = row.start <= month <= (row.end or "999912")
                if active and (row.county, row.programme, month, row.id) not in rolled and month >= begun.get(row.place, ""):
                    found.add(row.place)
    return found


def _late_starters(office: Office) -> dict[Place, str]:
    """Register rows of those on no roll up to the month after approval (or their first one): the month of their first roll."""
    rolls: dict[tuple[str, str], list[str]] = defaultdict(list)
    for roll in office.rolls:
        rolls[roll.programme, roll.head if roll.programme == "dibao" else roll.id].append(roll.month)
    tried = {(line.programme, line.id) for line in office.lines}
    last = max(row.month for row in office.registers)
    found = {}
    for row in office.registers:
        if row.month == last and row.programme != "relief" and row.start >= "201801" and (row.programme != "dibao" or row.id == row.head):
            due = max(f"{row.approved.replace(day=1) + dt.timedelta(days=31):%Y%m}", row.start)
            first = min(rolls[row.programme, row.id], default="999999")
            if due <= last and due <= (row.end or "999912") and first > due:
                assert first < "999999" or (row.programme, row.id) not in tried, "nobody is paid off the roll for the first time"
                found[row.place] = first
    return found


def dl02(office: Office) -> set[Place]:
    return set(_late_starters(office))


def dl04(office: Office) -> set[Place]:
    """Rows credited in a later month than theirs, beside another month's on the same day."""
    days: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for key, lines in _credits(office).items():
        for line in lines:
            if line.kind == "正常" and line.programme != "relief":
                days[line.county, line.programme, key[3] or line.id, line.at[:8]].append(line)
    several = [lines for lines in days.values() if len({line.month for line in lines}) > 1]
    return {line.place for lines in several for line in lines if line.month < f"{line.day:%Y%m}"}


def dl05(office: Office) -> set[Place]:
    since = {
        (row.county, row.programme, row.start, row.id): max(row.approved, office_files.day(row.start + "01"))
        for row in office.registers
        if row.programme == "relief"
    }
    return {
        line.place
        for line in office.lines
        if line.ok and line.kind == "正常" and (start := since.get((*line.scope, line.id))) and (line.day - start).days > 30
    }


def fs04(office: Office) -> set[Place]:
    again = {(*line.scope, line.id, line.fen): line.day for line in office.lines if line.ok and line.kind == "补发"}
    # A return takes all failed rows of its batch along.
    returned = {voucher.batch for voucher in office.vouchers if voucher.fen < 0}
    long = dt.timedelta(days=30)
    return {
        line.place
        for line in office.lines
        if not line.ok and line.batch not in returned and again.get((*line.scope, line.id, line.fen), dt.date.max) > line.day + long
    }


def _batches(office: Office) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in office.lines:
        found[line.batch].append(line)
    return found


def _workdays(first: dt.date, last: dt.date) -> int:
    """Working days after the first day up to the last one."""
    odd = {row["day"]: row["is_workday"] == "true" for row in seed_rows("workday_exceptions")}
    days = (first + dt.timedelta(days=count) for count in range(1, (last - first).days + 1))
    return sum(odd.get(day.isoformat(), day.weekday() < 5) for day in days)


def _bank_account(account: str) -> bool:
    return account in {row["account_no"] for row in seed_rows("agent_bank_accounts")}


def fs03(office: Office) -> set[Place]:
    batches = _batches(office)
    found = set()
    for voucher in office.vouchers:
        if voucher.fen > 0 and _bank_account(voucher.account):
            lines = batches.get(voucher.batch, [])
            in_time = sum(line.fen for line in lines if _workdays(voucher.day, line.day) <= 5)
            if in_time < voucher.fen:
                found.add(voucher.place)
    return found


def fs08(office: Office) -> set[Place]:
    """Disability subsidies are account 20811, everything else assistance of the relief pool."""
    return {
        voucher.place
        for voucher in office.vouchers
        if voucher.fen > 0 and (not _bank_account(voucher.account) or ("残疾" in voucher.purpose) != voucher.subject.startswith("20811"))
    }


def _received(row: Document) -> bool:
    return row.receiver == row.reporter and row.kind not in ("本级安排", "上年结转")


def _sent(row: Document) -> bool:
    return row.receiver != row.reporter


def _document_line(row: Document) -> tuple[str, ...]:
    return row.doc_no, row.issuer, row.receiver, row.pool, row.level


def fs05(office: Office) -> set[Place]:
    sent = {_document_line(row): row for row in office.documents if _sent(row)}
    got = {_document_line(row): row for row in office.documents if _received(row)}
    apart = {key for key in sent.keys() | got.keys() if (sent[key].fen if key in sent else -1) != (got[key].fen if key in got else -1)}
    return {(sent.get(key) or got[key]).place for key in apart}


def fs01(office: Office) -> set[Place]:
    found = set()
    for row in office.documents:
        if not _received(row) or row.reporter not in ("620000", "621100"):
            continue
        passed = [
            item
            for item in office.documents
            if _sent(item) and (item.reporter, item.parent, item.pool, item.level) == (row.reporter, row.doc_no, row.pool, row.level)
        ]
        assert row.received is not None
        found |= {item.place for item in passed if (item.issued - row.received).days > 30}
        if sum(item.fen for item in passed) < row.fen:
            found.add(row.place)
    return found


def fs06(office: Office) -> set[Place]:
    """Own money of the year before last, or carried over from it: where it was last listed, when no document passes it on."""
    kept = {(row.reporter, row.pool, row.fen, row.year): row for row in office.documents if row.kind in ("本级安排", "上年结转")}
    cited = {row.parent for row in office.documents}
    found = set()
    for (*money, year), row in kept.items():
        born = year
        while (*money, born) in kept and kept[*money, born].kind == "上年结转":
            born -= 1
        if (*money, year + 1) not in kept and row.doc_no not in cited and row.reporter[-2:] == "00" and 2018 - born >= 2:
            found.add(row.place)
    return found


def _county_flows(office: Office) -> dict[tuple[str, str], tuple[list, list]]:  # type: ignore[type-arg]
    """Per county and pool: inflows and outflows as (day, reference, place, fen), in order."""
    flows: dict[tuple[str, str], tuple[list, list]] = defaultdict(lambda: ([], []))  # type: ignore[type-arg]
    for row in office.documents:
        if row.reporter in ("621102", "621121"):
            flows[row.reporter, row.pool][0].append((row.received, row.doc_no, row.place, row.fen))
    for voucher in office.vouchers:
        pool = "disability" if voucher.subject.startswith("20811") else "relief"
        flows[voucher.county, pool][voucher.fen > 0].append((voucher.day, voucher.number, voucher.place, abs(voucher.fen)))
    for inflows, outflows in flows.values():
        inflows.sort()
        outflows.sort()
    return flows


def fs02(office: Office) -> set[Place]:
    """Fen by fen in order: an inflow rests until the outflow that takes its last fen; pools end empty."""
    found = set()
    for inflows, outflows in _county_flows(office).values():
        assert sum(row[3] for row in inflows) == sum(row[3] for row in outflows)
        taken, index = 0, 0
        upto = 0
        for day, _, place, fen in inflows:
            upto += fen
            while taken < upto:
                taken += outflows[index][3]
                index += 1
            if (outflows[index - 1][0] - day).days > 60:
                found.add(place)
    return found


def fs07(office: Office) -> set[Place]:
    found = set()
    for inflows, outflows in _county_flows(office).values():
        spent = 0
        for day, _, place, fen in outflows:
            spent += fen
            if sum(row[3] for row in inflows if row[0] <= day) < spent:
                found.add(place)
                break
    paid: Counter[str] = Counter()
    for voucher in office.vouchers:
        if voucher.fen > 0:
            paid[voucher.batch] += voucher.fen
    for batch, lines in _batches(office).items():
        if lines[0].kind == "正常" and sum(line.fen for line in lines) > paid[batch]:
            found.add(lines[0].place)
    return found


WORKED_OUT: tuple[Callable[[Office], set[Place]], ...] = (
    fs01, fs02, fs03, fs04, fs05, fs06, fs07, fs08, dl01, dl02, dl03, dl04, dl05, en01, en02, en03, en04,
    id01, id02, id03, id04, id07, cd01, cd02, cd03, cd04, cd08,
    *(getattr(rules_of_persons, name) for name in (
        "id05", "id06", "en05", "en06", "en07", "en08", "en09", "en10", "en11", "cd05", "cd06", "cd07", "cd09", "cd10", "co01", "co02",
    )),
)  # fmt: skip
RULES = sorted(rule.__name__.upper() for rule in WORKED_OUT)


@pytest.mark.parametrize("rule", WORKED_OUT, ids=lambda rule: rule.__name__)
def test_the_files_show_what_was_planted_and_nothing_else(
    rule: Callable[[Office], set[Place]], office: Office, truth: dict[str, dict[Place, str]]
) -> None:
    assert rule(office) == set(truth[rule.__name__.upper()])


@pytest.mark.parametrize("rule", WORKED_OUT, ids=lambda rule: rule.__name__)
def test_the_clean_city_shows_nothing(rule: Callable[[Office], set[Place]], clean_office: Office) -> None:
    assert rule(clean_office) == set()


@pytest.fixture(scope="module")
def clean_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_files.read(simulate(tmp_path_factory.mktemp("clean"), rows=3_000, seed=5).inbox)


def test_invalid_numbers_are_of_every_kind(office: Office, truth: dict[str, dict[Place, str]]) -> None:
    notes = {note.split(" ", 1)[1] for note in truth["ID01"].values()}
    assert (
        sum(note.startswith("an ID number with") for note in notes) == 5
        and sum("in the register that is not" in note for note in notes) == 2
    )
    wrong = {row.id for row in office.rolls if row.place in truth["ID01"]}
    assert {len(number) for number in wrong} == {17, 18} and any("O" in number for number in wrong)
