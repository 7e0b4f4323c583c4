"""Numbers with something around them: what is taken away, what is told, and that nobody becomes somebody else."""

import datetime as dt

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

from onecard.words.bank_card import card_fault, normalise_card, normalise_card_array
from onecard.words.national_id import check_digit, id_fault, normalise_id, normalise_id_array, to_18
from onecard.words.number_writing import Fault, bare_number, bare_number_array, identifier_fault

ID, OLD_ID, CARD = "11010519491231002X", "110105491231002", "6230650000000000000"
INVISIBLE = [
    *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\ufeff", "\u00ad",
]  # fmt: skip
SPACES = [" ", "\t", "\u00a0", "\u3000", "\u2009"]
WRAPPED = [
    "{}", " {}\t", "\u202c{}", "\u202d{}\u202c", "\ufeff{}", '="{}"', "＝＂{}＂", '＝"{}"', "=“{}”", "'{}", "＇{}", "‘{}", "’{}", "\t'{}",
    '\'="{}"', '="\u200b{} "',
]  # fmt: skip
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
# Digits, X and what stands for one of them; what is removed; hyphens may group a card, and one letter more may be a passport.
NOT_OTHER = [*"0123456789Xx０１２３４５６７８９ＸｘⅩⅹ", *"'`´‘’‛′ʼ＇"]


@pytest.mark.parametrize("around", WRAPPED)
@pytest.mark.parametrize("number", [ID, OLD_ID, CARD, ID.lower(), ID.translate(WIDE)])
def test_what_protects_a_number_is_no_part_of_it(around: str, number: str) -> None:
    plain = number.translate({wide: narrow for narrow, wide in WIDE.items()}).upper()
    assert normalise_id(around.format(number)) == plain
    assert id_fault(plain) is None


def test_a_sign_inside_shows_nothing() -> None:
    assert normalise_id(ID[:6] + "\u202c" + ID[6:14] + "\u200b" + ID[14:]) == ID
    assert normalise_id(ID[:17] + "Ⅹ") == ID
    assert normalise_card("6230 6500-0000\u00a00000–000") == CARD


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{ID}、", Fault.SIGNS),
        (f"{ID}.", Fault.SIGNS),
        (f"{ID}．", Fault.SIGNS),
        (f"{ID}'", Fault.SIGNS),
        (f"={ID}", Fault.SIGNS),
        (f'="{ID}', Fault.SIGNS),
        (f"{ID}①", Fault.SIGNS),
        (f"{ID}²", Fault.SIGNS),
        (f"({ID})", Fault.SIGNS),
        (f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", Fault.SIGNS),
        ("6211**********1234", Fault.SIGNS),
        (f"{ID}（户主）", Fault.WORDS),
        (f"身份证{ID}", Fault.WORDS),
        (f"身份证：{OLD_ID}", Fault.WORDS),
        ("补办中", Fault.WORDS),
        (f"ID{ID}", Fault.LETTERS),
        (f"A{OLD_ID}", Fault.LETTERS),
        (f"{OLD_ID}ABC", Fault.LETTERS),
        (f"{ID}/{OLD_ID}", Fault.SIGNS),
        ("6.20102E+17", Fault.LOST),
        ('="6.20102E+17"', Fault.LOST),
        ("６．２０１０２Ｅ＋１７", Fault.LOST),
        ("620102199001010000.0", Fault.LOST),
    ],
)
def test_what_stands_with_an_id_is_told_in_words(text: str, fault: Fault) -> None:
    assert id_fault(normalise_id(text)) == fault


