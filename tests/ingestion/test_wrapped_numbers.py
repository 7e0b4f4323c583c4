"""Numbers in files as spreadsheets leave them: protected ones land as themselves, lost ones and ones with remarks are set aside."""

import pytest
import sent
from outcome import Outcome, read

ROLL_CSV, BANK_CSV = "安定区2018年3月农村低保发放清册.csv", "PSBC_P001_回盘.csv"
TREASURY, CARDS = "安定区国库集中支付明细_201803", "RCU_一卡通账户清单_201803.csv"
NUMBERS = ("person_key", "head_person_key", "card_key")
ACCOUNT, BATCH, VOUCHER = "2762110201040000082", "62110220180309100", "0220180305000001"
TREASURY_HEAD = ["支付凭证号", "收款人", "收款账号", "用途", "金额(元)", "支付日期", "批次号", "科目编码", "所属月份"]


def roll(*wraps: str, column: int | None = None) -> Outcome:
    """A roll as text; each row's numbers (or one column of them) stand in a pattern of its own."""
    lines = []
    for seq, wrap in enumerate(wraps, 1):
        row = sent.roll_row(seq)
        for place in (4, 6, 14) if column is None else (column,):
            row[place] = wrap.format(row[place])
        lines.append(",".join(map(str, row)))
    head = ",".join(sent.ROLL_HEADERS).replace("月标准", "月标准(元)").replace("发放金额", "发放金额(元)")
    return read(ROLL_CSV, "\n".join([head, *lines]) + "\n")


def keys(outcome: Outcome) -> list[tuple[object, ...]]:
    columns = [outcome.column("payment_rolls", name) for name in ("name_key", *NUMBERS)]
    return sorted(zip(*columns, strict=True), key=str)


@pytest.mark.parametrize("wrap", ['="{}"', '"=""{}"""', "'{}", "’{}", "＝“{}”", "\t{}", "{}\u202c", "\u202d{}\u202c", "\ufeff{}\u00ad"])
def test_a_protected_number_is_the_number(wrap: str) -> None:
    bare = roll("{}", "{}", "{}")
    for outcome in (roll(wrap, wrap, wrap), roll("{}", wrap, "{}")):
        assert outcome.reasons == []
        assert keys(outcome) == keys(bare)


@pytest.mark.parametrize(
    ("wrap", "reason"),
    [
        ("{}、", "number_with_signs"),
        ("{}.", "number_with_signs"),
        ("{}*", "number_with_signs"),
        ("{}（户主）", "number_with_words"),
        ("身份证{}", "number_with_words"),
        ("ID{}", "number_with_letters"),
        ("{}.0", "numeric_identifier"),
        ("'{}.0", "numeric_identifier"),
    ],
)
@pytest.mark.parametrize(("column", "field"), [(4, "head_person_key"), (6, "person_key"), (14, "card_key")])
def test_a_number_with_something_beside_it_is_nobodys(wrap: str, reason: str, column: int, field: str) -> None:
    outcome = roll("{}", wrap, "'{}", column=column)
    assert (outcome.reasons, len(keys(outcome))) == ([reason], 2)
    assert outcome.quarantined[0]["field"] == field
    assert wrap.format("").strip("'") in str(outcome.raw[0]["raw"])


def test_words_instead_of_a_number_that_may_be_missing_are_no_number() -> None:
    outcome = roll("现金", "/", "无", column=14)
    assert outcome.reasons == []
    assert outcome.column("payment_rolls", "card_key") == [None] * 3
    head = "卡号,户名,证件号码,状态,代办人姓名,代办人证件号\n"
    listed = f"{head}{sent.card_number(1)},马哈三,{sent.id_number(1)},正常,马哈三,本人\n无卡,李四,{sent.id_number(2)},正常,,\n"
    outcome = read(CARDS, listed)
    assert outcome.reasons == ["number_with_words"]
    assert outcome.column("card_accounts", "agent_person_key") == [None]


