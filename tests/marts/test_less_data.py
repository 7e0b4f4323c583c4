"""Less data never accuses more: whatever is withheld of a clean city, nobody is accused, and what was not judged says for want of what."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from less_data import City, city_in

from onecard.catalogue.rules import rules

pytestmark = pytest.mark.xdist_group("less data")
SEED, ROWS = 6, 1_500


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> City:
    return city_in(tmp_path_factory.mktemp("clean"), rows=ROWS, seed=SEED, plant=False)


def test_files_of_one_source_withheld_accuse_nobody(clean: City) -> None:
    """All rolls of a month, all registers, every card list, every list of a treasury, all return files of a bank …"""
    kinds = [
        "发放清册",
        "花名册_",
        "一卡通账户",
        "支取明细",
        "国库集中",
        "RCU_621",
        "指标文台账_201802",
        "死亡人员",
        "2018年2月",
        "_201803",
        "财政部",
    ]
    for kind in kinds:
        withheld = [name for name in clean.files if kind in name]
        assert withheld, kind
        assert clean.without(withheld).told == set(), kind


def test_the_file_to_blame_is_named(clean: City) -> None:
    roll = next(name for name in clean.files if "2月农村低保发放清册" in name)
    clean.without([roll])
    assert clean.told == set() and set(clean.not_judged) == {"EN04"}
    rows = clean.ask("select distinct cause, source, programme_code, payroll_month from mart_not_judged where rule_code = 'EN04'")
    assert rows == [("missing", "payment_rolls", "rural_dibao", 201802)]
    states = clean.ask("select state, days_late > 0 from mart_completeness where source = 'payment_rolls' and state <> 'whole'")
    assert states == [("missing", True)]


PIECES = {
    "通渭县平襄镇2018年2月困难残疾人生活补贴发放清册.xlsx": ("payment_rolls", "disability_living", 201802),
    "安定区2018年2月重度残疾人护理补贴发放清册(补充).xlsx": ("payment_rolls", "disability_care", 201802),
    "ABC_62110220180201200_回盘_第2部分.txt": ("bank_batches", "rural_dibao", 201802),
}


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_withheld_makes_the_rest_partial(clean: City, name: str) -> None:
    """A township's roll, a supplement, a part of a return: what came is known not to be the whole."""
    clean.without([name])
    assert clean.told == set()
    short = clean.ask("select distinct source, programme_code, month from int_gaps where cause = 'short'")
    assert short == [PIECES[name]]


@pytest.mark.parametrize(("number", "programme"), [("05", "disability_living"), ("06", "disability_care")])
def test_a_batch_withheld_that_a_voucher_pays_with_another_is_missing(clean: City, number: str, programme: str) -> None:
    """The voucher names two batches of two programmes, and says of neither which."""
    clean.without([f"RCU_621121201802{number}100_回盘.txt"])
    assert clean.told == set()
    missing = "select batch_no from int_gaps where cause = 'missing' and source = 'bank_batches' and month = 201802 and programme_code = "
    assert clean.ask(f"{missing} '{programme}'") == [(f"621121201802{number}100",)]


def test_a_register_of_one_programme_withheld_is_missing(clean: City) -> None:
    """Where each programme has a register of its own, those of the others say nothing of it."""
    of_one = [name for name in clean.files if "重度残疾人护理补贴救助对象花名册" in name]
    assert len(of_one) == 3
    for withheld in ([of_one[-1]], of_one[1:], of_one):
        clean.without(withheld)
        assert clean.told == set(), withheld
        missing = clean.ask(
            "select distinct programme_code from mart_completeness "
            "where source = 'beneficiary_registers' and state = 'missing' and month = 201803"
        )
        assert missing == [("disability_care",)]


def test_a_whole_city_is_complete(clean: City) -> None:
    clean.without()
    assert clean.told == set() and clean.not_judged == {}
    sources = "'payment_rolls', 'treasury_payments', 'bank_batches', 'beneficiary_registers'"
    wanting = clean.ask(
        f"select distinct state from mart_completeness where source in ({sources}) and month is not null and cause = 'missing'"
    )
    assert wanting == []


@pytest.mark.parametrize("share", [1, 8, 60])
def test_any_files_withheld_accuse_nobody(clean: City, share: int) -> None:
    chance = random.Random(share)
    for _ in range(4):
        withheld = chance.sample(sorted(clean.files), share)
        assert clean.without(withheld).told == set(), withheld


@pytest.mark.deep
def test_any_single_file_withheld_accuses_nobody(clean: City) -> None:
    for name in clean.files:
        assert clean.without([name]).told == set(), name


@pytest.mark.deep
def test_many_sets_of_files_withheld_accuse_nobody(clean: City) -> None:
    chance = random.Random(7)
    for _ in range(300):
        withheld = chance.sample(sorted(clean.files), chance.choice([1, 2, 3, 5, 8, 20, 60, 120]))
        assert clean.without(withheld).told == set(), withheld


@pytest.fixture
def quarantine(clean: City) -> Iterator[City]:
    """The clean city, some of whose rows may be set aside; afterwards they are back."""
    for table in ("quarantine_rows", "deliveries"):
        clean.con.execute(f"create or replace table base.kept_{table} as select * from base.{table}")
    yield clean
    for table in ("quarantine_rows", "deliveries"):
        clean.con.execute(f"create or replace table base.{table} as select * from base.kept_{table}")


