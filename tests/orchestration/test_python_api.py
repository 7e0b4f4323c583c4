"""The public Python API is what its page says: every function named exists and is described, and the example runs over a release."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import onecard_app.answers

pytestmark = pytest.mark.xdist_group("nightly")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")
PUBLIC = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", onecard_app.answers.__doc__ or ""))


def test_every_public_function_is_described() -> None:
    assert len(PUBLIC) > 15
    for named in PUBLIC:
        module, name = named.split(".")
        function = getattr(importlib.import_module(f"onecard_app.answers.{module}"), name)
        assert inspect.getdoc(function), named
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty, named
    assert set(re.findall(r"`([a-z_]+\.[a-z_]+)\(", PAGE)) == PUBLIC


def test_commands_and_notebooks_call_what_is_public() -> None:
    """Functions of answers that others call; classes, constants and what views share are named in the modules."""
    called = set()
    for path in [*(ROOT / "onecard_app" / "cli" / "commands").glob("*.py"), *(ROOT / "notebooks").glob("*.py")]:
        modules: dict[str, str] = {}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "onecard_app.answers":
                modules |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onecard_app.answers."):
                called |= {f"{str(node.module).rpartition('.')[2]}.{alias.name}" for alias in node.names if alias.name.islower()}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                called.add(f"{modules[node.value.id]}.{node.attr}")
    assert called and called <= PUBLIC


def test_the_example_runs(published_home: Path, tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "onecard-home").symlink_to(published_home)
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "安定区 Rural minimum living allowance 201803" in done.stdout
    assert "OC-TRC-001 nearest: 定财预〔2018〕5号, 定财社〔2018〕5号, 财预〔2018〕5号" in done.stdout
