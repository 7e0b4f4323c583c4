"""The pages about the house are true of the tree: every module is named where its room is described, every file named exists."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ROOMS = {
    "words": "onecard/words",
    "catalogue": "onecard/catalogue",
    "store": "onecard/store",
    "ingestion": "ingestion",
    "dbt_project": "dbt_project",
    "expectations": "expectations",
    "orchestration": "orchestration",
    "onecard_app": "onecard_app",
    "simulation": "simulation",
    "notebooks": "notebooks",
    "benchmarks": "benchmarks",
}
_FOLDERS_OF_A_MODEL = ("staging", "intermediate", "findings", "marts")


def test_the_house_is_described_on_one_page() -> None:
    lines = (DOCS / "architecture.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120 and max(map(len, lines)) <= 140
    assert {path.stem for path in (DOCS / "rooms").glob("*.md")} == set(ROOMS)
    for page in ROOMS:
        assert f"rooms/{page}.md" in "\n".join(lines)


@pytest.mark.parametrize(("page", "folder"), ROOMS.items())
def test_a_room_names_its_modules(page: str, folder: str) -> None:
    """Modules of the room itself one by one; of a folder in it either the folder or its modules."""
    text = (DOCS / "rooms" / f"{page}.md").read_text(encoding="utf-8")
    room = ROOT / folder
    for module in room.glob("[a-z]*.py"):
        assert f"`{module.name}`" in text, f"docs/rooms/{page}.md does not speak of {module.name}"
    for inner in room.glob("*/"):
        if any(inner.glob("*.py")):
            assert f"{inner.name}/" in text, f"docs/rooms/{page}.md does not speak of {inner.name}/"
    for inner in _FOLDERS_OF_A_MODEL if page == "dbt_project" else ():
        assert f"models/{inner}/" in text


_BY_HAND = (path for path in DOCS.rglob("*.md") if "reference" not in path.parts)
PAGES = sorted([*ROOT.glob("*.md"), ROOT / "benchmarks" / "README.md", *_BY_HAND])
_ROOM = r"(?:onecard|ingestion|simulation|dbt_project|expectations|orchestration|onecard_app|notebooks|benchmarks|tests|docs)"
PLACES = re.compile(rf"`({_ROOM}/[^`\s]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_places_that_pages_name_exist(page: Path) -> None:
    """Paths in backticks; `…`, `*` and `<…>` stand for several. Examples of the recipes are made by following them."""
    made = set(re.findall(r"\*\*`([^`]+)`\*\*", page.read_text(encoding="utf-8")))
    for named in PLACES.findall(page.read_text(encoding="utf-8")):
        if named not in made and not named.startswith("benchmarks/results"):
            pattern = re.sub(r"<[^>]*>|…", "*", named.rstrip("/"))
            assert next(ROOT.glob(pattern), None) is not None, f"{page.name}: {named}"


def test_the_hooks_of_a_commit_are_the_checks_of_make() -> None:
    [repo] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repo["repo"] == "local", "nothing is fetched"
    hooks = {hook["entry"].removeprefix(".venv/bin/") for hook in repo["hooks"]}
    [checks] = re.findall(r"^check:.*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert hooks == {step.strip().removeprefix("$(RUN) ") for step in checks.split("&&")}
