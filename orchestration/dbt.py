"""Where Dagster and dbt meet: the project, its manifest, and how models look in the asset graph."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource
from packaging.version import Version

import dbt_project
from onecard.catalogue.rules import rules
from onecard.catalogue.sources import compositions, review_meetings
from onecard.catalogue.titles import GAPS
from onecard.store.files import write_atomic
from onecard.words.errors import InternalFault
from onecard.words.language import Text

PROJECT = Path(next(iter(dbt_project.__path__))).resolve()
DBT = Path(sys.executable).with_name("dbt")


# Parsing needs some date; runs give the real one.
_SOME_DAY = "2018-12-31"


def variables(business_date: str) -> str:
    """What every call of dbt is handed: the business date (ISO), and what the catalogue knows and no model may repeat.

    `finding_models`: rules whose findings the marts unite; by the contracts, `name_meetings`: where the names of a person are met, and
    `compositions`: how deliveries of a source make one whole; `gap_causes`: why something was not read, in the order in which it is told.
    """
    known = {
        "business_date": business_date,
        "finding_models": [rule.relation for rule in rules().values()],
        "name_meetings": review_meetings(),
        "compositions": compositions(),
        "gap_causes": list(GAPS),
    }
    return json.dumps(known)


GROUPS = {"staging": "staging", "intermediate": "intermediate", "marts": "marts", "findings": "findings"}


def manifest() -> Path:
    """dbt's manifest of the shipped project, parsed once per state of its files and variables and put into place whole.

    Beside it lies the same as dbt reads it back, `.msgpack`: see `dbt_process`.
    """
    path = PROJECT / "target" / f"manifest-{_project_digest()}.json"
    if path.exists() and path.with_suffix(".msgpack").exists():
        return path
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        # The name of the database, which every relation bears, is that of runs.
        command = [str(DBT), "parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--vars", variables(_SOME_DAY)]
        environment = {**os.environ, "DBT_TARGET_PATH": scratch, "DBT_LOG_PATH": scratch, "ONECARD_SCRATCH_DB": f"{scratch}/scratch.duckdb"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise InternalFault(
                code="OC-DBT-001",
                what=Text("dbt 项目无法解析", "the dbt project does not parse"),
                where=str(PROJECT),
                why=done.stdout[-2000:].strip() or done.stderr[-2000:].strip(),
                remedy=Text("运行 dbt parse，修正它指出的模型", "run dbt parse and correct the model it names"),
            )
        write_atomic(path.with_suffix(".msgpack"), (Path(scratch) / "partial_parse.msgpack").read_bytes())
        write_atomic(path, (Path(scratch) / "manifest.json").read_bytes())
    for old in path.parent.glob("manifest-*"):
        if old.stem != path.stem:
            old.unlink(missing_ok=True)
    return path


def _project_digest() -> str:
    digest = hashlib.sha256(variables(_SOME_DAY).encode())
    for path in sorted(PROJECT.rglob("*")):
        inside = path.relative_to(PROJECT)
        if path.is_file() and inside.parts[0] not in ("target", "logs") and path.suffix in (".sql", ".yml", ".csv"):
            digest.update(str(inside).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class ParsedDbt(DbtCliResource):
    """dbt as `dbt_process` starts it. dagster-dbt's own preparations are left out, which cost a night as much as all SQL does:
    a process that asks for the version (and the package index for a newer one), and an adapter to count rows, which we count."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


def dbt_resource() -> DbtCliResource:
    start = ["-m", "orchestration.dbt_process", str(manifest().with_suffix(".msgpack"))]
    return ParsedDbt(project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=sys.executable, global_config_flags=start)


class OnecardDbtTranslator(DagsterDbtTranslator):
    """Groups of dbt's models by layer, their owners, tags and kinds."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        parts = dbt_resource_props.get("fqn", [])
        return next((GROUPS[part] for part in parts if part in GROUPS), "reference")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return ["team:audit"] if self.get_group_name(dbt_resource_props) == "findings" else ["team:data-engineering"]

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        tags = dict(super().get_tags(dbt_resource_props))
        meta = dbt_resource_props.get("config", {}).get("meta", {})
        if "code" in meta:
            tags |= {"onecard/rule": meta["code"], "onecard/suite": meta["suite"], "onecard/severity": meta["severity"]}
        return tags | {"onecard/personal_data": "none" if self.get_group_name(dbt_resource_props) == "reference" else "pseudonyms"}

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props.get("description", "")

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        return super().get_asset_spec(manifest, unique_id, project).merge_attributes(kinds={"dbt", "duckdb"})
