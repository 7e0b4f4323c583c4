"""The encoding nobody declared, told by what Chinese is in it, whatever is broken and however the characters fall."""

import sent
from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.formats.text_decoding import encoding_of

# Of the characters that GB2312 has, those whose two bytes are by chance one character of UTF-8.
TWO_BYTES = [
    bytes((lead, trail)).decode("gb18030") for lead in range(0xC2, 0xE0) for trail in range(0xA1, 0xC0) if lead != 0xD7 or trail < 0xFA
]
CHINESE = st.text(st.one_of(st.sampled_from(TWO_BYTES), st.sampled_from("张王李元镇村户农村低保金，（）〇")), min_size=1, max_size=8)
BROKEN = b"D,\xff\xfe,\x81"


@given(st.lists(st.lists(CHINESE, min_size=1, max_size=4), max_size=40), st.sampled_from(["gb18030", "utf-8"]), st.integers(0, 5))
@example([["元"]] * 60, "gb18030", 0)
@example([["元"]] * 2000, "gb18030", 5)
@example([["元"]] * 60, "utf-8", 5)
@example([["元"]], "utf-8", 1)
def test_a_table_under_its_header_is_told_apart_by_its_characters(rows: list[list[str]], encoding: str, broken: int) -> None:
    lines = [sent.CSV_HEAD, *(",".join(cells) for cells in rows)]
    data = b"\n".join([*(line.encode(encoding) for line in lines), *[BROKEN] * broken])
    assert encoding_of(data) == encoding


@given(st.text(st.sampled_from(TWO_BYTES), min_size=1))
def test_characters_that_fit_both_are_chinese_ones(text: str) -> None:
    assert encoding_of(b"file,sender\n" + text.encode("gb18030")) == "gb18030"
    assert encoding_of(b"file,sender\n" + text.encode("utf-8")) == "utf-8"


def test_a_line_cut_within_a_character_leaves_a_file_what_it_is() -> None:
    for encoding in ("gb18030", "utf-8"):
        cut = [sent.csv_line(seq).encode(encoding)[:-1] for seq in range(1, 50)]
        assert encoding_of(b"\n".join([sent.CSV_HEAD.encode(encoding), *cut])) == encoding