def voucher(**cells: object) -> list[object]:
    """A payment to an agent bank's account."""
    stated = {"支付凭证号": VOUCHER, "收款账号": ACCOUNT, "批次号": BATCH} | cells
    row = ["", "农村信用合作联社安定区支行代发专户", "", "2018年3月农村低保资金", 100, "2018-03-05", "", "2081902", "201803"]
    return [stated.get(name, cell) for name, cell in zip(TREASURY_HEAD, row, strict=True)]


def treasury(*rows: list[object]) -> Outcome:
    return read(f"{TREASURY}.xlsx", sent.workbook({"支付明细": [TREASURY_HEAD, *rows]}))


@pytest.mark.parametrize(("header", "field"), [("收款账号", "payee_account"), ("批次号", "batch_no"), ("支付凭证号", "voucher_no")])
def test_a_long_number_that_became_a_figure_is_lost(header: str, field: str) -> None:
    outcome = treasury(voucher(), voucher(**{header: float(ACCOUNT)}), voucher(**{header: "2.76E+18"}))
    assert outcome.reasons == ["numeric_identifier"] * 2
    assert {row["field"] for row in outcome.quarantined} == {field}
    lines = [",".join(map(str, voucher(**{header: text}))) for text in ("2.76E+18", "2.76211e+18", "20180301.0", '="2.76E+18"')]
    outcome = read(f"{TREASURY}.csv", "\n".join([",".join(TREASURY_HEAD), *lines, ",".join(map(str, voucher()))]) + "\n")
    assert outcome.reasons == ["numeric_identifier"] * 4
    assert outcome.column("treasury_payments", "payee_kind") == ["agent_bank"]


def test_a_short_number_of_a_voucher_may_be_a_figure() -> None:
    outcome = treasury(voucher(支付凭证号=17, 批次号=201803001))
    assert outcome.reasons == []
    assert outcome.column("treasury_payments", "voucher_no") == ["17"]
    assert outcome.column("treasury_payments", "batch_no") == ["201803001"]


def test_accounts_and_batches_of_vouchers_are_read_without_what_protects_them() -> None:
    outcome = treasury(
        voucher(收款账号=f"'{ACCOUNT}", 批次号=f"'{BATCH}"),
        voucher(收款账号="2762 1102-0104 0000-082", 批次号=f"\u200b{BATCH} "),
        voucher(收款账号="现金"),
        voucher(收款账号=f"{ACCOUNT}（专户）"),
        voucher(批次号=f"{BATCH}、"),
        voucher(支付凭证号="\u200b"),
    )
    assert outcome.column("treasury_payments", "payee_bank_code") == ["RCU", "RCU", None]
    assert outcome.column("treasury_payments", "batch_no") == [BATCH] * 3
    assert outcome.reasons == ["number_with_words", "number_with_signs", "missing_required"]


@pytest.mark.parametrize(
    "written", ["B1、B2", "B1,B2", "B1，B2", "B1; B2", "B1；B2", "B1/B2", "B1 B2", "B1\u3000B2", "'B1、B2、B1", "Ｂ1\nB2"]
)
def test_a_voucher_may_name_several_batches(written: str) -> None:
    assert treasury(voucher(批次号=written)).column("treasury_payments", "batch_no") == ["B1、B2"]


@pytest.mark.parametrize(
    ("written", "number"),
    [("2018/03", "2018/03"), ("2018 0301", "20180301"), ("20,180,301", "20,180,301"), ("RCU/20180301", "RCU/20180301")],
)
def test_signs_within_one_number_part_no_numbers(written: str, number: str) -> None:
    assert treasury(voucher(批次号=written)).column("treasury_payments", "batch_no") == [number]


def test_one_lost_number_of_several_loses_the_row() -> None:
    outcome = treasury(voucher(批次号="20180301、2.76E+18"), voucher(批次号="、B2"), voucher(批次号="B1、B2（补）"))
    assert outcome.reasons == ["numeric_identifier", "number_with_signs", "number_with_words"]


