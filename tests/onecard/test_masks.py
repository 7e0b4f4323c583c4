"""Masks and pseudonyms: nothing of a person gets past them."""

import hashlib
import hmac
import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.catalogue.seed_lookup import trade_vocabulary
from onecard.words import masks
from onecard.words.pseudonyms import DOMAINS, Pseudonymiser


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("张伟", "张*"),
        (" 张伟 ", "张*"),
        ("张", "*"),
        ("", ""),
        ("欧阳明", "欧阳*"),
        ("欧阳建国", "欧阳**"),
        ("欧阳", "欧*"),
        ("马·哈三", "马***"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert masks.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("62110219900101001X", "6211**********001X"),
        ("621102900101001", "6211*******1001"),
        ("6211021990", "**********"),
        ("甘肃省定西市安定区凤翔镇永定路一号院内", "*" * 19),  # an address in the wrong column
    ],
)
def test_masked_ids(number: str, masked: str) -> None:
    assert masks.mask_id(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("6230650000000001234", "*1234"), ("12345678", "********"), ("王小明的农业银行卡是这张卡", "*" * 13)]
)
def test_masked_cards(number: str, masked: str) -> None:
    assert masks.mask_card(number) == masked


VALUE_LIKE = st.none() | st.text(max_size=20) | st.from_regex(r"\A[0-9]{14,19}[0-9Xx甲]?\Z")


@given(st.lists(VALUE_LIKE, max_size=12))
def test_columns_agree_with_single_values(values: list[str | None]) -> None:
    column = pa.array(["skipped", *values], pa.string()).slice(1)
    for single, together in (
        (masks.mask_name, masks.mask_name_array),
        (masks.mask_id, masks.mask_id_array),
        (masks.mask_card, masks.mask_card_array),
    ):
        assert together(column).to_pylist() == [None if value is None else single(value) for value in values]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("中国农业银行安定区支行代发专户", True),
        ("农村信用合作联社安定区支行代发专户", True),
        ("定西市安定区民政局", True),
        ("安定区财政局国库", True),
        ("内官营镇敬老院", True),
        ("甘肃某某建材有限公司", True),
        ("王小明", False),
        ("欧阳建社", False),
        ("王小明专户", False),
        ("民政局王小明", False),
        ("安定区民政局(王小明)", False),
        ("王小明 6230650000000001234", False),
        ("", False),
    ],
)
def test_only_whole_names_of_institutions_are_shown(name: str, shown: bool) -> None:
    assert masks.looks_like_institution(name) is shown


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("3月农村低保金", "3月农村低保金"),
        ("2018年3月农村低保金", "2018年3月农村低保金"),
        ("农村低保201803", "农村低保201803"),
        ("第2批补贴款", "第2批补贴款"),
        ("低保金给王小明", "低保金*"),
        ("王小明代收低保金", "*低保金"),
        ("给金月的款", "*"),  # a surname and a given name that are also words
        ("费年日", "*"),
        ("卡号6230650000000000001", "*"),
        ("卡号6230 6500 0000 0000 001", "*"),
        ("卡号6230-6500-0000-0000-001", "*"),
        ("6230补贴6500补贴0000补贴0001", "*补贴*补贴*补贴*"),
        ("电话139年3811月2345", "*"),
        ("６２１１０２", "621102"),
        ("6211021", "*"),
        ("", ""),
    ],
)
def test_scrubbed_text_keeps_trade_words_only(text: str, scrubbed: str) -> None:
    assert masks.scrub(text, trade_vocabulary()) == scrubbed


@given(
    st.lists(
        st.sampled_from(["王小明", "6230650000000000001", "62110219900101001X", "13812345678", "3月", "低保金", " ", "-", "转账", "年"]),
        max_size=8,
    )
)
def test_no_name_nor_number_survives_scrubbing(words: list[str]) -> None:
    scrubbed = masks.scrub("".join(words), trade_vocabulary())
    assert not set("王小明") & set(scrubbed)
    assert re.search("[0-9]{7}", scrubbed) is None
    assert masks.scrub(scrubbed, trade_vocabulary()) == scrubbed


def test_pseudonyms_are_keyed_and_apart_by_domain() -> None:
    one, two = Pseudonymiser(b"1" * 32), Pseudonymiser(b"2" * 32)
    key, _ = one.keys("person", ["a", "b"])
    assert key.to_pylist() == one.keys("person", pa.array(["a", "b"]))[0].to_pylist()
    assert key.to_pylist() != two.keys("person", ["a", "b"])[0].to_pylist()
    assert len({tuple(one.keys(domain, ["a"])[0].to_pylist()) for domain in DOMAINS}) == len(DOMAINS)


@given(st.lists(st.text() | st.none()), st.sampled_from(DOMAINS))
def test_pseudonyms_are_halves_of_an_hmac(values: list[str | None], domain: str) -> None:
    key, check = Pseudonymiser(b"k" * 32).keys(domain, values)
    for value, half, other in zip(values, key.to_pylist(), check.to_pylist(), strict=True):
        if value is None:
            assert (half, other) == (None, None)
            continue
        digest = hmac.new(b"k" * 32, domain.encode() + b"\0" + value.encode(), hashlib.sha256).digest()
        assert half == int.from_bytes(digest[:8], "big") % 2**63
        assert other == int.from_bytes(digest[8:16], "big") % 2**63


def test_pseudonyms_refuse_a_short_secret_and_an_unknown_domain() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonymiser(b"short")
    with pytest.raises(ValueError, match="unknown pseudonym domain"):
        Pseudonymiser(b"1" * 32).keys("pets", ["a"])
