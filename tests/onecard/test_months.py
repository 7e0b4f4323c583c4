"""Dates and months: every form of the offices, no day that never was, columns as single values."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.words import months


@pytest.mark.parametrize(
    "text",
    [
        "2018-03-05",
        "2018/3/5",
        "2018.3.5",
        "2018年3月5日",
        "2018年03月05日",
        "20180305",
        "20180305.0",  # a number cell
        "43164",
        "43164.0",
        "43164.604",
        "2018-03-05 10:11:12",
        "2018-03-05T10:11:12.000",
        "2018/3/5 9:05",
        "2018年3月5日10时11分12秒",
        "２０１８-03-05",
        "\u00a02018-03-05\u3000",
        "20180305143000",
        "20180305 143000",
        "20180305 14:30",
        "201803051430",
    ],
)
def test_dates_as_offices_write_them(text: str) -> None:
    assert months.parse_date(text) == dt.date(2018, 3, 5)
    assert months.parse_date_array(pa.array([text])).to_pylist() == [dt.date(2018, 3, 5)]
    assert months.parse_month(text) == 201803


@pytest.mark.parametrize("text", ["201803", "201803.0", "2018-03", "2018/3", "2018.3", "2018年3月", "2018年03月份", "２０１８年３月"])
def test_months_as_offices_write_them(text: str) -> None:
    assert months.parse_month(text) == 201803
    assert months.parse_month_array(pa.array([text])).to_pylist() == [201803]
    with pytest.raises(months.DateError):  # a month is no day
        months.parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2018-02-30",
        "2018-02-29",
        "20181301",
        "三月",
        "",
        "18-3-5",
        "201800",
        "201813",
        "2018-03/05",
        "2018-3-5-",
        "2018111214300",  # 13 digits: a cut time, not a November night
        "201803051",
        "99991231",
        "02180305",
        "12345",  # too small for a serial: 1933
        "6.20102E+17",
        "2018年3月5",
        "٢٠١٨-03-05",
    ],
)
def test_no_date(text: str) -> None:
    with pytest.raises(months.DateError):
        months.parse_date(text)
    assert months.parse_date_array(pa.array([text, None])).null_count == 2
    assert months.parse_month_array(pa.array([text, None])).null_count == 2
    assert months.parse_timestamp_array(pa.array([text, None])).null_count == 2


@pytest.mark.parametrize("text", ["20180305250000", "20180305146000", "2018-03-05 24:00:00", "2018-02-29 00:00:00", "20180305143060"])
def test_no_time(text: str) -> None:
    with pytest.raises(months.DateError):
        months.parse_timestamp(text)
    assert months.parse_timestamp_array(pa.array([text])).to_pylist() == [None]


def test_a_day_in_may_1988_had_summer_time() -> None:
    expected = dt.datetime(1988, 5, 1, 3, tzinfo=dt.UTC)
    assert months.parse_timestamp("1988-05-01 12:00:00") == expected
    assert months.parse_timestamp_array(pa.array(["19880501120000"])).to_pylist() == [expected]


FORMS = ["%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日"]


@given(st.datetimes(dt.datetime(1985, 1, 1), dt.datetime(2099, 12, 31)), st.sampled_from(FORMS))
def test_bank_time_is_shanghai_time(moment: dt.datetime, form: str) -> None:
    text = moment.strftime(form)
    expected = dt.datetime.strptime(text, form).replace(tzinfo=months.SHANGHAI)
    assert months.parse_timestamp(text) == expected
    column = months.parse_timestamp_array(pa.array([text, None, "x", text]))
    assert column.to_pylist() == [expected.astimezone(dt.UTC), None, None, expected.astimezone(dt.UTC)]
    assert months.parse_date(text) == expected.date()


DATE_LIKE = (
    st.from_regex(r"\A(19|20)[0-9]{2}[01][0-9][0-3][0-9]([0-2][0-9][0-6][0-9]([0-6][0-9])?)?\Z")
    | st.from_regex(r"\A(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]\Z")
    | st.from_regex(r"\A(19|20)[0-9]{2}[-/.年][01]?[0-9]([-/.月日][0-3]?[0-9]?日?)?\Z")
    | st.text(st.sampled_from("0123456789-/.年月日: "), max_size=20)
    | st.none()
)


@given(st.lists(DATE_LIKE, max_size=20))
def test_columns_agree_with_single_values(texts: list[str | None]) -> None:
    column = pa.array(["skipped", *texts], pa.string()).slice(1)
    for single, together in (
        (months.parse_date, months.parse_date_array),
        (months.parse_month, months.parse_month_array),
        (months.parse_timestamp, months.parse_timestamp_array),
    ):
        expected: list[object] = []
        for text in texts:
            try:
                expected.append(None if text is None else single(text))
            except months.DateError:
                expected.append(None)
        assert together(column).to_pylist() == expected


@given(st.integers(2000, 2040), st.integers(1, 12), st.integers(-100, 100))
def test_months_add_and_subtract(year: int, month: int, count: int) -> None:
    start = year * 100 + month
    assert months.months_between(start, months.add_months(start, count)) == count
