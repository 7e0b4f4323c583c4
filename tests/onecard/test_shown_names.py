"""Of a file's name, places, offices, dates and words of the trade are shown; whatever may be a person is starred."""

import pytest

from onecard.catalogue.shown_names import shown_name


@pytest.mark.parametrize(
    "name",
    [
        "通渭县鸡川镇2018年1月困难残疾人生活补贴发放清册.xlsx",
        "鸡川镇2018年1月孤儿发放清册.xlsx",
        "ABC_62110220180101200_回盘_第1部分.txt",
        "ABC_62110220180101200_回盘_第二部分.txt",
        "RCU_62112120180101100_回盘_失败明细.txt",
        "渭源县经办人员近亲属名单_201804_清源镇.csv",
        "PSBC_一卡通账户清单_201803_安定区支行.csv",
        "安定区公安局死亡人员名单_201803.xlsx",
        "漳县殡仪馆死亡人员名单_201802.csv",
    ],
)
def test_the_name_of_a_file_that_offices_send_is_shown_whole(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("渭源县王大明农村低保发放清册.csv", "渭源县*农村低保发放清册.csv"),
        ("渭源县王大明乡镇干部.xlsx", "渭源县*乡镇*.xlsx"),
        ("渭源县王大明镇长签.xlsx", "渭源县*.xlsx"),
        ("王大明村里的卡.xlsx", "*.xlsx"),
        ("定西市城关镇王大明的卡.xlsx", "定西市城关*.xlsx"),
        ("第13811112222号.txt", "*.txt"),
        ("民政局王大明.xlsx", "民政局*.xlsx"),
    ],
)
def test_a_person_in_the_name_of_a_file_is_starred(name: str, shown: str) -> None:
    assert shown_name(name) == shown
