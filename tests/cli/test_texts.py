"""What people are told is written as pairs: no error mixes two languages in one string, and an English terminal prints English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from onecard.words.errors import OnecardError
from onecard_app.cli.app import cli
from onecard_app.cli.output import Output

ROOT = Path(__file__).parents[2]
ROOMS = ("onecard", "ingestion", "expectations", "simulation", "orchestration", "onecard_app")
CHINESE = re.compile("[一-龥]")
# Of an error, and of a file that is not taken.
PARTS = {"what", "why", "remedy", "where", "detail"}


def strings(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Every literal below a node (pieces of f-strings too), and whether it stands inside `Text(…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
        yield from ((text, True) for child in ast.iter_child_nodes(node) for text, _ in strings(child))
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, False
    for child in ast.iter_child_nodes(node):
        yield from strings(child)


def told(tree: ast.AST) -> Iterator[ast.AST]:
    """What makes the words of an error: whatever is raised, arguments named after its parts, variables of those names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield node.exc
        elif isinstance(node, ast.keyword) and node.arg in PARTS:
            yield node.value
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in PARTS for target in targets):
                yield node.value


def mixed(source: str) -> list[tuple[int, str]]:
    """Line and text of the Chinese literals of errors that have no English beside them."""
    found = {
        (getattr(node, "lineno", 0), text)
        for node in told(ast.parse(source))
        for text, is_pair in strings(node)
        if CHINESE.search(text) and not is_pair
    }
    return sorted(found)


@pytest.mark.parametrize("room", ROOMS)
def test_errors_are_written_as_pairs(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    assert {path.name: found for path in files if (found := mixed(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused(code="OC", what="磁盘已满 the disk is full")',
        'raise Refused(code="OC", why=f"今天是 today is {day}")',
        'raise FileRefused(Reason.NO_ROWS, "应为文本文件 a text file is expected")',
        'fault = Refused(remedy=Text("甲", "a") + "；或乙 or b")',
        'remedy = "甲 a" if one else Text("乙", "b")',
    ],
)
def test_a_mixed_string_is_seen(source: str) -> None:
    assert mixed(source)


def test_a_pair_is_no_mixed_string() -> None:
    assert not mixed('raise Refused(what=Text(f"没有 {name}", f"no {name}"), where="onecard.lock", why=Text("甲", "a") + SEMICOLON)')


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "FS99"],
        ["status"],
        ["verify"],
        ["verify", "2018-01-01-none"],
        ["diff", "2018-03-31", "current"],
        ["receive", "nothing.xlsx"],
        ["receive", "deliveries.csv", "also nothing.xlsx"],
        ["receive", "batch.txt", "--sender", "nowhere"],
        ["receive", "batch.txt", "--source", "nothing"],
        ["receive", "batch.txt", "--period", "201813"],
        ["run", "--as-of", "2018-13-01"],
        ["run", "--as-of", "2999-01-01"],
        ["--home", "batch.txt/below", "receive", "batch.txt"],
    ],
)
def test_an_error_speaks_the_language_asked_for(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("batch.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OnecardError) as refused:
        cli.main(["--lang", "en", "--home", "home", *arguments], standalone_mode=False)
    Output(False, "en").error(refused.value)
    captured = capsys.readouterr()
    assert refused.value.code in captured.err and not CHINESE.search(captured.out + captured.err)
    Output(False, "zh").error(refused.value)
    words = capsys.readouterr().err
    assert len([line for line in words.splitlines() if CHINESE.search(line)]) == 4
    # What is neither: a code, a path, a command.
    assert not re.search(r"(?<![-\w])(the|is|not|no|a|of|again)\b", words)
