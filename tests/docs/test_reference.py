"""Docs and code cannot drift apart: generated pages are the generator's, every link leads somewhere, every command shown exists."""

import re
from pathlib import Path

import click
import openpyxl
import pytest

from onecard_app.answers import doc_numbers
from onecard_app.cli.app import cli
from onecard_app.operations import dbt_sources, reference_docs
from orchestration.dbt import PROJECT
from simulation import simulate

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_reference_pages_are_what_the_code_says() -> None:
    made = reference_docs.pages()
    stored = {
        str(path.relative_to(reference_docs.REFERENCE)): path.read_text(encoding="utf-8") for path in reference_docs.REFERENCE.rglob("*.md")
    }
    assert stored.keys() == made.keys(), "run make docs"
    for name, text in made.items():
        assert stored[name] == text, f"run make docs: {name}"
        assert "{{" not in text and "None" not in text


def test_what_dbt_knows_of_sources_is_what_their_contracts_say() -> None:
    stored = (PROJECT / dbt_sources.FILE).read_text(encoding="utf-8")
    assert stored == dbt_sources.sources_yml(), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_and_option_shown_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^|uv run |`)onecard ([^\n`#]+)", text, re.M):
        words = line.split()
        while words[0] == "--home":
            words = words[2:]
        if words[0].isascii() and words[0].isalpha() and words[0].islower() and line[0] != " ":
            command = cli.get_command(click.Context(cli), words[0])
            if command is None:
                made = f"**`onecard_app/cli/commands/{words[0]}.py`**" in text  # the example of a recipe
                assert made or words[0] in ("follows", "is"), f"{page.name}: onecard {line}"
                continue
            known = {name for parameter in [*cli.params, *command.params] for name in parameter.opts}
            assert set(re.findall(r"(--[a-z-]+)", line)) <= known, f"{page.name}: onecard {line}"


def _shown(pattern: str) -> set[str]:
    return {found for page in PAGES if "reference" not in page.parts for found in re.findall(pattern, page.read_text(encoding="utf-8"))}


def test_documents_and_files_of_the_examples_are_in_the_city_of_the_demo(tmp_path: Path) -> None:
    """What a new user types from these pages after `make demo` must not be answered by "no such document"."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "onecard simulate $(CITY) --plant\n" in makefile, "the seed is the default one"
    simulate(tmp_path / "city", plant=True)
    inbox = {path.name: path for path in (tmp_path / "city" / "inbox").iterdir()}
    documents = set()
    for path in (path for name, path in inbox.items() if "指标文台账" in name and name.endswith(".xlsx")):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            documents |= {doc_numbers.parse(str(cell)) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    shown = _shown(r"--doc ([^\s`]+)")
    assert shown and {doc_numbers.parse(text) for text in shown} <= documents
    files = _shown(r"[\w]+_回盘\.txt|[\w]+发放清册\.xlsx")
    assert files and files <= inbox.keys()
    batches = {name.split("_")[1] for name in inbox if "回盘" in name}
    assert {text.split("/")[1] for text in _shown(r"--credit ([A-Z]+/[0-9]+)/")} <= batches


def test_make_targets_of_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        for first, second in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            assert (first or second) in targets, f"{page.name}: make {first or second}"
