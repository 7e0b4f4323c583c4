"""Same facts, same answer: however the files of a city are cut, repeated or sent on, its marts are the same row for row."""

from collections.abc import Iterator

import pytest
from less_data import City, city_in

from onecard.store.lake import MODELLED_TABLES

pytestmark = pytest.mark.xdist_group("same facts")
# What leads back to a row of a file, and what is told of files, is another for other files.
REFERENCES = {"delivery_key", "sheet_no", "row_no", "batch_match_id"}
MARTS = [
    "mart_payment", "mart_finding", "mart_batch_match", "mart_document_match", "mart_fund_position", "mart_household", "mart_stranded",
    "mart_flow", "mart_speed", "mart_conservation",
]  # fmt: skip
# Rows of a source that go into the other file, and what a control record of that file states of them.
PARTS = {
    "payment_rolls": "hash(township) % 2 = 1",
    "beneficiary_registers": "hash(household_key) % 2 = 1",
    "bank_batches": "seq_no % 2 = 1",
    "card_accounts": "hash(card_key) % 2 = 1",
    "card_withdrawals": "hash(card_key) % 2 = 1",
    "treasury_payments": "row_no % 2 = 1",
    "payment_documents": "row_no % 2 = 1",
    "budget_allocations": "row_no % 2 = 1",
    "deaths": "row_no % 2 = 1",
    "staff_relatives": "hash(staff_person_key) % 2 = 1",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = city_in(tmp_path_factory.mktemp("planted"), rows=1_500, seed=4, plant=True)
    city.without()
    city.con.execute("create schema whole")
    for mart in MARTS:
        city.con.execute(f"create table whole.{mart} as select {_columns(city, mart)} from {mart}")
    return city


@pytest.fixture
def files(city: City) -> Iterator[City]:
    """The city's files, to be cut and sent anew; afterwards they are as they were."""
    city.con.execute("create schema kept")
    for table in MODELLED_TABLES:
        city.con.execute(f"create table kept.{table} as select * from base.{table}")
    yield city
    for table in MODELLED_TABLES:
        city.con.execute(f"create or replace table base.{table} as select * from kept.{table}")
    city.con.execute("drop schema kept cascade")


def _columns(city: City, mart: str) -> str:
    names = [row[0] for row in city.con.execute(f"describe {mart}").fetchall()]
    return ", ".join(name for name in names if name not in REFERENCES)


def _moved(city: City) -> dict[str, list[tuple[object, ...]]]:
    """Rows of each mart that are not those of the whole files; none is left out of the answer."""
    city.without()
    apart = {}
    for mart in MARTS:
        names = _columns(city, mart)
        here, there = f"select {names} from {mart}", f"select {names} from whole.{mart}"
        rows = city.ask(f"({here}) except all ({there})") + city.ask(f"({there}) except all ({here})")
        if rows:
            apart[mart] = rows[:4]
    return apart


def _sent(city: City, stated: str | None = None, later: str = "interval 1 hour", where: str = "true") -> None:
    """A second delivery beside each: its key is that of the first, less one. A part or a supplement is called so in both its files."""
    kind = "case when stated_kind in ('part', 'supplement') then stated_kind else " + (f"'{stated}' end" if stated else "null end")
    city.con.execute(
        "insert into base.deliveries select * replace (delivery_key - 1 as delivery_key, received_at + "
        f"{later} as received_at, {kind} as stated_kind, 0 as rows_quarantined, 0 as quarantined_fen, 0 as unreadable_fen_rows, "
        f"0 as rows_landed, 'none' as totals_state) from base.deliveries where {where}"
    )


def _cut(city: City, **sent: str) -> None:
    _sent(city, **sent)
    for source, goes in PARTS.items():
        city.con.execute(f"update base.{source} set delivery_key = delivery_key - 1 where {goes}")
    lines = "(select delivery_key, batch_no, count(*)::int as lines, sum(amount_fen)::bigint as fen from base.bank_batches group by all)"
    city.con.execute(
        "insert into base.bank_batch_controls select * replace (delivery_key - 1 as delivery_key) from base.bank_batch_controls"
    )
    city.con.execute(
        "update base.bank_batch_controls as controls set trailer_fen = case when trailer_fen is null then null else told.fen end, "
        "header_fen = case when header_fen is null then null else told.fen end, "
        "trailer_count = case when trailer_count is null then null else told.lines end, "
        f"header_count = case when header_count is null then null else told.lines end from {lines} as told "
        "where controls.delivery_key = told.delivery_key and controls.batch_no = told.batch_no"
    )


def test_parts_of_every_file_make_the_whole(files: City) -> None:
    _cut(files)
    assert _moved(files) == {}


def test_parts_make_the_whole_in_any_order(files: City) -> None:
    _cut(files, later="interval '-1 hour'")
    assert _moved(files) == {}


def test_supplements_make_the_whole(files: City) -> None:
    _cut(files, stated="supplement")
    assert _moved(files) == {}


def test_a_file_sent_twice_is_one(files: City) -> None:
    _sent(files)
    for table in (*PARTS, "bank_batch_controls"):
        files.con.execute(f"insert into base.{table} select * replace (delivery_key - 1 as delivery_key) from base.{table}")
    assert _moved(files) == {}


@pytest.mark.parametrize(
    ("tables", "repeats_already"), [(("treasury_payments", "payment_documents"), "621121"), (("budget_allocations",), "621102")]
)
def test_ledgers_since_the_beginning_tell_each_row_once(files: City, tables: tuple[str, ...], repeats_already: str) -> None:
    """Every list holds the rows of all lists of its sender before it, too."""
    ranked = (
        "(select *, row_number() over (order by received_at, delivery_key) as rank from base.deliveries where file_name not like '%更正%')"
    )
    for table in tables:
        files.con.execute(
            f"insert into base.{table} select rows_.* "
            "replace (later.delivery_key as delivery_key, (rows_.row_no + 10000 * earlier.rank)::int as row_no) "
            f"from base.{table} as rows_ inner join {ranked} as earlier on rows_.delivery_key = earlier.delivery_key "
            f"inner join {ranked} as later on earlier.source = later.source and earlier.sender_division = later.sender_division "
            f"and earlier.rank < later.rank where earlier.sender_division <> '{repeats_already}' "
            "and not exists (select 1 from base.deliveries as corrected "
            "where corrected.scope = earlier.scope and corrected.file_name like '%更正%')"
        )
    assert _moved(files) == {}