@pytest.mark.parametrize(
    "text",
    [
        *("无", "'无证", '="不详"', "无 证", "０００", "/", "----", "N/A", "无证|621102|景家口村|张三"),
        *("H12345678", "M1234567801", "05123456", "e12345678", "EA1234567", "CAN110184111106", "810000199408230021", "911124198108030024"),
        # Somebody wrote a number that cannot be: ID01 tells, not quarantine.
        *("11010519491231002", "110105194912310021", "1101051949123100O1", "11010549123100X", "19491231"),
    ],
)
def test_other_documents_stand_ins_and_wrong_numbers_are_left_alone(text: str) -> None:
    assert id_fault(normalise_id(text)) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{CARD}、", Fault.SIGNS),
        (f"-{CARD}", Fault.SIGNS),
        ("6230--650000000000000", Fault.SIGNS),
        (f"{CARD}（农信）", Fault.WORDS),
        ("62306A0000000000000", Fault.LETTERS),
        (f"{CARD[:18]}X", Fault.LETTERS),
        ("6.23E+18", Fault.LOST),
    ],
)
def test_what_stands_with_a_card_is_told_in_words(text: str, fault: Fault) -> None:
    assert card_fault(normalise_card(text)) == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *(
            (text, None)
            for text in ("B20180301", "62112120180303300", "P-001", "2018E03", "12E5", "支字〔2018〕12号", "(2018)12号", "A1、A2")
        ),
        ("A1、A2", None),
        *((text, Fault.LOST) for text in ("2.76E+18", '="2.76e+18"', "2E+17", "2.76E18", "20180301.0", "'2.76E+18")),
        *((text, Fault.SIGNS) for text in ("B001、", "B001.", "、B001", "B001*", "B001①", "=B001")),
        *((text, Fault.WORDS) for text in ("B001（补发）", "甘财社〔2018〕12号（预）")),
    ],
)
def test_numbers_of_batches_and_documents_may_hold_letters_but_end_with_themselves(text: str, fault: Fault | None) -> None:
    assert identifier_fault(bare_number(text)) == fault


IDS = st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)).map(lambda day: f"621102{day:%Y%m%d}123")
IDS = IDS.map(lambda first: first + check_digit(first)) | IDS.map(lambda first: first[:6] + first[8:])
CARDS = st.from_regex(r"\A62[0-9]{14,17}\Z")
NOISE = st.lists(st.sampled_from([*INVISIBLE, *SPACES]), max_size=3).map("".join)


@st.composite
def wrapped(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and the same with anything removed around and inside it, several guards deep."""
    number = draw(numbers)
    place = draw(st.integers(0, len(number)))
    text = number[:place] + draw(NOISE) + number[place:]
    for around in draw(st.lists(st.sampled_from(WRAPPED), max_size=3)):
        text = draw(NOISE) + around.format(text) + draw(NOISE)
    return number, draw(st.sampled_from([text, text.lower(), text.translate(WIDE)]))


@settings(deadline=None)
@given(wrapped(IDS))
def test_a_wrapped_id_is_the_same_person(case: tuple[str, str]) -> None:
    number, text = case
    assert to_18(normalise_id(text)) == to_18(number)
    assert normalise_id_array(pa.array([text, number])).to_pylist() == [number, number]


@settings(deadline=None)
@given(wrapped(CARDS))
def test_a_wrapped_card_is_the_same_card(case: tuple[str, str]) -> None:
    number, text = case
    assert normalise_card_array(pa.array([text, number])).to_pylist() == [number, number]
    assert bare_number_array(pa.array([text, number])).to_pylist() == [number, number]


def is_other(character: str) -> bool:
    return bare_number(f"0{character}0") != "00" and character not in NOT_OTHER


@settings(deadline=None)
@given(IDS, st.characters(exclude_categories=["Cs"]).filter(is_other), st.integers(0, 18))
def test_any_other_character_makes_nobody_of_an_id(number: str, character: str, place: int) -> None:
    place = min(place, len(number))
    assert id_fault(normalise_id(number[:place] + character + number[place:])) is not None


@settings(deadline=None)
@given(CARDS, st.characters(exclude_categories=["Cs"]).filter(is_other), st.integers(0, 19))
def test_any_other_character_makes_no_card_of_a_card(number: str, character: str, place: int) -> None:
    place = min(place, len(number))
    normal = normalise_card(number[:place] + character + number[place:])
    assert normal == number or card_fault(normal) is not None


@given(st.lists(st.text(st.sampled_from([*"0123456789Xx-=\"'、 Ｅ+.号", *INVISIBLE[:3]]), max_size=8) | st.none(), max_size=12))
def test_columns_agree_with_single_values(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    assert bare_number_array(column).to_pylist() == [None if text is None else bare_number(text) for text in texts]
