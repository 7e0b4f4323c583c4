"""A source is described once: what follows from its contract, and what a contract that does not hang together is told."""

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from ingestion.derive import DERIVE
from onecard.catalogue.lake_tables import lake_tables, modelled_tables
from onecard.catalogue.sources import FOLDER, Contract, load_contracts, name_number_pairs, name_person_pairs, review_meetings, source_titles
from onecard.store.lake import LAKE_TABLES, QUARANTINE_ROWS

REF = [("delivery_key", pa.int64()), ("sheet_no", pa.int32()), ("row_no", pa.int32())]
MOMENT = pa.timestamp("us", "UTC")


def test_schema_of_a_source_is_its_contracts() -> None:
    assert LAKE_TABLES["bank_batches"] == pa.schema([
        *REF, ("bank_code", pa.string()), ("batch_no", pa.string()), ("seq_no", pa.int32()), ("name_key", pa.int64()),
        ("person_key", pa.int64()), ("card_key", pa.int64()), ("amount_fen", pa.int64()), ("credited_at", MOMENT),
        ("credited_on", pa.date32()), ("status", pa.string()), ("failure_code", pa.string()), ("memo_scrubbed", pa.string()),
        ("memo_programme", pa.string()),
    ])  # fmt: skip
    assert LAKE_TABLES["beneficiary_registers"].field("household_key").type == pa.int64()
    assert LAKE_TABLES["beneficiary_registers"].field("snapshot_month").type == pa.int32()


def test_schema_of_other_tables_is_that_of_their_description() -> None:
    fields = [("delivery_key", pa.int64()), ("sheet_no", pa.int32()), ("sheet_name", pa.string())]
    assert LAKE_TABLES["delivery_sheets"] == pa.schema(fields)
    rest = [("source", pa.string()), ("reason", pa.string()), ("field", pa.string()), ("amount_fen", pa.int64())]
    whom = [(f"{who}_key", pa.int64()) for who in ("person", "head_person", "name", "card")]
    assert pa.schema([*REF, *rest, *whom]) == QUARANTINE_ROWS
    assert LAKE_TABLES["deliveries"].field("size_bytes").type == pa.int64()
    assert LAKE_TABLES["bank_batch_controls"].names[:4] == ["delivery_key", "sheet_no", "row_no", "bank_code"]


def test_every_column_of_the_lake_says_what_it_means_and_of_what_it_counts() -> None:
    for table in modelled_tables().values():
        for column in table.columns:
            assert column.zh and column.en, (table.name, column.name)
            unit = {"fen": "（分）", "month": "yyyymm"}.get(column.name.rsplit("_", 1)[-1], "")
            assert unit in column.description, (table.name, column.name)


def test_keys_of_clear_values_are_in_the_domain_their_name_says() -> None:
    """`head_person_key` holds pseudonyms of ID numbers: readers of SQL know it by the name, ingestion by the kind."""
    for table in (table for table in lake_tables().values() if table.of_rows):
        for column in table.columns:
            ends = [domain for domain in ("household", "person", "card", "name") if column.name.endswith(f"{domain}_key")]
            assert [column.domain] == (ends or [None]), (table.name, column.name)


def test_every_source_has_its_derivation_and_its_place() -> None:
    assert DERIVE.keys() == load_contracts().keys()
    positions = [contract.position for contract in load_contracts().values()]
    assert positions == sorted(set(positions))
    assert list(source_titles())[:2] == ["budget_allocations", "treasury_payments"]


def test_where_names_are_met() -> None:
    pairs = name_number_pairs()
    assert ("payment_rolls", "card_key", "holder_name_key") in pairs
    assert set(name_person_pairs()) == {pair for pair in pairs if pair[1].endswith("person_key")}
    met = {(meeting["source"], meeting["number"]): meeting["division"] for meeting in review_meetings()}
    assert met[("card_accounts", "holder_person_key")] is False and met[("deaths", "person_key")] is True
    assert ("card_accounts", "agent_person_key") not in met and ("card_accounts", "card_key") not in met


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda stated: stated["lake"].append("no_such_column"), "no_such_column"),
        (lambda stated: stated["names"].append({"number": "died_on", "name": "name_key"}), "died_on"),
        (lambda stated: stated.pop("title_en"), "title_en"),
        (lambda stated: stated["columns"][0].pop("zh"), "columns.0.zh"),
    ],
)
def test_a_contract_that_does_not_hang_together_is_named(tmp_path: Path, spoil: object, said: str) -> None:
    from onecard.words.errors import ConfigError

    stated = yaml.safe_load((FOLDER / "deaths.yml").read_text(encoding="utf-8"))
    assert Contract(**stated)
    spoil(stated)  # type: ignore[operator]
    (tmp_path / "deaths.yml").write_text(yaml.safe_dump(stated, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_contracts(tmp_path)
    assert "deaths.yml" in refused.value.where and said in refused.value.why
