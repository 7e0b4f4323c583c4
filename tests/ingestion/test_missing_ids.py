"""People without papers: they land, nobody shares a key with another, and a bank's 无证 matches nobody."""

import hypothesis.strategies as st
import pyarrow as pa
import pytest
import sent
from hypothesis import given
from outcome import read
from sent import ROLL_NAME, roll, roll_row

from ingestion import pipeline, receiving
from ingestion.missing_ids import with_stand_ins
from onecard.store.lake import read as lake_read
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.national_id import id_status

WORDS = ["无证", "无", "不详", "000000000000000000", "111111111111111", "123456789012345678", "无 证", "０００", "621102000000000000"]
REGISTER = "户编号,户主姓名,户主身份证号,姓名,身份证号,与户主关系,乡镇,村,救助类别,享受起始,监护人/代领人,监护人身份证号\n"


def person(seq: int, name: str, number: str, village: str = "景家口村", head: tuple[str, str] | None = None) -> list[object]:
    row = roll_row(seq)
    head_name, head_number = head or (name, number)
    return [row[0], row[1], village, head_name, head_number, name, number, *row[7:]]


@pytest.mark.parametrize("word", WORDS)
def test_a_roll_row_without_number_lands_under_place_and_name(word: str) -> None:
    outcome = read(ROLL_NAME, roll([person(1, "马三", word), person(2, "马四", word), person(3, "马三", word, "上湾村"), roll_row(4)]))
    assert outcome.quarantined == []
    numbers = outcome.column("payment_rolls", "person_key")
    assert len(set(numbers)) == 4
    assert [id_status(str(number)) for number in numbers] == ["placeholder", "placeholder", "placeholder", "valid"]
    assert outcome.column("payment_rolls", "head_person_key") == numbers == outcome.column("payment_rolls", "household_key")


def test_an_empty_number_is_still_missing() -> None:
    assert read(ROLL_NAME, roll([person(1, "马哈三", "", head=("马哈四", sent.id_number(2))), roll_row(2)])).reasons == ["missing_required"]


def test_roll_and_register_agree_on_who_it_is_whatever_word_they_use() -> None:
    roll_keys = read(ROLL_NAME, roll([person(1, "馬·哈三", "无证")])).column("payment_rolls", "person_key")
    lines = "1,马哈三,000,马哈三,不详,本人,凤翔镇,景家口村,农村低保,201801,李四,无\n"
    register = read("安定区救助对象花名册_201803.csv", REGISTER + lines)
    assert register.column("beneficiary_registers", "person_key") == roll_keys
    assert register.column("beneficiary_registers", "proxy_person_key") == [None]
    assert register.column("beneficiary_registers", "proxy_name_key") == ["李四"]


def test_members_keep_the_household_of_a_head_without_papers() -> None:
    head = ("马哈三", "无证")
    rows = [person(1, "马哈三", "无证"), person(2, "马小妹", sent.id_number(2), head=head), person(3, "马小弟", "无", head=head)]
    outcome = read(ROLL_NAME, roll(rows))
    assert len(set(outcome.column("payment_rolls", "household_key"))) == 1
    assert len(set(outcome.column("payment_rolls", "person_key"))) == 3


def test_people_of_one_name_are_told_apart_by_their_households() -> None:
    """By the number of the head, else by the head's name; roll and register agree on it."""
    heads = [("马哈四", sent.id_number(2)), ("马哈五", sent.id_number(3)), ("马哈六", "无证"), ("马哈七", "无证")]
    rows = [person(seq, "马小妹", "无", head=head) for seq, head in enumerate(heads, 1)]
    keys = read(ROLL_NAME, roll(rows)).column("payment_rolls", "person_key")
    assert len(set(keys)) == 4
    lines = "".join(
        f"{seq},{head},{number},马小妹,不详,女儿,凤翔镇,景家口村,农村低保,201801,,\n" for seq, (head, number) in enumerate(heads)
    )
    register = read("安定区救助对象花名册_201803.csv", REGISTER + lines)
    assert register.column("beneficiary_registers", "person_key") == keys


def test_households_of_unnamed_heads_are_not_one() -> None:
    rows = [person(1, "马哈三", "无证", head=("", "无证")), person(2, "马哈四", sent.id_number(2), head=("", "无证"))]
    outcome = read(ROLL_NAME, roll(rows))
    assert outcome.column("payment_rolls", "household_key") == outcome.column("payment_rolls", "person_key")


@pytest.mark.parametrize("word", WORDS)
def test_a_bank_line_without_number_is_nobodys(word: str) -> None:
    lines = [sent.line(1), sent.line(2).replace(sent.id_number(2), word)]
    outcome = read("RCU_B001_回盘.txt", sent.pipe(lines))
    assert outcome.quarantined == []
    assert outcome.column("bank_batches", "person_key") == [sent.id_number(1), None]


def test_a_card_list_without_number_lands() -> None:
    lines = f"卡号,户名,证件号码,状态,代办人姓名,代办人证件号\n{sent.card_number(1)},马哈三,无证,正常,李四,/\n"
    outcome = read("RCU_一卡通账户清单_201803.csv", lines)
    assert outcome.quarantined == []
    assert outcome.column("card_accounts", "holder_person_key") == [None]
    assert outcome.column("card_accounts", "agent_person_key") == [None]


def test_the_lake_shows_them_as_without_papers(ws: Workspace, config: Settings, tmp_path: object) -> None:
    file = sent.put(ws.home.parent / "sent", ROLL_NAME, roll([person(1, "马哈三", "无"), person(2, "马哈四", "000"), roll_row(3)]))
    receiving.receive(ws, config, [file])
    assert pipeline.ingest(ws, config).refused == []
    persons = lake_read(ws, "persons", ["person_key", "id_status", "id_masked", "born_month"])
    shown = sorted(zip(*(persons[name].to_pylist() for name in ("id_status", "id_masked", "born_month")), strict=True), key=str)
    assert shown == [
        ("placeholder", "无证", None),
        ("placeholder", "无证", None),
        ("valid", "6211**********" + sent.id_number(3)[-4:], 195001),
    ]
    rows = lake_read(ws, "payment_rolls", ["person_key"])
    assert set(rows["person_key"].to_pylist()) == set(persons["person_key"].to_pylist())


PLACES = st.tuples(
    st.sampled_from(["凤翔镇", "内官镇", None]), st.sampled_from(["上湾村", "下湾村", "", None]), st.sampled_from(["马哈三", "马哈四"])
)


@given(st.lists(PLACES, min_size=1, max_size=12))
def test_two_places_or_names_are_two_keys(people: list[tuple[str | None, str | None, str]]) -> None:
    township, village, name = (pa.array(side, pa.string()) for side in zip(*people, strict=True))
    number = pa.array(["无证"] * len(people))
    columns = {"township": township, "village": village, "name_key": name, "head_name_key": name}
    keys = with_stand_ins(columns | {"person_key": number, "head_person_key": number}, "621102")["person_key"].to_pylist()
    assert len(set(keys)) == len({(township or "", village or "", name) for township, village, name in people})