def _set_aside(city: City, where: str, known: str) -> None:
    """Put rows into quarantine; whom they are about is said of those that are `known`."""
    people = {
        "payment_rolls": ("person_key", "head_person_key", "name_key", "card_key"),
        "beneficiary_registers": ("person_key", "head_person_key", "name_key", "null"),
        "bank_batches": ("person_key", "null", "name_key", "card_key"),
    }
    for source, who in people.items():
        marks = ", ".join(f"case when {known} then {part} end" for part in who)
        city.con.execute(
            f"insert into base.quarantine_rows select delivery_key, sheet_no, row_no, '{source}', 'bad_amount', 'amount_fen', null, "
            f"{marks} from base.{source} where {where}"
        )
    city.con.execute(
        "update base.deliveries set rows_quarantined = coalesce((select count(*) from base.quarantine_rows as rows_ "
        "where rows_.delivery_key = deliveries.delivery_key), 0)"
    )
    city.without(payment_rolls=where, beneficiary_registers=where, bank_batches=where)


def test_rows_set_aside_accuse_nobody(quarantine: City) -> None:
    """Every seventh row of all files is in quarantine, a third of them without a word about whom."""
    _set_aside(quarantine, "row_no % 7 = 0", known="row_no % 21 <> 0")
    assert quarantine.told == set()
    assert {"EN04", "DL03", "EN05"} <= set(quarantine.not_judged)


def test_a_roll_set_aside_to_its_last_row_is_at_hand_and_not_missing(quarantine: City) -> None:
    roll = next(name for name in quarantine.files if "2月农村低保发放清册" in name)
    _set_aside(quarantine, f"delivery_key = {quarantine.files[roll]}", known="false")
    assert quarantine.told == set() and "EN04" in quarantine.not_judged
    blamed = quarantine.ask("select distinct cause, file_name from mart_not_judged where rule_code = 'EN04'")
    assert blamed == [("quarantined", roll)]
    assert quarantine.ask(f"select state, cause from mart_completeness where file_names = '{roll}'") == [("partial", "quarantined")]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> City:
    return city_in(tmp_path_factory.mktemp("planted"), rows=3_000, seed=4, plant=True)


class Everything(NamedTuple):
    """What is told of a city of which nothing is withheld."""

    rules: set[str]  # with rows of evidence
    findings: set[str]
    judged: dict[str, int]  # findings by rule


@pytest.fixture(scope="module")
def everything(planted: City) -> Everything:
    told = {rule for rule, *_ in planted.without().told}
    return Everything(told, planted.findings, dict(planted.ask("select rule_code, count(*) from mart_finding group by 1")))


# A second card, a later credit, the other of two numbers: what is left may stand as the first of its kind, and is wrong all the same.
OF_SEVERAL = {"CD01", "CD02", "EN03", "EN09", "EN10", "FS01", "FS02", "FS06", "ID06"}


def test_less_of_a_planted_city_tells_no_more(planted: City, everything: Everything) -> None:
    chance = random.Random(1)
    for share in (2, 20, 60):
        withheld = chance.sample(sorted(planted.files), share)
        more = planted.without(withheld).findings - everything.findings
        assert {finding[:4] for finding in more} <= OF_SEVERAL, (withheld, sorted(more)[:5])


NEEDED = {(rule.code, need.source) for rule in rules().values() for need in rule.needs if not need.blind}


def test_every_rule_that_concludes_from_absence_says_what_it_needs() -> None:
    absent = "FS01 FS02 FS03 FS04 FS05 FS06 FS07 DL02 DL03 EN01 EN02 EN03 EN04 EN05 EN06 EN08 CD03 CD04 CD05 CD07 ID02 ID03 ID04 CO01 CO02"
    assert set(absent.split()) <= {code for code, _ in NEEDED}


@pytest.mark.parametrize("source", sorted({source for _, source in NEEDED}))
def test_a_need_that_was_refused_turns_findings_into_cases_not_judged(planted: City, everything: Everything, source: str) -> None:
    """A file of which little but the source could be recognised: it may be about any case."""
    before, judged = everything.rules, everything.judged
    columns = "delivery_key, source, programme_code, month, file_name, received_at"
    cells = "(select distinct programme_code, payroll_month as month from base.bank_batch_controls)"
    # A return file of which only the bank is known may be that of a voucher whose batch did not come; here each says what it paid.
    told = f"select 1, '{source}', programme_code, month, 'x.xls', '2018-01-01' from {cells}"
    alone = f"values (1, '{source}', null, null, 'x.xls', '2018-01-01')"
    planted.con.execute(f"insert into base.refusals ({columns}) {told if source == 'bank_batches' else alone}")
    planted.without()
    planted.con.execute("delete from base.refusals where delivery_key = 1")
    needing = {code for code, needed in NEEDED if needed == source}
    assert needing <= before | {"FS03", "FS04"}
    assert {rule for rule, *_ in planted.told} & needing == set()
    assert {code: planted.not_judged[code] >= judged[code] for code in needing & before} == dict.fromkeys(needing & before, True)
    (blamed,) = planted.ask(f"select distinct file_name from mart_not_judged where cause = 'refused' and source = '{source}'")
    assert blamed == ("x.xls",)
