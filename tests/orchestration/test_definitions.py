"""What Dagster serves: every asset described, owned, grouped; checks with sentences; the schedule; the sensor's patience."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from onecard.catalogue.rules import rules
from onecard.store.workspace import Workspace
from orchestration.definitions import defs
from orchestration.jobs import inbox_sensor, nightly_schedule

GRAPH = defs.resolve_asset_graph()
ASSETS = sorted(GRAPH.get_all_asset_keys())
GROUPS = {"intake", "lake", "reference", "staging", "intermediate", "findings", "marts", "expectations", "publish", "months"}


def test_every_asset_says_what_it_is_and_who_owns_it() -> None:
    for key in ASSETS:
        node = GRAPH.get(key)
        name = key.to_user_string()
        assert node.group_name in GROUPS, name
        assert node.owners and all(owner.startswith("team:") for owner in node.owners), name
        assert node.kinds, name
        assert node.tags["onecard/personal_data"] in ("none", "pseudonyms", "encrypted"), name
        assert node.description and any("一" <= character <= "鿿" for character in node.description), name


def test_the_graph_holds_every_room_and_every_rule() -> None:
    names = {key.to_user_string() for key in ASSETS}
    assert {GRAPH.get(key).group_name for key in ASSETS} == GROUPS
    assert {
        "intake/landing",
        "lake/bank_batches",
        "stg_bank_batches",
        "mart_payment",
        "expectations/conservation",
        "publish/release",
    } <= names
    assert {rule.relation for rule in rules().values()} <= names


def test_money_flows_from_landing_to_release() -> None:
    upstream = {dg.AssetKey(["publish", "release"])}
    while True:
        more = upstream | {parent for key in upstream for parent in GRAPH.get(key).parent_keys}
        if more == upstream:
            break
        upstream = more
    assert dg.AssetKey(["intake", "landing"]) in upstream and dg.AssetKey(["lake", "bank_batches"]) in upstream


def test_checks_are_named_in_sentences_of_both_languages() -> None:
    checks = [GRAPH.get(key) for key in GRAPH.asset_check_keys]
    assert len(checks) > 100
    for check in checks:
        if check.key.asset_key.path[0] == "expectations":
            zh, _, en = check.description.partition(" · ")
            assert len(zh) >= 4 and len(en.split()) >= 3, check.key


def test_the_nightly_schedule_speaks_for_the_day_in_shanghai() -> None:
    assert nightly_schedule.cron_schedule == "0 2 * * *" and nightly_schedule.execution_timezone == "Asia/Shanghai"
    moment = dt.datetime(2018, 6, 30, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    request = nightly_schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == "2018-06-30" and request.run_config["resources"]["onecard"]["config"]["as_of"] == "2018-06-30"


def test_the_month_close_is_partitioned_by_payroll_month() -> None:
    partitions = GRAPH.get(dg.AssetKey(["months", "month_close"])).partitions_def
    assert partitions is not None
    assert partitions.get_partition_keys()[0] == "201801"


def test_the_sensor_waits_until_files_stop_changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONECARD_HOME", str(tmp_path))
    ws = Workspace(tmp_path).create()
    context = dg.build_sensor_context()
    assert isinstance(inbox_sensor(context), dg.SkipReason)
    (ws.inbox / "a link.txt").symlink_to(tmp_path)
    for _ in range(3):  # what no run would receive asks for none
        assert isinstance(inbox_sensor(context), dg.SkipReason)
    file = ws.inbox / os.fsdecode("RCU_B1_回盘.txt".encode("gb18030"))  # as a share of Windows may hand it over
    file.write_bytes(b"H|")
    assert isinstance(inbox_sensor(context), dg.SkipReason)
    file.write_bytes(b"H|RCU|more")
    os.utime(file, ns=(1, 2))
    assert isinstance(inbox_sensor(context), dg.SkipReason)
    request = inbox_sensor(context)
    assert isinstance(request, dg.RunRequest) and request.run_key
