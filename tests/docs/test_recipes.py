"""The recipes of docs/recipes, followed to the letter in a copy of the tree: what they promise must come true, with no other edit."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ingestion.formats.text_files import read_text
from onecard.catalogue.sources import Layout, load_contracts

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("onecard", "ingestion", "simulation", "dbt_project", "expectations", "orchestration", "onecard_app")
BLOCK = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.M | re.S)


def _page(recipe: str) -> str:
    return (ROOT / "docs" / "recipes" / f"{recipe}.md").read_text(encoding="utf-8")


def followed(recipe: str, copy: Path, *more: str) -> list[str]:
    """A copy of the tree (the rooms and `more`) in which the files of a recipe were written; their paths."""
    for name in (*ROOMS, "pyproject.toml", *more):
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
        else:
            shutil.copy(source, target)
    files = dict(BLOCK.findall(_page(recipe)))
    for name, content in files.items():
        assert not (copy / name).exists(), f"{name} is taken: the example needs another name"
        (copy / name).write_text(content, encoding="utf-8")
    return list(files)


def _run(copy: Path, *words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ONECARD_", "PYTEST_"))}
    environment |= {"PYTHONPATH": str(copy), "ONECARD_LANG": "en"}
    done = subprocess.run([sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


WHERE_A_RULE_IS = """
import json
import onecard
from expectations.suite_catalogue import suite_catalogue
from onecard.catalogue.rules import find_rule
from onecard_app.operations.reference_docs import rule_catalogue
from orchestration.dbt import variables
rule = find_rule("EN90")
print(json.dumps({
    "house": onecard.__file__,
    "title": rule.title_en,
    "suites": [suite.name for suite in suite_catalogue() for check in suite.checks if check.rule == "EN90"],
    "told": rule.relation in json.loads(variables("2018-12-31"))["finding_models"],
    "page": "## EN90 " + rule.title_zh in rule_catalogue(),
}))
"""


def test_a_rule_is_two_files_and_its_test(tmp_path: Path) -> None:
    """Its cases run over the marts: what they expect is read from mart_finding and mart_finding_evidence."""
    files = followed(
        "add-a-rule",
        tmp_path,
        "tests/conftest.py",
        "tests/shared.py",
        "tests/warm.py",
        "tests/orchestration/nightly.py",
        "tests/orchestration/judging.py",
        "tests/compiled.py",
        "tests/marts/field.py",
    )
    assert sorted(Path(name).suffix for name in files) == [".py", ".sql", ".yml"]
    known = json.loads(_run(tmp_path, "-c", WHERE_A_RULE_IS))
    assert known == {
        "house": str(tmp_path / "onecard" / "__init__.py"),
        "title": "Large single credit",
        "suites": ["entitlement"],
        "told": True,
        "page": True,
    }
    [cases] = [name for name in files if name.endswith(".py")]
    assert "2 passed" in _run(tmp_path, "-m", "pytest", "-p", "no:cacheprovider", cases)


PUBLISH = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/releases")
from small_release import MARTS, facts, id_of, scratch
from onecard.store import releases
from onecard.store.workspace import Workspace
folder, content = Path(sys.argv[1]), facts()
ws = Workspace(folder / "home").create()
database = scratch(folder / "scratch.duckdb")
releases.write_release(ws, database, release_id=id_of(content), manifest_facts=content, marts=MARTS, extra_files={})
releases.publish(ws, id_of(content))
"""
ASK = "from onecard_app.cli import main; main()"


def test_a_question_is_two_files_and_its_test(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    files = followed("add-a-question", copy, "tests/releases/small_release.py")
    assert [str(Path(name).parent) for name in files] == ["onecard_app/answers", "onecard_app/cli/commands"]
    help_lines = _run(copy, "-c", ASK, "--help").splitlines()
    assert any(re.match(r"\s+credited\s+What was credited, county by county\.", line) for line in help_lines)
    _run(copy, "-c", PUBLISH, str(tmp_path))
    home = ("--home", str(tmp_path / "home"))
    [answer] = json.loads(_run(copy, "-c", ASK, *home, "credited", "--json"))
    assert answer["division_name"] == "安定区" and answer["credited_fen"] > 0
    shown = " ".join(_run(copy, "-c", ASK, *home, "credited").split())
    assert "credited credited county (yuan)" in shown and f"{answer['credited_fen'] // 100:,}" in shown


def test_a_layout_is_an_entry_of_the_contract() -> None:
    [entry] = re.findall(r"```yaml\n(.*?)```", _page("add-a-layout"), re.S)
    [layout] = [Layout(**fields) for fields in yaml.safe_load(entry)]
    contract = load_contracts()["bank_batches"]
    contract = contract.model_copy(update={"layouts": (*contract.layouts, layout)})
    lines = [
        "B\tRCU\t62110220180101100\t621102\t农村低保\t201801\t原批次\t\t1\t30000\t2018-01-08",
        "R\t1\t6230520000000000019\t张三\t620102199001010015\t30000\t2018-01-08 10:00:00\tS\t\t\t农村低保",
        "E\t1\t30000\t1\t30000\t0\t0",
    ]
    sheet, chosen, _ = read_text("\r\n".join(lines).encode("gb18030"), contract)
    assert chosen.name == "tabs" and sheet.columns["amount_fen"].to_pylist() == ["30000"] and sheet.units["amount_fen"] == "分"
    assert sheet.header_rows == 2 and not sheet.broken


@pytest.mark.parametrize("recipe", sorted(path.stem for path in (ROOT / "docs" / "recipes").glob("*.md")))
def test_contributing_leads_to_every_recipe(recipe: str) -> None:
    assert f"docs/recipes/{recipe}.md" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