def of_documents(*written: str) -> Outcome:
    """Payments of 100 yuan, each with a cell of documents."""
    rows = [[*voucher(支付凭证号=f"V{at}"), text] for at, text in enumerate(written)]
    return read(f"{TREASURY}.xlsx", sent.workbook({"支付明细": [[*TREASURY_HEAD, "指标文号"], *rows]}))


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("甘财社[2018]5号", [("甘财社〔2018〕5号", None, "甘财社〔2018〕5号")]),
        ("财社〔2018〕5号:100000元、财社〔2018〕3号：5万元", [("财社〔2018〕5号", 10_000_000, None), ("财社〔2018〕3号", 5_000_000, None)]),
        ("财社〔2018〕5号（1,000.50元）,A6", [("财社〔2018〕5号", 100_050, None), ("A6", None, "A6")]),
        ("A1；A2\nA1", [("A1", None, "A1、A2"), ("A2", None, "A1、A2")]),
    ],
)
def test_a_voucher_may_name_the_documents_it_draws_on(written: str, named: list[tuple[str, int | None, str | None]]) -> None:
    outcome = of_documents(written, "")
    assert outcome.reasons == []
    columns = [outcome.column("payment_documents", name) for name in ("doc_no", "stated_fen", "in_order", "position")]
    assert list(zip(*columns, strict=True)) == [(*facts, at) for at, facts in enumerate(named, 1)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("甘财社〔2018〕5号:100000", "bad_amount"),
        ("甘财社〔2018〕5号:1.005元", "bad_amount"),
        ("甘财社〔2018〕5号（已用）", "number_with_words"),
        ("王某62110219800101001X", "identifier_in_text"),
        (":100元", "number_with_signs"),
    ],
)
def test_documents_that_cannot_be_read_set_the_voucher_aside(written: str, reason: str) -> None:
    outcome = of_documents(written, "A1")
    assert outcome.reasons == [reason]
    assert outcome.column("payment_documents", "doc_no") == ["A1"]


def test_a_batch_is_one_however_its_number_is_protected() -> None:
    lines = [sent.csv_line(1), sent.csv_line(2).replace("P001", '="P001"'), sent.csv_line(3).replace("P001", "'P001")]
    outcome = read(BANK_CSV, "\n".join([sent.CSV_HEAD, *lines]) + "\n")
    assert outcome.column("bank_batches", "batch_no") == ["P001"] * 3
    assert outcome.column("bank_batch_controls", "batch_no") == ["P001"]


@pytest.mark.parametrize("number", ["2.76E+18", "20180301.0", "P001、"])
def test_a_return_file_whose_batch_number_is_lost_is_refused(number: str) -> None:
    lines = [sent.csv_line(seq).replace("P001", number) for seq in (1, 2)]
    outcome = read(BANK_CSV, "\n".join([sent.CSV_HEAD, *lines]) + "\n")
    assert (outcome.refused, outcome.landed) == ("batch_not_understood", {})


def test_a_document_is_one_however_its_number_is_typed() -> None:
    headers = ["指标文号", "发文单位", "接收单位", "资金名称", "预算年度", "金额(万元)", "发文日期"]
    row = ["定西市财政局", "安定区财政局", "困难群众救助补助资金", 2018, 1, "2018-03-05"]
    typed = [
        "定财社发〔2018〕2号",
        "定财社发〔２０１８〕２号",
        "'定财社发［2018］2号",
        "定财社发〔2018〕2号\u202c",
        "定财社发〔2018〕2号、",
        2.76e18,
    ]
    outcome = read("定西市财政局台账_201803.xlsx", sent.workbook({"台账": [headers, *([number, *row] for number in typed)]}))
    assert outcome.column("budget_allocations", "doc_no") == ["定财社发〔2018〕2号"] * 4
    assert outcome.reasons == ["number_with_signs", "numeric_identifier"]
